"""Refreshers over 29 February, month ends and New Year, counted from the last completion and from a fixed day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import add_months
from app.domain.explained import RefusedError
from app.domain.training.due import Refreshing, Terms, again_by, due_by, first_due, refuse_terms

d = date.fromisoformat


@pytest.mark.parametrize(
    ("completed", "months", "again"),
    [
        ("2024-02-29", 12, "2025-02-28"),  # no 29 February in 2025: the last day of the month
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-02-28", 12, "2024-02-28"),  # the day of the month, not the end of it
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-08-31", 1, "2024-09-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-01-01", 12, "2028-01-01"),
        ("2026-12-15", 1, "2027-01-15"),  # over New Year
    ],
)
def test_counted_from_the_last_completion(completed: str, months: int, again: str) -> None:
    terms = Terms(refreshing=Refreshing.LAST_COMPLETION, months=months)
    assert again_by(terms, d(completed)) == d(again)


@pytest.mark.parametrize(
    ("anchor", "months", "completed", "again"),
    [
        ("2024-02-29", 12, "2024-02-29", "2025-02-28"),
        ("2024-02-29", 12, "2025-02-20", "2026-02-28"),  # eight days early: counts for 28 February 2025
        ("2024-02-29", 12, "2027-03-01", "2028-02-29"),  # late for 2027; counted from the anchor, so the 29th is back
        ("2024-02-29", 12, "2027-12-30", "2028-02-29"),  # 61 days early: too early for the fixed day
        ("2024-02-29", 12, "2027-12-31", "2029-02-28"),  # 60 days early counts for it
        ("2024-08-31", 6, "2025-02-28", "2025-08-31"),  # chaining would say 28 August
        ("2024-08-31", 6, "2025-03-01", "2025-08-31"),
        ("2025-12-31", 12, "2026-12-31", "2027-12-31"),  # on the day
        ("2025-12-31", 12, "2027-01-01", "2027-12-31"),  # a day late: the next one stays where it is
        ("2026-01-01", 12, "2026-12-20", "2028-01-01"),  # early over New Year
        ("2026-01-01", 12, "2025-03-01", "2026-01-01"),  # before the first fixed day, and too early for it
        ("2025-01-31", 1, "2025-02-10", "2025-03-31"),  # monthly: one completion a month, no two at once
    ],
)
def test_counted_from_a_fixed_day(anchor: str, months: int, completed: str, again: str) -> None:
    terms = Terms(refreshing=Refreshing.FIXED_DAY, months=months, anchor=d(anchor))
    assert again_by(terms, d(completed)) == d(again)


@pytest.mark.parametrize(
    ("terms", "joined", "assigned", "due"),
    [
        (Terms(due_on=d("2027-02-28")), "2026-01-01", "2026-06-01", "2027-02-28"),
        (Terms(due_days=30), "2027-01-30", "2026-06-01", "2027-03-01"),  # joined after the rule was made
        (Terms(due_days=30), "2020-01-01", "2026-12-15", "2027-01-14"),  # was there before: from the assignment
        (Terms(due_days=0), "2028-02-29", "2026-12-15", "2028-02-29"),
        (Terms(), "2020-01-01", "2026-12-15", None),
    ],
)
def test_due_for_the_first_time(terms: Terms, joined: str, assigned: str, due: str | None) -> None:
    assert first_due(terms, d(joined), d(assigned)) == (d(due) if due else None)


def test_what_runs_out_by_itself_is_due_by_its_last_valid_day() -> None:
    yearly = Terms(refreshing=Refreshing.LAST_COMPLETION, months=12)
    of_two_years = [(d("2026-02-28"), d("2028-02-28"))]
    of_half_a_year = [(d("2026-02-28"), d("2026-08-28"))]
    assert due_by(yearly, date.min, date.min, of_two_years).value == d("2027-02-28")
    assert due_by(yearly, date.min, date.min, of_half_a_year).value == d("2026-08-28")
    assert due_by(Terms(), date.min, date.min, of_half_a_year).value == d("2026-08-28")
    assert due_by(Terms(), date.min, date.min, [(d("2026-02-28"), None)]).value is None


DAYS = st.dates(d("1990-01-01"), d("2090-12-31"))
MONTHS = st.integers(1, 120)


@given(DAYS, MONTHS, DAYS, st.integers(0, 400))
def test_a_fixed_day_stays_on_the_grid_and_comes_after_the_completion(
    anchor: date, months: int, completed: date, early: int
) -> None:
    terms = Terms(refreshing=Refreshing.FIXED_DAY, months=months, anchor=anchor, early_days=early)
    again = again_by(terms, completed)
    assert again is not None
    assert again > completed or (early == 0 and again >= completed)
    apart = (again.year - anchor.year) * 12 + again.month - anchor.month
    assert apart % months == 0
    assert again == add_months(anchor, apart)


@given(DAYS, MONTHS, DAYS, st.integers(0, 200), st.integers(0, 3000))
def test_whoever_passes_later_is_never_due_earlier(
    anchor: date, months: int, completed: date, early: int, later: int
) -> None:
    for refreshing in (Refreshing.FIXED_DAY, Refreshing.LAST_COMPLETION):
        terms = Terms(refreshing=refreshing, months=months, anchor=anchor, early_days=early)
        first, second = again_by(terms, completed), again_by(terms, completed + timedelta(later))
        assert first is not None
        assert second is not None
        assert first <= second


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(due_on=d("2027-01-01"), due_days=3), "due_days"),
        (Terms(due_days=-1), "due_days"),
        (Terms(refreshing=Refreshing.LAST_COMPLETION), "months"),
        (Terms(refreshing=Refreshing.LAST_COMPLETION, months=0), "months"),
        (Terms(refreshing=Refreshing.FIXED_DAY, months=12), "anchor"),
        (Terms(early_days=-1), "early_days"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: Terms, field: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        refuse_terms(terms)
    assert refusal.value.field == field
