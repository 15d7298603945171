"""The rules and a second judge, written from the contract alone, give the same answers."""

from datetime import date

from hypothesis import given

from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditDate, Facts
from app.domain.certification.verdict import Rule
from tests.domain.certification import oracle
from tests.domain.certification.strategies import facts_and_day


@given(facts_and_day())
def test_state_last_days_and_cycle(case: tuple[Facts, date]) -> None:
    facts, on = case
    verdict, walked = judge(facts, on), oracle.walk(facts, on)
    assert verdict.state.value == oracle.state(facts, on)
    assert (verdict.valid_through.value if verdict.valid_through else None) == walked.last
    if verdict.cycle is not None:
        cycle = verdict.cycle
        assert (cycle.number, cycle.kind, cycle.began_on, cycle.gap_days) == (
            walked.number,
            walked.kind,
            walked.began,
            walked.gap,
        )
        assert verdict.effective_valid_through is not None
        assert verdict.effective_valid_through.value == oracle.effective(facts, walked)


@given(facts_and_day())
def test_the_surveillance_rules(case: tuple[Facts, date]) -> None:
    facts, on = case
    verdict = judge(facts, on)
    if verdict.state.value == "withdrawn" or facts.settings.audit_date is AuditDate.FIRST_DAY:
        return
    faults = (*verdict.breaches, *verdict.warnings)
    assert {each.year for each in faults if each.rule is Rule.CALENDAR_YEAR} == oracle.missed_years(facts, on)
    assert any(each.rule is Rule.FIRST_SURVEILLANCE for each in faults) == oracle.first_surveillance_is_broken(
        facts, on
    )


@given(facts_and_day())
def test_the_kind_of_the_next_audit(case: tuple[Facts, date]) -> None:
    facts, on = case
    verdict = judge(facts, on)
    if verdict.state.value != "applicant":
        assert (verdict.next_audit.kind.value if verdict.next_audit else None) == oracle.next_kind(facts, on)
