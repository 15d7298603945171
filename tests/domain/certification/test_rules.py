"""Each rule with its table of dated cases: when it holds, the day it breaks, and how it is told."""

from collections.abc import Iterable
from datetime import date

import pytest

from app.domain.certification.cycle import judge
from app.domain.certification.facts import (
    AuditDate,
    DeviationFact,
    EditionDeadline,
    Expiry,
    Facts,
    LateStage2,
    RecertificationYear,
    SecondSurveillance,
    State,
)
from app.domain.certification.verdict import Breach, CycleKind, Deadline, Rule, Standing
from tests.domain.certification.making import (
    ISMS_2013,
    audit,
    change,
    day,
    decision,
    facts,
    granted,
    major,
    minor,
    planned,
    stages,
)

D = "2024-03-15"
GRANTED = (granted(D), *stages(D))
S1, S2 = audit("surveillance", "2025-02-20", "S1"), audit("surveillance", "2026-02-20", "S2")
R = audit("recertification", "2027-01-20", "R")
CYCLE_2 = (*GRANTED, S1, S2, R, decision("renewed", "2027-02-10"))


def faults(found: Iterable[Breach]) -> list[tuple[str, int | None, str]]:
    return [(fault.rule.value, fault.year, fault.since.isoformat()) for fault in found]


def breaches(of: Facts, on: str) -> list[tuple[str, int | None, str]]:
    return faults(judge(of, day(on)).breaches)


def warnings(of: Facts, on: str) -> list[tuple[str, int | None, str]]:
    return faults(judge(of, day(on)).warnings)


def row(of: Facts, on: str, rule: Rule, year: int | None = None) -> Deadline:
    return next(each for each in judge(of, day(on)).deadlines if (each.rule, each.year) == (rule, year))


def next_audit(of: Facts, on: str) -> tuple[str, str | None, str | None] | None:
    following = judge(of, day(on)).next_audit
    return following and (
        following.kind.value,
        following.opens_on and following.opens_on.isoformat(),
        following.closes_on and following.closes_on.isoformat(),
    )


# R1 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audits", "broken"),
    [
        (["stage-1 2024-01-30", "stage-2 2024-02-28"], False),
        (["stage-1 2024-02-28", "stage-2 2024-02-28"], False),
        (["stage-1 2024-01-30", "stage-2 2024-03-15"], False),
        (["stage-1 2024-02-29", "stage-2 2024-02-28"], True),
        (["stage-1 2024-01-30", "stage-2 2024-03-16"], True),
        (["stage-1 2024-01-30"], True),
        (["stage-2 2024-02-28"], True),
        (["stage-1 2024-01-30 not-ready", "stage-2 2024-02-28"], True),
        (["stage-1 2024-01-30", "stage-2 2024-02-28 not-recommended"], True),
        (["stage-1 2024-01-30 not-ready", "stage-1 2024-02-10 ready", "stage-2 2024-02-28"], False),
        (["stage-1 2024-01-30", "stage-2 2024-02-10 not-recommended", "stage-2 2024-03-01 recommended"], False),
    ],
)
def test_a_grant_needs_two_stages_in_order(audits: list[str], broken: bool) -> None:
    of = facts(granted(D), *(audit(*each.split()[:2], outcome=[*each.split(), None][2]) for each in audits))
    assert breaches(of, "2024-04-01") == ([("two-stage", None, D)] if broken else [])


def test_stage_2_starts_when_stage_1_has_ended() -> None:
    overlapping = facts(
        granted(D), audit("stage-1", "2024-02-27"), audit("stage-2", "2024-02-28", starts_on="2024-02-26")
    )
    assert breaches(overlapping, D) == [("two-stage", None, D)]


def test_a_certificate_taken_over_without_any_stage_audit_is_only_warned_of() -> None:
    assert breaches(facts(granted(D)), D) == []
    assert warnings(facts(granted(D)), D) == [("not-on-record", None, D)]
    assert warnings(facts(granted(D), audit("stage-1", "2024-01-30", status="cancelled")), D) == [
        ("not-on-record", None, D)
    ]


def test_a_new_certification_after_lapse_needs_a_stage_2_of_its_own() -> None:
    again = (*GRANTED, granted("2028-01-10"))
    assert breaches(facts(*again), "2028-01-10") == [("two-stage", None, "2028-01-10")]
    assert breaches(facts(*again, audit("stage-2", "2027-12-10")), "2028-01-10") == []


