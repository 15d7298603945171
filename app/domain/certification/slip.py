"""What a change to the programme would cost, before it is made: limit by limit, in days.

The audits planned are taken as held on their days; what then breaks that did not break before is what the change costs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.certification.case import Case, Held, counts_as_surveillance
from app.domain.certification.cycle import judge
from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    AuditStatus,
    DecisionFact,
    DecisionKind,
    Facts,
    State,
)
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Breach, Deadline, NextAudit, Rule, Standing, Verdict
from app.domain.dates import day_after, days_between, say, say_days
from app.domain.explained import Explained, Reason


class Effect(StrEnum):
    """What a change does to a limit."""

    MET = "met"
    KEPT = "kept"
    OPEN = "open"
    BROKEN = "broken"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One limit before and after: days of slack (negative: days late; None: no audit in sight or none needed)."""

    deadline: Deadline
    effect: Explained[Effect]
    slack_before: int | None
    slack_after: int | None


@dataclass(frozen=True, slots=True)
class Slip:
    """What a change would cost. The next audits and the states are those once the changed audits are held."""

    on: date
    rows: tuple[SlipRow, ...]
    next_before: NextAudit | None
    next_after: NextAudit | None
    state_before: Explained[State]
    state_after: Explained[State]
    new_breaches: tuple[Breach, ...]
    new_warnings: tuple[Breach, ...]
    mended: tuple[Breach, ...]

    @property
    def breaks_hard_rule(self) -> bool:
        """Whether the change breaks a hard rule that held before; such a change needs a reason."""
        return bool(self.new_breaches)

    @property
    def worst(self) -> SlipRow | None:
        """The limit that suffers most: broken first, then the one with the least slack left."""
        touched = [row for row in self.rows if row.effect.value in (Effect.BROKEN, Effect.KEPT, Effect.OPEN)]
        return min(touched, key=_severity, default=None)


def _severity(row: SlipRow) -> tuple[int, int]:
    rank = {Effect.BROKEN: 0, Effect.OPEN: 1}.get(row.effect.value, 2)
    return rank, row.slack_after if row.slack_after is not None else 0


def preview(before: Facts, after: Facts, on: date) -> Slip:
    """What the change from `before` to `after` would cost, judged on a day. [ISO/IEC 17021-1:2015, 9.1.3]"""
    changed = _changed(before, after)
    horizon_before, horizon_after = _last_day(before, changed, on), _last_day(after, changed, on)
    horizon = max(horizon_before, horizon_after)
    verdict_before, verdict_after = judge(before, on), judge(after, on)
    rows = tuple(_rows(Case(before, on), Case(after, on), verdict_before, verdict_after))
    breaches_before, warnings_before = _foreseen(before, verdict_before, on, horizon)
    breaches_after, warnings_after = _foreseen(after, verdict_after, on, horizon)
    for row in rows:
        was_safe = row.slack_before is not None and row.slack_before >= 0
        if row.effect.value is Effect.BROKEN and was_safe and row.deadline.standing is not Standing.BREACHED:
            breach = _breach_of(row.deadline)
            kind = breaches_after if row.deadline.hard else warnings_after
            if not any((each.rule, each.year) == (breach.rule, breach.year) for each in kind):
                kind.append(breach)
    then_before = judge(_held_as_planned(before, on), horizon_before)
    then_after = judge(_held_as_planned(after, on), horizon_after)
    return Slip(
        on=on,
        rows=rows,
        next_before=then_before.next_audit,
        next_after=then_after.next_audit,
        state_before=then_before.state,
        state_after=then_after.state,
        new_breaches=_only_in_first(breaches_after, breaches_before),
        new_warnings=_only_in_first(warnings_after, warnings_before),
        mended=_only_in_first(breaches_before, breaches_after),
    )


def _changed(before: Facts, after: Facts) -> frozenset[str]:
    old = {audit.id: audit for audit in before.audits}
    new = {audit.id: audit for audit in after.audits}
    return frozenset(id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_))


