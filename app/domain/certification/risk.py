"""Whether a certificate is safe, in one sentence that names what endangers it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.certification.facts import State
from app.domain.certification.verdict import Deadline, Rule, Standing, Verdict
from app.domain.dates import days_between, say
from app.domain.explained import Explained, Reason

SOON = 90
"""Days before a limit from which a missing audit puts the certificate at risk."""
EARLY = 180
"""Days before a limit from which a missing audit deserves attention."""
TIGHT = 14
"""Days of slack under which even a planned audit deserves attention."""


class Risk(StrEnum):
    """How a certificate stands, from good to gone."""

    SAFE = "safe"
    ATTENTION = "attention"
    AT_RISK = "at-risk"
    BROKEN = "broken"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return {
            "safe": "Safe",
            "attention": "Needs attention",
            "at-risk": "At risk",
            "broken": "Rule broken",
            "ended": "Ended",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that breaks no rule today and endangers the certificate; `limit` is the last day that it endangers."""

    risk: Risk
    why: tuple[Reason, ...]
    limit: Deadline | None = None


RULE_NAMES: dict[Rule, str] = {
    Rule.TWO_STAGE: "two-stage audit",
    Rule.STAGE_INTERVAL: "interval between stage 1 and stage 2",
    Rule.STAGE_1_REPEAT: "repeat of stage 1",
    Rule.STAGE_2_MAJORS: "verification of the stage 2 majors",
    Rule.DECISION_PRECONDITIONS: "conditions before a decision",
    Rule.FIRST_SURVEILLANCE: "first surveillance",
    Rule.CALENDAR_YEAR: "surveillance",
    Rule.SURVEILLANCE_COUNT: "number of surveillances",
    Rule.SECOND_SURVEILLANCE: "second surveillance",
    Rule.LONG_GAP: "gap between audits",
    Rule.RECERTIFICATION: "recertification",
    Rule.RESTORATION: "restoration",
    Rule.EARLY_RENEWAL: "early renewal",
    Rule.SUSPENSION_LIMIT: "end of the suspension",
    Rule.TRANSFER: "transfer",
    Rule.SITE_SAMPLE: "sample of sites",
    Rule.EDITION_DEADLINE: "transition to the new edition",
    Rule.DECISION_YEAR_GAP: "gap in the year of the decision",
    Rule.NOT_ON_RECORD: "stage audits on record",
    Rule.INTERNAL_PLAN: "internal audit",
    Rule.IMPARTIALITY: "impartiality",
    Rule.INTERNAL_BEFORE_EXTERNAL: "internal audit and management review before the external audit",
    Rule.COVERAGE: "coverage",
}


def rule_name(rule: Rule, year: int | None = None) -> str:
    """What a rule asks for, in the words of the screens: surveillance 2026."""
    name = RULE_NAMES[rule]
    return f"{name} {year}" if year is not None else name


