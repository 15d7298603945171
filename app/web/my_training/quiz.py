"""An attempt at a quiz: begun, answered, handed in, and read with what the author says to it."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.marking import Answer, Result, attempts_allowed, attempts_left
from app.models.course import Course
from app.models.enrolment import QuizAttempt
from app.operations import quiz_attempts as operation
from app.queries.attempt_requests import latest_request
from app.queries.enrolments import attempt_whole, attempts_at, in_progress
from app.web.my_training.area import area, course_or_404, settle_what_ran_out, taken_or_none
from app.web.my_training.course import lesson_with_bank_or_404, shown_lesson_page
from app.web.my_training.put import Put, answers_in, named_in, questions_put
from app.web.rendering import say_moment
from app.work import Work


@area.post("/<reference>/lessons/<int:lesson_id>/attempts", needs=Permission.TAKE_TRAINING)
def begin_attempt(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Draw the questions and begin the time; an attempt that is open is gone on with."""
    row = course_or_404(work, reference)
    enrolment = in_progress(work, current_user.id, row.id, lock=True)
    if enrolment is None:
        return redirect(url_for("my_training.course", reference=reference), 303)
    try:
        attempt = operation.begin(work, enrolment, lesson_with_bank_or_404(work, row, lesson_id))
    except RefusedError as refusal:
        return shown_lesson_page(work, row, lesson_id, refusal), 422
    return _to(reference, attempt.id)


@area.get("/<reference>/attempts/<int:attempt_id>", needs=Permission.TAKE_TRAINING)
def attempt(work: Work, reference: str, attempt_id: int) -> ResponseReturnValue:
    """The questions while the attempt is open, and then how each was marked."""
    settle_what_ran_out(work)
    row = course_or_404(work, reference)
    return _shown(work, row, _mine(work, row, attempt_id))


@area.post("/<reference>/attempts/<int:attempt_id>", needs=Permission.TAKE_TRAINING)
def answer(work: Work, reference: str, attempt_id: int) -> ResponseReturnValue:
    """Keep the answers, or hand them in; by the clock of the server, and marked once.

    Where something is not answered, the learner is asked first, with all that was said kept.
    """
    row = course_or_404(work, reference)
    found = _mine(work, row, attempt_id, lock=True)
    was_over = found.ended_at is not None
    put = questions_put(found)
    said = answers_in(put, request.form)
    completion = None
    try:
        # What was not drawn is handed on too, for the rules to refuse.
        told: dict[int, Answer] = {**dict.fromkeys(named_in(request.form)), **said}
        if request.form.get("do") == "save":
            operation.save(work, found, told)
        elif (
            request.form.get("do") != "hand-in-anyway"
            and operation.save(work, found, told)
            and any(each.lacks for each in questions_put(found))
        ):
            return _to(reference, attempt_id, asks="yes")
        else:
            completion = operation.hand_in(work, found, told)
    except RefusedError as refusal:
        if _by_script():
            return jsonify(words=str(refusal)), 422
        return _shown(work, row, found, said, refusal), 422
    if _by_script():
        return jsonify(ended=found.ended_at is not None, saved_at=say_moment(work.now))
    if was_over:
        flash("This attempt was handed in before: it stays as it was marked.", "info")
    elif found.ended_at is None:
        flash("Your answers are saved. Nothing is marked before you hand them in.", "success")
    if completion is not None:
        flash(f"You have completed {row.title}. Your certificate is {completion.number}.", "success")
    return _to(reference, attempt_id)


def _shown(
    work: Work,
    row: Course,
    found: QuizAttempt,
    said: dict[int, Answer] | None = None,
    refused: RefusedError | None = None,
) -> str:
    put = questions_put(found, said)
    page: dict[str, Any] = {"course": row, "attempt": found, "row": found.lesson, "put": put, "refused": refused}
    if found.ended_at is None:
        seconds = int((found.closes_at - work.now).total_seconds()) if found.closes_at is not None else None
        return render_template("my_training/attempt.html", **page, left=seconds, lacking=_lacking(put))
    taken = taken_or_none(work, row)
    made = attempts_at(work, found.enrolment_id, found.lesson_id)
    left = attempts_left(len(made), attempts_allowed(found.lesson.attempts, found.enrolment.more_attempts))
    may_try = not any(each.has_passed for each in made) and left != 0
    return render_template(
        "my_training/result.html",
        **page,
        result=Result(found.points or 0, found.out_of or 0, found.lesson.pass_mark or 0),
        may_try=may_try and found.enrolment.completed_at is None,
        left=left,
        asked=latest_request(work, found.enrolment_id, found.lesson_id),
        # Who may try again is told what was wrong, and not yet what would be right.
        tells=found.has_passed or not (may_try or any(each.ended_at is None for each in made)),
        following=taken.progress.next_id if taken is not None and taken.enrolment.id == found.enrolment_id else None,
    )


def _mine(work: Work, row: Course, attempt_id: int, *, lock: bool = False) -> QuizAttempt:
    """An attempt of the visitor at this course."""
    found = attempt_whole(work, attempt_id, current_user.id, lock=lock)
    if found is None or found.enrolment.course_id != row.id:
        abort(404)
    return found


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _lacking(put: list[Put]) -> list[Put]:
    """What is not answered, or not as it is asked, where the learner is asked whether to hand in all the same."""
    return [each for each in put if each.lacks] if request.args.get("asks") else []


def _to(reference: str, attempt_id: int, asks: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("my_training.attempt", reference=reference, attempt_id=attempt_id, asks=asks), 303)
