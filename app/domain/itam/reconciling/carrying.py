"""What was decided in the run before, and what has changed since.

A decision holds as long as the values that it was made on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.itam.reconciliation import Finding, Settlement, SinceLast
from app.domain.itam.reconciling.comparing import Difference
from app.domain.itam.reconciling.registers import Register


@dataclass(frozen=True, slots=True)
class Found:
    """What a decision rests on: the finding and the very values."""

    key: str
    finding: Finding
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A line of the run before, with what was decided of it."""

    found: Found
    settlement: Settlement | None = None


def values_decided_on(register: Register, found: Found) -> tuple[object, ...]:
    """The values that a decision was made on: what differs, or what the one side says that has it alone."""
    if found.finding in (Finding.MATCHED, Finding.DIFFERENT):
        return (found.finding, tuple((each.field, each.ours, each.theirs) for each in found.differences))
    names = [field.name for field in register.fields]
    return (
        found.finding,
        tuple(found.ours.get(name, "") for name in names),
        tuple(found.theirs.get(name, "") for name in names),
    )


def since(register: Register, now: Found, earlier: Earlier | None) -> SinceLast:
    """What became of a line since the run before; `SETTLED` means that the decision stands.

    A decision to follow up is none yet, and where theirs is right ours has to follow: the line is open until it does.
    """
    if earlier is None:
        return SinceLast.NEW if now.finding.needs_decision else SinceLast.SAME
    if not now.finding.needs_decision:
        return SinceLast.RESOLVED if earlier.found.finding.needs_decision else SinceLast.SAME
    if not earlier.found.finding.needs_decision:
        return SinceLast.NEW
    if earlier.settlement is None or not earlier.settlement.is_final:
        return SinceLast.STILL_OPEN
    same = values_decided_on(register, now) == values_decided_on(register, earlier.found)
    return SinceLast.SETTLED if same else SinceLast.REOPENED


def gone(now: Iterable[str], earlier: Mapping[str, Earlier]) -> list[str]:
    """The keys of what the run before had and this one has not."""
    return sorted(earlier.keys() - set(now))