def risk_of(verdict: Verdict, notices: Sequence[Notice] = ()) -> Explained[Risk]:
    """A certificate is at risk when a limit is near and nothing is planned that would meet it, or only past it.

    The sentence names days of the calendar and no distances, so that it stays true until the verdict changes.
    """
    state, on = verdict.state.value, verdict.on
    if state in (State.LAPSED, State.WITHDRAWN):
        return Explained(Risk.ENDED, verdict.state.why)
    if state is State.EXPIRED_RESTORABLE:
        return Explained(Risk.BROKEN, verdict.state.why)
    late = [each for each in verdict.deadlines if each.is_unmet and each.hard]
    if late:
        first = late[0]
        says = f"{rule_name(first.rule, first.year).capitalize()} was due by {say(first.closes_on)} and is overdue."
        return Explained(Risk.BROKEN, (Reason(says, first.why[0].clause), *first.why))
    if state is State.SUSPENDED:
        limit = _limit_of_the_open_suspension(verdict)
        says = "It is suspended" + (f"; this must be resolved by {say(limit.closes_on)}." if limit else ".")
        return Explained(Risk.AT_RISK, (Reason(says, verdict.state.why[0].clause), *verdict.state.why))
    told = [each.limit for each in notices if each.limit is not None]
    open_ones = [each for each in verdict.deadlines if each.standing is Standing.OPEN and each.closes_on >= on]
    waiting = [each for each in open_ones if each not in told]
    near = [each for each in waiting if (each.closes_on - on).days <= SOON]
    endangered = next((each for each in notices if each.risk is Risk.AT_RISK), None)
    if endangered is not None and not (near and endangered.limit and near[0].closes_on < endangered.limit.closes_on):
        return Explained(Risk.AT_RISK, endangered.why)
    if near:
        return _says(Risk.AT_RISK, near[0], "and nothing is planned that would meet it")
    if verdict.breaches:
        first_breach = verdict.breaches[0]
        name = rule_name(first_breach.rule, first_breach.year)
        says = f"The rule on {name} was broken in this cycle, since {say(first_breach.since)}."
        return Explained(Risk.ATTENTION, (Reason(says, first_breach.why[0].clause), *first_breach.why))
    if notices:
        return Explained(Risk.ATTENTION, notices[0].why)
    early = [each for each in waiting if (each.closes_on - on).days <= EARLY]
    if early:
        return _says(Risk.ATTENTION, early[0], "and nothing is planned yet that would meet it")
    tight = _tightest(verdict)
    if tight is not None:
        limit, day = tight
        return _says(Risk.ATTENTION, limit, f"and planned for {say(day)}, with little room to move it")
    if verdict.warnings:
        warning = verdict.warnings[0]
        says = f"Warning on {rule_name(warning.rule, warning.year)} since {say(warning.since)}."
        return Explained(Risk.ATTENTION, (Reason(says, warning.why[0].clause), *warning.why))
    return Explained(Risk.SAFE, (_what_is_next(verdict),))


def next_risk_change_on(verdict: Verdict, turning: Iterable[date] = ()) -> date | None:
    """The first later day on which `risk_of` could differ with unchanged facts; `turning` are the days of notices."""
    days = [*turning]
    if verdict.next_change_on is not None:
        days.append(verdict.next_change_on)
    for each in verdict.deadlines:
        days += [each.closes_on - timedelta(days=SOON), each.closes_on - timedelta(days=EARLY)]
        days.append(each.closes_on + timedelta(days=1))
    return min((day for day in days if day > verdict.on), default=None)


def _limit_of_the_open_suspension(verdict: Verdict) -> Deadline | None:
    """Earlier suspensions of the cycle keep their rows, resolved; the open one has no day on which it was met."""
    rows = (each for each in verdict.deadlines if each.rule is Rule.SUSPENSION_LIMIT)
    return next((each for each in rows if each.met_on is None), None)


def _tightest(verdict: Verdict) -> tuple[Deadline, date] | None:
    """The limit whose planned audit leaves the fewest days, where they are fewer than `TIGHT`."""
    planned = [(each, each.planned_on) for each in verdict.deadlines if each.planned_on is not None]
    tight = [(each, day) for each, day in planned if days_between(day, each.closes_on) < TIGHT]
    return min(tight, key=lambda pair: days_between(pair[1], pair[0].closes_on), default=None)


def _says(risk: Risk, deadline: Deadline, tail: str) -> Explained[Risk]:
    says = f"{rule_name(deadline.rule, deadline.year).capitalize()} is due by {say(deadline.closes_on)}, {tail}."
    return Explained(risk, (Reason(says, deadline.why[0].clause), *deadline.why))


def _what_is_next(verdict: Verdict) -> Reason:
    audit = verdict.next_audit
    if audit is None:
        return verdict.state.why[0]
    kind = audit.kind.label
    if audit.opens_on is not None and audit.closes_on is not None and audit.opens_on <= audit.closes_on:
        return Reason(f"{kind} is next, from {say(audit.opens_on)} to {say(audit.closes_on)}.", audit.why[0].clause)
    if audit.closes_on is not None:
        return Reason(f"{kind} is next, by {say(audit.closes_on)}.", audit.why[0].clause)
    return Reason(f"{kind} is next.", audit.why[0].clause)