# R3, R4 ---------------------------------------------------------------------------------------------------------


def test_a_long_interval_between_the_stages_is_a_warning() -> None:
    first = audit("stage-1", "2024-01-31")
    assert warnings(facts(first), "2024-07-31") == []
    assert warnings(facts(first), "2024-08-01") == [("stage-interval", None, "2024-08-01")]
    assert warnings(facts(first, audit("stage-2", "2024-07-31")), "2024-09-01") == []
    assert warnings(facts(first, audit("stage-2", "2024-08-05")), "2024-09-01") == [
        ("stage-interval", None, "2024-08-01")
    ]
    assert warnings(facts(first, stage_interval_months=9), "2024-08-01") == []


def test_the_valid_stage_1_is_the_latest_before_stage_2() -> None:
    repeated = facts(
        audit("stage-1", "2024-01-31"),
        audit("stage-1", "2024-09-10"),
        change("2024-05-01"),
        audit("stage-2", "2024-10-01"),
    )
    assert warnings(repeated, "2024-10-02") == []


def test_a_significant_change_after_stage_1_asks_for_its_repeat() -> None:
    first, second = audit("stage-1", "2024-01-31"), audit("stage-2", "2024-04-01")
    assert warnings(facts(first, change("2024-02-10")), "2024-02-09") == []
    assert warnings(facts(first, change("2024-02-10")), "2024-02-10") == [("stage-1-repeat", None, "2024-02-10")]
    assert warnings(facts(first, change("2024-02-10", significant=False)), "2024-02-10") == []
    assert warnings(facts(first, change("2024-01-31")), "2024-02-10") == []
    assert warnings(facts(first, second, change("2024-04-02")), "2024-05-01") == []
    assert warnings(facts(first, second, change("2024-03-01"), granted("2024-04-20")), "2024-06-01") == [
        ("stage-1-repeat", None, "2024-03-01")
    ]


# R5, R6 ---------------------------------------------------------------------------------------------------------

APPLICATION = (audit("stage-1", "2024-07-01"), audit("stage-2", "2024-08-31", "s2"))


@pytest.mark.parametrize(
    ("verified_on", "on", "standing"),
    [
        (None, "2025-02-28", Standing.OPEN),
        (None, "2025-03-01", Standing.BREACHED),
        ("2025-02-28", "2025-02-27", Standing.OPEN),
        ("2025-02-28", "2025-02-28", Standing.MET),
        ("2025-03-01", "2025-06-01", Standing.BREACHED),
    ],
)
def test_majors_of_stage_2_are_verified_within_six_months(verified_on: str | None, on: str, standing: Standing) -> None:
    of = facts(*APPLICATION, major("s2", verified_on))
    assert row(of, on, Rule.STAGE_2_MAJORS).standing is standing
    assert breaches(of, on) == ([("stage-2-majors", None, "2025-03-01")] if standing is Standing.BREACHED else [])
    # In time, the decision is awaited: it will set the days of the first surveillance.
    awaited = ("surveillance", None, None)
    assert next_audit(of, on) == (("stage-2", "2024-08-31", None) if standing is Standing.BREACHED else awaited)


def test_a_justified_deviation_turns_the_breach_into_a_warning() -> None:
    of = facts(*APPLICATION, major("s2"), DeviationFact("stage-2-majors", "risk assessed"))
    assert breaches(of, "2025-03-01") == []
    assert ("stage-2-majors", None, "2025-03-01") in warnings(of, "2025-03-01")
    assert next_audit(of, "2025-03-01") == ("surveillance", None, None)
    unsaid = facts(*APPLICATION, major("s2"), DeviationFact("stage-2-majors", " "))
    assert breaches(unsaid, "2025-03-01") == [("stage-2-majors", None, "2025-03-01")]


def test_the_row_of_the_majors_stays_in_the_first_cycle() -> None:
    of = facts(*APPLICATION, major("s2", "2024-10-01"), granted("2024-10-10"))
    assert row(of, "2025-01-01", Rule.STAGE_2_MAJORS).standing is Standing.MET


