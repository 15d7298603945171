"""Who may do what on a day, and what is missing: for an assessor, on paper."""

from collections.abc import Iterator
from typing import Any

from app.domain.document import Column, Noted, Shape, Table
from app.domain.permission import Permission
from app.queries.competence import matrix
from app.reports.report import Asked, Body, Option, Report, say_count
from app.work import Work

COLUMNS = (
    Column("Person", breadth=4),
    Column("Requirement", breadth=6),
    Column("Asked of", breadth=4),
    Column("Met"),
    Column("Until", Shape.DAY),
)


def tell(work: Work, asked: Asked) -> Body:
    """One line for each person and each requirement that concerns them; a gap has its reasons in a note."""
    rows = asked.take(_lines(work, asked))
    missing = sum(isinstance(row[3], Noted) for row in rows)
    says = f"{say_count(len(rows), 'competence')} asked of people, {say_count(missing, 'gap')}."
    return Body(says, (Table("Competence", COLUMNS, rows, "Nothing is asked of anybody yet."),))


def _lines(work: Work, asked: Asked) -> Iterator[tuple[Any, ...]]:
    found = matrix(work, asked.day)
    for row in found.rows:
        for requirement, cell in zip(found.requirements, row.cells, strict=True):
            if cell is None:
                continue
            name = f"{requirement.reference} {requirement.name}"
            subject = requirement.role.label if requirement.role else ""
            if requirement.team_role is not None:
                subject = requirement.team_role.label
            met: Any = "Yes"
            if not cell.value.is_met:
                met = Noted("No", (asked.notes.on(f"{row.person.name}, {requirement.reference}", cell.why),))
            yield (row.person.name, name, subject, met, cell.value.valid_until)


REPORT = Report(
    "competence",
    "Competence",
    "Shows who meets what is asked of a role or of a place in an audit team on a day, and what is missing.",
    (),
    tell,
    (Option("day", "Day"),),
    Permission.MANAGE_TRAINING,
)
