"""The internal plan: six internal audits in 36 months, one in each half year."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus
from app.domain.certification.verdict import Deadline, Rule, Standing
from app.domain.dates import add_months, day_after, say, say_months
from app.domain.explained import Reason

HALF_YEAR = 6
AUDITS = 6


def internal_plan(start: date, today: date, audits: Iterable[AuditFact] = ()) -> tuple[Deadline, ...]:
    """The k-th internal audit is held within 6k calendar months of the start of the plan, k from 1 to 6.

    Always counted from the start and never from the audit before, so that the days do not drift. `audits` are the
    internal audits on record or planned; those after the start are taken in order of their days. The number is the
    plan's: no standard sets one. [ISO 19011, 5; the six are a contract]
    """
    held, ahead = _counted(start, today, audits)
    rows = []
    for number in range(1, AUDITS + 1):
        closes_on = add_months(start, HALF_YEAR * number)
        meeting = held[number - 1] if number <= len(held) else None
        waiting = ahead[number - len(held) - 1] if meeting is None and number <= len(held) + len(ahead) else None
        says = (
            f"Internal audit {number} of {AUDITS} is due by {say(closes_on)}: {say_months(HALF_YEAR * number)} from "
            f"the start of the plan, {say(start)}."
        )
        rows.append(
            Deadline(
                rule=Rule.INTERNAL_PLAN,
                year=None,
                audit=AuditKind.INTERNAL,
                opens_on=day_after(add_months(start, HALF_YEAR * (number - 1))),
                closes_on=closes_on,
                standing=_standing(closes_on, today, meeting, waiting),
                met_by=meeting.id if meeting else None,
                why=(Reason(says),),
            )
        )
    return tuple(rows)


def _counted(start: date, today: date, audits: Iterable[AuditFact]) -> tuple[Sequence[AuditFact], Sequence[AuditFact]]:
    """The internal audits after the start: those held by today, and those still ahead."""
    after = sorted(
        (
            audit
            for audit in audits
            if audit.kind is AuditKind.INTERNAL and audit.status is not AuditStatus.CANCELLED and audit.ends_on > start
        ),
        key=lambda audit: (audit.ends_on, audit.id),
    )
    held = [audit for audit in after if audit.status is AuditStatus.COMPLETED and audit.ends_on <= today]
    return held, [audit for audit in after if audit not in held and audit.ends_on >= today]


def _standing(closes_on: date, today: date, held: AuditFact | None, waiting: AuditFact | None) -> Standing:
    if held is not None:
        return Standing.MET if held.ends_on <= closes_on else Standing.BREACHED
    if waiting is not None and waiting.ends_on <= closes_on:
        return Standing.PLANNED
    return Standing.OPEN if today <= closes_on else Standing.BREACHED
