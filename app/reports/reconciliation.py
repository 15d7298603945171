"""One comparison with another register: what agrees, what differs, and what was decided."""

from collections.abc import Iterator
from typing import Any

from app.domain.document import Column, Shape, Table
from app.domain.itam.reconciliation import Finding
from app.domain.itam.reconciling.words import why
from app.models.reconciliation import Reconciliation
from app.queries.reconciliations import (
    UNDECIDED,
    LineFilters,
    RunFilters,
    all_lines,
    later_run,
    references_of,
    run_by,
    run_list,
    undecided,
)
from app.queries.stated_lines import named, stated
from app.reports.report import Asked, Body, Choices, Option, Report, say_count, words_of
from app.work import Work

COLUMNS = (
    Column("Thing"),
    Column("Name", breadth=4),
    Column("Finding"),
    Column("Line", Shape.NUMBER, breadth=2),
    Column("Why", breadth=10),
    Column("Decision"),
    Column("Reason", breadth=5),
    Column("Decided by"),
)
NONE = "Nothing was compared yet."


def _runs(work: Work) -> Choices:
    found, page = [], 1
    while True:
        runs, total = run_list(work, RunFilters(), page)
        found += [(run.reference, f"{run.reference}, {run.source}") for run in runs]
        if not runs or len(found) >= total:
            return found
        page += 1


def tell(work: Work, asked: Asked) -> Body:
    """One line a thing that either register has, by what it is called."""
    said = asked.values
    run = run_by(work, said["run"]) if said["run"] else None
    if run is None:
        return Body(NONE, (Table("Lines", COLUMNS, [], NONE),))
    wanted = LineFilters(
        finding=Finding(said["finding"]) if said["finding"] else None,
        settlement=UNDECIDED if said["decision"] else None,
    )
    rows = asked.take(_cells(work, run, wanted))
    left, later = undecided(work, run), later_run(work, run)
    found = run.totals.get("findings", {})
    totals = ", ".join(f"{found[each.value]:,} {each.label.lower()}" for each in Finding if found.get(each.value))
    says = f"{run.reference} compares with {run.source}: {totals or 'no line'}. "
    says += (
        f"{say_count(left, 'difference')} {'waits' if left == 1 else 'wait'} for a decision."
        if left
        else "All is decided."
        if later is None
        else "Nothing is left to decide in it."
    )
    if later is not None:
        says += f" {later.reference} is the latest run of it: what it has too is decided there."
    return Body(says, (Table(f"{run.reference} {run.kind.label}", COLUMNS, rows, "No line is like that."),))


def _cells(work: Work, run: Reconciliation, wanted: LineFilters) -> Iterator[tuple[Any, ...]]:
    references: dict[int, str] = {}
    for line in all_lines(work, run, wanted):
        if any(each is not None and each not in references for each in (run.previous_id, line.settled_in_id)):
            references |= references_of(work, [run.previous_id, line.settled_in_id])
        title, name = named(run, line)
        yield (
            title,
            name,
            line.finding.label,
            line.row,
            " ".join(reason.says for reason in why(stated(run, line, references)).why),
            line.settlement.label if line.settlement else None,
            line.settled_reason,
            line.settled_by.label if line.settled_by else None,
        )


REPORT = Report(
    "reconciliation",
    "Reconciliation",
    "Shows one comparison with the ledger or another register: what agrees, what differs, who decided what and why.",
    (5,),
    tell,
    (
        Option("run", "Comparison", _runs, all=""),
        Option("finding", "Finding", words_of(Finding)),
        Option("decision", "Decision", lambda work: [(UNDECIDED, "Undecided only")]),
    ),
)
