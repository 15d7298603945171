"""Laying out the programme: every audit of the cycle that is still to come, each on a sensible day.

A target lies before its limit, on a free day, and never on one that breaks a hard rule. The limits come from the same
verdict as everywhere else: each audit proposed is taken as held, and the rules are asked what comes next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain import clauses
from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts, State
from app.domain.certification.verdict import CycleKind, NextAudit, Standing, Verdict
from app.domain.dates import add_days, add_months, day_after, days_between, say, say_months
from app.domain.explained import Explained, Reason
from app.domain.programme.free_days import ClosedDays, nearest, why_moved
from app.domain.programme.internal import HALF_YEAR, internal_plan

_WEEK = 7
_SECOND_YEAR = 24
_LAST_ROUND = 8


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """How early audits are aimed for; all are choices of the organisation."""

    plan_start: date | None = None
    """From when the six-monthly internal audits count; None: from the beginning of the cycle."""
    surveillance_weeks_before: int = 6
    recertification_months_before: int = 3
    internal_weeks_before: int = 2
    internal_weeks_before_external: int = 4
    stage_1_weeks_ahead: int = 8
    stage_2_weeks_after: int = 6
    weeks_between_external: int = 8
    notice_days: int = 14
    days: dict[AuditKind, int] = field(
        default_factory=lambda: {AuditKind.STAGE_2: 2, AuditKind.RECERTIFICATION: 2},
    )

    def length(self, kind: AuditKind) -> int:
        """How many days in a row an audit of a kind takes."""
        return self.days.get(kind, 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One audit of the programme: `target` is its last day (None where no day is free; `why` then says so).

    `is_past` marks a day that has gone by: an audit to record if it was held, not one to plan.
    """

    kind: AuditKind
    number: int
    opens_on: date | None
    closes_on: date | None
    starts_on: date | None
    target: Explained[date] | None
    why: tuple[Reason, ...]
    is_past: bool = False


def lay_out(facts: Facts, on: date, settings: LayoutSettings, closed_days: ClosedDays) -> tuple[Proposal, ...]:
    """Propose every audit of the cycle that is neither held nor planned, in order of its days. [17021-1, 9.1.3]"""
    layout = _Layout(facts, on, settings, closed_days)
    external = list(layout.external())
    internal = list(layout.internal(external))
    return tuple(sorted((*external, *internal), key=_by_day))


def _by_day(proposal: Proposal) -> tuple[date, str, int]:
    day = proposal.target.value if proposal.target else proposal.closes_on
    return day or date.max, proposal.kind.value, proposal.number


@dataclass(slots=True)
class _Aim:
    """The best last day for an audit, and the days between which it may be moved."""

    ideal: date
    earliest: date
    latest: date
    why: tuple[Reason, ...]
    preferred_until: date | None = None


