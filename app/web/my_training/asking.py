"""Ask for another attempt at a quiz, where none is left."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations.attempt_requests import MOST_WORDS, ask
from app.queries.enrolments import in_progress
from app.web.forms import PageForm, show_refusal
from app.web.my_training.area import area, course_or_404, settle_what_ran_out
from app.web.my_training.course import lesson_with_bank_or_404
from app.work import Work


class AskForm(PageForm):
    """Why one asks."""

    says = TextAreaField(
        "Why",
        [InputRequired("Say why you ask for another attempt."), Length(max=MOST_WORDS)],
        description="Whoever manages training reads it, and answers by mail.",
        render_kw={"rows": 4},
    )


@area.form("/<reference>/lessons/<int:lesson_id>/ask", needs=Permission.TAKE_TRAINING)
def ask_attempt(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Ask whoever manages training for one more attempt."""
    if request.method == "GET":
        settle_what_ran_out(work)
    row = course_or_404(work, reference)
    lesson = lesson_with_bank_or_404(work, row, lesson_id)
    there = url_for("my_training.lesson", reference=reference, lesson_id=lesson_id)
    form, refused = AskForm(), None
    if form.validate_on_submit():
        enrolment = in_progress(work, current_user.id, row.id, lock=True)
        if enrolment is None:
            return redirect(url_for("my_training.course", reference=reference), 303)
        try:
            ask(work, enrolment, lesson, form.says.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash("You have asked for another attempt. The answer comes by mail, and stands here.", "success")
            return redirect(there, 303)
    page = render_template("my_training/ask.html", course=row, lesson=lesson, form=form, refused=refused, back=there)
    return page, 422 if form.is_submitted() else 200