@pytest.mark.parametrize(
    ("finding", "broken"),
    [
        (major("stage 2", "2024-03-15"), False),
        (major("stage 2", "2024-03-16"), True),
        (major("stage 2"), True),
        (minor("stage 2", "2024-03-15"), False),
        (minor("stage 2", "2024-03-16"), True),
        (minor("stage 2"), True),
    ],
)
def test_a_decision_waits_for_majors_verified_and_plans_accepted(finding: object, broken: bool) -> None:
    found = breaches(facts(*GRANTED, finding), "2024-06-01")
    assert found == ([("decision-preconditions", None, D)] if broken else [])


def test_a_renewal_waits_too_and_the_breach_stays_for_its_cycle() -> None:
    of = facts(*CYCLE_2, major("R", "2027-02-11"))
    assert breaches(of, "2027-02-10") == [("decision-preconditions", None, "2027-02-10")]
    assert ("decision-preconditions", None, "2027-02-10") in breaches(of, "2030-01-01")


# R7, C4 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided_on", "expiry", "last"),
    [
        ("2024-03-15", Expiry.DAY_BEFORE, "2027-03-14"),
        ("2024-03-15", Expiry.ANNIVERSARY, "2027-03-15"),
        ("2024-03-01", Expiry.DAY_BEFORE, "2027-02-28"),
        ("2021-03-01", Expiry.DAY_BEFORE, "2024-02-29"),
        ("2024-02-29", Expiry.ANNIVERSARY, "2027-02-28"),
        ("2023-12-31", Expiry.DAY_BEFORE, "2026-12-30"),
    ],
)
def test_a_cycle_lasts_36_calendar_months(decided_on: str, expiry: Expiry, last: str) -> None:
    verdict = judge(facts(granted(decided_on), expiry=expiry), day(decided_on))
    assert verdict.valid_through is not None
    assert verdict.valid_through.value == day(last)


def test_the_printed_day_counts_where_there_is_one() -> None:
    of = facts(granted(D, valid_through="2027-03-31"))
    assert row(of, D, Rule.RECERTIFICATION).closes_on == day("2027-03-31")


# R8 to R11 ------------------------------------------------------------------------------------------------------


def test_special_audits_count_only_when_recorded_as_surveillance() -> None:
    special = audit("special", "2025-02-20", counts=True)
    assert row(facts(*GRANTED, special), "2025-03-20", Rule.FIRST_SURVEILLANCE).standing is Standing.MET
    plain = audit("special", "2025-02-20")
    assert breaches(facts(*GRANTED, plain), "2025-03-20") == [("first-surveillance", None, "2025-03-16")]


def test_the_day_that_counts_is_the_last_or_by_setting_the_first() -> None:
    over = audit("surveillance", "2025-03-17", starts_on="2025-03-14")
    assert breaches(facts(*GRANTED, over), "2025-03-17") == [("first-surveillance", None, "2025-03-16")]
    lenient = facts(*GRANTED, over, audit_date=AuditDate.FIRST_DAY)
    assert breaches(lenient, "2025-03-17") == []
    assert row(lenient, "2025-03-16", Rule.FIRST_SURVEILLANCE).standing is Standing.PLANNED


@pytest.mark.parametrize(
    ("planned_on", "on", "standing"),
    [
        ("2025-03-15", "2025-01-01", Standing.PLANNED),
        ("2025-03-15", "2025-03-15", Standing.PLANNED),
        ("2025-03-15", "2025-03-16", Standing.BREACHED),
        ("2025-03-16", "2025-01-01", Standing.OPEN),
        ("2025-02-01", "2025-02-02", Standing.OPEN),
    ],
)
def test_a_planned_audit_stands_for_a_limit_until_its_day_has_passed(
    planned_on: str, on: str, standing: Standing
) -> None:
    of = facts(*GRANTED, planned("surveillance", planned_on))
    assert row(of, on, Rule.FIRST_SURVEILLANCE).standing is standing


def test_a_completed_audit_that_ends_later_counts_as_planned() -> None:
    assert row(facts(*GRANTED, S1), "2025-02-19", Rule.FIRST_SURVEILLANCE).standing is Standing.PLANNED
    assert row(facts(*GRANTED, S1), "2025-02-20", Rule.FIRST_SURVEILLANCE).standing is Standing.MET


