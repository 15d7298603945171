"""One person with all their training: assignments, completions here and elsewhere, exemptions."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.enrolment import Enrolment
from app.operations import training_records as records
from app.operations.training_assignments import take_back
from app.queries.course_statistics import out_of_attempts
from app.queries.training_matrix import assignment_by, exemption_by, training_of
from app.queries.training_standing import courses_offered
from app.web.forms import PageForm, show_refusal
from app.web.training.area import area, learner_or_404
from app.web.training.forms import ExemptionForm, ExternalForm
from app.web.training.matrix import SHAPES
from app.work import Work


@area.get("/people/<int:person_id>", needs=Permission.MANAGE_TRAINING)
def person(work: Work, person_id: int) -> ResponseReturnValue:
    """How they stand with each course, and why; and where they are out of attempts."""
    who = learner_or_404(work, person_id)
    out = {each.enrolment.course_id: each for each in out_of_attempts(work, Enrolment.person_id == person_id)}
    return render_template("training/person.html", who=who, taken=training_of(work, who), shapes=SHAPES, out=out)


@area.form("/people/<int:person_id>/external", needs=Permission.MANAGE_TRAINING)
def external(work: Work, person_id: int) -> ResponseReturnValue:
    """Record training that they took elsewhere; its certificate is added as a file next."""
    who = learner_or_404(work, person_id)
    form = ExternalForm()
    form.offer(courses_offered(work))
    if request.method == "GET":
        form.course.data = request.args.get("course", "")
        return render_template("training/external.html", form=form, who=who)
    if not form.validate():
        return render_template("training/external.html", form=form, who=who), 422
    try:
        row = records.record_external(work, person_id, form.details)
    except RefusedError as refusal:
        return render_template("training/external.html", form=form, who=who, refused=show_refusal(form, refusal)), 422
    flash("It is recorded. Add its certificate as a file.", "success")
    return redirect(url_for("completions.show", completion_id=row.id), 303)


@area.form("/people/<int:person_id>/exempt", needs=Permission.MANAGE_TRAINING)
def exempt(work: Work, person_id: int) -> ResponseReturnValue:
    """They need not take a course, with the reason."""
    who = learner_or_404(work, person_id)
    form = ExemptionForm()
    form.offer(courses_offered(work))
    if request.method == "GET":
        form.course.data, form.from_on.data = request.args.get("course", ""), work.today
        return render_template("training/exempt.html", form=form, who=who)
    if not form.validate():
        return render_template("training/exempt.html", form=form, who=who), 422
    course_id = int(form.course.data) if (form.course.data or "").isdecimal() else 0
    try:
        records.exempt(work, person_id, course_id, form.exemption)
    except RefusedError as refusal:
        return render_template("training/exempt.html", form=form, who=who, refused=show_refusal(form, refusal)), 422
    flash("The exemption is recorded.", "success")
    return redirect(url_for("training.person", person_id=person_id), 303)


@area.post("/exemptions/<int:training_exemption_id>/end", needs=Permission.MANAGE_TRAINING)
def end_exemption(work: Work, training_exemption_id: int) -> ResponseReturnValue:
    """It holds today for the last time."""
    row = exemption_by(work, training_exemption_id)
    if row is None:
        abort(404)
    person_id = row.person_id
    try:
        records.end_exemption(work, row)
    except RefusedError as refusal:
        flash(refusal.why[0].says, "danger")
    else:
        flash("The exemption ends.", "success")
    return redirect(url_for("training.person", person_id=person_id), 303)


@area.form("/assignments/<int:training_assignment_id>/take-back", needs=Permission.MANAGE_TRAINING)
def withdraw(work: Work, training_assignment_id: int) -> ResponseReturnValue:
    """A course is no longer asked of somebody."""
    row = assignment_by(work, training_assignment_id, lock=request.method == "POST")
    if row is None:
        abort(404)
    form = PageForm()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("training/take_back.html", row=row, form=form), status
    try:
        take_back(work, row)
    except RefusedError as refusal:
        return render_template("training/take_back.html", row=row, form=form, refused=refusal.why), 422
    flash(f"{row.course.reference} is no longer asked of {row.person.label}.", "success")
    return redirect(url_for("training.person", person_id=row.person_id), 303)
