"""Begin a document, change what is said of it, and write its draft with a preview beside it."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.catalogue.outlines import STANDARDS, clauses_of_outline, outline
from app.domain.documents.version import Step
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import documents as operation
from app.operations.attachments import Place, attach
from app.operations.conflict import ConflictError
from app.outputs.markdown import LONGEST_BODY
from app.queries.documents import files_of_document
from app.queries.members import those_who_may
from app.web.certificates.forms import has_file
from app.web.documents.area import area, document_or_404, html_of_text, pending_or_404
from app.web.documents.forms import DocumentForm, TextForm
from app.web.editing import unless_saved
from app.web.forms import show_refusal
from app.work import Work


def _people(work: Work) -> list[tuple[str, str]]:
    return [(str(each.id), each.label) for each in those_who_may(work, Permission.SEE_DOCUMENTS)]


@area.form("/new", needs=Permission.MANAGE_DOCUMENTS)
def create(work: Work) -> ResponseReturnValue:
    """Begin a document, from an outline or an empty page."""
    form = DocumentForm()
    form.offer(_people(work), [(each, f"Manual by the clauses of {each}") for each in STANDARDS])
    page: dict[str, Any] = {"form": form, "document": None}
    if request.method == "GET":
        form.owner_id.data = str(work.actor_id)
        return render_template("documents/form.html", **page)
    if not form.validate():
        return render_template("documents/form.html", **page), 422
    chosen = form.outline.data or ""
    details = replace(form.details, clauses=form.details.clauses | clauses_of_outline(chosen))
    try:
        document = operation.write(work, details, outline(chosen))
    except RefusedError as refusal:
        return render_template("documents/form.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{document.reference} {document.title} is begun. Write its text.", "success")
    return redirect(url_for("documents.draft", reference=document.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_DOCUMENTS)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of a document; the second of two is shown both versions."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    shown = unless_saved(
        "documents/form.html",
        {"document": document, "title": document.title},
        document,
        DocumentForm,
        lambda form: operation.change(work, document, form.details, form.seen),
        offered=(_people(work),),
    )
    if shown is not None:
        return shown
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("documents.show", reference=reference), 303)


@area.post("/<reference>/begin", needs=Permission.MANAGE_DOCUMENTS)
def begin(work: Work, reference: str) -> ResponseReturnValue:
    """Go to the draft; where there is none, one is copied from the latest version."""
    try:
        operation.begin_version(work, document_or_404(work, reference, lock=True))
    except RefusedError as refusal:
        flash(" ".join(str(each) for each in refusal.why), "warning")
        return redirect(url_for("documents.show", reference=reference), 303)
    return redirect(url_for("documents.draft", reference=reference), 303)


@area.form("/<reference>/draft", needs=Permission.MANAGE_DOCUMENTS)
def draft(work: Work, reference: str) -> ResponseReturnValue:
    """Write the draft; what is in review is shown on its page instead."""
    document = document_or_404(work, reference, lock=request.method == "POST")
    version = pending_or_404(document)
    if version.step is Step.IN_REVIEW and request.method == "GET":
        return redirect(url_for("documents.version", reference=reference, number=version.number))
    files = list(files_of_document(work, document.id))
    form = TextForm()
    form.offer(files)
    page: dict[str, Any] = {"document": document, "number": version.number, "form": form, "files": files}
    page["sent_back"] = version.sent_back
    if request.method == "GET":
        form.tell(version)
        return render_template("documents/draft.html", **page, html=html_of_text(work, document, version.body))
    refused = None
    if form.validate():
        try:
            uploaded = attach(work, Place(document_id=document.id), form.file.data) if has_file(form.file) else None
            operation.save(work, document, form.text(uploaded.file_name if uploaded else ""), form.seen)
            flash(f"Version {version.number} of {reference} is saved.", "success")
            return redirect(url_for("documents.version", reference=reference, number=version.number), 303)
        except ConflictError as conflict:
            kept = TextForm(formdata=None)
            kept.offer(files)
            kept.tell(conflict.now)
            form.version.data = str(conflict.now.version)
            page["kept"], refused = kept, conflict.why
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    html = html_of_text(work, document, form.body.data or "")
    return render_template("documents/draft.html", **page, html=html, refused=refused), 422


@area.post("/<reference>/markdown", needs=Permission.MANAGE_DOCUMENTS, writes=False)
def markdown(work: Work, reference: str) -> ResponseReturnValue:
    """A text as readers would see it; nothing is saved."""
    document = document_or_404(work, reference)
    body = request.form.get("body", "")
    shown = render_template("courses/_markdown.html", html=html_of_text(work, document, body))
    return shown, 413 if len(body) > LONGEST_BODY else 200
