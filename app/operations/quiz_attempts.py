"""Attempts at a quiz: questions drawn at its beginning, answers kept while the time lasts, marked once.

The clock is the server's: what arrives when the time is up is not kept, and what was saved until then is marked.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from app.domain.explained import RefusedError
from app.domain.training.marking import (
    Answer,
    Result,
    attempts_allowed,
    closes_at,
    draw,
    fitting,
    is_over,
    points_for,
    refuse_another,
    refuse_undrawn,
)
from app.models.completion import Completion
from app.models.course import Lesson
from app.models.enrolment import AttemptAnswer, Enrolment, QuizAttempt
from app.operations.enrolments import note_done, refuse_non_learner
from app.queries.enrolments import attempt_whole, attempts_at
from app.queries.lesson_shapes import question_shape, quiz_of
from app.work import Work


def begin(work: Work, enrolment: Enrolment, lesson: Lesson) -> QuizAttempt:
    """Begin an attempt, or go on with the one that is open; its questions are drawn now and stay.

    The enrolment was loaded for update, the lesson with its bank.
    """
    refuse_non_learner(work, enrolment.person_id)
    quiz = quiz_of(lesson)
    if quiz is None:
        raise RefusedError(f"“{lesson.title}” is no quiz.")
    bank = [each.id for each in lesson.questions]
    there = attempts_at(work, enrolment.id, lesson.id)
    for each in there:
        if each.ended_at is not None:
            continue
        if not is_over(each.closes_at, work.now):
            return each
        settle(work, each.id, enrolment.person_id)
    allowed = attempts_allowed(quiz.attempts, enrolment.more_attempts)
    refuse_another(len(there), allowed, has_passed=any(each.has_passed for each in there))
    seed = secrets.token_hex(16)
    drawn = draw(seed, bank, quiz.drawn, shuffled=quiz.shuffled)
    return work.add(
        QuizAttempt(
            enrolment_id=enrolment.id,
            lesson_id=lesson.id,
            number=len(there) + 1,
            seed=seed,
            begun_at=work.now,
            closes_at=closes_at(work.now, quiz.minutes),
            answers=[AttemptAnswer(question_id=each, place=place) for place, each in enumerate(drawn, 1)],
        )
    )


def save(work: Work, attempt: QuizAttempt, answers: Mapping[int, Answer]) -> bool:
    """Keep answers by their question, as long as there is time; gives whether there was.

    The attempt was loaded for update, with its answers. An answer to a question that was not drawn refuses all.
    """
    refuse_non_learner(work, attempt.enrolment.person_id)
    drawn = {each.question_id: each for each in attempt.answers}
    refuse_undrawn(drawn, list(answers))
    if attempt.ended_at is not None:
        return False
    if is_over(attempt.closes_at, work.now):
        _mark_late(work, attempt)
        return False
    for question_id, said in answers.items():
        row = drawn[question_id]
        answer = fitting(question_shape(row.question), said)
        if answer != row.answer:
            row.answer, row.saved_at = answer, work.now
    work.flush()
    return True


def hand_in(work: Work, attempt: QuizAttempt, answers: Mapping[int, Answer]) -> Completion | None:
    """End an attempt and mark it; one that has ended already stays as it was marked.

    Gives the completion of the course where this was what it lacked.
    """
    if save(work, attempt, answers):
        return _mark(work, attempt, work.now)
    return None


def settle(work: Work, attempt_id: int, person_id: int) -> None:
    """Mark what was saved of an attempt whose time is up and that nobody handed in."""
    attempt = attempt_whole(work, attempt_id, person_id, lock=True)
    if attempt is not None and attempt.ended_at is None and is_over(attempt.closes_at, work.now):
        _mark_late(work, attempt)


def _mark_late(work: Work, attempt: QuizAttempt) -> None:
    attempt.is_late = True
    _mark(work, attempt, attempt.closes_at or work.now)


def _mark(work: Work, attempt: QuizAttempt, at: datetime) -> Completion | None:
    for row in attempt.answers:
        row.points = points_for(question_shape(row.question), row.answer)
    result = Result(
        sum(row.points or 0 for row in attempt.answers),
        sum(row.question.points for row in attempt.answers),
        attempt.lesson.pass_mark or 0,
    )
    attempt.ended_at = at
    attempt.points, attempt.out_of, attempt.has_passed = result.points, result.out_of, result.has_passed
    work.flush()
    return note_done(work, attempt.enrolment, attempt.lesson_id, at) if result.has_passed else None
