"""The manager's view of training: people by courses, one person with all, rules, and what is due."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.explained import Explained
from app.domain.training.status import Standing, TrainingStatus
from app.models.completion import Completion
from app.models.course import Course, LearningPath, PathCourse
from app.models.training_assignment import TrainingAssignment, TrainingExemption, TrainingRule
from app.queries.learners import PAGE, Learner, LearnerFilters, count_learners, learner, learners
from app.queries.training_standing import courses_offered, standings
from app.work import Work

CourseHead = tuple[int, str, str]
"""Id, reference and title of a course."""


@dataclass(frozen=True, slots=True)
class Line:
    """A person, and how they stand with each course; None where nothing is known and nothing is asked."""

    person: Learner
    cells: tuple[Explained[Standing] | None, ...]

    @property
    def is_overdue(self) -> bool:
        """Whether one of these courses is overdue."""
        return any(cell is not None and cell.value.is_overdue for cell in self.cells)


@dataclass(frozen=True, slots=True)
class TrainingMatrix:
    """People by courses."""

    courses: tuple[CourseHead, ...]
    lines: tuple[Line, ...]
    total: int
    """How many people there are on all pages."""

    @property
    def tally(self) -> list[tuple[TrainingStatus, int]]:
        """How many of the cells shown stand at each word."""
        counts = Counter(cell.value.status for line in self.lines for cell in line.cells if cell is not None)
        return [(status, counts[status]) for status in TrainingStatus if counts[status]]


def training_matrix(
    work: Work,
    wanted: LearnerFilters,
    course_id: int | None = None,
    page: int | None = None,
    *,
    overdue: bool = False,
) -> TrainingMatrix:
    """The matrix, all of it or one page of its people, or of those with something overdue; a fixed number of queries,
    however much there is.
    """
    if overdue and page is not None:
        # Who is overdue is reckoned and stands in no column: the page is cut from all of them.
        whole = training_matrix(work, wanted, course_id, overdue=True)
        return replace(whole, lines=whole.lines[(page - 1) * PAGE : page * PAGE])
    courses = [each for each in courses_offered(work) if course_id in (None, each[0])]
    people = learners(work, wanted, page)
    total = count_learners(work, wanted) if page is not None else len(people)
    found = standings(work, people, [id_ for id_, _, _ in courses], all_people=page is None) if people else {}
    lines = tuple(Line(each, tuple(found.get((each.id, id_)) for id_, _, _ in courses)) for each in people)
    if overdue:
        lines = tuple(each for each in lines if each.is_overdue)
        total = len(lines)
    return TrainingMatrix(tuple(courses), lines, total)


def count_overdue(work: Work) -> int:
    """How many people are overdue with a course that is open now; a fixed number of queries."""
    return training_matrix(work, LearnerFilters(), overdue=True).total


@dataclass(frozen=True, slots=True)
class Taken:
    """One course of a person: how they stand, what was assigned, and the completions, the latest first."""

    course: CourseHead
    standing: Explained[Standing]
    assignment: TrainingAssignment | None
    rule: str
    completions: tuple[Completion, ...]
    exemptions: tuple[TrainingExemption, ...]


def training_of(work: Work, person: Learner) -> list[Taken]:
    """All training of a person, by course; a fixed number of queries."""
    found = standings(work, [person])
    courses = {course_id for _, course_id in found}
    heads = {
        id_: (id_, reference, title)
        for id_, reference, title in work.execute(
            select(Course.id, Course.reference, Course.title).where(Course.id.in_(courses))
        )
    }
    open_now = TrainingAssignment.withdrawn_on.is_(None)
    asked = {
        each.course_id: each
        for each in work.all(select(TrainingAssignment).where(TrainingAssignment.person_id == person.id, open_now))
    }
    rules = {each.id: each.reference for each in rules_of(work)}
    done = work.all(
        select(Completion)
        .where(Completion.person_id == person.id)
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )
    exempt = work.all(
        select(TrainingExemption)
        .where(TrainingExemption.person_id == person.id)
        .order_by(TrainingExemption.from_on.desc(), TrainingExemption.id.desc())
    )
    taken = []
    for course_id in sorted(courses, key=lambda each: heads[each][1]):
        assignment = asked.get(course_id)
        taken.append(
            Taken(
                heads[course_id],
                found[person.id, course_id],
                assignment,
                rules.get(assignment.rule_id or 0, "") if assignment else "",
                tuple(each for each in done if each.course_id == course_id),
                tuple(each for each in exempt if each.course_id == course_id),
            )
        )
    return taken


def rules_of(work: Work) -> list[TrainingRule]:
    """The rules, those in force first, each with its course or path and its site."""
    loaded = (joinedload(TrainingRule.course), joinedload(TrainingRule.path), joinedload(TrainingRule.site))
    order = (TrainingRule.ended_on.is_not(None), TrainingRule.reference)
    return work.all(select(TrainingRule).options(*loaded).order_by(*order))


def assigned_by_rule(work: Work) -> dict[int, int]:
    """How many assignments stand by each rule."""
    statement: Any = (
        select(TrainingAssignment.rule_id, func.count())
        .where(TrainingAssignment.rule_id.is_not(None), TrainingAssignment.withdrawn_on.is_(None))
        .group_by(TrainingAssignment.rule_id)
    )
    return dict(tuple(row) for row in work.execute(statement))


def paths_offered(work: Work) -> list[tuple[int, str, int]]:
    """The paths in use: id, title, how many courses."""
    statement: Any = (
        select(LearningPath.id, LearningPath.title, func.count(PathCourse.id))
        .join(PathCourse, PathCourse.path_id == LearningPath.id)
        .where(LearningPath.retired_at.is_(None))
        .group_by(LearningPath.id, LearningPath.title)
        .order_by(LearningPath.title)
    )
    return [(id_, title, count) for id_, title, count in work.execute(statement)]


def assignment_by(work: Work, assignment_id: int, *, lock: bool = False) -> TrainingAssignment | None:
    """One assignment, with its course and its person."""
    loaded = (joinedload(TrainingAssignment.course), joinedload(TrainingAssignment.person))
    statement = select(TrainingAssignment).options(*loaded).where(TrainingAssignment.id == assignment_id)
    return work.one_or_none(statement.with_for_update(of=TrainingAssignment) if lock else statement)


def exemption_by(work: Work, exemption_id: int) -> TrainingExemption | None:
    """One exemption, held."""
    return work.one_or_none(select(TrainingExemption).where(TrainingExemption.id == exemption_id).with_for_update())


@dataclass(frozen=True, slots=True)
class Due:
    """A course that somebody is to take, and by when."""

    person: Learner
    course: CourseHead
    due_on: date
    status: TrainingStatus


def due_training(work: Work, until: date, people: Collection[int] | None = None) -> list[Due]:
    """What is assigned and due by a day, the earliest first; a fixed number of queries."""
    only = frozenset(people) if people is not None else None
    found = learners(work, LearnerFilters(people=only))
    if not found:
        return []
    by_id = {each.id: each for each in found}
    stand = standings(work, found, all_people=only is None)
    heads: Any = select(Course.id, Course.reference, Course.title)
    courses = {id_: (id_, reference, title) for id_, reference, title in work.execute(heads)}
    rows = [
        Due(by_id[person_id], courses[course_id], answer.value.due_on, answer.value.status)
        for (person_id, course_id), answer in stand.items()
        if answer.value.is_assigned and answer.value.due_on is not None and answer.value.due_on <= until
    ]
    return sorted(rows, key=lambda each: (each.due_on, each.course[1], each.person.id))


__all__ = [
    "PAGE",
    "Due",
    "Line",
    "Taken",
    "TrainingMatrix",
    "count_overdue",
    "due_training",
    "learner",
    "training_matrix",
    "training_of",
]
