"""The written decisions, replayed in order up to a day: which cycle is running, suspended or withdrawn since when.

State changes only by a recorded decision or by the passing of the last valid day; the decision always overrides what
the rules would have computed, and a decision that broke a rule is kept and shown as a breach.
"""

from dataclasses import dataclass, field
from datetime import date

from app.domain import clauses
from app.domain.certification.facts import (
    CycleSettings,
    DecisionFact,
    DecisionKind,
    EditionDeadline,
    Expiry,
    Facts,
    LateStage2,
)
from app.domain.certification.verdict import CycleKind
from app.domain.dates import add_days, add_months, day_after, days_between, say, say_months
from app.domain.explained import Reason

# Decisions of one day count in this order; those that change nothing stand last.
_ORDER = {
    kind: rank
    for rank, kind in enumerate(
        (
            DecisionKind.SUSPENDED,
            DecisionKind.SUSPENSION_LIFTED,
            DecisionKind.TRANSITIONED,
            DecisionKind.TRANSFERRED,
            DecisionKind.GRANTED,
            DecisionKind.RENEWED,
            DecisionKind.RESTORED,
            DecisionKind.WITHDRAWN,
            DecisionKind.REFUSED,
            DecisionKind.MAINTAINED,
            DecisionKind.SCOPE_REDUCED,
            DecisionKind.SCOPE_EXTENDED,
        )
    )
}
CYCLE_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Term:
    """One certification cycle as decided: the decision that began it and the last valid day it gave.

    `after` is the day the cycle before it began: the audits of this decision ended later than that.
    `expired_on` is the last valid day before a restoration, `restored_late` the restoration day that it missed.
    """

    number: int
    kind: CycleKind
    decision: DecisionFact
    valid_through: date
    after: date
    why_valid: tuple[Reason, ...]
    why: tuple[Reason, ...]
    gap_days: int = 0
    expired_on: date | None = None
    restored_late: date | None = None

    @property
    def began_on(self) -> date:
        """The day of the decision that began the cycle."""
        return self.decision.decided_on


