"""The rules of recertification and restoration: everything done by the last valid day, or within six months after."""

from collections.abc import Iterator
from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Fault, Finding, Held, Limit, is_positive
from app.domain.certification.facts import AuditKind
from app.domain.certification.verdict import Deadline, Rule
from app.domain.dates import add_months, day_after, say, say_months
from app.domain.explained import Reason

WINDOW_MONTHS = 12


def opens_on(valid_through: date) -> date:
    """The third year of the cycle: the day after twelve months before the last valid day. [17021-1:2015, 9.1.3.2]"""
    return day_after(add_months(valid_through, -WINDOW_MONTHS))


def why_due(valid_through: date) -> Reason:
    """What has to be done by the last valid day."""
    says = (
        f"The recertification audit, the verification of every major nonconformity and the decision are due by the "
        f"last valid day, {say(valid_through)}; the window of {say_months(WINDOW_MONTHS)} before it opens on "
        f"{say(opens_on(valid_through))}."
    )
    return Reason(says, clauses.RECERTIFICATION_MAJORS)


def recertification(case: Case) -> Iterator[Finding]:
    """Recertification is complete, its decision included, by the last valid day. [17021-1:2015, 9.6.3.2.2]

    The decision begins the next cycle: within a cycle the limit is open, planned or missed.
    """
    term = case.term
    if term is None:
        return
    closes_on = term.valid_through
    held = case.recertifications[0] if case.recertifications else None
    awaits_decision = held is not None and is_positive(held.audit)
    planned = None if awaits_decision else _planned(case, opens_on(closes_on), closes_on)
    why = [why_due(closes_on)]
    if held is not None:
        says = f"The recertification audit {held.audit.id} was held on {say(held.on)}; the decision is awaited."
        if not is_positive(held.audit):
            says = f"The recertification audit {held.audit.id} of {say(held.on)} did not recommend a renewal."
        why.append(Reason(says, clauses.RECERTIFICATION_MAJORS))
    row = Deadline(
        rule=Rule.RECERTIFICATION,
        year=None,
        audit=AuditKind.RECERTIFICATION,
        opens_on=opens_on(closes_on),
        closes_on=closes_on,
        standing=case.standing(closes_on, None, planned),
        met_by=None,
        why=tuple(why),
        planned_on=planned.on if planned else None,
    )
    missed = Reason("Without a decision by then the certificate expires and is not extended.", clauses.NOT_RENEWED)
    yield Limit(row, why_missed=(missed,))


def _planned(case: Case, opens: date, closes_on: date) -> Held | None:
    """The planned recertification audit of this cycle that falls in the window."""
    for dated in case.pending:
        is_recertification = dated.audit.kind is AuditKind.RECERTIFICATION
        if is_recertification and opens <= dated.on <= closes_on and _in_cycle(case, dated.audit.ends_on):
            return dated
    return None


def _in_cycle(case: Case, day: date) -> bool:
    return case.term is not None and day > case.term.began_on


def why_restore(case: Case, restore_by: date) -> Reason:
    """What a restoration is counted from."""
    last_valid = case.effective_valid_through or date.max
    says = (
        f"An expired certificate can be restored until {say(restore_by)}: "
        f"{say_months(case.settings.restoration_months)} from the last valid day, {say(last_valid)}. "
        f"It is the certification body's option, not a right."
    )
    if case.edition_deadline is not None and restore_by == case.edition_deadline.deadline:
        says = (
            f"An expired certificate can be restored until {say(restore_by)}, the end of "
            f"{case.edition_deadline.edition}; by setting not beyond it."
        )
    return Reason(says, clauses.RESTORATION)


def restoration(case: Case) -> Iterator[Finding]:
    """What is outstanding after expiry, the decision included, is done by the restoration day. [9.6.3.2.5]"""
    term, last_valid, closes_on = case.term, case.effective_valid_through, case.restore_by
    if term is None or last_valid is None or closes_on is None:
        return
    if term.restored_late is not None:
        says = (
            f"The restoration of {say(term.began_on)} came after the restoration day, {say(term.restored_late)}; "
            f"by then at least a stage 2 was needed."
        )
        yield Fault(Rule.RESTORATION, term.began_on, (Reason(says, clauses.RESTORATION),))
    elif term.expired_on is not None and case.own_audit and case.own_audit.audit.begins_on > term.expired_on:
        says = (
            f"The audit behind the restoration began on {say(case.own_audit.audit.begins_on)}, after the last valid "
            f"day, {say(term.expired_on)}; whether a restoration allows that is not stated."
        )
        yield Fault(Rule.RESTORATION, term.began_on, (Reason(says, clauses.RESTORATION),), hard=False)
    if case.day <= last_valid or closes_on <= last_valid:
        return
    planned = None if case.recertifications else _planned(case, day_after(last_valid), closes_on)
    row = Deadline(
        rule=Rule.RESTORATION,
        year=None,
        audit=AuditKind.RECERTIFICATION,
        opens_on=day_after(last_valid),
        closes_on=closes_on,
        standing=case.standing(closes_on, None, planned),
        met_by=None,
        why=(why_restore(case, closes_on),),
        planned_on=planned.on if planned else None,
    )
    missed = Reason("After it at least a stage 2 is needed.", clauses.RESTORATION)
    yield Limit(row, why_missed=(missed,))
