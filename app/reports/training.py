"""Who has passed which course, and until when: for an assessor, on paper."""

from collections.abc import Iterator
from typing import Any

from app.domain.document import Column, Noted, Shape, Table
from app.domain.permission import Permission, Role
from app.domain.training.status import TrainingStatus
from app.queries.learners import LearnerFilters
from app.queries.settings import sites
from app.queries.training_matrix import training_matrix
from app.queries.training_standing import courses_offered
from app.reports.report import Asked, Body, Option, Report, say_count, words_of
from app.work import Work

COLUMNS = (
    Column("Person", breadth=4),
    Column("Site"),
    Column("Course", breadth=6),
    Column("Status"),
    Column("Completed", Shape.DAY),
    Column("Valid until", Shape.DAY),
    Column("Due", Shape.DAY),
)


def tell(work: Work, asked: Asked) -> Body:
    """One line for each course that a person was told to take, began, passed or is exempt from."""
    rows = asked.take(_lines(work, asked))
    people, holds = len({row[0] for row in rows}), sum(row[3] in _HOLDS for row in rows)
    asked_of = [row for row in rows if not isinstance(row[3], Noted)]
    exempt = len(rows) - len(asked_of)
    says = (
        f"{say_count(people, 'person', 'people')}; {holds:,} of {say_count(len(asked_of), 'course')} passed and valid"
    )
    says += f", and {exempt:,} exempt beside them." if exempt else "."
    late = sum(str(row[3]).endswith(_OVERDUE) for row in rows)
    says += f" {late:,} overdue." if late else ""
    return Body(says, (Table("Training", COLUMNS, rows, "Nobody was told to take anything yet."),))


_OVERDUE = ", overdue"
_HOLDS = {each.label for each in TrainingStatus if each.holds}


def _lines(work: Work, asked: Asked) -> Iterator[tuple[Any, ...]]:
    said = asked.values
    wanted = LearnerFilters(
        "", Role(said["role"]) if said["role"] else None, int(said["site"]) if said["site"] else None
    )
    found = training_matrix(work, wanted, int(said["course"]) if said["course"] else None)
    for line in found.lines:
        for (_, reference, title), cell in zip(found.courses, line.cells, strict=True):
            if cell is None:
                continue
            standing = cell.value
            status: Any = standing.status.label + (_OVERDUE if standing.is_overdue else "")
            if standing.status is TrainingStatus.EXEMPT:
                status = Noted(status, (asked.notes.on("Exempt", cell.why),))
            due = standing.due_on if not standing.status.holds else None
            course = f"{reference} {title}"
            yield (
                line.person.name,
                line.person.site,
                course,
                status,
                standing.completed_on,
                standing.valid_until,
                due,
            )


def _sites(work: Work) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in sites(work)]


def _courses(work: Work) -> list[tuple[str, str]]:
    return [(str(id_), f"{reference} {title}") for id_, reference, title in courses_offered(work)]


REPORT = Report(
    "training",
    "Training",
    "Shows who has passed which course and until when, who is late and who is exempt and why.",
    (),
    tell,
    (
        Option("site", "Site", _sites),
        Option("role", "Role", words_of([each for each in Role if each is not Role.ASSESSOR])),
        Option("course", "Course", _courses),
    ),
    Permission.MANAGE_TRAINING,
)
