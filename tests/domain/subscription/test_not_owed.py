"""What was invoiced and is not owed: by hand after an end, an upgrade and a pause, and what holds for any."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import add_days, add_months
from app.domain.subscription.dues import Bought
from app.domain.subscription.instalments import Payment
from app.domain.subscription.not_owed import Charged, Sold, not_owed
from app.domain.subscription.plan import Allowance
from app.domain.subscription.term import Pause, Term

START = date(2026, 9, 1)
TODAY = date(2026, 11, 27)
SEATS = Bought(1, Allowance.LMS_SEATS, 2, date(2026, 10, 1), monthly=3_000)
PLAN = Sold(Payment(120_000, 12, START), Term(START, 12), (), "EUR")
"""Twelve instalments of EUR 100.00, on the first of each month."""


def invoiced(sold: Sold, *keys: str, on: date = date(2026, 11, 1), invoice: int = 1) -> list[Charged]:
    """What was due by these keys, as it was charged."""
    dues = sold.dues()
    return [Charged(invoice, place, key, dues[key].amount.value, on) for place, key in enumerate(keys, start=1)]


def instalments(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"instalment-{number}" for number in range(first, last + 1))


@pytest.mark.parametrize(
    ("changes", "keys", "lines", "says"),
    [
        # Nothing has changed.
        ({}, instalments(1, 12), None, ""),
        # Ended at the end of November: instalments 4 to 6, of December to February, are not owed.
        (
            {"ended_on": date(2026, 11, 30)},
            instalments(1, 6),
            ((4, 10_000), (5, 10_000), (6, 10_000)),
            "Invoiced 3 instalments after the end on 30 Nov 2026: EUR 300.00 without tax.",
        ),
        # What is due on the last day is owed.
        ({"ended_on": date(2026, 12, 1)}, instalments(1, 4), None, ""),
        (
            {"ended_on": date(2026, 11, 30)},
            instalments(4, 4),
            ((1, 10_000),),
            "Invoiced 1 instalment after the end on 30 Nov 2026: EUR 100.00 without tax.",
        ),
        # A pause of December and January moves instalments 4 and 5 to February and March.
        (
            {"pauses": (Pause(date(2026, 12, 1), 2),)},
            instalments(3, 5),
            ((2, 10_000), (3, 10_000)),
            "Invoiced 2 instalments that a pause has moved, due on 1 Feb 2027 and not before: EUR 200.00 without tax.",
        ),
        # A pause that had begun when it was invoiced was known: whoever invoiced ahead wanted to.
        ({"pauses": (Pause(date(2026, 10, 1), 1),)}, instalments(4, 5), None, ""),
    ],
)
def test_by_hand(
    changes: dict[str, object], keys: tuple[str, ...], lines: tuple[tuple[int, int], ...] | None, says: str
) -> None:
    now = replace(PLAN, term=replace(PLAN.term, **changes))  # type: ignore[arg-type]
    found = not_owed(now, invoiced(PLAN, *keys), TODAY)
    if lines is None:
        assert found == []
        return
    (one,) = found
    assert one.value.lines == lines
    assert one.value.amount == sum(amount for _line, amount in lines)
    assert [each.says for each in one.why] == [says]


def test_what_a_pause_moved_is_owed_from_its_new_day_on() -> None:
    now = replace(PLAN, term=Term(START, 12, (Pause(date(2026, 12, 1), 2),)))
    charged = invoiced(PLAN, *instalments(4, 5))
    assert [each.value.lines for each in not_owed(now, charged, date(2027, 2, 1))] == [((2, 10_000),)]
    assert not_owed(now, charged, date(2027, 3, 1)) == []


def test_seats_are_owed_to_the_day_and_not_in_a_pause() -> None:
    sold = replace(PLAN, bought=(SEATS,))
    charged = invoiced(sold, "bought-1-3", "bought-1-4")
    # Ended on 15 November: 15 of the 30 days of its month are owed, and nothing of December.
    ended = replace(sold, term=replace(sold.term, ended_on=date(2026, 11, 15)))
    (one,) = not_owed(ended, charged, TODAY)
    assert one.value.lines == ((1, 3_000), (2, 6_000))
    assert [each.says for each in one.why] == [
        "Invoiced 1 amount after the end on 15 Nov 2026: EUR 60.00 without tax.",
        "2 × LMS seat, a month: EUR 60.00 was invoiced, EUR 30.00 more than is owed. 15 of the 30 days from 1 Nov 2026 "
        "to 30 Nov 2026: EUR 60.00 × 15 / 30 = EUR 30.00.",
    ]
    rests = replace(sold, term=replace(sold.term, pauses=(Pause(date(2026, 12, 1), 1),)))
    (one,) = not_owed(rests, charged, TODAY)
    assert one.value.lines == ((2, 6_000),)
    assert one.why[0].says == (
        "Invoiced 1 amount for a time that is not charged, as it rests from 1 Dec 2026 to 31 Dec 2026: "
        "EUR 60.00 without tax."
    )


def test_each_invoice_says_its_own_and_the_last_line_is_the_one_that_is_too_much() -> None:
    ended = replace(PLAN, term=replace(PLAN.term, ended_on=date(2026, 11, 30)))
    charged = [
        *invoiced(PLAN, *instalments(2, 3), invoice=1),
        Charged(2, 3, "instalment-4", 10_000, TODAY),
        # Partly charged anew after a credit, and by mistake beyond the amount.
        Charged(3, 4, "instalment-3", 2_500, TODAY),
    ]
    found = not_owed(ended, charged, TODAY)
    assert [(each.value.invoice, each.value.lines) for each in found] == [(2, ((3, 10_000),)), (3, ((4, 2_500),))]


SOLD = st.builds(
    lambda price, months, seats: Sold(
        Payment(price, months, START, deposit=price // 10),
        Term(START, months),
        (replace(SEATS, starts_on=add_days(START, seats % 20), quantity=seats + 1),) if seats else (),
        "EUR",
    ),
    st.integers(0, 5_000_000),
    st.integers(2, 40),
    st.integers(0, 30),
)


@given(st.data(), SOLD)
def test_crediting_it_leaves_what_is_owed_and_nothing_more_to_credit(data: st.DataObject, sold: Sold) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(sold.dues())), unique=True))
    charged = invoiced(sold, *keys)
    assert not_owed(sold, charged, TODAY) == []
    pauses: tuple[Pause, ...] = ()
    if data.draw(st.booleans()):
        begins = data.draw(st.integers(3, 30))
        pauses = (Pause(add_months(START, begins), data.draw(st.integers(1, 12))),)
    ended_on = data.draw(st.none() | st.integers(0, 1_300).map(lambda days: add_days(TODAY, days)))
    now = replace(sold, term=replace(sold.term, pauses=pauses, ended_on=ended_on))
    today = add_days(TODAY, data.draw(st.integers(0, 400)))
    taken = {line: amount for each in not_owed(now, charged, today) for line, amount in each.value.lines}
    assert all(0 < taken[each.line] <= each.amount for each in charged if each.line in taken)
    dues = now.dues()
    for each in charged:
        due = dues.get(each.key)
        owed = due.amount.value if due else 0
        if due is None or due.due_on <= today or not pauses:
            assert each.amount - taken.get(each.line, 0) == min(each.amount, owed)
    left = [replace(each, amount=each.amount - taken.get(each.line, 0)) for each in charged]
    assert not_owed(now, [each for each in left if each.amount], today) == []
