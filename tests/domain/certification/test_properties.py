"""What holds of every certificate, whatever is on record of it, from 2015 to 2060."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.certification.case import Case
from app.domain.certification.cycle import judge
from app.domain.certification.facts import (
    AuditDate,
    AuditFact,
    AuditKind,
    AuditStatus,
    CycleSettings,
    DecisionFact,
    DecisionKind,
    Facts,
    State,
)
from app.domain.certification.verdict import Rule, Standing, Verdict
from app.domain.dates import add_days, add_months, day_after
from app.domain.programme.internal import internal_plan
from tests.domain.certification.strategies import any_facts, days, facts_and_day

ONE = timedelta(days=1)


def first_surveillance_due(decided_on: date) -> date:
    facts = Facts(decisions=(DecisionFact(DecisionKind.GRANTED, decided_on),))
    verdict = judge(facts, decided_on)
    return next(row.closes_on for row in verdict.deadlines if row.rule is Rule.FIRST_SURVEILLANCE)


@given(days, st.integers(0, 40))
@example(date(2024, 2, 29), 1)
@example(date(2023, 2, 28), 1)
def test_1_the_first_surveillance_is_due_within_366_days_and_never_earlier_for_a_later_decision(
    decided_on: date, later: int
) -> None:
    due = first_surveillance_due(decided_on)
    assert decided_on < due <= decided_on + timedelta(days=366)
    assert due <= first_surveillance_due(decided_on + timedelta(days=later))


@given(days, st.integers(0, 184), st.integers(0, 12))
def test_2_an_early_renewal_keeps_the_old_expiry_whatever_its_day(granted_on: date, early: int, cap: int) -> None:
    old = add_days(add_months(granted_on, 36), -1)
    decided_on = old - timedelta(days=early)
    assume(decided_on >= add_months(old, -cap))
    facts = Facts(
        settings=CycleSettings(max_early_months=cap),
        decisions=(
            DecisionFact(DecisionKind.GRANTED, granted_on),
            DecisionFact(DecisionKind.RENEWED, decided_on),
        ),
    )
    verdict = judge(facts, decided_on)
    assert verdict.valid_through is not None
    assert verdict.valid_through.value == add_months(old, 36)


@given(days, st.integers(1, 190), st.sampled_from([DecisionKind.RENEWED, DecisionKind.RESTORED]))
def test_3_a_restoration_keeps_the_old_expiry_and_the_gap_stays_uncertified(
    granted_on: date, late: int, kind: DecisionKind
) -> None:
    old = add_days(add_months(granted_on, 36), -1)
    decided_on = old + timedelta(days=late)
    facts = Facts(
        decisions=(DecisionFact(DecisionKind.GRANTED, granted_on), DecisionFact(kind, decided_on)),
    )
    before, after = judge(facts, decided_on - ONE), judge(facts, decided_on)
    restore_by = add_months(old, 6)
    assert restore_by <= old + timedelta(days=184)
    assert after.valid_through is not None
    assert after.cycle is not None
    assert after.valid_through.value == add_months(old, 36) < add_months(decided_on, 36)
    assert after.cycle.gap_days == late - 1
    assert after.state.value is State.ACTIVE
    if late > 1:
        assert before.state.value is (State.EXPIRED_RESTORABLE if decided_on - ONE <= restore_by else State.LAPSED)
    assert (decided_on > restore_by) == any(breach.rule is Rule.RESTORATION for breach in after.breaches)


@given(facts_and_day())
def test_4_the_effective_last_day_is_never_later(case: tuple[Facts, date]) -> None:
    verdict = judge(*case)
    if verdict.valid_through is not None:
        assert verdict.effective_valid_through is not None
        assert verdict.effective_valid_through.value <= verdict.valid_through.value


@given(facts_and_day(), st.data())
def test_5_suspension_transfer_scope_and_transition_never_change_the_last_day(
    case: tuple[Facts, date], data: st.DataObject
) -> None:
    facts, on = case
    verdict = judge(facts, on)
    kind = data.draw(
        st.sampled_from(
            [
                DecisionKind.SUSPENDED,
                DecisionKind.SUSPENSION_LIFTED,
                DecisionKind.TRANSFERRED,
                DecisionKind.SCOPE_REDUCED,
                DecisionKind.SCOPE_EXTENDED,
                DecisionKind.MAINTAINED,
                DecisionKind.REFUSED,
            ]
        )
    )
    decided_on = on - timedelta(days=data.draw(st.integers(0, 400)))
    more = replace(facts, decisions=(*facts.decisions, DecisionFact(kind, decided_on, on)))
    again = judge(more, on)
    assert _value(again.valid_through) == _value(verdict.valid_through)
    transition = AuditFact("transition audit", AuditKind.TRANSITION, decided_on)
    assert _value(judge(replace(facts, audits=(*facts.audits, transition)), on).valid_through) == _value(
        verdict.valid_through
    )


def _value(explained: object) -> object:
    return getattr(explained, "value", None)


@given(facts_and_day(), st.integers(0, 900))
def test_6_another_surveillance_never_adds_a_breach(case: tuple[Facts, date], ago: int) -> None:
    facts, on = case
    more = replace(
        facts, audits=(*facts.audits, AuditFact("another", AuditKind.SURVEILLANCE, on - timedelta(days=ago)))
    )
    assert _hard(judge(more, on)) <= _hard(judge(facts, on))


@given(facts_and_day(), st.integers(0, 900), st.integers(0, 365))
def test_6_moving_a_surveillance_earlier_within_its_year_never_adds_a_breach(
    case: tuple[Facts, date], ago: int, earlier: int
) -> None:
    facts, on = case
    if judge(facts, on).cycle is None:
        return
    began_on = day_after(Case(facts, on).count_from)
    held_on = max(on - timedelta(days=ago), min(began_on, on))
    moved_to = max(held_on - timedelta(days=earlier), min(began_on, held_on), date(held_on.year, 1, 1))
    before, after = (
        replace(facts, audits=(*facts.audits, AuditFact("another", AuditKind.SURVEILLANCE, day)))
        for day in (held_on, moved_to)
    )
    assert _hard(judge(after, on)) <= _hard(judge(before, on))


def _hard(verdict: Verdict) -> set[tuple[Rule, int | None]]:
    return {(breach.rule, breach.year) for breach in verdict.breaches}


@given(days, st.booleans())
def test_7_it_is_valid_on_its_last_day_and_expired_on_the_next(granted_on: date, printed: bool) -> None:
    last = add_days(add_months(granted_on, 36), 5 if printed else -1)
    facts = Facts(decisions=(DecisionFact(DecisionKind.GRANTED, granted_on, last if printed else None),))
    assert judge(facts, last).state.value is State.ACTIVE
    assert judge(facts, last + ONE).state.value is State.EXPIRED_RESTORABLE


@given(facts_and_day(), st.integers(1, 400))
def test_8_missed_years_only_grow_within_a_cycle_and_never_hold_the_running_year(
    case: tuple[Facts, date], later: int
) -> None:
    facts, on = case
    assume(facts.settings.audit_date is AuditDate.LAST_DAY)
    now, then = judge(facts, on), judge(facts, on + timedelta(days=later))
    assert on.year not in _missed(now)
    if now.cycle is not None and then.cycle is not None and _cycle(now) == _cycle(then):
        assert _missed(now) <= _missed(then)


def _missed(verdict: Verdict) -> set[int]:
    faults = (*verdict.breaches, *verdict.warnings)
    return {fault.year for fault in faults if fault.rule is Rule.CALENDAR_YEAR and fault.year is not None}


def _cycle(verdict: Verdict) -> tuple[object, ...] | None:
    return (verdict.cycle.number, verdict.cycle.began_on) if verdict.cycle else None


@given(facts_and_day(), st.data())
def test_11_the_order_of_the_lists_never_matters(case: tuple[Facts, date], data: st.DataObject) -> None:
    facts, on = case
    shuffled = replace(
        facts,
        audits=tuple(data.draw(st.permutations(facts.audits))),
        decisions=tuple(data.draw(st.permutations(facts.decisions))),
        nonconformities=tuple(data.draw(st.permutations(facts.nonconformities))),
        changes=tuple(data.draw(st.permutations(facts.changes))),
        deviations=tuple(data.draw(st.permutations(facts.deviations))),
    )
    assert judge(shuffled, on) == judge(facts, on)


@given(days)
@example(date(2024, 8, 31))
@example(date(2024, 2, 29))
def test_12_the_internal_plan_is_counted_from_its_start(start: date) -> None:
    limits = [row.closes_on for row in internal_plan(start, start)]
    assert limits == [add_months(start, 6 * number) for number in range(1, 7)]
    assert all(earlier < later for earlier, later in pairwise(limits))


@given(facts_and_day())
def test_nothing_dated_later_has_happened(case: tuple[Facts, date]) -> None:
    facts, on = case
    past = replace(
        facts,
        audits=tuple(
            replace(audit, status=AuditStatus.PLANNED)
            if audit.ends_on > on and audit.status is AuditStatus.COMPLETED
            else audit
            for audit in facts.audits
        ),
        decisions=tuple(decision for decision in facts.decisions if decision.decided_on <= on),
        changes=tuple(change for change in facts.changes if change.on <= on),
        nonconformities=tuple(
            replace(
                nonconformity,
                verified_on=_until(nonconformity.verified_on, on),
                plan_accepted_on=_until(nonconformity.plan_accepted_on, on),
            )
            for nonconformity in facts.nonconformities
        ),
    )
    assert replace(judge(past, on), next_change_on=None) == replace(judge(facts, on), next_change_on=None)


def _until(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


@given(facts_and_day())
def test_every_day_before_the_next_change_gives_the_same_answer(case: tuple[Facts, date]) -> None:
    facts, on = case
    verdict = judge(facts, on)
    until = verdict.next_change_on or on + timedelta(days=800)
    assert until > on
    day = on
    for _ in range(min((until - on).days - 1, 60)):
        day += ONE
        assert replace(judge(facts, day), on=on) == verdict
    assert replace(judge(facts, until - ONE), on=on) == verdict


@given(facts_and_day())
def test_a_fault_never_begins_after_the_day_and_was_there_when_it_began(case: tuple[Facts, date]) -> None:
    facts, on = case
    assume(facts.settings.audit_date is AuditDate.LAST_DAY)
    # A transition back to an edition that had ended before makes what it ended look back.
    assume(all(decision.to != "ISO/IEC 27001:2013" for decision in facts.decisions))
    verdict = judge(facts, on)
    for fault in (*verdict.breaches, *verdict.warnings):
        assert fault.since <= on
        assert fault.why
        then = judge(facts, fault.since)
        if _cycle(then) == _cycle(verdict) and fault.rule is not Rule.NOT_ON_RECORD:
            known = {(each.rule, each.year, each.since) for each in (*then.breaches, *then.warnings)}
            # A transition after the old edition's end moves the last valid day back to where it was printed.
            late_transition = fault.rule in (Rule.EDITION_DEADLINE, Rule.RESTORATION)
            assert (fault.rule, fault.year, fault.since) in known or late_transition


@given(facts_and_day(), st.integers(1, 500))
def test_breaches_of_the_current_cycle_stay(case: tuple[Facts, date], later: int) -> None:
    facts, on = case
    assume(facts.settings.audit_date is AuditDate.LAST_DAY)
    now, then = judge(facts, on), judge(facts, on + timedelta(days=later))
    if now.cycle is None or _cycle(now) != _cycle(then) or facts.standard:
        return
    assert {(breach.rule, breach.year, breach.since) for breach in now.breaches} <= {
        (breach.rule, breach.year, breach.since) for breach in then.breaches
    }


@given(facts_and_day())
def test_the_answer_is_whole(case: tuple[Facts, date]) -> None:
    verdict = judge(*case)
    assert verdict.state.why
    closing = [row.closes_on for row in verdict.deadlines]
    assert closing == sorted(closing)
    for row in verdict.deadlines:
        assert row.why
        if row.standing is Standing.MET and row.audit is AuditKind.SURVEILLANCE:
            assert row.met_by
        if row.standing is Standing.PLANNED:
            assert row.met_by is None
    applicant = verdict.state.value is State.APPLICANT
    assert applicant == (verdict.cycle is None) == (verdict.valid_through is None)
    if verdict.state.value in (State.LAPSED, State.WITHDRAWN):
        assert verdict.next_audit is None
    elif not applicant:
        assert verdict.next_audit is not None
        assert verdict.next_audit.why
        assert verdict.next_audit.closes_on is not None


@given(st.dates(), st.dates(), st.integers(0, 10**9))
def test_no_day_of_the_calendar_is_too_much(decided_on: date, on: date, months: int) -> None:
    settings = CycleSettings(
        max_early_months=months,
        restoration_months=months,
        long_gap_months=months,
        suspension_months=months,
        stage_interval_months=months,
    )
    decisions = (
        DecisionFact(DecisionKind.GRANTED, decided_on),
        DecisionFact(DecisionKind.SUSPENDED, decided_on),
        DecisionFact(DecisionKind.RENEWED, date.max),
    )
    audits = (AuditFact("a", AuditKind.STAGE_1, decided_on), AuditFact("b", AuditKind.SURVEILLANCE, on))
    assert judge(Facts(settings=settings, decisions=decisions, audits=audits), on).state.why


@given(any_facts())
def test_the_history_of_a_certificate_can_be_judged_on_every_day(facts: Facts) -> None:
    for decision in facts.decisions:
        assert judge(facts, decision.decided_on).on == decision.decided_on