def test_a_justified_year_is_a_warning() -> None:
    of = facts(*GRANTED, S1, audit("surveillance", "2027-01-05"), DeviationFact("calendar-year", "season", 2026))
    assert breaches(of, "2027-01-10") == []
    assert ("calendar-year", 2026, "2027-01-01") in warnings(of, "2027-01-10")
    other = facts(*GRANTED, S1, audit("surveillance", "2027-01-05"), DeviationFact("calendar-year", "season", 2025))
    assert breaches(other, "2027-01-10") == [("calendar-year", 2026, "2027-01-01")]


def test_the_second_surveillance_is_hard_by_setting_and_then_closes_the_window() -> None:
    soft, hard = facts(*GRANTED, S1), facts(*GRANTED, S1, second_surveillance=SecondSurveillance.HARD)
    assert next_audit(soft, "2026-01-10") == ("surveillance", "2026-01-01", "2026-12-31")
    assert next_audit(hard, "2026-01-10") == ("surveillance", "2026-01-01", "2026-03-15")
    assert warnings(soft, "2026-03-16") == [("second-surveillance", None, "2026-03-16")]
    assert breaches(hard, "2026-03-16") == [("second-surveillance", None, "2026-03-16")]
    assert warnings(hard, "2026-03-16") == []


def test_two_surveillances_come_before_the_first_recertification() -> None:
    assert breaches(facts(*GRANTED, S1, audit("recertification", "2026-11-10")), "2026-11-09") == []
    late = (*GRANTED, S1, audit("recertification", "2026-11-10"), audit("surveillance", "2026-12-01"))
    assert breaches(facts(*late), "2026-12-31") == [("surveillance-count", None, "2026-11-10")]
    assert breaches(facts(*GRANTED, S1, S2, R), "2027-01-20") == []


@pytest.mark.parametrize(
    ("ends_on", "standing"),
    [
        ("2026-03-14", Standing.OPEN),
        ("2026-03-15", Standing.PLANNED),
        ("2027-03-14", Standing.PLANNED),
        ("2027-03-15", Standing.OPEN),
    ],
)
def test_a_planned_recertification_audit_counts_within_its_window(ends_on: str, standing: Standing) -> None:
    of = facts(*GRANTED, S1, planned("recertification", ends_on))
    assert row(of, "2025-06-01", Rule.RECERTIFICATION).standing is standing


def test_a_long_gap_is_a_warning_in_a_later_cycle_only() -> None:
    assert warnings(facts(*GRANTED, S1), "2025-12-31") == []
    assert warnings(facts(*CYCLE_2), "2028-07-20") == []
    gap = ("long-gap", None, "2028-07-21")
    assert warnings(facts(*CYCLE_2), "2028-07-21") == [gap]
    assert gap in warnings(facts(*CYCLE_2, audit("surveillance", "2028-11-01")), "2029-01-01")
    assert warnings(facts(*CYCLE_2, audit("special", "2028-02-01")), "2028-07-21") == []
    assert warnings(facts(*CYCLE_2, long_gap_months=24), "2028-07-21") == []


def test_a_year_without_any_audit_after_a_decision_of_its_own() -> None:
    late = (audit("stage-1", "2023-10-01"), audit("stage-2", "2023-11-20"), granted("2024-01-05"))
    assert warnings(facts(*late, audit("surveillance", "2025-01-03")), "2025-01-10") == [
        ("decision-year-gap", 2024, "2025-01-01")
    ]
    special = audit("special", "2024-06-01")
    assert warnings(facts(*late, special, audit("surveillance", "2025-01-03")), "2025-01-10") == []
    assert warnings(facts(*late), "2024-12-31") == []


# R14 to R18 -----------------------------------------------------------------------------------------------------


def test_the_recertification_is_open_until_it_is_decided() -> None:
    assert row(
        facts(*GRANTED, S1, S2, planned("recertification", "2027-01-20")), "2026-12-01", Rule.RECERTIFICATION
    ) == (row(facts(*GRANTED, S1, S2, R), "2026-12-01", Rule.RECERTIFICATION))
    held = facts(*GRANTED, S1, S2, R)
    assert row(held, "2026-12-01", Rule.RECERTIFICATION).standing is Standing.PLANNED
    assert row(held, "2027-01-20", Rule.RECERTIFICATION).standing is Standing.OPEN
    assert next_audit(held, "2027-01-20") == ("recertification", "2026-03-15", "2027-03-14")
    assert breaches(held, "2027-03-15") == [("recertification", None, "2027-03-15")]


