"""The verdict written out: as the command's JSON, and as text for a person."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from app.domain.certification.verdict import MISSED, Breach, Deadline, NextAudit, Standing, Verdict
from app.domain.dates import say
from app.domain.explained import Reason

_STANDINGS = {
    Standing.MET: "met",
    Standing.PLANNED: "planned",
    Standing.OPEN: "open",
    Standing.BREACHED: "missed",
}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The answer as plain values; dates as YYYY-MM-DD, reasons as objects of `says` and `clause`."""
    cycle, following = verdict.cycle, verdict.next_audit
    return {
        "on": verdict.on.isoformat(),
        "state": verdict.state.value.value,
        "cycle": None
        if cycle is None
        else {
            "number": cycle.number,
            "kind": cycle.kind.value,
            "began_on": cycle.began_on.isoformat(),
            "gap_days": cycle.gap_days,
        },
        "valid_through": verdict.valid_through and verdict.valid_through.value.isoformat(),
        "effective_valid_through": verdict.effective_valid_through
        and verdict.effective_valid_through.value.isoformat(),
        "next_audit": None
        if following is None
        else {
            "kind": following.kind.value,
            "opens_on": _day(following.opens_on),
            "closes_on": _day(following.closes_on),
            "why": reasons_as_json(following.why),
        },
        "deadlines": [
            {
                "rule": row.rule.value,
                "year": row.year,
                "audit": row.audit and row.audit.value,
                "opens_on": _day(row.opens_on),
                "closes_on": row.closes_on.isoformat(),
                "standing": row.standing.value,
                "met_by": row.met_by,
                "why": reasons_as_json(row.why),
            }
            for row in verdict.deadlines
        ],
        "breaches": [_fault(fault) for fault in verdict.breaches],
        "warnings": [_fault(fault) for fault in verdict.warnings],
    }


def reasons_as_json(why: Iterable[Reason]) -> list[dict[str, str | None]]:
    """Reasons as objects of `says` and `clause` (null for a choice of the product or the organisation)."""
    return [{"says": reason.says, "clause": str(reason.clause) if reason.clause else None} for reason in why]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _fault(fault: Breach) -> dict[str, Any]:
    return {
        "rule": fault.rule.value,
        "year": fault.year,
        "since": fault.since.isoformat(),
        "why": reasons_as_json(fault.why),
    }


def as_text(verdict: Verdict) -> str:
    """The answer in lines for a person, each with its reasons below it."""
    return "\n".join(_lines(verdict)) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"On {say(verdict.on)}: {verdict.state.value.value}"
    yield from _why(verdict.state.why)
    if verdict.cycle is not None:
        yield f"Cycle {verdict.cycle.number} ({verdict.cycle.kind.value}), since {say(verdict.cycle.began_on)}"
        yield from _why(verdict.cycle.why)
    if verdict.valid_through is not None and verdict.effective_valid_through is not None:
        yield f"Valid through {say(verdict.valid_through.value)}"
        yield from _why(verdict.valid_through.why)
        if verdict.effective_valid_through.value != verdict.valid_through.value:
            yield f"In effect only through {say(verdict.effective_valid_through.value)}"
            yield from _why(verdict.effective_valid_through.why)
    if verdict.next_audit is not None:
        yield f"Next audit: {verdict.next_audit.kind.value}{_window(verdict.next_audit)}"
        yield from _why(verdict.next_audit.why)
    if verdict.deadlines:
        yield "Deadlines:"
    for row in verdict.deadlines:
        yield f"  {say(row.closes_on)}  {_name(row)}: {_STANDINGS[row.standing]}{_met_by(row)}{_warning(row)}"
        yield from _why(row.why, "    ")
    for title, faults in (("Breaches", verdict.breaches), ("Warnings", verdict.warnings)):
        if faults:
            yield f"{title}:"
        for fault in faults:
            yield f"  {_name(fault)}, since {say(fault.since)}"
            yield from _why(fault.why, "    ")


def _name(item: Deadline | Breach) -> str:
    return f"{item.rule.value} {item.year}" if item.year else item.rule.value


def _warning(row: Deadline) -> str:
    return ", a warning" if row.shown == MISSED else ""


def _met_by(row: Deadline) -> str:
    return f" by {row.met_by}" if row.met_by else ""


def _window(following: NextAudit) -> str:
    opens = f" from {say(following.opens_on)}" if following.opens_on else ""
    return f"{opens} to {say(following.closes_on)}" if following.closes_on else opens


def _why(why: Iterable[Reason], indent: str = "") -> Iterator[str]:
    return (f"{indent}  - {reason}" for reason in why)
