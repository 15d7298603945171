"""Invoices by hand: tax rounded once a rate, credit that comes to the very tax, what is open, numbers, the account."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.subscription.invoicing import (
    Account,
    Entry,
    InvoiceStanding,
    Line,
    number_of,
    percent,
    refuse_credit,
    refuse_lines,
    refuse_payment,
    standing_on,
    statement_of,
    totals_of,
)

DUE = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("lines", "net", "tax", "gross"),
    [
        ([(27_778, 1900)], 27_778, 5_278, 33_056),  # 5,277.82
        ([(50, 1000)] * 3, 150, 15, 165),
        ([(5, 1000)], 5, 1, 6),  # 0.5 of a cent is rounded up
        ([(4, 1000)], 4, 0, 4),
        ([(5, 1000), (5, 1000)], 10, 1, 11),  # once for the rate, not 1 + 1
        ([(27_778, 1900), (10_000, 700), (100, 0)], 37_878, 5_978, 43_856),
        ([(1_000, 810)], 1_000, 81, 1_081),
    ],
)
def test_tax_is_rounded_once_for_each_rate(lines: list[tuple[int, int]], net: int, tax: int, gross: int) -> None:
    found = totals_of([Line("x", amount, rate) for amount, rate in lines], "EUR")
    assert (found.net, found.tax, found.gross) == (net, tax, gross)
    assert [each.rate for each in found.taxes] == sorted({rate for _, rate in lines})


def test_the_tax_says_how_it_was_worked_out() -> None:
    (tax,) = totals_of([Line("x", 27_778, 1900)], "EUR").taxes
    assert tax.tax.why[0].says == "19 % of EUR 277.78, rounded once: EUR 52.78."
    (left,) = totals_of([Line("x", 1, 1900)], "EUR", {1900: 2}, {1900: 0}).taxes
    assert left.tax.value == 1
    assert left.tax.why[0].says == "19 % of EUR 0.03, rounded once: EUR 0.01, less EUR 0.00 credited before."
    assert [percent(rate) for rate in (1900, 810, 1955, 0)] == ["19 %", "8.1 %", "19.55 %", "0 %"]


@given(
    parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
    rate=st.integers(0, 9_999),
)
def test_credits_in_part_come_to_the_very_tax_of_the_invoice(parts: list[int], rate: int) -> None:
    whole = totals_of([Line("x", sum(parts), rate)], "EUR")
    before, taxed = 0, 0
    for each in parts:
        note = totals_of([Line("x", each, rate)], "EUR", {rate: before}, {rate: taxed})
        assert note.tax >= 0
        before, taxed = before + each, taxed + note.tax
        assert taxed <= whole.tax
    assert taxed == whole.tax


@given(
    amounts=st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from([0, 700, 810, 1900])), min_size=1, max_size=20)
)
def test_the_sum_of_the_parts_is_the_whole(amounts: list[tuple[int, int]]) -> None:
    found = totals_of([Line("x", amount, rate) for amount, rate in amounts], "EUR")
    assert found.net == sum(amount for amount, _ in amounts) == sum(each.net for each in found.taxes)
    assert found.gross == found.net + sum(each.tax.value for each in found.taxes)
    for each in found.taxes:
        assert abs(each.tax.value * 10_000 - each.net * each.rate) <= 5_000


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({1: 101}, "EUR 1.00 is left to credit of this line."),
        ({1: -1}, "not negative"),
        ({3: 1}, "EUR 0.00 is left"),
        ({1: 0, 2: 0}, "more than nothing"),
        ({}, "more than nothing"),
    ],
)
def test_no_more_is_credited_than_is_left(asked: dict[int, int], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        refuse_credit({1: 100, 2: 50}, asked, "EUR")
    refuse_credit({1: 100, 2: 50}, {1: 100}, "EUR")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "at least one line"),
        ([Line(" ", 1)], "what each line is for"),
        ([Line("x", -1)], "not negative"),
        ([Line("x", 0)], "more than nothing"),
        ([Line("x", 1, 10_000)], "from 0 to 99.99"),
        ([Line("x", 1)] * 101, "At most 100"),
    ],
)
def test_what_is_no_invoice_is_refused(lines: list[Line], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        refuse_lines(lines)


@pytest.mark.parametrize(
    ("credited", "paid", "day", "stands", "says"),
    [
        (0, 0, DUE, "open", "It is due on 30 Sep 2026."),
        (0, 0, date(2026, 10, 1), "overdue", "It is due on 30 Sep 2026: 1 day before 1 Oct 2026."),
        (0, 4_000, DUE, "partly-paid", "EUR 40.00 was paid: EUR 60.00 is open."),
        (0, 4_000, date(2026, 10, 10), "overdue", "10 days before"),
        (0, 10_000, date(2027, 1, 1), "paid", "EUR 0.00 is open."),
        (10_000, 0, date(2027, 1, 1), "credited", "EUR 100.00 was credited"),
        (6_000, 4_000, date(2027, 1, 1), "paid", "EUR 0.00 is open."),
        (6_000, 10_000, date(2027, 1, 1), "owed-back", "EUR 60.00 is owed back."),
    ],
)
def test_how_an_invoice_stands_on_a_day_and_why(credited: int, paid: int, day: date, stands: str, says: str) -> None:
    found = standing_on(Account(10_000, credited, paid, DUE, "EUR"), day)
    assert found.value is InvoiceStanding(stands)
    assert says in " ".join(each.says for each in found.why)


@pytest.mark.parametrize(
    ("paid", "amount", "on", "says"),
    [
        (0, 10_001, DUE, "at most the EUR 100.00 open"),
        (0, 0, DUE, "More than nothing"),
        (10_000, 1, DUE, "Nothing of it is open"),
        (12_000, 2_001, DUE, "at most the EUR 20.00 owed back"),
        (0, 1, date(2026, 10, 1), "Not after today"),
        (0, 1, date(2026, 8, 31), "Not before the invoice was issued"),
    ],
)
def test_a_payment_is_of_what_is_open(paid: int, amount: int, on: date, says: str) -> None:
    account = Account(10_000, 0, paid, DUE, "EUR")
    with pytest.raises(RefusedError, match=says):
        refuse_payment(account, amount, on, date(2026, 9, 1), DUE)


def test_numbers_and_the_account() -> None:
    assert [number_of(2026, 1), number_of(2026, 12_345)] == ["RE-2026-0001", "RE-2026-12345"]
    told = statement_of([Entry(date(2026, 2, 1), "b", -40), Entry(date(2026, 1, 1), "a", 100)])
    assert [(each.entry.what, each.owed) for each in told] == [("a", 100), ("b", 60)]
