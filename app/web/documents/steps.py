"""The steps of a version and of a document: sent, approved or sent back, acknowledged, reviewed, withdrawn."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.documents.blanks import refuse_blanks
from app.domain.documents.version import Step
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.models.document import Document, DocumentVersion
from app.operations import documents as operation
from app.queries.attachments import attachments_on
from app.queries.document_writers import writers_of
from app.queries.documents import pending_in
from app.web.documents.area import area, document_or_404, html_of_text, pending_or_404
from app.web.documents.forms import ApprovalForm, ReasonForm, SendForm, WithdrawForm
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<reference>/send", needs=Permission.MANAGE_DOCUMENTS)
def send(work: Work, reference: str) -> ResponseReturnValue:
    """Send the draft for review; where headings are empty, they are named first."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    version = pending_in(document)
    blanks = operation.blanks_of(version) if version is not None and version.step is Step.DRAFT else ()
    form = SendForm()
    form.offer(blanks)
    page: dict[str, Any] = {"document": document, "form": form}
    if request.method == "GET":
        form.seen.data = operation.mark_of(work, document, pending_or_404(document))
        return render_template("documents/send.html", **page)
    if blanks and not (form.validate() and form.anyway.data):
        try:
            refuse_blanks(blanks, anyway=False)
        except RefusedError as refusal:
            return render_template("documents/send.html", **page, refused=show_refusal(form, refusal)), 422
    return _turned(
        reference,
        lambda: operation.send(work, document, form.seen.data or "", anyway=bool(blanks)),
        "is sent for review by another person.",
        read=version.number if version is not None else None,
    )


@area.form("/<reference>/approve", needs=Permission.MANAGE_DOCUMENTS)
def approve(work: Work, reference: str) -> ResponseReturnValue:
    """Approve what is in review, valid from a day."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    version = pending_or_404(document)
    form, refused, blanks = ApprovalForm(), None, operation.blanks_of(version)
    form.offer(blanks)
    page = _judged(work, document, version, form)
    if request.method == "GET":
        form.valid_from.data = work.today
        return render_template("documents/approve.html", **page)
    if form.validate():
        try:
            anyway = bool(blanks) and form.anyway.data
            operation.approve(work, document, form.valid_from.data, form.seen.data or "", anyway=anyway)
            flash(f"Version {version.number} of {reference} is approved.", "success")
            return redirect(url_for("documents.show", reference=reference), 303)
        except RefusedError as refusal:
            refused = _refused(work, document, version, form, refusal)
    return render_template("documents/approve.html", **page, refused=refused), 422


@area.form("/<reference>/send-back", needs=Permission.MANAGE_DOCUMENTS)
def send_back(work: Work, reference: str) -> ResponseReturnValue:
    """Send what is in review back, with what is to be changed."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    version = pending_or_404(document)
    form, refused = ReasonForm(), None
    page = _judged(work, document, version, form)
    if request.method == "GET":
        return render_template("documents/send_back.html", **page)
    if form.validate():
        try:
            operation.send_back(work, document, form.reason.data or "", form.seen.data or "")
            flash(f"Version {version.number} of {reference} is a draft again.", "success")
            return redirect(url_for("documents.show", reference=reference), 303)
        except RefusedError as refusal:
            refused = _refused(work, document, version, form, refusal)
    return render_template("documents/send_back.html", **page, refused=refused), 422


@area.post("/<reference>/versions/<int:number>/acknowledge", needs=Permission.SEE_DOCUMENTS)
def acknowledge(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """Say that one has read the valid version."""
    document = document_or_404(work, reference, lock=True)
    return _turned(reference, lambda: operation.acknowledge(work, document, number), "is acknowledged. Thank you.")


@area.post("/<reference>/confirm", needs=Permission.MANAGE_DOCUMENTS)
def confirm(work: Work, reference: str) -> ResponseReturnValue:
    """Record that the valid version is right as it is."""
    document = document_or_404(work, reference, lock=True)
    return _turned(reference, lambda: operation.confirm(work, document), "is reviewed and stays as it is.")


@area.form("/<reference>/withdraw", needs=Permission.MANAGE_DOCUMENTS)
def withdraw(work: Work, reference: str) -> ResponseReturnValue:
    """Ask once, then take a document out of use."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    form = WithdrawForm()
    if request.method == "GET" or not form.validate():
        page = render_template("documents/withdraw.html", document=document, form=form)
        return page, 422 if request.method == "POST" else 200
    return _turned(reference, lambda: operation.withdraw(work, document, form.reason.data or ""), "is withdrawn.")


def _judged(
    work: Work, document: Document, version: DocumentVersion, form: ApprovalForm | ReasonForm
) -> dict[str, Any]:
    """The page of a form that judges a version: with the text, and in the form the mark of the text."""
    if request.method == "GET":
        form.seen.data = operation.mark_of(work, document, version)
    return {
        "document": document,
        "version": version,
        "form": form,
        "writers": writers_of(work, [version])[version.id],
        "html": html_of_text(work, document, version.body),
        "files": attachments_on(work, document_id=document.id),
    }


def _refused(
    work: Work, document: Document, version: DocumentVersion, form: ApprovalForm | ReasonForm, refusal: RefusedError
) -> tuple[Reason, ...]:
    """Why it was refused; the text that was not seen is on the page now, and may be judged from it."""
    if refusal.field != "seen":
        return show_refusal(form, refusal)
    form.seen.data = operation.mark_of(work, document, version)
    return refusal.why


def _turned(reference: str, turn: Callable[[], object], says: str, *, read: int | None = None) -> ResponseReturnValue:
    """Take a step, or say why not; on the page of the document, or of a version that is to be read first."""
    page = url_for("documents.show", reference=reference)
    try:
        turn()
        flash(f"{reference} {says}", "success")
    except RefusedError as refusal:
        flash(" ".join(str(each) for each in refusal.every_reason), "warning")
        if read is not None:
            page = url_for("documents.version", reference=reference, number=read)
    return redirect(page, 303)