def test_a_renewal_begins_the_next_cycle() -> None:
    verdict = judge(facts(*CYCLE_2), day("2027-02-10"))
    assert verdict.cycle is not None
    assert (verdict.cycle.number, verdict.cycle.kind, verdict.cycle.gap_days) == (2, CycleKind.RECERTIFICATION, 0)
    assert {each.rule for each in verdict.deadlines} == {Rule.CALENDAR_YEAR, Rule.RECERTIFICATION}
    assert [each.year for each in verdict.deadlines][:2] == [2028, 2029]
    assert (verdict.breaches, verdict.warnings) == ((), ())


@pytest.mark.parametrize(
    ("decided_on", "last"),
    [
        ("2026-09-14", "2030-03-14"),
        ("2026-09-13", "2029-09-12"),
        ("2027-03-14", "2030-03-14"),
    ],
)
def test_early_days_are_credited_up_to_the_cap(decided_on: str, last: str) -> None:
    of = facts(*GRANTED, S1, S2, audit("recertification", "2026-09-01"), decision("renewed", decided_on))
    verdict = judge(of, day(decided_on))
    assert verdict.valid_through is not None
    assert verdict.valid_through.value == day(last)


def test_a_late_stage_2_that_keeps_the_prior_cycle_is_no_doubtful_restoration() -> None:
    again = (*GRANTED, S1, S2, audit("stage-2", "2027-10-20"), granted("2027-11-01"))
    assert warnings(facts(*again, late_stage_2=LateStage2.PRIOR_CYCLE), "2027-12-01") == []


def test_a_late_restoration_is_said_once() -> None:
    late = facts(*GRANTED, S1, S2, audit("recertification", "2027-10-01"), decision("restored", "2027-11-01"))
    assert ("restoration", None, "2027-11-01") in breaches(late, "2027-12-01")
    assert warnings(late, "2027-12-01") == []


def test_a_restoration_keeps_the_prior_cycle_and_counts_the_gap() -> None:
    verdict = judge(facts(*GRANTED, S1, S2, R, decision("restored", "2027-06-01")), day("2027-06-01"))
    assert verdict.state.value is State.ACTIVE
    assert verdict.valid_through is not None
    assert verdict.valid_through.value == day("2030-03-14")
    assert verdict.cycle is not None
    assert verdict.cycle.gap_days == 78
    assert (verdict.breaches, verdict.warnings) == ((), ())


def test_a_restoration_after_its_last_day_is_kept_and_shown_as_a_breach() -> None:
    of = facts(*GRANTED, S1, S2, R, decision("restored", "2027-09-15"))
    assert judge(of, day("2027-09-14")).state.value is State.EXPIRED_RESTORABLE
    assert judge(of, day("2027-09-15")).state.value is State.ACTIVE
    assert breaches(of, "2027-09-15") == [("restoration", None, "2027-09-15")]


def test_an_audit_begun_after_expiry_is_worth_a_warning() -> None:
    after = audit("recertification", "2027-05-03")
    of = facts(*GRANTED, S1, S2, after, decision("restored", "2027-06-01"))
    assert warnings(of, "2027-06-01") == [("restoration", None, "2027-06-01")]


def test_a_grant_after_lapse_begins_a_cycle_of_its_own_or_by_setting_keeps_the_prior_one() -> None:
    again = (*GRANTED, S1, S2, audit("stage-2", "2027-11-10"), granted("2027-12-01"))
    own = judge(facts(*again), day("2027-12-01"))
    assert own.cycle is not None
    assert own.valid_through is not None
    assert (own.cycle.number, own.cycle.kind, own.cycle.gap_days) == (1, CycleKind.INITIAL, 0)
    assert own.valid_through.value == day("2030-11-30")
    assert own.next_audit is not None
    assert own.next_audit.closes_on == day("2028-12-01")
    prior = judge(facts(*again, late_stage_2=LateStage2.PRIOR_CYCLE), day("2027-12-01"))
    assert prior.cycle is not None
    assert prior.valid_through is not None
    assert (prior.cycle.number, prior.cycle.kind, prior.cycle.gap_days) == (2, CycleKind.RECERTIFICATION, 261)
    assert prior.valid_through.value == day("2030-03-14")


