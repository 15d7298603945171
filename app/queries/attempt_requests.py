"""Requests for another attempt: those that wait, and what became of a learner's own."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.models.attempt_request import AttemptRequest
from app.models.enrolment import Enrolment
from app.work import Work


def waiting_requests(work: Work) -> list[AttemptRequest]:
    """Those that nobody decided yet, of courses that are still under way, with who asks for what; one query."""
    return work.all(
        select(AttemptRequest)
        .join(Enrolment, Enrolment.id == AttemptRequest.enrolment_id)
        .where(AttemptRequest.decided_at.is_(None), Enrolment.completed_at.is_(None))
        .options(
            joinedload(AttemptRequest.enrolment).joinedload(Enrolment.person),
            joinedload(AttemptRequest.enrolment).joinedload(Enrolment.course),
            joinedload(AttemptRequest.lesson),
        )
        .order_by(AttemptRequest.asked_at, AttemptRequest.id)
    )


def request_waiting(work: Work, enrolment_id: int, *, lock: bool = False) -> AttemptRequest | None:
    """The request of an enrolment that waits, with its quiz."""
    statement = (
        select(AttemptRequest)
        .where(AttemptRequest.enrolment_id == enrolment_id, AttemptRequest.decided_at.is_(None))
        .options(joinedload(AttemptRequest.lesson))
    )
    if lock:
        statement = statement.with_for_update(of=AttemptRequest).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def latest_request(work: Work, enrolment_id: int, lesson_id: int) -> AttemptRequest | None:
    """What a learner asked for last at a quiz, with who decided it."""
    return work.one_or_none(
        select(AttemptRequest)
        .where(AttemptRequest.enrolment_id == enrolment_id, AttemptRequest.lesson_id == lesson_id)
        .options(joinedload(AttemptRequest.decided_by))
        .order_by(AttemptRequest.id.desc())
        .limit(1)
    )
