"""Instalments: what of a price is due when, to the minor unit."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.dates import add_days, add_months, days_between, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.money import say_money

MOST_MONTHS = 12 * 1000
"""More months than anybody pays; it keeps a slip of the hand from being laid out."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One of them: its number from 1 on (0 is the deposit), its day, and its amount in minor units."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """How a price is paid: a deposit on the first day, the rest in so many months, the first perhaps later."""

    price: int
    """Minor units, without tax."""
    months: int
    starts_on: date
    deposit: int = 0
    first_due_on: date | None = None
    """Where payment is deferred: the day of the first instalment; the others follow from it."""

    @property
    def anchor(self) -> date:
        """The day that all instalments are counted from."""
        return self.first_due_on or self.starts_on


def shares_of(total: int, parts: int) -> list[int]:
    """A total in whole minor units falls into parts that differ by at most one unit and always add up to it.

    By the largest remainder: what division leaves goes, one unit each, to the first parts.
    """
    if parts < 1:
        raise ValueError("a total falls into at least one part")
    base, left = divmod(total, parts)
    return [base + (place < left) for place in range(parts)]


def instalments(payment: Payment) -> tuple[Instalment, ...]:
    """The k-th instalment is due k - 1 months after the first, on the same day or the last that its month has.

    Each is counted from the first and never from the one before, so 31 August is followed by 30 September and then by
    31 October. A deposit is due on the first day of the subscription and is number 0. Amounts are minor units.
    """
    refuse_payment(payment)
    rest = shares_of(payment.price - payment.deposit, payment.months)
    laid = [Instalment(place + 1, add_months(payment.anchor, place), amount) for place, amount in enumerate(rest)]
    deposit = [Instalment(0, payment.starts_on, payment.deposit)] if payment.deposit else []
    return (*deposit, *laid)


def refuse_payment(payment: Payment) -> None:
    """A price is not negative, is paid in at least one month, and its deposit is a part of it."""
    if payment.price < 0:
        raise RefusedError("A price is not negative.", "price")
    if payment.months < 1:
        raise RefusedError("At least one month.", "months")
    if payment.months > MOST_MONTHS:
        raise RefusedError(f"At most {MOST_MONTHS:,} months.", "months")
    if not 0 <= payment.deposit <= payment.price:
        raise RefusedError("A deposit is a part of the price: from nothing to all of it.", "deposit")
    if payment.first_due_on is not None and payment.first_due_on < payment.starts_on:
        says = f"The first instalment is not due before the first day of the subscription, {say(payment.starts_on)}."
        raise RefusedError(says, "first_due_on")
    if payment.months > 1 and add_months(payment.anchor, payment.months - 1) == date.max:
        raise RefusedError("The last instalment would be due after the last day that the calendar knows.", "months")


def period_of(anchor: date, number: int) -> tuple[date, date]:
    """The first and the last day of the month that the instalment with this number pays for."""
    return add_months(anchor, number - 1), add_days(add_months(anchor, number), -1)


def pro_rata(
    monthly: int, quantity: int, anchor: date, from_on: date, through: date, currency: str
) -> list[Explained[Instalment]]:
    """What seats cost that are added on a day: by the day in the month they begin or end in, by the month in between.

    `monthly` is the price of one seat for one month of the subscription, in minor units. Each amount is due with the
    instalment of its month, the first on the day the seats begin; half a minor unit is rounded up.
    """
    charges: list[Explained[Instalment]] = []
    number = 1
    while True:
        first, last = period_of(anchor, number)
        if first > through or first == date.max:
            return charges
        begins, ends = max(first, from_on), min(last, through)
        if begins <= ends:
            charges.append(_charge(monthly * quantity, number, (first, last), (begins, ends), currency))
        number += 1


def _charge(
    whole: int, number: int, month: tuple[date, date], used: tuple[date, date], currency: str
) -> Explained[Instalment]:
    days, of = days_between(*used) + 1, days_between(*month) + 1
    amount = half_up(Fraction(whole * days, of))
    if days == of:
        says = f"{say_money(whole, currency)} for the month from {say(month[0])} to {say(month[1])}."
    else:
        says = (
            f"{days} of the {of} days from {say(month[0])} to {say(month[1])}: "
            f"{say_money(whole, currency)} × {days} / {of} = {say_money(amount, currency)}."
        )
    return Explained(Instalment(number, used[0], amount), (Reason(says),))


def half_up(amount: Fraction) -> int:
    """A part of a minor unit is rounded to the nearest whole one, a half away from nothing."""
    rounded = int(abs(amount) + Fraction(1, 2))
    return rounded if amount >= 0 else -rounded