def _last_day(facts: Facts, changed: Iterable[str], on: date) -> date:
    """The day on which the last of the changed audits will have been held."""
    return max(
        (
            on,
            *(each.ends_on for each in facts.audits if each.id in changed and each.status is not AuditStatus.CANCELLED),
        )
    )


def _held_as_planned(facts: Facts, on: date) -> Facts:
    """The facts with every planned audit held on its day; one whose day has passed unheld stays unheld."""

    def held(audit: AuditFact) -> AuditFact:
        if audit.status is AuditStatus.PLANNED and audit.ends_on >= on:
            return replace(audit, status=AuditStatus.COMPLETED)
        return audit

    return replace(facts, audits=tuple(held(audit) for audit in facts.audits))


def _foreseen(facts: Facts, today: Verdict, on: date, horizon: date) -> tuple[list[Breach], list[Breach]]:
    """The breaches and warnings once the planned audits are held, as far as this cycle reaches."""
    planned = _held_as_planned(facts, on)
    if today.cycle is None:
        if any(audit.kind is AuditKind.STAGE_2 and audit.status is not AuditStatus.CANCELLED for audit in facts.audits):
            return _foreseen_at_a_grant(planned, horizon)
        then = judge(planned, horizon)
        return list(then.breaches), list(then.warnings)
    last_valid = today.effective_valid_through
    # Beyond the last valid day everything is expired without a decision, which no plan can hold.
    within = horizon if last_valid is None else max(on, min(horizon, last_valid.value))
    then = judge(planned, within)
    return list(then.breaches), list(then.warnings)


def _foreseen_at_a_grant(facts: Facts, horizon: date) -> tuple[list[Breach], list[Breach]]:
    """What a certification decision after the planned audits would meet: the order of the stages, the edition."""
    then = judge(facts, horizon)
    last = max((audit.ends_on for audit in facts.audits if audit.kind is AuditKind.STAGE_2), default=horizon)
    day = max(last, horizon)
    granted = replace(facts, decisions=(*facts.decisions, DecisionFact(DecisionKind.GRANTED, day)))
    stages = [breach for breach in judge(granted, day).breaches if breach.rule is Rule.TWO_STAGE]
    return [*then.breaches, *stages], list(then.warnings)


def _only_in_first(first: list[Breach], second: list[Breach]) -> tuple[Breach, ...]:
    known = {(each.rule, each.year) for each in second}
    return tuple(each for each in first if (each.rule, each.year) not in known)


def _breach_of(row: Deadline) -> Breach:
    return Breach(row.rule, row.year, day_after(row.closes_on), row.why)


def _rows(before: Case, after: Case, was: Verdict, now: Verdict) -> Iterator[SlipRow]:
    old = {_key(row): row for row in was.deadlines}
    for row in now.deadlines:
        previous = old.get(_key(row), row)
        meets_before, meets_after = _meeting(before, previous), _meeting(after, row)
        if meets_after is None and meets_before is not None:
            meets_after = _slipped(after, row, meets_before.audit.id)
        slack_before = _slack(previous, meets_before)
        slack_after = _slack(row, meets_after)
        yield SlipRow(row, _effect(row, previous, meets_before, meets_after), slack_before, slack_after)


def _key(row: Deadline) -> tuple[Rule, int | None, date | None]:
    return row.rule, row.year, row.opens_on if row.rule is Rule.SUSPENSION_LIMIT else None


def _slack(row: Deadline, meeting: Held | None) -> int | None:
    return days_between(meeting.on, row.closes_on) if meeting else None


