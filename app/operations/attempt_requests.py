"""Another attempt at a quiz: asked for by who has none left, granted or refused by who manages training."""

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.training.marking import attempts_allowed, attempts_left
from app.models.attempt_request import AttemptRequest
from app.models.course import Course, Lesson
from app.models.enrolment import Enrolment
from app.models.person import Person
from app.operations.attempt_mail import tell_asked, tell_decided
from app.operations.enrolments import grant_attempt, refuse_non_learner
from app.queries.attempt_requests import request_waiting
from app.queries.enrolments import attempts_at
from app.work import Work

MOST_WORDS = 2000


def ask(work: Work, enrolment: Enrolment, lesson: Lesson, says: str) -> AttemptRequest:
    """Ask for one more attempt at a quiz of which none is left; the enrolment was loaded for update.

    Who may decide is told by mail. One request waits at a time.
    """
    refuse_non_learner(work, enrolment.person_id)
    if not says.strip():
        raise RefusedError("Say why you ask for another attempt.", "says")
    if len(says.strip()) > MOST_WORDS:
        raise RefusedError(f"At most {MOST_WORDS:,} characters.", "says")
    made = attempts_at(work, enrolment.id, lesson.id)
    if lesson.pass_mark is None or enrolment.completed_at is not None or any(each.has_passed for each in made):
        raise RefusedError("There is nothing left to try here.")
    if any(each.ended_at is None for each in made):
        raise RefusedError("An attempt is open: go on with that one.")
    if attempts_left(len(made), attempts_allowed(lesson.attempts, enrolment.more_attempts)) != 0:
        raise RefusedError("An attempt is left: nobody needs to grant it.")
    if request_waiting(work, enrolment.id) is not None:
        raise RefusedError("You have asked already: the answer comes by mail.")
    row = work.add(
        AttemptRequest(enrolment_id=enrolment.id, lesson_id=lesson.id, says=says.strip(), asked_at=work.now, answer="")
    )
    name = work.session.scalars(select(Person).where(Person.id == enrolment.person_id)).one().label
    tell_asked(work, row, _course(work, enrolment), name, lesson.title)
    return row


def mark_of(enrolment: Enrolment, asked: AttemptRequest | None) -> str:
    """What a form carries of what it decides: it changes with every decision."""
    return f"{enrolment.more_attempts}-{asked.id if asked is not None else 'unasked'}"


def grant(work: Work, enrolment: Enrolment, reason: str, seen: str | None = None) -> None:
    """Grant one more attempt at each quiz of an enrolment loaded for update, asked for or not; who takes it is told.

    `seen` is the mark of what was shown: of two who decide the same the second is refused.
    """
    row = request_waiting(work, enrolment.id, lock=True)
    _refuse_unseen(enrolment, row, seen)
    grant_attempt(work, enrolment, reason)
    if row is not None:
        _decide(work, row, enrolment, reason, is_granted=True)


def refuse(work: Work, enrolment: Enrolment, reason: str, seen: str | None = None) -> None:
    """Refuse what was asked for, with the reason; who asked is told it, and the journal keeps it."""
    row = request_waiting(work, enrolment.id, lock=True)
    if row is None:
        raise RefusedError("Nothing waits for an answer: somebody else may have decided it.")
    _refuse_unseen(enrolment, row, seen)
    if not reason.strip():
        raise RefusedError("Say why: whoever asked is told it.", "reason")
    work.reason = reason.strip()
    _decide(work, row, enrolment, reason, is_granted=False)


def _refuse_unseen(enrolment: Enrolment, asked: AttemptRequest | None, seen: str | None) -> None:
    if seen is not None and seen != mark_of(enrolment, asked):
        raise RefusedError("This is answered already since you opened it. Look at how it stands now, then decide.")


def _decide(work: Work, row: AttemptRequest, enrolment: Enrolment, reason: str, *, is_granted: bool) -> None:
    row.is_granted, row.answer = is_granted, reason.strip()
    row.decided_at, row.decided_by_id = work.now, work.actor_id
    work.flush()
    tell_decided(work, row, enrolment.person_id, _course(work, enrolment))


def _course(work: Work, enrolment: Enrolment) -> Course:
    return work.session.scalars(select(Course).where(Course.id == enrolment.course_id)).one()
