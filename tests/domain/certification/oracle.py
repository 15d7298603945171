"""A second, slow judge, written from the contract alone: it walks from day to day and knows no sentences.

It answers only what can be said without the rules' own code: state, last valid days, cycle, the two surveillance rules,
and the next audit. Where it and the rules disagree, one of them has misread the contract.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from app.domain.certification.facts import AuditFact, DecisionFact, Facts

RANK = ["suspended", "suspension-lifted", "transitioned", "transferred", "granted", "renewed", "restored", "withdrawn"]
ONE = timedelta(days=1)


def plus(day: date, months: int) -> date:
    return day + relativedelta(months=months)


@dataclass
class Walk:
    """What is known of the certificate at the end of a day."""

    last: date | None = None
    number: int = 0
    kind: str = ""
    began: date | None = None
    before: date = date.min
    gap: int = 0
    suspended: bool = False
    withdrawn: bool = False
    edition: str | None = None


def walk(facts: Facts, on: date) -> Walk:
    """Every day from the first decision to this one, its decisions in their order."""
    now = Walk(edition=facts.standard)
    in_force = [each for each in facts.decisions if each.decided_on <= on]
    if not in_force:
        return now
    day = min(each.decided_on for each in in_force)
    by_day: dict[date, list[DecisionFact]] = {}
    for each in in_force:
        by_day.setdefault(each.decided_on, []).append(each)
    while day <= on:
        for each in sorted(by_day.get(day, []), key=_order):
            decide(facts, now, each)
        day += ONE
    return now


def _order(decision: DecisionFact) -> tuple[int, date, str]:
    rank = RANK.index(decision.kind) if decision.kind in RANK else 99
    return rank, decision.valid_through or date.min, decision.to or ""


def deadline(facts: Facts, edition: str | None) -> date | None:
    return next((each.deadline for each in facts.editions if each.edition == edition), None)


def effective(facts: Facts, now: Walk) -> date:
    assert now.last is not None
    ends = deadline(facts, now.edition)
    return min(now.last, ends) if ends else now.last


def restoration_day(facts: Facts, now: Walk) -> date:
    day = plus(effective(facts, now), facts.settings.restoration_months)
    ends = deadline(facts, now.edition)
    return day if ends is None or facts.settings.restore_after_edition_deadline else min(day, ends)


def decide(facts: Facts, now: Walk, decision: DecisionFact) -> None:
    day, settings = decision.decided_on, facts.settings
    anew = plus(day, 36) - (ONE if settings.expiry == "day-before" else timedelta(0))
    if decision.kind == "transitioned":
        now.edition = decision.to
    elif decision.kind == "granted":
        lapsed = (
            now.last is not None and not now.withdrawn and day > max(restoration_day(facts, now), effective(facts, now))
        )
        same_day = now.began == day and now.kind == "initial"
        before = now.before if same_day else now.began or date.min
        if lapsed and now.last and settings.late_stage_2 == "prior-cycle" and plus(now.last, 36) >= day:
            now.gap = (day - effective(facts, now)).days - 1
            now.number, now.kind = now.number + 1, "recertification"
            now.last = decision.valid_through or plus(now.last, 36)
        else:
            now.number, now.kind, now.gap = 1, "initial", 0
            now.last = decision.valid_through or anew
        now.before, now.began, now.suspended, now.withdrawn = before, day, False, False
    elif now.last is None or now.withdrawn:
        return
    elif decision.kind in ("renewed", "restored"):
        if now.began == day and now.kind == "recertification":
            return
        expired = day > effective(facts, now)
        kept = plus(now.last, 36)
        early = day < plus(now.last, -settings.max_early_months)
        computed = (kept if kept >= day else anew) if expired else (anew if early else kept)
        now.gap = (day - effective(facts, now)).days - 1 if expired else 0
        now.last = decision.valid_through or computed
        now.before, now.began = now.began or date.min, day
        now.number, now.kind = now.number + 1, "recertification"
        now.suspended = now.suspended and not expired
    elif decision.kind == "suspended":
        now.suspended = now.suspended or day <= effective(facts, now)
    elif decision.kind == "suspension-lifted":
        now.suspended = False
    elif decision.kind == "withdrawn":
        now.withdrawn, now.suspended = True, False


def state(facts: Facts, on: date) -> str:
    now = walk(facts, on)
    if now.last is None:
        return "applicant"
    if now.withdrawn:
        return "withdrawn"
    if on > effective(facts, now):
        return "expired-restorable" if on <= restoration_day(facts, now) else "lapsed"
    return "suspended" if now.suspended else "active"


def dated(facts: Facts, audit: AuditFact) -> date:
    return audit.begins_on if facts.settings.audit_date == "first-day" else audit.ends_on


def held(facts: Facts, on: date) -> list[AuditFact]:
    return sorted(
        (
            each
            for each in facts.audits
            if each.status == "completed" and each.ends_on <= on and each.kind != "internal"
        ),
        key=lambda each: (dated(facts, each), each.ends_on, each.id),
    )


def is_surveillance(audit: AuditFact) -> bool:
    return audit.kind == "surveillance" or (audit.kind == "special" and audit.counts_as_surveillance)


def own_audit(facts: Facts, on: date, now: Walk) -> AuditFact | None:
    assert now.began is not None
    granted = any(each.kind == "granted" and each.decided_on == now.began for each in facts.decisions) and not any(
        each.kind in ("renewed", "restored") and each.decided_on == now.began for each in facts.decisions
    )
    kind = "stage-2" if granted else "recertification"
    own = [each for each in held(facts, on) if each.kind == kind and now.before < each.ends_on <= now.began]
    return own[-1] if own else None


def base_year(facts: Facts, on: date, now: Walk) -> int:
    assert now.began is not None
    own = own_audit(facts, on, now)
    if now.kind == "initial" or own is None or facts.settings.recertification_year == "decision":
        return now.began.year
    return dated(facts, own).year


def covered(facts: Facts, on: date, year: int) -> bool:
    return any(
        dated(facts, each).year == year and (is_surveillance(each) or each.kind == "recertification")
        for each in held(facts, on)
    )


def missed_years(facts: Facts, on: date) -> set[int]:
    """The calendar years of the current cycle that have ended without their audit (last-day reading)."""
    now = walk(facts, on)
    if now.last is None:
        return set()
    return {
        year
        for year in range(base_year(facts, on, now) + 1, now.last.year)
        if date(year, 12, 31) < on and not covered(facts, on, year)
    }


def surveillances(facts: Facts, on: date, now: Walk) -> list[AuditFact]:
    assert now.began is not None
    own = own_audit(facts, on, now)
    since = now.began if now.kind == "initial" or own is None else dated(facts, own)
    return [each for each in held(facts, on) if is_surveillance(each) and dated(facts, each) > since]


def first_surveillance_is_broken(facts: Facts, on: date) -> bool:
    now = walk(facts, on)
    if now.kind != "initial" or now.began is None or now.last is None or plus(now.began, 12) > now.last:
        return False
    limit = plus(now.began, 12)
    first = surveillances(facts, on, now)[:1]
    return dated(facts, first[0]) > limit if first else on > limit


def next_kind(facts: Facts, on: date) -> str | None:
    """The kind of the next audit of a certificate that is valid or may be restored."""
    now = walk(facts, on)
    stands = state(facts, on)
    if stands in ("lapsed", "withdrawn", "applicant") or now.last is None or now.began is None:
        return None
    if stands == "expired-restorable":
        return "recertification"
    if any(each.kind == "recertification" and each.ends_on > now.began for each in held(facts, on)):
        return "recertification"
    count = len(surveillances(facts, on, now))
    if count >= 2:
        return "recertification"
    if count == 0 and now.kind == "initial":
        return "surveillance"
    # A later one needs a calendar year that begins before the certificate ends.
    justified = {each.year for each in facts.deviations if each.rule == "calendar-year"}
    years = range(base_year(facts, on, now) + 1, now.last.year + 1)
    free = [year for year in years if year not in justified and not covered(facts, on, year)]
    return "surveillance" if free else "recertification"