def test_the_base_year_follows_the_audit_or_by_setting_the_decision() -> None:
    of = (*GRANTED, S1, S2, audit("recertification", "2026-12-10"), decision("renewed", "2027-01-20"))
    assert [each.year for each in judge(facts(*of), day("2027-02-01")).deadlines if each.year] == [2027, 2028, 2029]
    by_decision = facts(*of, recertification_year=RecertificationYear.DECISION)
    assert [each.year for each in judge(by_decision, day("2027-02-01")).deadlines if each.year] == [2028, 2029]


# R19 to R23 -----------------------------------------------------------------------------------------------------


def test_a_suspension_changes_no_date_and_has_a_limit_of_its_own() -> None:
    active, suspended = facts(*GRANTED, S1), facts(*GRANTED, S1, decision("suspended", "2025-08-31"))
    verdict = judge(suspended, day("2025-09-01"))
    assert verdict.state.value is State.SUSPENDED
    assert verdict.next_audit == judge(active, day("2025-09-01")).next_audit
    assert row(suspended, "2025-09-01", Rule.SUSPENSION_LIMIT).closes_on == day("2026-02-28")
    assert breaches(suspended, "2026-03-01") == [("suspension-limit", None, "2026-03-01")]
    assert judge(suspended, day("2026-03-01")).state.value is State.SUSPENDED


def test_a_suspension_never_outlives_the_certificate() -> None:
    of = facts(*GRANTED, S1, S2, decision("suspended", "2027-01-10"))
    assert row(of, "2027-01-10", Rule.SUSPENSION_LIMIT).closes_on == day("2027-03-14")
    assert judge(of, day("2027-03-15")).state.value is State.EXPIRED_RESTORABLE


def test_lifted_late_the_breach_stays_and_withdrawn_in_time_there_is_none() -> None:
    suspended = (*GRANTED, S1, decision("suspended", "2025-08-31"))
    late = facts(*suspended, decision("suspension-lifted", "2026-03-10"))
    assert breaches(late, "2026-03-10") == [("suspension-limit", None, "2026-03-01")]
    assert judge(late, day("2026-03-10")).state.value is State.ACTIVE
    withdrawn = facts(*suspended, decision("withdrawn", "2026-02-01"))
    assert breaches(withdrawn, "2027-06-01") == []
    assert judge(withdrawn, day("2026-02-01")).state.value is State.WITHDRAWN
    assert next_audit(withdrawn, "2026-02-01") is None


def test_what_falls_due_after_a_withdrawal_is_nobodys_breach() -> None:
    of = facts(*GRANTED, decision("withdrawn", "2024-12-01"))
    assert judge(of, day("2028-01-01")).breaches == ()
    assert judge(of, day("2028-01-01")).deadlines == ()
    assert judge(of, day("2028-01-01")).state.value is State.WITHDRAWN


def test_after_a_withdrawal_only_a_new_grant_helps() -> None:
    withdrawn = (*GRANTED, S1, decision("withdrawn", "2025-12-01"))
    assert judge(facts(*withdrawn, decision("renewed", "2026-01-10")), day("2026-02-01")).state.value is State.WITHDRAWN
    again = facts(*withdrawn, audit("stage-1", "2026-01-10"), audit("stage-2", "2026-02-10"), granted("2026-03-01"))
    verdict = judge(again, day("2026-03-01"))
    assert verdict.state.value is State.ACTIVE
    assert verdict.breaches == ()


@pytest.mark.parametrize(
    ("more", "broken"),
    [
        ([], False),
        ([decision("suspended", "2025-05-01")], True),
        ([decision("suspended", "2025-05-01"), decision("suspension-lifted", "2025-06-01")], False),
        ([major("S1")], True),
        ([major("S1", "2025-06-01")], False),
        ([major("S1", "2025-06-02")], True),
        ([minor("S1")], False),
    ],
)
def test_a_transfer_needs_a_valid_certificate_without_open_majors(more: list[object], broken: bool) -> None:
    of = facts(*GRANTED, S1, decision("transferred", "2025-06-01"), *more)
    found = breaches(of, "2025-06-02")
    assert (("transfer", None, "2025-06-01") in found) is broken


