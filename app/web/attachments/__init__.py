"""Files on certificates, decisions, audits and nonconformities: added, served as attachments, and removed."""

from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.certificate import BodyNonconformity, Certificate, Decision
from app.operations import attachments as operation
from app.operations.attachments import Place, TooLargeError
from app.queries.attachments import attachment_of
from app.storage import path_of
from app.web.certificates.forms import has_file
from app.web.forms import show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("attachments", __name__, url_prefix="/attachments")


@dataclass(frozen=True, slots=True)
class Where:
    """What a file is on: for the row, in words, and its page."""

    place: Place
    title: str
    url: str


class FileForm(FlaskForm):  # type: ignore[misc]
    """One file."""

    file = FileField(
        "File",
        render_kw={"accept": operation.accepted_extensions()},
        description=f"{operation.taken_kinds()[0].upper()}{operation.taken_kinds()[1:]}.",
    )


@area.get("/<int:attachment_id>", needs=Permission.SEE_PROGRAMME)
def download(work: Work, attachment_id: int) -> ResponseReturnValue:
    """The file itself, always as an attachment: no browser opens it here."""
    attachment = _attachment_or_404(work, attachment_id)
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


@area.form("/add/<place>/<key>", needs=Permission.MANAGE_PROGRAMME)
def add(work: Work, place: str, key: str) -> ResponseReturnValue:
    """Add a file to what the address names."""
    where = _where(work, place, key)
    form = FileForm()
    if request.method == "GET":
        return render_template("attachments/add.html", form=form, place=where)
    if not form.validate():
        return render_template("attachments/add.html", form=form, place=where), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        kept = operation.attach(work, where.place, form.file.data)
    except RefusedError as refusal:
        page = render_template("attachments/add.html", form=form, place=where, refused=show_refusal(form, refusal))
        return page, 413 if isinstance(refusal, TooLargeError) else 422
    flash(f"“{kept.file_name}” is kept.", "success")
    return redirect(where.url, 303)


@area.form("/<int:attachment_id>/remove", needs=Permission.MANAGE_PROGRAMME)
def remove(work: Work, attachment_id: int) -> ResponseReturnValue:
    """Ask once, then take the file away from its place."""
    attachment = _attachment_or_404(work, attachment_id)
    where = _where_is(work, attachment)
    if request.method == "GET":
        return render_template("attachments/remove.html", attachment=attachment, place=where)
    operation.detach(work, attachment)
    flash(f"“{attachment.file_name}” is removed.", "success")
    return redirect(where.url, 303)


def _attachment_or_404(work: Work, attachment_id: int) -> Attachment:
    attachment = attachment_of(work, attachment_id)
    if attachment is None:
        abort(404)
    return attachment


def _where(work: Work, place: str, key: str) -> Where:
    """What the address names; 404 where the organisation has nothing of that name."""
    if place == "certificate":
        certificate = work.one_or_none(select(Certificate).where(Certificate.reference == key))
        if certificate is not None:
            return _on_certificate(certificate)
    elif place == "decision" and key.isdecimal() and len(key) < 10:
        decision = work.one_or_none(
            select(Decision).where(Decision.id == int(key)).options(joinedload(Decision.certificate))
        )
        if decision is not None:
            return _on_decision(decision)
    elif place == "audit":
        audit = work.one_or_none(select(Audit).where(Audit.reference == key))
        if audit is not None:
            return _on_audit(audit)
    elif place == "nonconformity":
        nonconformity = work.one_or_none(select(BodyNonconformity).where(BodyNonconformity.reference == key))
        if nonconformity is not None:
            return _on_nonconformity(nonconformity)
    abort(404)


def _where_is(work: Work, attachment: Attachment) -> Where:
    if attachment.certificate_id is not None:
        return _on_certificate(work.all(select(Certificate).where(Certificate.id == attachment.certificate_id))[0])
    if attachment.decision_id is not None:
        found = select(Decision).where(Decision.id == attachment.decision_id).options(joinedload(Decision.certificate))
        return _on_decision(work.all(found)[0])
    if attachment.audit_id is not None:
        return _on_audit(work.all(select(Audit).where(Audit.id == attachment.audit_id))[0])
    of_nonconformity = select(BodyNonconformity).where(BodyNonconformity.id == attachment.nonconformity_id)
    return _on_nonconformity(work.all(of_nonconformity)[0])


def _on_certificate(row: Certificate) -> Where:
    url = url_for("certificates.show", reference=row.reference)
    return Where(Place(certificate_id=row.id), row.reference, url)


def _on_decision(row: Decision) -> Where:
    url = url_for("certificates.show", reference=row.certificate.reference)
    return Where(
        Place(decision_id=row.id), f"the decision of {say(row.decided_on)} on {row.certificate.reference}", url
    )


def _on_audit(row: Audit) -> Where:
    return Where(Place(audit_id=row.id), row.reference, url_for("audits.show", reference=row.reference))


def _on_nonconformity(row: BodyNonconformity) -> Where:
    url = url_for("nonconformities.show", reference=row.reference)
    return Where(Place(nonconformity_id=row.id), row.reference, url)
