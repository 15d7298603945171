"""A course as a learner takes it: its page, its lessons one after another."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.course import KINDS
from app.domain.training.marking import attempts_allowed, attempts_left
from app.models.completion import Completion
from app.models.course import Course, Lesson
from app.operations import enrolments as operation
from app.queries.attempt_requests import latest_request
from app.queries.courses import lessons_in, published_of
from app.queries.enrolments import attempts_at, completions_of, in_progress, lesson_with_bank, version_taken
from app.queries.lesson_shapes import quiz_of
from app.queries.renewals import asked_for
from app.web.courses.lessons import beside, shown_lesson
from app.web.my_training.area import area, course_or_404, settle_what_ran_out, taken_or_none
from app.work import Work


@area.get("/<reference>", needs=Permission.TAKE_TRAINING)
def course(work: Work, reference: str) -> ResponseReturnValue:
    """Sections and lessons with what is done of them; where to begin or to go on."""
    settle_what_ran_out(work)
    return shown(work, course_or_404(work, reference))


def shown(work: Work, row: Course, refused: RefusedError | None = None) -> str:
    """The page of the course; where it cannot be begun, it says why."""
    taken = taken_or_none(work, row)
    published = published_of(row)
    version = taken.version if taken is not None else version_taken(work, published.id) if published else None
    if version is None:
        abort(404)
    begins = taken is None or taken.enrolment.completed_at is not None
    if begins and refused is None:
        try:
            operation.refuse_beginning(work, row, current_user.id)
        except RefusedError as refusal:
            refused = refusal
    done = [each for each in completions_of(work, current_user.id) if each.course_id == row.id]
    return render_template(
        "my_training/course.html",
        course=row,
        version=version,
        lessons=lessons_in(version),
        newer=published is not None and published.id != version.id,
        taken=taken,
        begins=begins,
        refused=refused,
        completions=done,
        kinds=KINDS,
        asked=asked_for(work, current_user.id, row.id),
        marks={each.id: quiz.pass_mark for each in lessons_in(version) if (quiz := quiz_of(each)) is not None},
    )


@area.post("/<reference>/begin", needs=Permission.TAKE_TRAINING)
def begin(work: Work, reference: str) -> ResponseReturnValue:
    """Begin the version that is published now, and go to its first lesson."""
    row = course_or_404(work, reference, lock=True)
    try:
        operation.begin(work, row, current_user.id)
    except RefusedError as refusal:
        return shown(work, row, refusal), 422
    return onward(work, row, None)


@area.get("/<reference>/lessons/<int:lesson_id>", needs=Permission.TAKE_TRAINING)
def lesson(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """One lesson of the version begun, with the way to the one before and the next."""
    settle_what_ran_out(work)
    return shown_lesson_page(work, course_or_404(work, reference), lesson_id)


def shown_lesson_page(work: Work, row: Course, lesson_id: int, refused: RefusedError | None = None) -> str:
    """The page of a lesson; of a quiz with its attempts."""
    taken = taken_or_none(work, row)
    if taken is None or lesson_id not in {each.id for each in taken.lessons}:
        abort(404)
    whole = lesson_with_bank(work, lesson_id)
    attempts, quiz = attempts_at(work, taken.enrolment.id, lesson_id), quiz_of(whole)
    allowed = attempts_allowed(quiz.attempts, taken.enrolment.more_attempts) if quiz is not None else None
    return render_template(
        "my_training/lesson.html",
        course=row,
        taken=taken,
        row=whole,
        lesson=shown_lesson(work, row, whole),
        **beside(taken.lessons, lesson_id),
        attempts=attempts,
        running=next((each for each in attempts if each.ended_at is None), None),
        has_passed=any(each.has_passed for each in attempts),
        left=attempts_left(len(attempts), allowed),
        asked=latest_request(work, taken.enrolment.id, lesson_id),
        refused=refused,
    )


@area.post("/<reference>/lessons/<int:lesson_id>/done", needs=Permission.TAKE_TRAINING)
def done(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """The lesson is done: on to the next one, or, after the last, to the course."""
    row = course_or_404(work, reference)
    enrolment = in_progress(work, current_user.id, row.id, lock=True)
    if enrolment is None:
        # Sent twice: the first has completed the course.
        return redirect(url_for("my_training.course", reference=reference), 303)
    try:
        completion = operation.do_lesson(work, enrolment, lesson_with_bank_or_404(work, row, lesson_id))
    except RefusedError as refusal:
        return shown_lesson_page(work, row, lesson_id, refusal), 422
    return onward(work, row, completion)


def lesson_with_bank_or_404(work: Work, row: Course, lesson_id: int) -> Lesson:
    """A lesson of the version that the visitor takes, with its questions."""
    taken = taken_or_none(work, row)
    if taken is None or lesson_id not in {each.id for each in taken.lessons}:
        abort(404)
    return lesson_with_bank(work, lesson_id)


def onward(work: Work, row: Course, completion: Completion | None) -> ResponseReturnValue:
    """To the next lesson that is not done; a course that is completed is told so once, on its page."""
    if completion is not None:
        flash(f"You have completed {row.title}. Your certificate is {completion.number}.", "success")
    taken = taken_or_none(work, row)
    following = taken.progress.next_id if taken is not None else None
    if completion is not None or following is None:
        return redirect(url_for("my_training.course", reference=row.reference), 303)
    return redirect(url_for("my_training.lesson", reference=row.reference, lesson_id=following), 303)
