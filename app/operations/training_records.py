"""Training that somebody took elsewhere, with what proves it; and exemptions, with their reasons."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.training.completion import last_valid_day
from app.domain.training.status import Exemption, refuse_exemption
from app.models.completion import Completion
from app.models.course import Course
from app.models.training_assignment import TrainingExemption
from app.queries.learners import learner
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """Training taken elsewhere. Without a last valid day, that of the course counts."""

    course_id: int
    completed_on: date
    valid_until: date | None = None
    provider: str
    evidence: str = ""


def record_external(work: Work, person_id: int, details: External) -> Completion:
    """Record training that was taken elsewhere; its certificate is put on it as a file afterwards."""
    course = _course(work, details.course_id)
    _refuse_stranger(work, person_id)
    if details.completed_on > work.today:
        raise RefusedError(f"{say(details.completed_on)} has not come yet: record it on the day.", "completed_on")
    until = details.valid_until or last_valid_day(details.completed_on, course.valid_months)
    if until is not None and until < details.completed_on:
        raise RefusedError("The last valid day comes before the completion.", "valid_until")
    if not details.provider.strip():
        raise RefusedError("Say who gave the training.", "provider")
    return work.add(
        Completion(
            person_id=person_id,
            course_id=course.id,
            completed_on=details.completed_on,
            valid_until=until,
            provider=" ".join(details.provider.split())[:200],
            evidence=details.evidence.strip(),
            recorded_at=work.now,
            recorded_by_id=work.actor_id,
        )
    )


def exempt(work: Work, person_id: int, course_id: int, exemption: Exemption) -> TrainingExemption:
    """Somebody need not take a course, with the reason."""
    refuse_exemption(exemption)
    course = _course(work, course_id)
    _refuse_stranger(work, person_id)
    return work.add(
        TrainingExemption(
            person_id=person_id,
            course_id=course.id,
            reason=exemption.reason.strip(),
            from_on=exemption.from_on,
            until=exemption.until,
            recorded_by_id=work.actor_id,
            recorded_at=work.now,
        )
    )


def end_exemption(work: Work, row: TrainingExemption) -> None:
    """The exemption holds today for the last time; one that has not begun is taken away."""
    if row.until is not None and row.until <= work.today:
        raise RefusedError("It ends today, or has ended already.")
    if row.from_on > work.today:
        work.session.delete(row)
    else:
        row.until = work.today
    work.flush()


def _course(work: Work, course_id: int) -> Course:
    found = work.one_or_none(select(Course).where(Course.id == course_id))
    if found is None:
        raise RefusedError("Choose a course from the list.", "course")
    return found


def _refuse_stranger(work: Work, person_id: int) -> None:
    if learner(work, person_id) is None:
        raise RefusedError("Choose a member of this organisation.")
