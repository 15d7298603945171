"""Requirements: asked, changed, retired."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import competence as operation
from app.queries.competence import requirement_rows
from app.queries.training_standing import courses_offered
from app.web.competence.area import area, requirement_or_404
from app.web.competence.forms import RequirementForm
from app.web.editing import unless_saved
from app.web.forms import PageForm, show_refusal
from app.work import Work


@area.get("/requirements", needs=Permission.MANAGE_TRAINING)
def requirements(work: Work) -> ResponseReturnValue:
    """All of them, those in force first."""
    return render_template("competence/requirements.html", rows=requirement_rows(work))


@area.form("/requirements/new", needs=Permission.MANAGE_TRAINING)
def create(work: Work) -> ResponseReturnValue:
    """Ask for a competence."""
    form = RequirementForm()
    form.offer(courses_offered(work))
    if request.method == "GET":
        return render_template("competence/create.html", form=form)
    if not form.validate():
        return render_template("competence/create.html", form=form), 422
    try:
        row = operation.create(work, form.details)
    except RefusedError as refusal:
        return render_template("competence/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{row.reference} {row.name} is asked from now on.", "success")
    return redirect(url_for("competence.requirements"), 303)


@area.form("/requirements/<reference>/edit", needs=Permission.MANAGE_TRAINING)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is asked; the second of two is shown both versions."""
    row = requirement_or_404(work, reference, lock=request.method == "POST")
    courses = courses_offered(work, [each.course_id for each in row.courses])
    shown = unless_saved(
        "competence/edit.html",
        {"row": row, "name": row.name},
        row,
        RequirementForm,
        lambda form: operation.edit(work, row, form.details, form.seen),
        offered=(courses,),
    )
    if shown is not None:
        return shown
    flash(f"{row.reference} is saved.", "success")
    return redirect(url_for("competence.requirements"), 303)


@area.form("/requirements/<reference>/retire", needs=Permission.MANAGE_TRAINING)
def retire(work: Work, reference: str) -> ResponseReturnValue:
    """It is asked of nobody any more."""
    row = requirement_or_404(work, reference, lock=request.method == "POST")
    form = PageForm()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("competence/retire.html", row=row, form=form), status
    try:
        operation.retire(work, row)
    except RefusedError as refusal:
        return render_template("competence/retire.html", row=row, form=form, refused=refusal.why), 422
    flash(f"{reference} is retired; what was recorded for it stays.", "success")
    return redirect(url_for("competence.requirements"), 303)
