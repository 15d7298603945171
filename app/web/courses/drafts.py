"""The draft of a course: begun, edited, discarded, published; a course retired and brought back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.course import KINDS
from app.operations import courses as operation
from app.operations.course_stamps import stamp_of_draft
from app.queries.course_use import use_of
from app.queries.courses import draft_in, version_whole
from app.web.courses.area import area, course_or_404, draft_or_404
from app.web.courses.forms import PublishForm, SectionForm
from app.web.forms import PageForm, show_refusal
from app.work import Work


@area.post("/<reference>/draft/begin", needs=Permission.MANAGE_TRAINING)
def begin_draft(work: Work, reference: str) -> ResponseReturnValue:
    """Go to the draft; where there is none, one is copied from what is published."""
    operation.begin_draft(work, course_or_404(work, reference, lock=True))
    return redirect(url_for("courses.draft", reference=reference), 303)


@area.get("/<reference>/draft", needs=Permission.MANAGE_TRAINING)
def draft(work: Work, reference: str) -> ResponseReturnValue:
    """The editor: sections and lessons in their order, moved by buttons."""
    version = draft_or_404(work, reference)
    return render_template(
        "courses/draft.html", version=version, course=version.course, kinds=KINDS, form=SectionForm()
    )


@area.form("/<reference>/draft/discard", needs=Permission.MANAGE_TRAINING)
def discard_draft(work: Work, reference: str) -> ResponseReturnValue:
    """Ask once, then take the draft of the next version away."""
    course = course_or_404(work, reference, lock=request.method == "POST")
    draft = draft_in(course)
    whole = version_whole(work, draft.id) if draft is not None else None
    form, refused = PageForm(), None
    if request.method == "POST":
        try:
            operation.discard_draft(work, course, request.form.get("seen", ""))
            flash("The draft is discarded; what is published stays.", "success")
            return redirect(url_for("courses.show", reference=reference), 303)
        except RefusedError as refusal:
            refused = refusal.why
    page = render_template(
        "courses/remove.html",
        course=course,
        form=form,
        refused=refused,
        seen=stamp_of_draft(whole) if whole is not None else "",
        question=f"Discard the draft of {course.reference}?",
        consequence="All changes since the last published version are lost. What is published stays as it is.",
        word="Discard it",
    )
    return page, 422 if refused else 200


@area.form("/<reference>/publish", needs=Permission.MANAGE_TRAINING)
def publish(work: Work, reference: str) -> ResponseReturnValue:
    """Publish the draft: from now on it never changes."""
    course = course_or_404(work, reference, lock=request.method == "POST")
    version = draft_or_404(work, reference)
    form = PublishForm()
    page = {"course": course, "version": version, "form": form, "number": version.number}
    if request.method == "GET":
        return render_template("courses/publish.html", **page)
    if not form.validate():
        return render_template("courses/publish.html", **page), 422
    try:
        operation.publish(work, course, form.note.data or "")
    except RefusedError as refusal:
        show_refusal(form, refusal)
        return render_template("courses/publish.html", **page, refused=refusal.every_reason), 422
    flash(f"Version {version.number} of {course.reference} is published.", "success")
    return redirect(url_for("courses.show", reference=reference), 303)


@area.form("/<reference>/retire", needs=Permission.MANAGE_TRAINING)
def retire(work: Work, reference: str) -> ResponseReturnValue:
    """Take a course out of use, once it was seen whom that touches; it can come back."""
    course = course_or_404(work, reference, lock=request.method == "POST")
    if request.method == "GET":
        return render_template("courses/retire.html", course=course, use=use_of(work, course.id))
    return _turned(reference, lambda: operation.retire(work, course), "is retired: nobody begins it any more.")


@area.post("/<reference>/bring-back", needs=Permission.MANAGE_TRAINING)
def bring_back(work: Work, reference: str) -> ResponseReturnValue:
    """Take a retired course into use again."""
    course = course_or_404(work, reference, lock=True)
    return _turned(reference, lambda: operation.bring_back(work, course), "is in use again.")


def _turned(reference: str, turn: Callable[[], None], says: str) -> ResponseReturnValue:
    try:
        turn()
        flash(f"{reference} {says}", "success")
    except RefusedError as refusal:
        flash(" ".join(str(each) for each in refusal.why), "warning")
    return redirect(url_for("courses.show", reference=reference), 303)
