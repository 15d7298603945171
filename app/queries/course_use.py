"""Who and what a course still matters to: before it is retired."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.models.competence import CompetenceRequirement, RequiredCourse
from app.models.course import LearningPath, PathCourse
from app.models.enrolment import Enrolment
from app.models.person import Person
from app.models.training_assignment import TrainingRule
from app.work import Work


@dataclass(frozen=True, slots=True)
class CourseUse:
    """Who is under way, by name; the rules in force that assign it; the paths and the requirements that name it."""

    under_way: tuple[str, ...]
    rules: tuple[str, ...]
    paths: tuple[str, ...]
    requirements: tuple[str, ...]


def use_of(work: Work, course_id: int) -> CourseUse:
    """What still uses a course; four queries."""
    people = (
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id, Enrolment.completed_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    on_paths = select(PathCourse.path_id).where(PathCourse.course_id == course_id)
    in_force = or_(TrainingRule.ended_on.is_(None), TrainingRule.ended_on > work.today)
    names_it = or_(TrainingRule.course_id == course_id, TrainingRule.path_id.in_(on_paths))
    rules: Any = select(TrainingRule.reference).where(in_force, names_it).order_by(TrainingRule.reference)
    paths: Any = select(LearningPath.title).where(LearningPath.id.in_(on_paths), LearningPath.retired_at.is_(None))
    asked: Any = (
        select(CompetenceRequirement.reference)
        .join(RequiredCourse, RequiredCourse.requirement_id == CompetenceRequirement.id)
        .where(RequiredCourse.course_id == course_id, CompetenceRequirement.retired_on.is_(None))
        .order_by(CompetenceRequirement.reference)
    )
    return CourseUse(
        tuple(each.label for each in work.all(people)),
        tuple(work.all(rules)),
        tuple(work.all(paths.order_by(LearningPath.title))),
        tuple(work.all(asked)),
    )