@dataclass(slots=True)
class Suspension:
    """One suspension; `ended_on` is the day it was lifted or overtaken by a withdrawal, a grant or a restoration."""

    began_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer, with how the certificate stood on its day."""

    on: date
    suspended: bool
    expired: bool


def edition_key(name: str) -> str:
    """What identifies an edition in its name: the number and the year, so that a missing "ISO/IEC" does no harm."""
    return name.split()[-1].casefold() if name.strip() else ""


@dataclass(slots=True)
class History:
    """What the decisions up to a day add up to."""

    settings: CycleSettings
    deadlines: dict[str, EditionDeadline]
    edition: str | None
    term: Term | None = None
    withdrawn_on: date | None = None
    suspensions: list[Suspension] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    transitions: list[tuple[date, str | None, str | None]] = field(default_factory=list)

    def deadline_of(self, edition: str | None) -> EditionDeadline | None:
        """The end of an edition, where one is known."""
        return self.deadlines.get(edition_key(edition)) if edition and self.deadlines else None

    def edition_on(self, day: date) -> str | None:
        """The edition in force on a day, by the transitions decided up to it."""
        for decided_on, before, _ in self.transitions:
            if decided_on > day:
                return before
        return self.edition

    def effective(self, valid_through: date) -> date:
        """The last valid day, capped at the deadline of the edition in force. [IAF transition requirements]"""
        ends = self.deadline_of(self.edition)
        return min(valid_through, ends.deadline) if ends else valid_through

    def restore_by(self, valid_through: date) -> date:
        """The last day of a restoration; before the last valid day where none is possible. [17021-1, 9.6.3.2.5]"""
        ends = self.deadline_of(self.edition)
        if ends is None:
            return add_months(valid_through, self.settings.restoration_months)
        restore_by = add_months(min(valid_through, ends.deadline), self.settings.restoration_months)
        return restore_by if self.settings.restore_after_edition_deadline else min(restore_by, ends.deadline)

    @property
    def open_suspension(self) -> Suspension | None:
        """The suspension that is running."""
        return self.suspensions[-1] if self.suspensions and self.suspensions[-1].ended_on is None else None


def in_order(decisions: tuple[DecisionFact, ...]) -> list[DecisionFact]:
    """Decisions by day, and those of one day in the order in which they count."""
    return sorted(decisions, key=_rank) if len(decisions) > 1 else list(decisions)


def _rank(decision: DecisionFact) -> tuple[date, int, date, str]:
    # The last two only make the answer independent of the order of the list.
    return decision.decided_on, _ORDER[decision.kind], decision.valid_through or date.min, decision.to or ""


def replay(facts: Facts, on: date) -> History:
    """Replay the decisions that are in force on a day; each is in force on its own day."""
    history = History(
        facts.settings,
        {edition_key(ends.edition): ends for ends in facts.editions},
        facts.standard,
    )
    for decision in in_order(facts.decisions):
        if decision.decided_on > on:
            break
        _apply(history, decision)
    return history


def _apply(history: History, decision: DecisionFact) -> None:
    kind, day = decision.kind, decision.decided_on
    term = history.term
    if kind is DecisionKind.TRANSITIONED:
        if decision.to:
            history.transitions.append((day, history.edition, decision.to))
            history.edition = decision.to
        return
    if kind is DecisionKind.GRANTED:
        history.term = _granted(history, term, decision)
        history.withdrawn_on = None
        _end_suspension(history, decision)
        return
    if term is None or history.withdrawn_on is not None:
        return
    if kind in (DecisionKind.RENEWED, DecisionKind.RESTORED):
        again = term.began_on == day and term.decision.kind in (DecisionKind.RENEWED, DecisionKind.RESTORED)
        if not again:
            history.term = renewed = _renewed(history, term, decision)
            if renewed.expired_on is not None:
                _end_suspension(history, decision)
    elif kind is DecisionKind.SUSPENDED:
        if history.open_suspension is None and day <= history.effective(term.valid_through):
            history.suspensions.append(Suspension(day))
    elif kind is DecisionKind.SUSPENSION_LIFTED:
        _end_suspension(history, decision)
    elif kind is DecisionKind.WITHDRAWN:
        history.withdrawn_on = day
        _end_suspension(history, decision)
    elif kind is DecisionKind.TRANSFERRED:
        expired = day > history.effective(term.valid_through)
        history.transfers.append(Transfer(day, history.open_suspension is not None, expired))


def _end_suspension(history: History, decision: DecisionFact) -> None:
    suspension = history.open_suspension
    if suspension is not None:
        suspension.ended_on = decision.decided_on


def _from_decision(settings: CycleSettings, decision: DecisionFact, what: str) -> tuple[date, tuple[Reason, ...]]:
    """Three years from a decision, or the day that the certificate prints."""
    if decision.valid_through is not None:
        return decision.valid_through, _printed(decision, what)
    anniversary = add_months(decision.decided_on, CYCLE_MONTHS)
    counted = f"{say_months(CYCLE_MONTHS)} from the {what} of {say(decision.decided_on)}"
    if settings.expiry is Expiry.ANNIVERSARY:
        reason = f"The last valid day is {say(anniversary)}: {counted}, the anniversary included by setting."
        return anniversary, (Reason(reason, clauses.PROGRAMME), OVERRIDES)
    last = add_days(anniversary, -1)
    reason = f"The last valid day is {say(last)}: {counted} reach {say(anniversary)}, and the day before is the last."
    return last, (Reason(reason, clauses.PROGRAMME), OVERRIDES)


OVERRIDES = Reason("The certification body's written decision overrides a computed date.")


def _printed(decision: DecisionFact, what: str) -> tuple[Reason, ...]:
    printed = decision.valid_through or date.max
    says = f"The certificate prints {say(printed)} as its last valid day, by the {what} of {say(decision.decided_on)}."
    return (Reason(says, clauses.CERTIFICATE),)


def _granted(history: History, before: Term | None, decision: DecisionFact) -> Term:
    day, settings = decision.decided_on, history.settings
    after = date.min
    if before is not None:
        same_day = before.began_on == day and before.decision.kind is DecisionKind.GRANTED
        after = before.after if same_day else before.began_on
        prior_expiry = add_months(before.valid_through, CYCLE_MONTHS)
        lapsed = history.withdrawn_on is None and day > max(
            history.restore_by(before.valid_through), history.effective(before.valid_through)
        )
        if lapsed and settings.late_stage_2 is LateStage2.PRIOR_CYCLE and prior_expiry >= day:
            return _continued(history, before, decision, prior_expiry)
    valid_through, why_valid = _from_decision(settings, decision, "certification decision")
    says = f"The first cycle began with the certification decision of {say(day)}."
    return Term(
        number=1,
        kind=CycleKind.INITIAL,
        decision=decision,
        valid_through=valid_through,
        after=after,
        why_valid=why_valid,
        why=(Reason(says, clauses.PROGRAMME),),
    )


def _continued(history: History, before: Term, decision: DecisionFact, prior_expiry: date) -> Term:
    """A grant after the restoration day that, by setting, keeps the old expiry plus 36 months."""
    day = decision.decided_on
    gap_days = days_between(day_after(history.effective(before.valid_through)), day)
    if decision.valid_through is not None:
        why_valid = _printed(decision, "certification decision")
    else:
        says = (
            f"The last valid day is {say(prior_expiry)}: {say_months(CYCLE_MONTHS)} from the old one, "
            f"{say(before.valid_through)}, which a late stage 2 keeps by setting."
        )
        why_valid = (Reason(says, clauses.RESTORATION), OVERRIDES)
    says = f"Certified again on {say(day)} after the restoration day; by setting the prior cycle goes on."
    return Term(
        number=before.number + 1,
        kind=CycleKind.RECERTIFICATION,
        decision=decision,
        valid_through=decision.valid_through or prior_expiry,
        after=before.began_on,
        why_valid=why_valid,
        why=(Reason(says, clauses.RESTORATION),),
        gap_days=gap_days,
    )


def _renewed(history: History, before: Term, decision: DecisionFact) -> Term:
    day, settings = decision.decided_on, history.settings
    last_valid = history.effective(before.valid_through)
    if day > last_valid:
        return _restored(history, before, decision, last_valid)
    old = before.valid_through
    keeps_from = add_months(old, -settings.max_early_months)
    if decision.valid_through is not None:
        valid_through, why_valid = _from_decision(settings, decision, "recertification decision")
    elif day >= keeps_from:
        valid_through = add_months(old, CYCLE_MONTHS)
        says = (
            f"The last valid day is {say(valid_through)}: {say_months(CYCLE_MONTHS)} from the old one, {say(old)}, "
            f"which the recertification decision of {say(day)} may keep."
        )
        why_valid = (Reason(says, clauses.RECERTIFICATION_EXPIRY), OVERRIDES)
    else:
        valid_through, counted = _from_decision(settings, decision, "recertification decision")
        says = (
            f"The old last valid day, {say(old)}, is not kept: the decision came before {say(keeps_from)}, more than "
            f"{say_months(settings.max_early_months)} early (a setting)."
        )
        why_valid = (*counted, Reason(says))
    says = f"The cycle began with the recertification decision of {say(day)}."
    return Term(
        number=before.number + 1,
        kind=CycleKind.RECERTIFICATION,
        decision=decision,
        valid_through=valid_through,
        after=before.began_on,
        why_valid=why_valid,
        why=(Reason(says, clauses.PROGRAMME),),
    )


def _restored(history: History, before: Term, decision: DecisionFact, last_valid: date) -> Term:
    day = decision.decided_on
    old, restore_by = before.valid_through, history.restore_by(before.valid_through)
    gap_days = days_between(day_after(last_valid), day)
    valid_through = add_months(old, CYCLE_MONTHS)
    if decision.valid_through is not None or valid_through < day:
        valid_through, why_valid = _from_decision(history.settings, decision, "restoration")
    else:
        says = (
            f"The last valid day is {say(valid_through)}: {say_months(CYCLE_MONTHS)} from the old one, {say(old)}; "
            f"a restoration keeps the prior cycle."
        )
        why_valid = (Reason(says, clauses.RESTORATION), OVERRIDES)
    says = (
        f"The cycle began with the restoration of {say(day)}, after the last valid day {say(last_valid)}; "
        f"days without certification between them: {gap_days}."
    )
    return Term(
        number=before.number + 1,
        kind=CycleKind.RECERTIFICATION,
        decision=decision,
        valid_through=valid_through,
        after=before.began_on,
        why_valid=why_valid,
        why=(Reason(says, clauses.RESTORATION),),
        gap_days=gap_days,
        expired_on=last_valid,
        restored_late=restore_by if day > restore_by else None,
    )
