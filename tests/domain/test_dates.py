from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import add_days, add_months, day_after, days_between, say, say_days, say_months, year_end


@given(st.dates(), st.integers(-1200, 1200))
def test_months_are_added_as_dateutil_adds_them(anchor: date, months: int) -> None:
    try:
        expected = anchor + relativedelta(months=months)
    except (ValueError, OverflowError):
        expected = date.max if months > 0 else date.min
    assert add_months(anchor, months) == expected


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-03-15", 12, "2024-03-15"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-08-31", 12, "2025-08-31"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2027-03-14", -12, "2026-03-14"),
        ("9999-12-31", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_the_day_of_the_month_stays_or_becomes_the_last(anchor: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(anchor), months) == date.fromisoformat(expected)


def test_two_steps_are_not_one() -> None:
    start = date(2024, 8, 31)
    assert add_months(add_months(start, 6), 6) != add_months(start, 12)


@given(st.dates(), st.integers(-5_000_000, 5_000_000))
def test_days_stop_at_the_ends_of_the_calendar(anchor: date, days: int) -> None:
    expected = max(date.min.toordinal(), min(date.max.toordinal(), anchor.toordinal() + days))
    assert add_days(anchor, days) == date.fromordinal(expected)


def test_days_are_counted_and_said() -> None:
    assert days_between(date(2027, 3, 14), date(2027, 3, 15)) == 1
    assert days_between(date(2027, 3, 15), date(2027, 3, 14)) == -1
    assert day_after(date(2024, 2, 28)) == date(2024, 2, 28) + timedelta(days=1)
    assert year_end(2026) == date(2026, 12, 31)
    assert say(date(2027, 3, 4)) == "4 Mar 2027"
    assert [say_days(count) for count in (0, 1, 12)] == ["0 days", "1 day", "12 days"]
    assert [say_months(count) for count in (1, 12)] == ["1 calendar month", "12 calendar months"]
