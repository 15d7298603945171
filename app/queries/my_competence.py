"""What a person may do: what is asked of them by their roles and as an auditor, part by part, and how they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.explained import Explained
from app.domain.training.competence import Competence, Requirement, competent
from app.models.competence import CompetenceRequirement
from app.models.course import Course
from app.queries.competence import NOTHING, abilities, concerns, requirement_rows, stated
from app.queries.learners import learner
from app.work import Work


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a requirement asks for: a course, or what else in words; and how it stands today."""

    says: str
    course: Course | None
    answer: Explained[Competence]


@dataclass(frozen=True, slots=True)
class OwnRequirement:
    """A requirement that concerns a person, as a whole and part by part."""

    row: CompetenceRequirement
    answer: Explained[Competence]
    parts: tuple[Part, ...]


def own_competence(work: Work, person_id: int) -> list[OwnRequirement]:
    """All that is asked of a person today, what they do not meet first; a fixed number of queries."""
    who = learner(work, person_id)
    rows = [row for row in requirement_rows(work) if row.retired_on is None]
    asked = [(row, stated(row)) for row in rows]
    mine = [each for each in asked if who is not None and concerns(each[1], who)]
    has = abilities(work, [each for _, each in mine], {person_id}).get(person_id, NOTHING)
    found = [
        OwnRequirement(
            row,
            competent(each, has, work.today),
            tuple(Part(says, course, competent(part, has, work.today)) for says, course, part in _parts(row, each)),
        )
        for row, each in mine
    ]
    return sorted(found, key=lambda each: each.answer.value.is_met)


def _parts(row: CompetenceRequirement, asked: Requirement) -> Iterator[tuple[str, Course | None, Requirement]]:
    """Each thing that is asked for as a requirement of its own."""
    for required, named in zip(row.courses, asked.courses, strict=True):
        yield required.course.title, required.course, replace(asked, courses=(named,), witnessed=0, evidence="")
    if asked.evidence.strip():
        yield asked.evidence.strip(), None, replace(asked, courses=(), witnessed=0)
    if asked.witnessed:
        many = "1 audit" if asked.witnessed == 1 else f"{asked.witnessed} audits"
        yield f"{many} witnessed", None, replace(asked, courses=(), evidence="")
