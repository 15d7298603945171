"""The slip preview: what a move would cost, in days, before it is made."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.certification.cycle import judge
from app.domain.certification.facts import DeviationFact, Facts, SecondSurveillance, State
from app.domain.certification.slip import Effect, Slip, SlipRow, preview
from app.domain.certification.verdict import Rule
from tests.domain.certification.making import audit, day, facts, granted, planned, stages
from tests.domain.certification.strategies import facts_and_day

BASE = (granted("2024-03-15"), *stages("2024-03-15"))
S1, S2 = audit("surveillance", "2025-02-20", "S1"), audit("surveillance", "2026-02-20", "S2")


def move(kind: str, before: str, after: str | None, on: str, *others: object, **settings: object) -> Slip:
    old = facts(*BASE, *others, planned(kind, before, "moved"), **settings)
    new = facts(*BASE, *others, *([planned(kind, after, "moved")] if after else []), **settings)
    return preview(old, new, day(on))


def row(slip: Slip, rule: Rule, year: int | None = None) -> SlipRow:
    return next(each for each in slip.rows if (each.deadline.rule, each.deadline.year) == (rule, year))


def test_a_move_within_the_limit_says_how_many_days_are_left() -> None:
    slip = move("surveillance", "2025-02-20", "2025-03-06", "2024-12-01")
    assert not slip.breaks_hard_rule
    first = row(slip, Rule.FIRST_SURVEILLANCE)
    assert (first.effect.value, first.slack_before, first.slack_after) == (Effect.KEPT, 23, 9)
    assert "9 days before the limit of 15 Mar 2025" in first.effect.why[0].says
    assert slip.state_after.value is State.ACTIVE
    assert slip.worst is first


def test_a_move_to_the_last_day_keeps_the_limit_and_a_day_more_breaks_it() -> None:
    assert not move("surveillance", "2025-02-20", "2025-03-15", "2024-12-01").breaks_hard_rule
    slip = move("surveillance", "2025-02-20", "2025-03-16", "2024-12-01")
    assert [breach.rule for breach in slip.new_breaches] == [Rule.FIRST_SURVEILLANCE]
    assert row(slip, Rule.FIRST_SURVEILLANCE).slack_after == -1
    assert row(slip, Rule.CALENDAR_YEAR, 2025).effect.value is Effect.KEPT
    assert slip.new_breaches[0].since == day("2025-03-16")


def test_a_move_into_the_next_year_breaks_the_calendar_year() -> None:
    slip = move("surveillance", "2026-02-20", "2027-01-06", "2025-12-01", S1)
    assert [(breach.rule, breach.year) for breach in slip.new_breaches] == [(Rule.CALENDAR_YEAR, 2026)]
    assert [warning.rule for warning in slip.new_warnings] == [Rule.SECOND_SURVEILLANCE]
    year = row(slip, Rule.CALENDAR_YEAR, 2026)
    assert (year.effect.value, year.slack_after) == (Effect.BROKEN, -6)


def test_a_hard_second_surveillance_is_a_breach_when_moved_past() -> None:
    slip = move(
        "surveillance", "2026-02-20", "2026-05-06", "2025-12-01", S1, second_surveillance=SecondSurveillance.HARD
    )
    assert [breach.rule for breach in slip.new_breaches] == [Rule.SECOND_SURVEILLANCE]


def test_a_justified_year_needs_no_reason() -> None:
    slip = move(
        "surveillance", "2026-02-20", "2027-01-06", "2025-12-01", S1, DeviationFact("calendar-year", "season", 2026)
    )
    assert not slip.breaks_hard_rule
    assert Rule.CALENDAR_YEAR in [warning.rule for warning in slip.new_warnings]


def test_a_recertification_moved_past_the_last_valid_day_expires_the_certificate() -> None:
    slip = move("recertification", "2026-12-20", "2027-03-20", "2026-10-01", S1, S2)
    assert [breach.rule for breach in slip.new_breaches] == [Rule.RECERTIFICATION]
    assert slip.state_before.value is State.ACTIVE
    assert slip.state_after.value is State.EXPIRED_RESTORABLE
    assert slip.next_after is not None
    assert slip.next_after.closes_on == day("2027-09-14")


def test_a_recertification_moved_before_the_second_surveillance_breaks_the_count() -> None:
    slip = move("recertification", "2026-12-20", "2026-02-01", "2025-12-01", S1, planned("surveillance", "2026-02-20"))
    assert [breach.rule for breach in slip.new_breaches] == [Rule.SURVEILLANCE_COUNT]


def test_a_stage_2_moved_before_the_end_of_stage_1_breaks_the_order() -> None:
    first = planned("stage-1", "2024-02-10")
    old, new = facts(first, planned("stage-2", "2024-03-10", "m")), facts(first, planned("stage-2", "2024-02-01", "m"))
    slip = preview(old, new, day("2024-01-01"))
    assert [breach.rule for breach in slip.new_breaches] == [Rule.TWO_STAGE]
    assert not preview(new, old, day("2024-01-01")).breaks_hard_rule
    assert [breach.rule for breach in preview(new, old, day("2024-01-01")).mended] == [Rule.TWO_STAGE]


def test_a_cancelled_audit_leaves_its_limits_open() -> None:
    slip = move("surveillance", "2025-02-20", None, "2024-12-01")
    assert not slip.breaks_hard_rule
    assert row(slip, Rule.FIRST_SURVEILLANCE).effect.value is Effect.OPEN
    assert row(slip, Rule.FIRST_SURVEILLANCE).slack_after is None


def test_what_was_late_before_is_not_held_against_a_later_move() -> None:
    slip = move("surveillance", "2025-04-01", "2025-05-01", "2025-03-20")
    assert not slip.breaks_hard_rule
    assert row(slip, Rule.FIRST_SURVEILLANCE).effect.value is Effect.BROKEN


def test_an_audit_planned_past_a_limit_leaves_it_open_for_another() -> None:
    slip = preview(facts(*BASE), facts(*BASE, planned("surveillance", "2025-04-01", "new")), day("2024-12-01"))
    assert not slip.breaks_hard_rule
    first = row(slip, Rule.FIRST_SURVEILLANCE)
    assert (first.effect.value, first.slack_after) == (Effect.OPEN, -17)


def test_the_next_window_follows_the_move() -> None:
    slip = move("surveillance", "2025-01-20", "2024-12-20", "2024-11-01")
    assert slip.next_before is not None
    assert slip.next_after is not None
    assert slip.next_before.opens_on == day("2026-01-01")
    assert slip.next_after.opens_on == day("2025-01-01")


@given(facts_and_day())
def test_no_change_costs_nothing(case: tuple[Facts, object]) -> None:
    before, on = case
    slip = preview(before, before, on)  # type: ignore[arg-type]
    assert not slip.breaks_hard_rule
    assert slip.mended == ()
    assert all(each.slack_before == each.slack_after for each in slip.rows)
    assert slip.state_after == judge(before, on).state  # type: ignore[arg-type]


@given(facts_and_day(), facts_and_day(), st.booleans())
def test_whatever_changes_the_preview_has_an_answer(
    first: tuple[Facts, object], second: tuple[Facts, object], both_ways: bool
) -> None:
    (before, on), (after, _) = (second, first) if both_ways else (first, second)
    slip = preview(before, after, on)  # type: ignore[arg-type]
    assert all(each.effect.why for each in slip.rows)
