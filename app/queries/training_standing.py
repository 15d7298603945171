"""How people stand with courses: what is known of each pair, gathered in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from app.domain.explained import Explained
from app.domain.training.course import Standing as CourseStanding
from app.domain.training.due import Terms
from app.domain.training.status import Exemption, Learning, Passed, Standing, standing
from app.models.completion import Completion
from app.models.course import Course
from app.models.enrolment import Enrolment
from app.models.training_assignment import TrainingAssignment, TrainingExemption
from app.queries.learners import Learner
from app.work import Work

Pair = tuple[int, int]
"""A person and a course, by their ids."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of pairs, before it is said how they stand."""

    passed: Mapping[Pair, list[Passed]]
    terms: Mapping[Pair, Any]
    exempt: Mapping[Pair, list[Exemption]]
    under_way: frozenset[Pair]

    @property
    def pairs(self) -> set[Pair]:
        """Those of which anything is known."""
        return {*self.passed, *self.terms, *self.exempt, *self.under_way}

    def standing_of(self, pair: Pair, joined_on: date, today: date, expiring_days: int) -> Explained[Standing]:
        """How a person who joined on a day stands with a course."""
        row = self.terms.get(pair)
        learning = Learning(
            tuple(self.passed.get(pair, ())),
            pair in self.under_way,
            Terms(row[1], None, row[2], row[3], row[4], row[5]) if row is not None else None,
            joined_on,
            row[0] if row is not None else joined_on,
            tuple(self.exempt.get(pair, ())),
        )
        return standing(learning, today, expiring_days)


def standings(
    work: Work, people: Iterable[Learner], courses: Collection[int] | None = None, *, all_people: bool = False
) -> dict[Pair, Explained[Standing]]:
    """How each person stands with each course that they were told to take, began, passed or are exempt from.

    A pair of which nothing is known is left out. `all_people` spares the database a list of all ids. Four queries.
    """
    joined = {each.id: each.joined_on for each in people}
    known = known_of(work, None if all_people else list(joined), courses)
    days = work.organisation.expiring_days
    return {
        pair: known.standing_of(pair, joined[pair[0]], work.today, days) for pair in known.pairs if pair[0] in joined
    }


def known_of(work: Work, people: Collection[int] | None = None, courses: Collection[int] | None = None) -> Known:
    """What is known of these people and courses; None is all. Four queries."""
    passed = passed_by(work, people, courses)
    terms: dict[Pair, Any] = {}
    columns = (
        TrainingAssignment.assigned_on,
        TrainingAssignment.due_on,
        TrainingAssignment.refreshing,
        TrainingAssignment.months,
        TrainingAssignment.anchor,
        TrainingAssignment.early_days,
    )
    asked = _narrowed(TrainingAssignment, columns, people, courses).where(TrainingAssignment.withdrawn_on.is_(None))
    for person_id, course_id, *rest in work.execute(asked):
        terms[person_id, course_id] = rest
    exempt: dict[Pair, list[Exemption]] = defaultdict(list)
    said = (TrainingExemption.from_on, TrainingExemption.until, TrainingExemption.reason)
    for person_id, course_id, from_on, until, reason in work.execute(
        _narrowed(TrainingExemption, said, people, courses)
    ):
        exempt[person_id, course_id].append(Exemption(from_on, until, reason))
    begun = _narrowed(Enrolment, (), people, courses).where(Enrolment.completed_at.is_(None))
    under_way = frozenset((person_id, course_id) for person_id, course_id in work.execute(begun))
    return Known(passed, terms, exempt, under_way)


def passed_by(
    work: Work, people: Collection[int] | None = None, courses: Collection[int] | None = None
) -> dict[Pair, list[Passed]]:
    """The completions that count, of these people and courses; None is all. One query."""
    columns = (Completion.completed_on, Completion.valid_until)
    statement = _narrowed(Completion, columns, people, courses).where(Completion.revoked_at.is_(None))
    found: dict[Pair, list[Passed]] = defaultdict(list)
    for person_id, course_id, completed_on, valid_until in work.execute(statement):
        found[person_id, course_id].append(Passed(completed_on, valid_until))
    return found


def still_to_take(work: Work, people: Iterable[Learner]) -> dict[int, list[tuple[str, str, date | None]]]:
    """By person the published courses that they are told to take and that do not hold: reference, title and by when,
    the most urgent first. A fixed number of queries."""
    found: dict[int, list[tuple[str, str, date | None]]] = defaultdict(list)
    offered = {id_: (reference, title) for id_, reference, title in courses_offered(work)}
    for (person_id, course_id), answer in standings(work, people).items():
        if answer.value.is_open and course_id in offered:
            found[person_id].append((*offered[course_id], answer.value.due_on))
    for rows in found.values():
        rows.sort(key=lambda each: (each[2] or date.max, each[0]))
    return found


def courses_offered(work: Work, also: Collection[int] = ()) -> list[tuple[int, str, str]]:
    """Id, reference and title of each course that may be taken now, and of these others; one query."""
    statement: Any = select(Course.id, Course.reference, Course.title).order_by(Course.reference)
    open_now = Course.standing == CourseStanding.PUBLISHED
    statement = statement.where(open_now | Course.id.in_(also) if also else open_now)
    return [(id_, reference, title) for id_, reference, title in work.execute(statement)]


def _narrowed(
    model: Any, columns: tuple[Any, ...], people: Collection[int] | None, courses: Collection[int] | None
) -> Select[Any]:
    statement: Select[Any] = select(model.person_id, model.course_id, *columns)
    if people is not None:
        statement = statement.where(model.person_id.in_(people))
    if courses is not None:
        statement = statement.where(model.course_id.in_(courses))
    return statement
