"""What internal audits cover of the standards in use: each clause, control and process area, by which audit and why."""

from collections.abc import Iterator
from typing import Any

from app.catalogue import HEADS, audited_standards
from app.domain.document import Column, Serves, Shape, Table
from app.domain.explained import Clause
from app.domain.permission import Permission
from app.domain.programme.coverage import Coverage
from app.domain.programme.scope import in_short, ways_up
from app.queries.coverage import NOUNS, Matrix, coverage_of
from app.reports.report import Asked, Body, Choices, Option, Report, words_of
from app.work import Work

COLUMNS = (
    Column("Number"),
    Column("Standard", breadth=4),
    Column("Title", breadth=6),
    Column("State"),
    Column("Audit"),
    Column("Day", Shape.DAY),
    Column("Why", breadth=8),
)
MISSING = (
    Column("Standard", breadth=4),
    Column("Below", breadth=5),
    Column("Missing", Shape.NUMBER),
    Column("Which", breadth=6),
)
TOTALS = (
    Column("Standard", breadth=4),
    Column("Of", breadth=4),
    Column("Covered", Shape.NUMBER),
    Column("Planned", Shape.NUMBER),
    Column("Missing", Shape.NUMBER),
    Column("From", Shape.DAY),
    Column("To", Shape.DAY),
)


def coverage_lines(matrix: Matrix, standard: str = "", state: str = "") -> Iterator[tuple[Any, ...]]:
    """One line for each point, standard by standard."""
    for one in matrix.standards:
        for point in one.points:
            cell = one.cells.get(point.number)
            if cell is None or standard not in ("", one.standard) or state not in ("", cell.state.value):
                continue
            why = " ".join(each.says for each in cell.why)
            yield point.number, one.standard, point.title, cell.state.label, cell.audit, cell.on, why


def coverage_totals(matrix: Matrix) -> list[tuple[Any, ...]]:
    """One line for the clauses of each standard, and one for its controls or process areas."""
    found: list[tuple[Any, ...]] = []
    for one in matrix.standards:
        for group in one.groups:
            count, period = one.of(group), one.period
            numbers = (count.covered, count.planned, count.missing)
            found.append((one.standard, f"{count.all} {NOUNS[group]}", *numbers, period.since, period.until))
    return found


def coverage_gaps(matrix: Matrix) -> list[tuple[Any, ...]]:
    """One line for each clause of the first level, theme of controls or kind of process areas that has gaps."""
    found: list[tuple[Any, ...]] = []
    for one in matrix.standards:
        numbers = [each.number for each in one.points]
        titles = HEADS | {each.number: each.title for each in one.points}
        for head in dict.fromkeys(ways_up(number)[-1] for number in numbers):
            missing = set(one.missing([number for number in numbers if ways_up(number)[-1] == head]))
            if missing:
                found.append((one.standard, f"{head} {titles[head]}", len(missing), in_short(missing, numbers)))
    return found


def tell(work: Work, asked: Asked) -> Body:
    """The totals, then one line for each point."""
    matrix = coverage_of(work)
    rows = asked.take(coverage_lines(matrix, asked.values["standard"], asked.values["state"]))
    whole = matrix.whole
    says = f"{whole.in_words('points of the standards in use')}."
    if matrix.unknown:
        says += f" The catalogue does not hold the clauses of {', '.join(matrix.unknown)}."
    return Body(
        says,
        (
            Table("How much is covered", TOTALS, coverage_totals(matrix), "No standard is in use."),
            Table("Clauses, controls and process areas", COLUMNS, rows, "Nothing stands so."),
        ),
    )


def _standards(work: Work) -> Choices:
    return [(each.standard, each.standard) for each in coverage_of(work).standards]


REPORT = Report(
    "internal-audit-coverage",
    "Coverage of internal audits",
    "Shows which clauses, controls and process areas internal audits covered in the cycle, which are planned and which "
    "are missing.",
    (),
    tell,
    (Option("standard", "Standard", _standards), Option("state", "State", words_of(Coverage))),
    Permission.SEE_PROGRAMME,
    (Serves("internal audits at planned intervals", tuple(Clause(each, "9.2") for each in audited_standards())),),
)
