"""The term of a subscription: by hand around month ends and pauses, and what holds for any."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.subscription.dues import Bought, dues_of, total_of
from app.domain.subscription.instalments import Payment, instalments
from app.domain.subscription.plan import Allowance
from app.domain.subscription.term import Pause, Term, due_in, refuse_pause

START = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("term", "ends_on"),
    [
        (Term(START, 36), date(2029, 8, 30)),
        (Term(date(2024, 2, 29), 12), date(2025, 2, 27)),
        (Term(date(2026, 1, 1), 1), date(2026, 1, 31)),
        (Term(START, 6), date(2027, 2, 27)),
        (Term(START, 36, (Pause(date(2027, 1, 31), 2),)), date(2029, 10, 30)),
        (Term(START, 36, ended_on=date(2027, 5, 15)), date(2027, 5, 15)),
        (Term(START, 12, ended_on=date(2028, 1, 1)), date(2027, 8, 30)),
    ],
)
def test_the_last_day_is_the_day_before_so_many_months_later_by_each_pause(term: Term, ends_on: date) -> None:
    assert term.ends_on.value == ends_on
    assert term.covers(ends_on)
    assert not term.covers(ends_on + timedelta(days=1))


def test_the_last_day_can_say_why() -> None:
    assert Term(START, 36).ends_on.why[0].says == "36 months from 31 Aug 2026: through 30 Aug 2029."
    assert "would have lasted through 30 Aug 2029" in Term(START, 36, (), date(2027, 5, 15)).ends_on.why[0].says


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 8, 30), 0),
        (date(2026, 8, 31), 1),
        (date(2026, 9, 29), 1),
        (date(2026, 9, 30), 2),
        (date(2027, 2, 27), 6),
        (date(2027, 2, 28), 7),
        (date(2029, 8, 30), 36),
        (date(2031, 1, 1), 36),
    ],
)
def test_the_month_of_the_plan_begins_on_its_day_or_the_last_of_a_shorter_month(day: date, number: int) -> None:
    assert Term(START, 36).month_on(day) == number


def test_in_a_pause_the_month_stands_still_and_nothing_is_due() -> None:
    term = Term(START, 36, (Pause(date(2026, 11, 30), 2),))
    days = (date(2026, 11, 29), date(2026, 12, 5), date(2027, 1, 30), date(2027, 1, 31))
    assert [term.month_on(day) for day in days] == [3, 4, 4, 4]
    assert term.month_on(date(2027, 2, 28)) == 5
    assert (term.rests_on(date(2027, 1, 30)), term.rests_on(date(2027, 1, 31))) == (True, False)
    due = [each.due_on for each in due_in(Payment(3600, 36, START), term)]
    assert due[:5] == [START, date(2026, 9, 30), date(2026, 10, 31), date(2027, 1, 31), date(2027, 2, 28)]
    assert len(due) == 36
    assert term.stretches == ((START, date(2026, 11, 29)), (date(2027, 1, 31), date(2029, 10, 30)))


def test_what_would_be_due_after_an_early_end_is_not() -> None:
    due = due_in(Payment(3600, 36, START), Term(START, 36, ended_on=date(2026, 10, 31)))
    assert [each.due_on for each in due] == [START, date(2026, 9, 30), date(2026, 10, 31)]


@pytest.mark.parametrize(
    ("pause", "field"),
    [
        (Pause(date(2026, 11, 30), 0), "months"),
        (Pause(date(2026, 11, 30), 13), "months"),
        (Pause(date(2026, 9, 30), 1), "starts_on"),
        (Pause(date(2026, 11, 29), 1), "starts_on"),
        (Pause(date(2029, 9, 30), 1), "starts_on"),
        (Pause(date(2027, 1, 31), 1), "starts_on"),
    ],
)
def test_what_is_no_pause_is_refused_at_its_field(pause: Pause, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_pause(Term(START, 34, (Pause(date(2026, 12, 31), 3),)), pause, date(2026, 10, 1))
    assert refused.value.field == field


STARTS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(st.integers(0, 10**9), st.integers(1, 60), STARTS, st.lists(st.tuples(st.integers(1, 59), st.integers(1, 12))))
def test_pauses_change_neither_the_sum_nor_the_order_and_nothing_is_due_in_one(
    price: int, months: int, start: date, asked: list[tuple[int, int]]
) -> None:
    term = Term(start, months)
    for number, length in asked:
        pause = Pause(Term(start, number).ends_on.value + timedelta(days=1), length)
        try:
            refuse_pause(term, pause, start)
        except RefusedError:
            continue
        term = Term(start, months, (*term.pauses, pause))
    payment = Payment(price, months, start)
    due = due_in(payment, term)
    assert [(each.number, each.amount) for each in due] == [(each.number, each.amount) for each in instalments(payment)]
    days = [each.due_on for each in due]
    assert days == sorted(set(days))
    assert all(term.covers(day) and not term.rests_on(day) for day in days)
    assert (
        sum((last - first).days + 1 for first, last in term.stretches)
        + sum((term.last_of(each) - each.starts_on).days + 1 for each in term.pauses)
        == (term.ends_on.value - start).days + 1
    )


def test_seats_bought_besides_rest_with_the_subscription_and_what_is_bought_once_is_due_on_its_day() -> None:
    term = Term(START, 4, (Pause(date(2026, 10, 31), 2),))
    seats = Bought(1, Allowance.LMS_SEATS, 3, date(2026, 10, 15), monthly=1000)
    audit = Bought(2, Allowance.INTERNAL, 1, date(2026, 9, 1), once=80_000)
    dues = dues_of(Payment(400, 4, START), term, (seats, audit), "EUR")
    assert [(each.key, each.due_on.isoformat(), each.amount.value) for each in dues] == [
        ("instalment-1", "2026-08-31", 100),
        ("bought-2", "2026-09-01", 80_000),
        ("instalment-2", "2026-09-30", 100),
        ("bought-1-2", "2026-10-15", 1548),
        ("instalment-3", "2026-12-31", 100),
        ("bought-1-5", "2026-12-31", 3000),
        ("instalment-4", "2027-01-31", 100),
        ("bought-1-6", "2027-01-31", 3000),
    ]
    assert dues[3].amount.why[0].says == (
        "16 of the 31 days from 30 Sep 2026 to 30 Oct 2026: EUR 30.00 × 16 / 31 = EUR 15.48."
    )


def test_what_is_due_counts_from_the_day_itself() -> None:
    start = date(2026, 8, 31)
    dues = dues_of(Payment(100, 3, start), Term(start, 3), (), "EUR")
    days = [date(2026, month, day) for month, day in ((8, 30), (8, 31), (9, 29), (9, 30))]
    assert [total_of(dues, day) for day in days] == [0, 34, 34, 67]
    assert total_of(dues) == 100


def test_what_a_due_serves_is_said_around_month_ends_and_pauses_and_in_months_of_days() -> None:
    term = Term(START, 36, (Pause(date(2026, 11, 30), 2),))
    deferred = Payment(360_000, 36, START, first_due_on=date(2026, 10, 31))
    seats = Bought(1, Allowance.LMS_SEATS, 2, date(2026, 9, 15), monthly=1000)
    said = {each.key: each for each in dues_of(deferred, term, [seats], "EUR")}
    assert said["instalment-1"].on_paper == "Instalment 1 of 36, for 31 Aug to 29 Sep 2026"
    assert said["instalment-4"].on_paper == "Instalment 4 of 36, for 31 Jan to 27 Feb 2027"
    part, whole = said["bought-1-1"], said["bought-1-2"]
    assert part.on_paper == "2 × LMS seat, for 15 Sep to 29 Sep 2026, at EUR 10.00 a month each, 15 of 30 days"
    assert (part.whole_month, whole.whole_month) == ("", "EUR 10.00 a month each")
    assert whole.on_paper == "2 × LMS seat, for 30 Sep to 30 Oct 2026, at EUR 10.00 a month each"
