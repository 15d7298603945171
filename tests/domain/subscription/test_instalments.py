"""Instalments: the issue's price by hand, month ends, and what holds for any price, months and start."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import add_months
from app.domain.explained import RefusedError
from app.domain.subscription.instalments import (
    Instalment,
    Payment,
    half_up,
    instalments,
    pro_rata,
    shares_of,
)

BY_HAND = """
 1 2026-08-31 27778    13 2027-08-31 27778    25 2028-08-31 27778
 2 2026-09-30 27778    14 2027-09-30 27778    26 2028-09-30 27778
 3 2026-10-31 27778    15 2027-10-31 27778    27 2028-10-31 27778
 4 2026-11-30 27778    16 2027-11-30 27778    28 2028-11-30 27777
 5 2026-12-31 27778    17 2027-12-31 27778    29 2028-12-31 27777
 6 2027-01-31 27778    18 2028-01-31 27778    30 2029-01-31 27777
 7 2027-02-28 27778    19 2028-02-29 27778    31 2029-02-28 27777
 8 2027-03-31 27778    20 2028-03-31 27778    32 2029-03-31 27777
 9 2027-04-30 27778    21 2028-04-30 27778    33 2029-04-30 27777
10 2027-05-31 27778    22 2028-05-31 27778    34 2029-05-31 27777
11 2027-06-30 27778    23 2028-06-30 27778    35 2029-06-30 27777
12 2027-07-31 27778    24 2028-07-31 27778    36 2029-07-31 27777
"""
"""EUR 9,999.99 is 999,999 cents: 36 times 27,777 leave 27, one each to the first 27."""


def read(table: str) -> list[Instalment]:
    said = table.split()
    rows = zip(said[::3], said[1::3], said[2::3], strict=True)
    laid = [Instalment(int(number), date.fromisoformat(day), int(amount)) for number, day, amount in rows]
    return sorted(laid, key=lambda each: each.number)


def test_a_price_that_does_not_divide_by_36_from_the_last_of_august_is_laid_out_as_by_hand() -> None:
    laid = instalments(Payment(999_999, 36, date(2026, 8, 31)))
    assert list(laid) == read(BY_HAND)
    assert sum(each.amount for each in laid) == 999_999


PRICES = st.integers(0, 10**15)
MONTHS = st.integers(1, 240)
STARTS = st.dates(date(1990, 1, 1), date(2200, 1, 1))


@given(PRICES, MONTHS, STARTS)
def test_they_add_up_differ_by_one_unit_at_most_and_never_drift(price: int, months: int, start: date) -> None:
    laid = instalments(Payment(price, months, start))
    amounts = [each.amount for each in laid]
    assert sum(amounts) == price
    assert max(amounts) - min(amounts) <= 1
    assert amounts == sorted(amounts, reverse=True)
    assert [each.number for each in laid] == list(range(1, months + 1))
    for each in laid:
        the_month_after = add_months(each.due_on.replace(day=1), 1)
        last = (the_month_after - each.due_on).days == 1
        assert each.due_on.day == start.day or (each.due_on.day < start.day and last)
    for one, other in pairwise(laid):
        assert (other.due_on.year * 12 + other.due_on.month) - (one.due_on.year * 12 + one.due_on.month) == 1


@given(PRICES, MONTHS, STARTS, st.data())
def test_a_deposit_and_a_later_first_day_change_neither_the_sum_nor_the_number(
    price: int, months: int, start: date, data: st.DataObject
) -> None:
    deposit = data.draw(st.integers(0, price))
    first = data.draw(st.dates(start, date(2210, 1, 1)))
    laid = instalments(Payment(price, months, start, deposit, first))
    assert sum(each.amount for each in laid) == price
    regular = [each for each in laid if each.number]
    assert len(regular) == months
    assert regular[0].due_on == first
    assert [(each.due_on, each.amount) for each in laid if not each.number] == [(start, deposit)] * bool(deposit)


@pytest.mark.parametrize(
    ("payment", "field"),
    [
        (Payment(-1, 36, date(2026, 8, 31)), "price"),
        (Payment(100, 0, date(2026, 8, 31)), "months"),
        (Payment(100, 12_001, date(2026, 8, 31)), "months"),
        (Payment(100, 24, date(9998, 6, 1)), "months"),
        (Payment(100, 36, date(2026, 8, 31), deposit=101), "deposit"),
        (Payment(100, 36, date(2026, 8, 31), deposit=-1), "deposit"),
        (Payment(100, 36, date(2026, 8, 31), first_due_on=date(2026, 8, 30)), "first_due_on"),
    ],
)
def test_what_cannot_be_paid_like_that_is_refused_at_its_field(payment: Payment, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        instalments(payment)
    assert refused.value.field == field


def test_no_parts_are_no_parts() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        shares_of(100, 0)


def test_seats_from_within_a_month_cost_their_days_of_it_and_say_so() -> None:
    """Two seats of EUR 30.00 a month from 15 September in a plan from 31 August: 15 of the 30 days to 29 September."""
    charges = pro_rata(3_000, 2, date(2026, 8, 31), date(2026, 9, 15), date(2026, 11, 29), "EUR")
    assert [(each.value.number, each.value.due_on, each.value.amount) for each in charges] == [
        (1, date(2026, 9, 15), 3_000),
        (2, date(2026, 9, 30), 6_000),
        (3, date(2026, 10, 31), 6_000),
    ]
    assert charges[0].why[0].says == (
        "15 of the 30 days from 31 Aug 2026 to 29 Sep 2026: EUR 60.00 × 15 / 30 = EUR 30.00."
    )
    assert charges[1].why[0].says == "EUR 60.00 for the month from 30 Sep 2026 to 30 Oct 2026."


@given(st.integers(0, 10**7), st.integers(1, 50), STARTS, st.integers(0, 400), st.integers(0, 400))
def test_seats_never_cost_more_than_their_months_and_each_day_is_paid_once(
    monthly: int, quantity: int, anchor: date, after: int, length: int
) -> None:
    begins = date.fromordinal(anchor.toordinal() + after)
    ends = date.fromordinal(begins.toordinal() + length)
    charges = pro_rata(monthly, quantity, anchor, begins, ends, "EUR")
    months = len(charges)
    assert sum(each.value.amount for each in charges) <= monthly * quantity * months
    assert [each.value.number for each in charges] == sorted({each.value.number for each in charges})
    assert charges[0].value.due_on == begins
    whole = charges[1:-1]
    assert all(each.value.amount == monthly * quantity for each in whole)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(149, 100), 1),
        (Fraction(-1, 2), -1),
        (Fraction(-149, 100), -1),
    ],
)
def test_a_half_unit_is_rounded_away_from_nothing(amount: Fraction, rounded: int) -> None:
    assert half_up(amount) == rounded
