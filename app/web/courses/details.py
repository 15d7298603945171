"""Begin a course, and change what is said of it whatever its version."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import courses as operation
from app.queries.courses import courses_to_choose
from app.web.courses.area import area, course_or_404
from app.web.courses.forms import CourseForm
from app.web.editing import unless_saved
from app.web.forms import show_refusal
from app.work import Work


@area.form("/new", needs=Permission.MANAGE_TRAINING)
def create(work: Work) -> ResponseReturnValue:
    """Begin a course."""
    form = CourseForm()
    form.offer(courses_to_choose(work))
    page: dict[str, Any] = {"form": form, "course": None}
    if request.method == "GET":
        return render_template("courses/form.html", **page)
    if not form.validate():
        return render_template("courses/form.html", **page), 422
    try:
        course = operation.write(work, form.details)
    except RefusedError as refusal:
        return render_template("courses/form.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{course.reference} {course.title} is begun. Add its first lesson.", "success")
    return redirect(url_for("courses.draft", reference=course.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_TRAINING)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of a course; the second of two is shown both versions."""
    course = course_or_404(work, reference, lock=request.method == "POST")
    choices = courses_to_choose(work, but=course.id)
    shown = unless_saved(
        "courses/form.html",
        {"course": course, "title": course.title},
        course,
        CourseForm,
        lambda form: operation.change(work, course, form.details, form.seen),
        offered=(choices,),
    )
    if shown is not None:
        return shown
    flash(f"{course.reference} is saved.", "success")
    return redirect(url_for("courses.show", reference=reference), 303)