def test_an_expired_certificate_is_not_transferred() -> None:
    of = facts(*GRANTED, S1, S2, decision("transferred", "2027-04-01"))
    assert ("transfer", None, "2027-04-01") in breaches(of, "2027-04-01")


# R31 ------------------------------------------------------------------------------------------------------------

OLD = {"standard": "ISO/IEC 27001:2013", "editions": (ISMS_2013,)}
CERTIFIED = (granted("2023-09-20"), *stages("2023-09-20"))


def test_the_end_of_an_edition_caps_and_then_ends_the_certificate() -> None:
    of = facts(*CERTIFIED, **OLD)
    verdict = judge(of, day("2025-10-31"))
    assert verdict.effective_valid_through is not None
    assert verdict.effective_valid_through.value == day("2025-10-31")
    assert "27001:2013" in verdict.effective_valid_through.why[0].says
    assert judge(of, day("2025-11-01")).state.value is State.LAPSED
    assert ("edition-deadline", None, "2025-11-01") in breaches(of, "2025-11-01")


def test_a_transition_removes_the_cap_and_changes_no_other_date() -> None:
    moved = decision("transitioned", "2025-06-01", to="ISO/IEC 27001:2022")
    review = audit("transition", "2025-05-10", "T")
    verdict = judge(facts(*CERTIFIED, moved, review, **OLD), day("2025-11-01"))
    assert verdict.state.value is State.ACTIVE
    assert verdict.effective_valid_through is not None
    assert verdict.effective_valid_through.value == day("2026-09-19")
    edition = next(each for each in verdict.deadlines if each.rule is Rule.EDITION_DEADLINE)
    assert (edition.standing, edition.met_by) == (Standing.MET, "T")


def test_a_restoration_after_the_end_of_an_edition_is_a_setting() -> None:
    of = facts(*CERTIFIED, **OLD, restore_after_edition_deadline=True)
    assert judge(of, day("2025-11-01")).state.value is State.EXPIRED_RESTORABLE
    assert judge(of, day("2026-04-30")).state.value is State.EXPIRED_RESTORABLE
    assert judge(of, day("2026-05-01")).state.value is State.LAPSED


def test_a_certificate_that_expired_before_its_edition_is_restored_only_up_to_its_end() -> None:
    of = facts(granted("2022-08-01"), *stages("2022-08-01"), **OLD)
    assert judge(of, day("2025-08-01")).state.value is State.EXPIRED_RESTORABLE
    assert judge(of, day("2025-10-31")).state.value is State.EXPIRED_RESTORABLE
    assert judge(of, day("2025-11-01")).state.value is State.LAPSED


@pytest.mark.parametrize(("ended_on", "broken"), [("2024-04-30", False), ("2024-05-01", True)])
def test_no_stage_2_and_no_recertification_to_an_ending_edition_after_its_day(ended_on: str, broken: bool) -> None:
    first = facts(audit("stage-1", "2024-01-10"), audit("stage-2", ended_on), **OLD)
    expected = [("edition-deadline", None, ended_on)] if broken else []
    assert breaches(first, "2024-06-01") == expected
    renewed = (granted("2021-07-01"), *stages("2021-07-01"), audit("surveillance", "2022-06-01"))
    more = (audit("surveillance", "2023-06-01"), audit("recertification", ended_on), decision("renewed", "2024-06-01"))
    assert breaches(facts(*renewed, *more, **OLD), "2024-06-01") == expected


def test_an_applicant_to_an_ending_edition_sees_the_last_day() -> None:
    assert next_audit(facts(audit("stage-1", "2024-01-10"), **OLD), "2024-02-01") == (
        "stage-2",
        "2024-01-10",
        "2024-04-30",
    )


def test_an_edition_is_known_with_or_without_its_publishers() -> None:
    of = facts(*CERTIFIED, standard="27001:2013", editions=(ISMS_2013,))
    assert judge(of, day("2025-11-01")).state.value is State.LAPSED


def test_an_edition_without_a_deadline_binds_nothing() -> None:
    of = facts(*CERTIFIED, standard="ISO/IEC 27001:2022", editions=(ISMS_2013,))
    assert judge(of, day("2026-09-19")).state.value is State.ACTIVE


