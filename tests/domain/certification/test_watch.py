"""Notices: what endangers a certificate although no rule of its cycle is broken today."""

from dataclasses import replace

from app.domain.certification.cycle import judge
from app.domain.certification.facts import DeviationFact, SecondSurveillance
from app.domain.certification.risk import Risk, next_risk_change_on, risk_of
from app.domain.certification.verdict import Rule, Standing
from app.domain.certification.watch import turning_days, watch
from tests.domain.certification.making import audit, day, decision, facts, granted, major, minor, planned, stages

RENEWED = (
    *stages("2022-06-10"),
    granted("2022-06-10"),
    audit("recertification", "2025-04-10"),
    decision("renewed", "2025-05-20"),
    audit("surveillance", "2026-03-10"),
)


def standing(known, on):
    verdict = judge(known, day(on))
    return risk_of(verdict, watch(known, verdict))


def test_an_audit_planned_past_its_limit_puts_the_certificate_at_risk_and_breaks_nothing():
    known = facts(*RENEWED, planned("surveillance", "2028-01-12", "SA-2027-01"))
    verdict = judge(known, day("2026-11-26"))
    assert (verdict.breaches, verdict.state.value) == ((), "active")
    risk = risk_of(verdict, watch(known, verdict))
    assert risk.value is Risk.AT_RISK
    assert risk.why[0].says == (
        "The surveillance is planned past its limit by 12 days: SA-2027-01 on 12 Jan 2028, "
        "surveillance 2027 by 31 Dec 2027."
    )
    in_time = facts(*RENEWED, planned("surveillance", "2027-12-31", "SA-2027-01"))
    assert watch(in_time, judge(in_time, day("2026-11-26"))) == ()


def test_once_the_limit_has_passed_the_breach_says_it():
    known = facts(*RENEWED, planned("surveillance", "2028-01-12"))
    assert watch(known, judge(known, day("2028-01-01"))) == ()
    assert standing(known, "2028-01-01").value is Risk.BROKEN


def test_past_a_soft_limit_it_needs_attention_only():
    parts = (
        *stages("2025-02-10"),
        granted("2025-02-10"),
        audit("surveillance", "2026-01-20"),
        planned("surveillance", "2027-03-10"),
        planned("recertification", "2027-12-01"),
    )
    soft = facts(*parts)
    assert standing(soft, "2026-09-01").value is Risk.ATTENTION
    hard = facts(*parts, second_surveillance=SecondSurveillance.HARD)
    assert standing(hard, "2026-09-01").value is Risk.AT_RISK


def test_a_miss_that_is_a_warning_is_not_a_broken_rule():
    known = facts(
        *stages("2024-02-28"),
        granted("2024-02-28"),
        audit("surveillance", "2025-01-17"),
        planned("surveillance", "2026-12-10"),
    )
    verdict = judge(known, day("2026-11-26"))
    assert {each.rule: each.shown for each in verdict.deadlines if each.standing is Standing.BREACHED} == {
        Rule.SECOND_SURVEILLANCE: "missed"
    }
    assert risk_of(verdict).value is not Risk.BROKEN
    justified = facts(*RENEWED, DeviationFact("calendar-year", "A merger.", 2027))
    assert standing(justified, "2028-01-01").value is not Risk.BROKEN
    by_setting = facts(
        *stages("2024-02-28"),
        granted("2024-02-28"),
        audit("surveillance", "2025-01-17"),
        second_surveillance=SecondSurveillance.HARD,
    )
    assert standing(by_setting, "2026-11-26").value is Risk.BROKEN


def test_an_answer_that_is_overdue_and_an_open_major_need_attention():
    held = "surveillance 2026-03-10"
    late = replace(minor(held), response_due_on=day("2026-04-30"))
    known = facts(*RENEWED, planned("surveillance", "2027-03-10"), late)
    assert standing(known, "2026-04-30").value is Risk.SAFE
    verdict = judge(known, day("2026-04-30"))
    assert next_risk_change_on(verdict, turning_days(known)) == day("2026-05-01")
    said = standing(known, "2026-05-01")
    assert said.value is Risk.ATTENTION
    assert said.why[0].says == "The answer to the minor nonconformity n2 was due by 30 Apr 2026; no plan is accepted."
    opened = facts(*RENEWED, planned("surveillance", "2027-03-10"), major(held))
    assert standing(opened, "2026-05-01").value is Risk.ATTENTION
    assert "the body has accepted no plan yet" in standing(opened, "2026-05-01").why[0].says
    verified = facts(*RENEWED, planned("surveillance", "2027-03-10"), major(held, "2026-04-30"))
    assert standing(verified, "2026-05-01").value is Risk.SAFE


def test_a_renewal_without_a_recertification_audit_on_record_is_told():
    known = facts(*stages("2022-06-10"), granted("2022-06-10"), decision("renewed", "2025-05-20"))
    said = [each.why[0].says for each in watch(known, judge(known, day("2025-06-01")))]
    assert len(said) == 1
    assert said[0].startswith("No recertification audit is on record behind the renewal of 20 May 2025")
    with_it = facts(*RENEWED)
    assert watch(with_it, judge(with_it, day("2025-06-01"))) == ()
