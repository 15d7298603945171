"""A line of a comparison as the rules tell it: what it is called, and what its reasons are made of."""

from app.domain.itam.reconciling.comparing import Difference
from app.domain.itam.reconciling.matching import THRESHOLD
from app.domain.itam.reconciling.registers import REGISTERS
from app.domain.itam.reconciling.words import Stated
from app.models.reconciliation import Reconciliation, ReconciliationLine


def named(run: Reconciliation, line: ReconciliationLine) -> tuple[str, str]:
    """What a line is called, and its name where that is something else."""
    one = line.ours or line.theirs
    fields = REGISTERS[run.kind].fields
    first = one.get("reference") or next((one[each.name] for each in fields if each.matches and one.get(each.name)), "")
    name = one.get("name", "")
    return first or name or f"Line {line.row}", name if first else ""


def stated(run: Reconciliation, line: ReconciliationLine, references: dict[int, str]) -> Stated:
    """A line with what its run was asked to do; `references` are those of the runs it names, by id."""
    return Stated(
        run.kind,
        run.source,
        line.finding,
        line.matched_by,
        line.similarity,
        run.asked.get("threshold", THRESHOLD),
        line.ours,
        line.theirs,
        [Difference(*each) for each in line.differences],
        line.candidates,
        line.since,
        references.get(line.settled_in_id or run.previous_id or 0, ""),
    )
