"""Files on what they prove: added, served as attachments, and removed, each by who may see or change what it is on."""

from uuid import uuid4

from flask import abort, current_app, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import HiddenField

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.attachment import Attachment
from app.operations import attachments as operation
from app.operations.attachments import TooLargeError, Upload
from app.operations.evidence_files import KeptEvidence, fingerprint_of, keep_evidence, refuse_large
from app.operations.received import once
from app.queries.attachments import attachment_of
from app.storage import path_of
from app.storage.pictures import told_beside
from app.web.attachments.places import Where, where, where_is
from app.web.certificates.forms import has_file
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("attachments", __name__, url_prefix="/attachments")


class FileForm(PageForm):
    """One file, with an entry of its own: sent twice, it is kept once."""

    entry_key = HiddenField()
    file = FileField(
        "File",
        render_kw={"accept": operation.accepted_extensions()},
        description=f"{operation.taken_kinds()[0].upper()}{operation.taken_kinds()[1:]}.",
    )


@area.get("/<int:attachment_id>", needs=Permission.SEE_OWN_WORK)
def download(work: Work, attachment_id: int) -> ResponseReturnValue:
    """The file itself, always as an attachment: no browser opens it here."""
    attachment, _ = _seen_or_404(work, attachment_id)
    path = path_of(operation.folder(), attachment.sha256)
    if not path.is_file():
        current_app.logger.error("attachment %s has lost its file %s", attachment.id, attachment.sha256)
        abort(404)
    response = send_file(
        path,
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.file_name,
        etag=attachment.sha256,
        max_age=0,
    )
    # Werkzeug adds the character set of a text a second time.
    response.headers["Content-Type"] = attachment.media_type
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@area.form("/add/<place>/<key>", needs=Permission.SEE_OWN_WORK)
def add(work: Work, place: str, key: str) -> ResponseReturnValue:
    """Add a file to what the address names."""
    there = where(work, place, key)
    if not there.may_see:
        abort(404)
    _changed_or_403(there)
    form = FileForm()
    if there.noun.is_evidence and request.args.get("photograph") == "yes":
        form.file.label.text = "Photograph"
        form.file.render_kw = {"accept": "image/*", "capture": "environment"}
        form.file.description = "JPEG, PNG, WebP or HEIC. Where and with what it was taken is not kept."
    if request.method == "GET":
        form.entry_key.data = str(uuid4())
        return render_template("attachments/add.html", form=form, place=there)
    if not form.validate():
        return render_template("attachments/add.html", form=form, place=there), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        says = _keep(work, there, form)
    except RefusedError as refusal:
        page = render_template("attachments/add.html", form=form, place=there, refused=show_refusal(form, refusal))
        return page, 413 if isinstance(refusal, TooLargeError) else 422
    flash(says, "success")
    return redirect(there.url, 303)


def _keep(work: Work, there: Where, form: FileForm) -> str:
    """Keep the file, once however often it is sent; gives what the visitor is told."""
    there.noun.held(work, there.row)
    refuse_large(form.file.data, "file")
    told: list[str] = []

    def do() -> str:
        kept = _kept(work, there, form.file.data)
        told.append(kept.says)
        return str(kept.file.id)

    said = {"place": there.noun.word, "of": there.row.id, "file": fingerprint_of(form.file.data)}
    if form.entry_key.data:
        once(work, form.entry_key.data, "attachments.add", said, do)
    else:
        do()
    return told[0] if told else "It is kept."


def _kept(work: Work, there: Where, upload: Upload) -> KeptEvidence:
    """Photographs that are evidence are scaled; elsewhere every pixel stays."""
    if there.noun.is_evidence:
        return keep_evidence(work, there.place, upload)
    removed = told_beside(upload.stream)
    return KeptEvidence(operation.attach(work, there.place, upload), removed)


@area.form("/<int:attachment_id>/remove", needs=Permission.SEE_OWN_WORK)
def remove(work: Work, attachment_id: int) -> ResponseReturnValue:
    """Ask once, then take the file away from its place."""
    attachment, there = _seen_or_404(work, attachment_id)
    _changed_or_403(there)
    if request.method == "GET":
        return render_template("attachments/remove.html", attachment=attachment, place=there)
    try:
        there.noun.held(work, there.row)
        operation.detach(work, attachment)
    except RefusedError as refusal:
        return render_template("attachments/remove.html", attachment=attachment, place=there, refused=refusal.why), 422
    flash(f"“{attachment.file_name}” is removed.", "success")
    return redirect(there.url, 303)


def _seen_or_404(work: Work, attachment_id: int) -> tuple[Attachment, Where]:
    """The file and what it is on; for who may not see it, it is not there, so that nobody learns which files are."""
    attachment = attachment_of(work, attachment_id)
    if attachment is None or not (there := where_is(work, attachment)).may_see:
        abort(404)
    return attachment, there


def _changed_or_403(there: Where) -> None:
    if not there.may_change:
        abort(403)
