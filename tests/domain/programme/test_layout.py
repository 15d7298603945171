"""Laying out the programme: every audit of the cycle, on a free day, before its limit, with its reasons."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditFact, AuditKind, DecisionFact, DecisionKind, Facts
from app.domain.programme.free_days import Blackout, closed_days, nearest
from app.domain.programme.layout import LayoutSettings, Proposal, lay_out
from tests.domain.certification.making import audit, day, decision, facts, granted, planned, stages
from tests.domain.certification.strategies import days, facts_and_day

HOLIDAYS = {day("2024-12-25"): "Christmas Day", day("2025-01-17"): "Founders' Day"}
OPEN = closed_days()
CLOSED = closed_days(HOLIDAYS, [Blackout(day("2024-12-15"), day("2025-01-12"), "year-end freeze")])
EXTERNAL = ("stage-1", "stage-2", "surveillance", "recertification")


def laid_out(of: Facts, on: str, closed=OPEN, **settings) -> list[tuple[str, int, str | None]]:
    return [
        (each.kind.value, each.number, each.target.value.isoformat() if each.target else None)
        for each in lay_out(of, day(on), LayoutSettings(**settings), closed)
    ]


def kinds(proposals: tuple[Proposal, ...], kind: AuditKind) -> list[Proposal]:
    return [each for each in proposals if each.kind is kind]


def test_a_decision_on_29_february_gives_every_audit_of_the_cycle() -> None:
    of = facts(granted("2024-02-29"), *stages("2024-02-29"))
    proposals = lay_out(of, day("2024-03-01"), LayoutSettings(), CLOSED)
    assert [(each.kind.value, each.number) for each in proposals] == [
        ("internal", 1),
        ("internal", 2),
        ("surveillance", 1),
        ("internal", 3),
        ("internal", 4),
        ("surveillance", 2),
        ("internal", 5),
        ("internal", 6),
        ("recertification", 1),
    ]
    for each in proposals:
        assert each.target is not None
        assert each.target.why
        assert each.closes_on is not None
        assert each.target.value < each.closes_on
        assert CLOSED(each.target.value) is None
    first, second = kinds(proposals, AuditKind.SURVEILLANCE)
    assert first.target is not None
    assert second.target is not None
    # Six weeks before 28 Feb 2025 is Founders' Day, and the day before it is free.
    assert first.target.value == day("2025-01-16")
    assert "Founders' Day" in " ".join(reason.says for reason in first.why)
    assert "28 Feb 2025" in first.target.why[0].says
    assert second.target.value == day("2026-01-16")
    (last,) = kinds(proposals, AuditKind.RECERTIFICATION)
    assert (last.starts_on, last.target and last.target.value) == (day("2026-11-26"), day("2026-11-27"))


def test_internal_audits_come_before_the_external_one_of_their_half_year() -> None:
    of = facts(granted("2024-02-29"), *stages("2024-02-29"))
    proposals = lay_out(of, day("2024-03-01"), LayoutSettings(), OPEN)
    internal = [each.target.value for each in kinds(proposals, AuditKind.INTERNAL) if each.target]
    for surveillance in kinds(proposals, AuditKind.SURVEILLANCE):
        assert surveillance.starts_on is not None
        assert any(timedelta(0) < surveillance.starts_on - held <= timedelta(days=45) for held in internal)


def test_what_is_held_or_planned_is_not_proposed_again() -> None:
    of = facts(
        granted("2024-02-29"),
        *stages("2024-02-29"),
        audit("surveillance", "2025-01-20"),
        planned("surveillance", "2026-01-20"),
        audit("internal", "2024-08-01"),
        planned("internal", "2025-02-01"),
    )
    found = laid_out(of, "2025-01-25")
    assert [each for each in found if each[0] != "internal"] == [("recertification", 1, "2026-11-27")]
    assert [each[1] for each in found if each[0] == "internal"] == [3, 4, 5, 6]
    complete = replace(of, audits=(*of.audits, planned("recertification", "2026-11-20")))
    assert [each for each in laid_out(complete, "2025-01-25") if each[0] != "internal"] == []


def test_a_surveillance_is_put_before_a_recertification_that_is_planned() -> None:
    of = facts(
        granted("2024-02-29"),
        *stages("2024-02-29"),
        audit("surveillance", "2025-01-20"),
        planned("recertification", "2026-01-12"),
    )
    (found,) = [each for each in laid_out(of, "2025-02-01") if each[0] == "surveillance"]
    assert found[2] is not None
    assert found[2] < "2026-01-12"


def test_days_that_have_passed_are_marked_as_such() -> None:
    of = facts(granted("2024-02-29"), *stages("2024-02-29"))
    proposals = lay_out(of, day("2026-11-23"), LayoutSettings(), OPEN)
    first, second = kinds(proposals, AuditKind.SURVEILLANCE)
    assert first.is_past
    assert first.target is not None
    assert first.target.value == day("2025-01-17")
    assert not second.is_past
    assert second.target is not None
    assert day("2026-11-23") < second.target.value <= day("2026-12-31")
    (last,) = kinds(proposals, AuditKind.RECERTIFICATION)
    assert last.target is not None
    assert second.target.value < last.target.value <= day("2027-02-27")


def test_an_overdue_surveillance_is_proposed_soon_while_its_year_is_open() -> None:
    of = facts(granted("2024-03-15"), *stages("2024-03-15"))
    first = kinds(lay_out(of, day("2025-06-01"), LayoutSettings(), OPEN), AuditKind.SURVEILLANCE)[0]
    assert not first.is_past
    assert first.target is not None
    assert day("2025-06-02") <= first.target.value <= day("2025-07-01")
    assert "limit has passed" in " ".join(reason.says for reason in first.why)


def test_where_no_day_is_free_it_says_so_and_lays_out_the_rest() -> None:
    of = facts(granted("2024-03-15"), *stages("2024-03-15"))
    always = Blackout(day("2024-03-01"), day("2025-03-15"), "move of the data centre")
    proposals = lay_out(of, day("2024-03-16"), LayoutSettings(), closed_days(blackouts=[always]))
    first, second = kinds(proposals, AuditKind.SURVEILLANCE)
    assert first.target is None
    assert first.why[0].says == "No free day is left between 17 Mar 2024 and 15 Mar 2025: nothing is proposed."
    assert second.target is not None


def test_an_applicant_is_offered_both_stages() -> None:
    proposals = lay_out(Facts(), day("2026-11-23"), LayoutSettings(), OPEN)
    assert [each.kind.value for each in proposals if each.kind.value in EXTERNAL] == ["stage-1", "stage-2"]
    first, second = (each for each in proposals if each.kind.value in EXTERNAL)
    assert first.target is not None
    assert second.starts_on is not None
    assert first.target.value < second.starts_on


def test_a_later_cycle_has_a_surveillance_in_each_calendar_year() -> None:
    of = facts(
        granted("2024-03-15"),
        audit("surveillance", "2025-02-02"),
        audit("surveillance", "2026-02-02"),
        audit("recertification", "2027-01-20"),
        decision("renewed", "2027-02-10"),
    )
    found = [each for each in laid_out(of, "2027-02-12") if each[0] != "internal"]
    assert found == [
        ("surveillance", 1, "2028-02-10"),
        ("surveillance", 2, "2029-02-09"),
        ("recertification", 1, "2029-12-14"),
    ]


def test_an_expired_certificate_is_recertified_before_its_restoration_day() -> None:
    of = facts(granted("2024-03-15"), audit("surveillance", "2025-02-02"), audit("surveillance", "2026-02-02"))
    (found,) = [each for each in laid_out(of, "2027-04-01") if each[0] != "internal"]
    assert found[0] == "recertification"
    assert found[2] is not None
    assert "2027-04-01" < found[2] <= "2027-09-14"


def test_a_withdrawn_certificate_has_no_programme() -> None:
    of = facts(granted("2024-03-15"), decision("withdrawn", "2025-01-10"))
    assert laid_out(of, "2025-02-01") == []


@given(days, st.integers(0, 60))
def test_a_programme_laid_out_after_a_decision_breaks_no_rule(decided_on: date, later: int) -> None:
    of = Facts(
        audits=(
            AuditFact("s1", AuditKind.STAGE_1, decided_on - timedelta(days=90)),
            AuditFact("s2", AuditKind.STAGE_2, decided_on - timedelta(days=20)),
        ),
        decisions=(DecisionFact(DecisionKind.GRANTED, decided_on),),
    )
    on = decided_on + timedelta(days=later)
    proposals = lay_out(of, on, LayoutSettings(), OPEN)
    assert len(kinds(proposals, AuditKind.SURVEILLANCE)) == 2
    assert len(kinds(proposals, AuditKind.RECERTIFICATION)) == 1
    assert len(kinds(proposals, AuditKind.INTERNAL)) == 6
    verdict = _all_held(of, proposals)
    assert verdict.breaches == ()
    targets = sorted(each.target.value for each in proposals if each.target)
    assert len(targets) == 9
    assert on < targets[0]
    assert all(earlier < after for earlier, after in pairwise(targets))
    assert all(OPEN(target) is None for target in targets)


def _all_held(of: Facts, proposals: tuple[Proposal, ...]):
    held = tuple(
        AuditFact(f"p{number}", each.kind, each.target.value, each.starts_on)
        for number, each in enumerate(proposals)
        if each.target
    )
    last = judge(of, of.decisions[0].decided_on).valid_through
    assert last is not None
    return judge(replace(of, audits=(*of.audits, *held)), last.value)


@given(facts_and_day())
def test_no_proposal_breaks_a_hard_rule_that_held(case: tuple[Facts, date]) -> None:
    of, on = case
    now = judge(of, on)
    proposals = lay_out(of, on, LayoutSettings(), OPEN)
    for each in proposals:
        assert each.why
        if each.target is None or each.is_past or each.kind is AuditKind.INTERNAL:
            continue
        assert each.target.value > on
        if each.closes_on is not None and each.closes_on >= on:
            assert each.target.value <= each.closes_on
        if each.opens_on is not None and each.starts_on is not None:
            assert each.starts_on >= each.opens_on
    assert now == judge(of, on)


@pytest.mark.parametrize(
    ("ideal", "length", "expected"),
    [
        ("2025-01-15", 1, ("2025-01-15", "2025-01-15")),
        ("2025-01-18", 1, ("2025-01-16", "2025-01-16")),
        ("2025-01-19", 1, ("2025-01-20", "2025-01-20")),
        ("2025-01-20", 2, ("2025-01-20", "2025-01-21")),
        ("2025-02-01", 1, ("2025-01-31", "2025-01-31")),
    ],
)
def test_the_nearest_free_day_is_found_the_earlier_of_two(ideal: str, length: int, expected: tuple[str, str]) -> None:
    found = nearest(day(ideal), day("2025-01-01"), day("2025-01-31"), length, CLOSED)
    assert found == (day(expected[0]), day(expected[1]))


def test_no_free_day_is_none() -> None:
    assert nearest(day("2025-01-04"), day("2025-01-04"), day("2025-01-05"), 1, OPEN) is None
    assert nearest(day("2025-01-06"), day("2025-01-06"), day("2025-01-05"), 1, OPEN) is None
