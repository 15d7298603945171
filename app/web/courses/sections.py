"""Sections of a draft, and the order of what is in it: by buttons, without a script."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.course import KINDS
from app.operations import lessons as operation
from app.operations.course_stamps import stamp_of_lesson, stamp_of_section
from app.web.courses.area import area, draft_or_404, lesson_in_draft_or_404, section_or_404
from app.web.courses.forms import SectionForm
from app.web.forms import PageForm
from app.work import Work


def direction() -> int:
    """Up or down, as the button says."""
    return -1 if request.form.get("to") == "up" else 1


def back(reference: str, anchor: str) -> ResponseReturnValue:
    """To the draft, where the visitor was."""
    return redirect(url_for("courses.draft", reference=reference, _anchor=anchor), 303)


@area.post("/<reference>/sections/add", needs=Permission.MANAGE_TRAINING)
def add_section(work: Work, reference: str) -> ResponseReturnValue:
    """Add a section at the end."""
    version = draft_or_404(work, reference, lock=True)
    form = SectionForm()
    if not form.validate():
        page = {"version": version, "course": version.course, "kinds": KINDS, "form": form}
        return render_template("courses/draft.html", **page), 422
    section = operation.add_section(work, version, form.title.data or "")
    return back(reference, f"section-{section.id}")


@area.form("/<reference>/sections/<int:section_id>/rename", needs=Permission.MANAGE_TRAINING)
def rename_section(work: Work, reference: str, section_id: int) -> ResponseReturnValue:
    """Give a section another title."""
    version = draft_or_404(work, reference, lock=request.method == "POST")
    section = section_or_404(version, section_id)
    form = SectionForm()
    if request.method == "GET":
        form.title.data = section.title
    elif form.validate():
        operation.rename_section(work, version, section, form.title.data or "")
        return back(reference, f"section-{section_id}")
    page = render_template("courses/section.html", course=version.course, section=section, form=form)
    return page, 422 if request.method == "POST" else 200


@area.post("/<reference>/sections/<int:section_id>/move", needs=Permission.MANAGE_TRAINING)
def move_section(work: Work, reference: str, section_id: int) -> ResponseReturnValue:
    """Move a section up or down."""
    version = draft_or_404(work, reference, lock=True)
    operation.move_section(work, version, section_or_404(version, section_id), direction())
    return back(reference, f"section-{section_id}")


@area.form("/<reference>/sections/<int:section_id>/remove", needs=Permission.MANAGE_TRAINING)
def remove_section(work: Work, reference: str, section_id: int) -> ResponseReturnValue:
    """Ask once, then take a section away with its lessons."""
    version = draft_or_404(work, reference, lock=request.method == "POST")
    section = section_or_404(version, section_id)
    refused = None
    if request.method == "POST":
        try:
            operation.remove_section(work, version, section, request.form.get("seen", ""))
            flash(f"“{section.title}” is removed from the draft.", "success")
            return back(reference, "content")
        except RefusedError as refusal:
            refused = refusal.why
    many = len(section.lessons)
    page = render_template(
        "courses/remove.html",
        course=version.course,
        form=PageForm(),
        refused=refused,
        seen=stamp_of_section(section),
        question=f"Remove the section “{section.title}”?",
        consequence=f"It goes with {many} lesson{'' if many == 1 else 's'}. What is published stays as it is.",
        word="Remove it",
    )
    return page, 422 if refused else 200


@area.post("/<reference>/lessons/<int:lesson_id>/move", needs=Permission.MANAGE_TRAINING)
def move_lesson(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Move a lesson up or down, beyond the edge of its section into the next."""
    version = draft_or_404(work, reference, lock=True)
    section, lesson = lesson_in_draft_or_404(version, lesson_id)
    operation.move_lesson(work, version, section, lesson, direction())
    return back(reference, f"lesson-{lesson_id}")


@area.form("/<reference>/lessons/<int:lesson_id>/remove", needs=Permission.MANAGE_TRAINING)
def remove_lesson(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Ask once, then take a lesson out of the draft."""
    version = draft_or_404(work, reference, lock=request.method == "POST")
    section, lesson = lesson_in_draft_or_404(version, lesson_id)
    refused = None
    if request.method == "POST":
        try:
            operation.remove_lesson(work, version, section, lesson, request.form.get("seen", ""))
            flash(f"“{lesson.title}” is removed from the draft.", "success")
            return back(reference, f"section-{section.id}")
        except RefusedError as refusal:
            refused = refusal.why
    page = render_template(
        "courses/remove.html",
        course=version.course,
        form=PageForm(),
        refused=refused,
        seen=stamp_of_lesson(lesson),
        question=f"Remove “{lesson.title}”?",
        consequence="It goes with its questions, if it has any. What is published stays as it is.",
        word="Remove it",
    )
    return page, 422 if refused else 200