class _Layout:
    def __init__(self, facts: Facts, on: date, settings: LayoutSettings, closed: ClosedDays) -> None:
        self.facts = facts
        self.on = on
        self.settings = settings
        self.closed = closed
        self.verdict = judge(facts, on)
        self.taken: set[date] = set()
        waiting = [each for each in facts.audits if each.status is AuditStatus.PLANNED and each.ends_on >= on]
        for audit in waiting:
            self.taken.update(
                add_days(audit.begins_on, n) for n in range(days_between(audit.begins_on, audit.ends_on) + 1)
            )
        self.waiting = sorted(waiting, key=lambda audit: (audit.ends_on, audit.id))
        # What is held on each step: what was held, then each audit planned or proposed as its turn comes.
        self.held = replace(facts, audits=tuple(each for each in facts.audits if each not in waiting))
        self.day = on
        self.last_external: date | None = None

    # External audits ------------------------------------------------------------------------------------------

    def external(self) -> Iterator[Proposal]:
        numbers: dict[AuditKind, int] = {}
        for _ in range(_LAST_ROUND):
            verdict = judge(self.held, self.day)
            following = verdict.next_audit
            if following is None or self._recertification_is_held(verdict):
                return
            if verdict.cycle is None and following.kind is AuditKind.SURVEILLANCE:
                return  # the certification decision is awaited: until it no day can be laid out
            numbers[following.kind] = numbers.get(following.kind, self._count_held(following.kind)) + 1
            planned = self._planned_for(following)
            if planned is not None:
                self._hold(planned)
            else:
                proposal = self._propose(verdict, following, numbers[following.kind])
                yield proposal
                # Where no day is free the rest is laid out as if it were held on its last day all the same.
                held_on = proposal.target.value if proposal.target else following.closes_on
                if held_on is None or held_on < self._after_the_last():
                    return
                name = f"proposed {following.kind.value} {numbers[following.kind]}"
                self._hold(AuditFact(name, following.kind, held_on, proposal.starts_on))
            if following.kind is AuditKind.RECERTIFICATION:
                return

    def _recertification_is_held(self, verdict: Verdict) -> bool:
        began_on = verdict.cycle.began_on if verdict.cycle else None
        return began_on is not None and any(
            audit.kind is AuditKind.RECERTIFICATION
            and audit.status is AuditStatus.COMPLETED
            and began_on < audit.ends_on <= self.day
            for audit in self.held.audits
        )

    def _count_held(self, kind: AuditKind) -> int:
        began_on = self.verdict.cycle.began_on if self.verdict.cycle else date.min
        return sum(
            audit.kind is kind and audit.status is AuditStatus.COMPLETED and began_on < audit.ends_on <= self.on
            for audit in self.facts.audits
        )

    def _planned_for(self, following: NextAudit) -> AuditFact | None:
        """The planned audit that will be the next one; a special audit that counts may stand for a surveillance."""
        for audit in self.waiting:
            counts = audit.kind is following.kind or (
                following.kind is AuditKind.SURVEILLANCE
                and audit.kind is AuditKind.SPECIAL
                and audit.counts_as_surveillance
            )
            in_time = following.closes_on is None or audit.ends_on <= following.closes_on
            if counts and (in_time or following.closes_on is None or following.closes_on < self.on):
                return audit
        return None

    def _hold(self, audit: AuditFact) -> None:
        if audit in self.waiting:
            self.waiting.remove(audit)
        held = replace(audit, status=AuditStatus.COMPLETED)
        self.held = replace(self.held, audits=(*self.held.audits, held))
        self.day = max(self.day, held.ends_on)
        self.last_external = held.ends_on
        self.taken.update(add_days(held.begins_on, n) for n in range(days_between(held.begins_on, held.ends_on) + 1))

    def _propose(self, verdict: Verdict, following: NextAudit, number: int) -> Proposal:
        aim = self._aim(verdict, following, number)
        is_past = aim.latest < self.on
        if not is_past:
            aim = self._from_today(aim)
        if following.kind is not AuditKind.STAGE_2:
            aim.ideal = max(aim.ideal, self._apart_from_the_last(aim.latest))
        aim.earliest = max(aim.earliest, self._after_the_last())
        aim.latest = min(aim.latest, self._before_the_next(following.kind))
        length = self.settings.length(following.kind)
        days = nearest(aim.ideal, aim.earliest, aim.latest, length, self.closed, self.taken)
        if days is None:
            says = f"No free day is left between {say(aim.earliest)} and {say(aim.latest)}: nothing is proposed."
            if aim.latest < aim.earliest:
                says = f"No day up to {say(aim.latest)} is left: nothing is proposed."
            return self._proposal(following, number, None, (Reason(says), *following.why))
        starts_on, ends_on = days
        moved = why_moved(min(max(aim.ideal, aim.earliest), aim.latest), ends_on, self.closed)
        gone = (Reason("This day has passed: record the audit if it was held."),) if is_past else ()
        why = (*following.why, *aim.why, *moved, *gone)
        proposal = self._proposal(following, number, starts_on, why, ends_on)
        return replace(proposal, is_past=is_past)

    @staticmethod
    def _proposal(
        following: NextAudit, number: int, starts_on: date | None, why: tuple[Reason, ...], ends_on: date | None = None
    ) -> Proposal:
        return Proposal(
            kind=following.kind,
            number=number,
            opens_on=following.opens_on,
            closes_on=following.closes_on,
            starts_on=starts_on,
            target=Explained(ends_on, why) if ends_on else None,
            why=why,
        )

    def _from_today(self, aim: _Aim) -> _Aim:
        """Nothing is proposed for today or before, and where there is time, not without notice."""
        return replace(
            aim,
            ideal=max(aim.ideal, min(add_days(self.on, self.settings.notice_days), aim.latest)),
            earliest=max(aim.earliest, day_after(self.on)),
        )

    def _after_the_last(self) -> date:
        return day_after(self.last_external) if self.last_external else date.min

    def _apart_from_the_last(self, latest: date) -> date:
        """Some weeks after the external audit before, as far as the limit leaves them."""
        if self.last_external is None:
            return date.min
        apart = add_days(self.last_external, self.settings.weeks_between_external * _WEEK)
        return min(apart, add_days(latest, -self.settings.surveillance_weeks_before * _WEEK))

    def _before_the_next(self, kind: AuditKind) -> date:
        """A surveillance is over before a recertification audit that is already planned begins."""
        if kind is not AuditKind.SURVEILLANCE:
            return date.max
        planned = [each.begins_on for each in self.waiting if each.kind is AuditKind.RECERTIFICATION]
        return add_days(min(planned), -1) if planned else date.max

    def _aim(self, verdict: Verdict, following: NextAudit, number: int) -> _Aim:
        if following.kind is AuditKind.STAGE_1:
            return self._ahead(self.on, self.settings.stage_1_weeks_ahead, "today", None)
        if following.kind is AuditKind.STAGE_2:
            after = following.opens_on or self.on
            return self._ahead(after, self.settings.stage_2_weeks_after, f"stage 1, {say(after)}", following.closes_on)
        opens_on, closes_on = following.opens_on or self.on, following.closes_on or date.max
        if following.kind is AuditKind.RECERTIFICATION:
            return self._recertification(verdict, opens_on, closes_on)
        return self._surveillance(verdict, opens_on, closes_on)

    def _ahead(self, start: date, weeks: int, what: str, closes_on: date | None) -> _Aim:
        ideal = add_days(start, weeks * _WEEK)
        months = self.facts.settings.stage_interval_months
        latest = min(closes_on or date.max, add_months(max(start, self.on), max(months, 1)))
        says = f"Aimed at {weeks} weeks after {what}: no rule sets a last day here."
        if closes_on is not None:
            says = f"Aimed at {weeks} weeks after {what}."
        # Stage 2 may start on the day on which stage 1 ends; the days after it leave time for its concerns.
        return _Aim(min(ideal, latest), day_after(start), latest, (Reason(says, clauses.STAGES),))

    def _recertification(self, verdict: Verdict, opens_on: date, closes_on: date) -> _Aim:
        if verdict.state.value is State.EXPIRED_RESTORABLE:
            ideal = add_days(self.on, self.settings.notice_days)
            says = "As soon as it can be, so that the decision still falls before the restoration day."
            return _Aim(min(ideal, closes_on), opens_on, closes_on, (Reason(says, clauses.RESTORATION),))
        last = verdict.valid_through.value if verdict.valid_through else closes_on
        months = self.settings.recertification_months_before
        ideal = add_months(last, -months)
        says = (
            f"Aimed at {say_months(months)} before the last valid day, {say(last)}, so that majors are verified and "
            f"the decision is taken by then."
        )
        if ideal > closes_on:
            ideal = add_days(closes_on, -self.settings.surveillance_weeks_before * _WEEK)
            says = (
                f"Aimed at {self.settings.surveillance_weeks_before} weeks before {say(closes_on)}, which comes first."
            )
        return _Aim(max(ideal, min(opens_on, closes_on)), opens_on, closes_on, (Reason(says, clauses.PROGRAMME),))

    def _surveillance(self, verdict: Verdict, opens_on: date, closes_on: date) -> _Aim:
        cycle, weeks = verdict.cycle, self.settings.surveillance_weeks_before
        began_on = cycle.began_on if cycle else opens_on
        if closes_on < self.on:
            late = self._overdue(verdict, opens_on, closes_on)
            if late is not None:
                return late
        limit, name = self._anniversary(began_on, opens_on, closes_on, cycle.kind if cycle else None)
        ideal = add_days(limit, -weeks * _WEEK)
        says = f"Aimed at {weeks} weeks before {say(limit)}, {name}."
        if ideal < opens_on:
            ideal = limit
            says = f"Aimed at {say(limit)}, {name}: {weeks} weeks before it the window is not open yet."
        return _Aim(ideal, opens_on, closes_on, (Reason(says, clauses.SURVEILLANCE_FREQUENCY),))

    def _overdue(self, verdict: Verdict, opens_on: date, closes_on: date) -> _Aim | None:
        """Past its limit, an audit is still wanted while the calendar year it would cover has not ended."""
        for row in verdict.deadlines:
            if row.year == closes_on.year and row.standing is Standing.OPEN and self.on <= row.closes_on:
                says = "Its limit has passed: it is proposed as soon as it can be, and still covers its calendar year."
                why = (Reason(says, clauses.SURVEILLANCE_FREQUENCY), *row.why)
                return _Aim(add_days(self.on, self.settings.notice_days), opens_on, row.closes_on, why)
        return None

    @staticmethod
    def _anniversary(began_on: date, opens_on: date, closes_on: date, kind: CycleKind | None) -> tuple[date, str]:
        """The day that a surveillance is aimed to precede: its limit, or the anniversary of the decision before it."""
        if kind is CycleKind.INITIAL and opens_on == day_after(began_on):
            return closes_on, "its limit"
        if kind is CycleKind.INITIAL:
            second_year = add_months(began_on, _SECOND_YEAR)
            if second_year > closes_on:
                return closes_on, "its limit"
            if opens_on <= second_year:
                return second_year, "the end of the second year after the decision"
        for years in range(1, 6):
            anniversary = add_months(began_on, 12 * years)
            if opens_on <= anniversary <= closes_on:
                return anniversary, "the anniversary of the decision"
        return closes_on, "its limit"

    # Internal audits ------------------------------------------------------------------------------------------

    def internal(self, external: Iterable[Proposal]) -> Iterator[Proposal]:
        cycle, last_valid = self.verdict.cycle, self.verdict.effective_valid_through
        if self.verdict.state.value in (State.LAPSED, State.WITHDRAWN):
            return
        start = self.settings.plan_start or (cycle.began_on if cycle else self.on)
        starts = sorted(
            {each.starts_on for each in external if each.starts_on}
            | {
                each.begins_on
                for each in self.facts.audits
                if each.kind is not AuditKind.INTERNAL and each.status is not AuditStatus.CANCELLED
            }
        )
        for number, row in enumerate(internal_plan(start, self.on, self.facts.audits), start=1):
            if row.met_by is not None or row.standing is Standing.PLANNED or row.opens_on is None:
                continue
            if last_valid is not None and row.opens_on > add_months(last_valid.value, HALF_YEAR):
                return  # what is further beyond the last valid day is laid out once the certificate is renewed
            following = NextAudit(AuditKind.INTERNAL, row.opens_on, row.closes_on, row.why)
            aim = self._internal_aim(row.opens_on, row.closes_on, starts)
            yield self._place_internal(following, number, aim)

    def _internal_aim(self, opens_on: date, closes_on: date, starts: list[date]) -> _Aim:
        weeks = self.settings.internal_weeks_before
        ideal = add_days(closes_on, -weeks * _WEEK)
        preferred = None
        why = Reason(f"Aimed at {weeks} weeks before the end of its half year, {say(closes_on)}.")
        inside = [day for day in starts if opens_on < day <= closes_on]
        if inside:
            ahead = self.settings.internal_weeks_before_external
            before = max(add_days(inside[0], -ahead * _WEEK), opens_on)
            if before < ideal:
                ideal, preferred = before, add_days(inside[0], -1)
                says = (
                    f"Aimed at {ahead} weeks before the external audit of {say(inside[0])}, which looks at it: "
                    f"{say(before)}."
                )
                why = Reason(says, clauses.SURVEILLANCE_CONTENT)
        return _Aim(ideal, opens_on, closes_on, (why,), preferred)

    def _place_internal(self, following: NextAudit, number: int, aim: _Aim) -> Proposal:
        is_past = aim.latest < self.on
        if not is_past:
            aim = self._from_today(aim)
        length = self.settings.length(AuditKind.INTERNAL)
        days = None
        if aim.preferred_until is not None:
            days = nearest(aim.ideal, aim.earliest, aim.preferred_until, length, self.closed, self.taken)
        days = days or nearest(aim.ideal, aim.earliest, aim.latest, length, self.closed, self.taken)
        if days is None:
            says = f"No free day is left between {say(aim.earliest)} and {say(aim.latest)}: nothing is proposed."
            return self._proposal(following, number, None, (Reason(says), *following.why))
        starts_on, ends_on = days
        self.taken.update(add_days(starts_on, n) for n in range(length))
        moved = why_moved(min(max(aim.ideal, aim.earliest), aim.latest), ends_on, self.closed)
        gone = (Reason("This day has passed: record the audit if it was held."),) if is_past else ()
        why = (*following.why, *aim.why, *moved, *gone)
        return replace(self._proposal(following, number, starts_on, why, ends_on), is_past=is_past)