def _meeting(case: Case, row: Deadline) -> Held | None:
    """The audit, held or planned, on which a limit depends."""
    dated = sorted((*case.held, *case.pending), key=lambda held: (held.on, held.audit.id))
    if row.rule is Rule.FIRST_SURVEILLANCE:
        return _nth(dated, 1, lambda held: held.on > case.count_from and counts_as_surveillance(held.audit))
    if row.rule is Rule.SECOND_SURVEILLANCE:
        return _nth(dated, 2, lambda held: held.on > case.count_from and counts_as_surveillance(held.audit))
    if row.rule is Rule.CALENDAR_YEAR and row.year is not None:
        year = row.year
        return _nth(dated, 1, lambda held: case.covers(held, year))
    began_on = case.term.began_on if case.term else date.min
    if row.rule in (Rule.RECERTIFICATION, Rule.RESTORATION):
        return _nth(
            dated,
            1,
            lambda held: held.audit.kind is AuditKind.RECERTIFICATION and held.audit.ends_on > began_on,
        )
    if row.rule is Rule.EDITION_DEADLINE and row.standing is not Standing.MET:
        return _nth(dated, 1, lambda held: held.audit.kind is AuditKind.TRANSITION and held.audit.ends_on > began_on)
    return None


def _slipped(case: Case, row: Deadline, audit: str) -> Held | None:
    """The audit that would have met the limit, where it was moved past it (out of its calendar year, say)."""
    return next(
        (held for held in (*case.held, *case.pending) if held.audit.id == audit and held.on > row.closes_on), None
    )


def _nth(dated: list[Held], count: int, fits: Callable[[Held], bool]) -> Held | None:
    found = [held for held in dated if fits(held)]
    return found[count - 1] if len(found) >= count else None


def _effect(row: Deadline, previous: Deadline, before: Held | None, after: Held | None) -> Explained[Effect]:
    effect, says = _said(row, previous, before, after)
    return Explained(effect, (Reason(says, row.why[0].clause), *row.why))


def _said(row: Deadline, previous: Deadline, before: Held | None, after: Held | None) -> tuple[Effect, str]:
    name = rule_name(row.rule, row.year).capitalize()
    limit = say(row.closes_on)
    if after is None:
        return _said_without_an_audit(row, previous, name, limit)
    slack = days_between(after.on, row.closes_on)
    was = _was(row, before, after)
    if slack < 0 and before is None and row.standing is Standing.OPEN:
        # Nothing is moved away from the limit: an audit may still be planned that meets it.
        return Effect.OPEN, f"{name}: still open; {say(after.on)} is {say_days(-slack)} past the limit of {limit}."
    if slack < 0:
        return Effect.BROKEN, f"{name}: {say(after.on)} is {say_days(-slack)} past the limit of {limit}{was}."
    if row.standing is Standing.MET:
        return Effect.MET, f"{name}: met on {say(after.on)}, {say_days(slack)} before the limit of {limit}{was}."
    if before is not None and before.on == after.on:
        return (
            Effect.UNTOUCHED,
            f"{name}: not touched; {say(after.on)} is {say_days(slack)} before the limit of {limit}.",
        )
    return Effect.KEPT, f"{name}: kept; {say(after.on)} is {say_days(slack)} before the limit of {limit}{was}."


def _was(row: Deadline, before: Held | None, after: Held) -> str:
    if before is None:
        return " (nothing was planned)"
    if before.on == after.on:
        return ""
    slack = days_between(before.on, row.closes_on)
    if slack < 0:
        return f" (it was {say_days(-slack)} past it)"
    return f" (it was {say_days(slack)} before it)"


def _said_without_an_audit(row: Deadline, previous: Deadline, name: str, limit: str) -> tuple[Effect, str]:
    if row.standing is Standing.MET:
        return Effect.MET, f"{name}: met before the limit of {limit}."
    if row.standing is Standing.BREACHED:
        if previous.standing is Standing.BREACHED:
            return Effect.UNTOUCHED, f"{name}: not touched; the limit of {limit} had passed before."
        return Effect.BROKEN, f"{name}: the limit of {limit} has passed and nothing met it."
    if previous.standing in (Standing.PLANNED, Standing.MET):
        return Effect.OPEN, f"{name}: nothing is planned any more that would meet the limit of {limit}."
    return Effect.UNTOUCHED, f"{name}: not touched; the limit of {limit} is open and nothing is planned for it."