# next_audit -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "on", "expected"),
    [
        ((), "2024-01-01", ("stage-1", None, None)),
        ((audit("stage-1", "2024-01-30", outcome="not-ready"),), "2024-02-01", ("stage-1", None, None)),
        ((audit("stage-1", "2024-01-30"),), "2024-02-01", ("stage-2", "2024-01-30", None)),
        ((audit("stage-1", "2024-01-30"), audit("stage-2", "2024-02-28")), "2024-03-01", ("surveillance", None, None)),
        (
            (audit("stage-1", "2024-01-30"), audit("stage-2", "2024-02-28", outcome="not-recommended")),
            "2024-03-01",
            ("stage-2", "2024-01-30", None),
        ),
        (GRANTED, "2024-03-15", ("surveillance", "2024-03-16", "2025-03-15")),
        (GRANTED, "2026-06-01", ("surveillance", "2024-03-16", "2025-03-15")),
        ((*GRANTED, S1), "2025-02-20", ("surveillance", "2026-01-01", "2026-12-31")),
        ((*GRANTED, S1), "2027-02-01", ("surveillance", "2026-01-01", "2026-12-31")),
        ((*GRANTED, S1, S2), "2026-02-20", ("recertification", "2026-03-15", "2027-03-14")),
        (
            (*GRANTED, S1, audit("surveillance", "2025-11-20")),
            "2026-02-20",
            ("recertification", "2026-03-15", "2026-12-31"),
        ),
        ((*GRANTED, S1, S2, R), "2027-03-15", ("recertification", "2026-03-15", "2027-09-14")),
        ((*GRANTED, S1, S2, R), "2027-09-15", None),
        (CYCLE_2, "2027-02-10", ("surveillance", "2028-01-01", "2028-12-31")),
        ((*CYCLE_2, audit("surveillance", "2028-02-01")), "2028-03-01", ("surveillance", "2029-01-01", "2029-12-31")),
        (
            (*CYCLE_2, audit("surveillance", "2028-02-01"), audit("surveillance", "2029-02-01")),
            "2029-03-01",
            ("recertification", "2029-03-15", "2030-03-14"),
        ),
    ],
)
def test_the_next_audit_and_its_window(
    parts: tuple[object, ...], on: str, expected: tuple[str, str | None, str | None] | None
) -> None:
    assert next_audit(facts(*parts), on) == expected


# order of one day -----------------------------------------------------------------------------------------------


def test_decisions_of_one_day_count_in_their_order() -> None:
    lifted = facts(*GRANTED, S1, decision("suspension-lifted", "2025-06-01"), decision("suspended", "2025-06-01"))
    assert judge(lifted, day("2025-06-01")).state.value is State.ACTIVE
    gone = facts(decision("withdrawn", D), *GRANTED)
    assert judge(gone, day(D)).state.value is State.WITHDRAWN
    moved = facts(
        granted("2026-01-10"),
        *stages("2026-01-10"),
        decision("transitioned", "2026-01-10", to="ISO/IEC 27001:2022"),
        **OLD,
    )
    assert judge(moved, day("2026-01-10")).state.value is State.ACTIVE


def test_a_decision_is_in_force_on_its_day_and_not_before() -> None:
    of = facts(*GRANTED)
    assert judge(of, day("2024-03-14")).state.value is State.APPLICANT
    assert judge(of, day("2024-03-15")).state.value is State.ACTIVE


def test_what_means_nothing_before_a_grant_is_ignored() -> None:
    early = (
        decision("suspended", "2024-01-01"),
        decision("withdrawn", "2024-01-02"),
        decision("refused", "2024-01-03"),
    )
    assert judge(facts(*early), day("2024-02-01")).state.value is State.APPLICANT
    assert judge(facts(*early, *GRANTED), day(D)).state.value is State.ACTIVE


def test_the_editions_deadline_may_be_of_any_edition() -> None:
    ends = EditionDeadline("ISO 9001:2015", date(2029, 9, 30))
    of = facts(granted("2027-01-10"), *stages("2027-01-10"), standard="ISO 9001:2015", editions=(ends,))
    verdict = judge(of, day("2028-01-01"))
    assert verdict.effective_valid_through is not None
    assert verdict.effective_valid_through.value == date(2029, 9, 30)
    assert verdict.breaches == ()
