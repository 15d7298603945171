"""All that a subscription costs, day by day: its deposit, its instalments, and what was bought besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import days_between, say_stretch
from app.domain.explained import Explained, Reason
from app.domain.money import say_money
from app.domain.subscription.instalments import Payment, period_of, pro_rata
from app.domain.subscription.plan import Allowance
from app.domain.subscription.term import Term, due_in, month_served


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought besides: seats for a price a month, or more of what is counted for a price once."""

    key: int
    what: Allowance
    quantity: int
    starts_on: date
    ends_on: date | None = None
    monthly: int = 0
    once: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """An amount in minor units without tax that is due on a day, and what it is for.

    `key` tells it from every other of its subscription, however the subscription changes later.
    """

    key: str
    due_on: date
    amount: Explained[int]
    label: str
    on_paper: str = ""
    """What an invoice says of it: the days it serves, and of seats how many for what price."""
    whole_month: str = ""
    """Of seats in a whole month: the price of one, in words; empty where only days are charged, and of all else."""


def dues_of(payment: Payment, term: Term, bought: Iterable[Bought], currency: str) -> list[Due]:
    """What is due and when, the earliest first; each amount can say why it is what it is."""
    found = []
    for each in due_in(payment, term):
        if each.number == 0:
            label, why = "Deposit", "Agreed for the first day."
            paper = label
        else:
            label = f"Instalment {each.number} of {payment.months}"
            paper = f"{label}, for {say_stretch(*month_served(term, each.number))}"
            rest = say_money(payment.price - payment.deposit, currency)
            why = f"{rest} in {payment.months} parts that differ by one minor unit at most and add up to it."
        amount = Explained(each.amount, (Reason(why),))
        found.append(Due(f"instalment-{each.number}", each.due_on, amount, label, paper))
    for one in bought:
        found += _of_bought(one, term, currency)
    return sorted(found, key=lambda due: due.due_on)


def total_of(dues: Iterable[Due], day: date | None = None) -> int:
    """How much they are together, in minor units; with a day, those alone whose day has come."""
    return sum(each.amount.value for each in dues if day is None or each.due_on <= day)


def _of_bought(one: Bought, term: Term, currency: str) -> list[Due]:
    more = f"{one.quantity} × {one.what.one}"
    if one.once:
        why = Reason(f"{more}: {say_money(one.once, currency)} together.")
        return [Due(f"bought-{one.key}", one.starts_on, Explained(one.once, (why,)), more, more)]
    found = []
    for first, last in term.stretches if one.monthly else ():
        begins = max(first, one.starts_on)
        ends = last if one.ends_on is None else min(last, one.ends_on)
        for charge in pro_rata(one.monthly, one.quantity, term.starts_on, begins, ends, currency):
            key = f"bought-{one.key}-{charge.value.number}"
            amount = Explained(charge.value.amount, charge.why)
            month = period_of(term.starts_on, charge.value.number)
            served = charge.value.due_on, min(month[1], ends)
            price = f"{say_money(one.monthly, currency)} a month each"
            paper = f"{more}, for {say_stretch(*served)}, at {price}"
            if served != month:
                paper += f", {days_between(*served) + 1} of {days_between(*month) + 1} days"
            whole = price if served == month else ""
            found.append(Due(key, charge.value.due_on, amount, f"{more}, a month", paper, whole))
    return found
