"""What a person is asked to take, and by when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.training.status import TrainingStatus
from app.models.person import Person
from app.models.training_assignment import TrainingAssignment, TrainingRule
from app.queries.learners import LearnerFilters, learners
from app.queries.training_standing import standings
from app.work import Work

_AGAIN = (TrainingStatus.EXPIRING_SOON, TrainingStatus.EXPIRED)


def asked_of(work: Work, person_id: int) -> dict[int, date | None]:
    """The courses that a person is to take now, by their ids, with the last day on which to; None where none is set.

    What is assigned and does not hold is; and so is whatever they passed that runs out soon or has run out. Who is
    exempt is asked for nothing.
    """
    found = learners(work, LearnerFilters(people=frozenset({person_id})))
    return {
        course_id: answer.value.due_on
        for (_, course_id), answer in standings(work, found).items()
        if answer.value.is_open or answer.value.status in _AGAIN
    }


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A course that a person was told to take: since when, by whom or by which rule, and by when it is due next."""

    since: date
    by: str
    rule: str
    due_on: date | None
    is_overdue: bool


def asked_for(work: Work, person_id: int, course_id: int) -> AskedFor | None:
    """Who asked a person to take a course, and by when; None where nobody did. A fixed number of queries."""
    statement: Any = (
        select(TrainingAssignment.assigned_on, Person, TrainingRule.reference)
        .outerjoin(Person, Person.id == TrainingAssignment.assigned_by_id)
        .outerjoin(TrainingRule, TrainingRule.id == TrainingAssignment.rule_id)
        .where(
            TrainingAssignment.person_id == person_id,
            TrainingAssignment.course_id == course_id,
            TrainingAssignment.withdrawn_on.is_(None),
        )
    )
    row = work.execute(statement).first()
    if row is None:
        return None
    found = learners(work, LearnerFilters(people=frozenset({person_id})))
    answer = standings(work, found, [course_id]).get((person_id, course_id))
    if answer is None:
        return None
    since, by, rule = row
    stands = answer.value
    return AskedFor(since, by.label if by is not None else "", rule or "", stands.due_on, stands.is_overdue)
