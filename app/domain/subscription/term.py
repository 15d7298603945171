"""The term of a subscription: its last day, its months, its pauses, and what of its price is due when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.dates import add_days, add_months, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.subscription.instalments import Instalment, Payment, instalments
from app.domain.subscription.plan import last_day


@dataclass(frozen=True, slots=True)
class Pause:
    """Whole months, from the first day of a month of the plan, in which a subscription rests."""

    starts_on: date
    months: int


@dataclass(frozen=True, slots=True)
class Term:
    """From when, for how many months, with which pauses, and where it was ended early its last day."""

    starts_on: date
    months: int
    pauses: tuple[Pause, ...] = ()
    ended_on: date | None = None

    @property
    def ends_on(self) -> Explained[date]:
        """The last day: the day before so many months from the first, later by each pause; sooner where ended."""
        rested = sum(each.months for each in self.pauses)
        full = last_day(self.starts_on, self.months + rested)
        why = f"{self.months} months from {say(self.starts_on)}"
        if rested:
            why += f", and {rested} in which it rested"
        if self.ended_on is not None and self.ended_on < full:
            return Explained(
                self.ended_on,
                (Reason(f"Ended on {say(self.ended_on)}; {why} would have lasted through {say(full)}."),),
            )
        return Explained(full, (Reason(f"{why}: through {say(full)}."),))

    def covers(self, day: date) -> bool:
        """Whether the day lies within it, pauses included."""
        return self.starts_on <= day <= self.ends_on.value

    def last_of(self, pause: Pause) -> date:
        """The last day of a pause: the day before a month of the plan begins, which is counted from its first day."""
        return last_day(self.starts_on, _whole_months(self.starts_on, pause.starts_on) + pause.months)

    def rests_on(self, day: date) -> bool:
        """Whether it is paused on the day."""
        return any(each.starts_on <= day <= self.last_of(each) for each in self.pauses)

    @property
    def stretches(self) -> tuple[tuple[date, date], ...]:
        """The days on which what it promises is there, from a first to a last: without its pauses."""
        end = self.ends_on.value
        found, begins = [], self.starts_on
        for each in sorted(self.pauses, key=lambda pause: pause.starts_on):
            if begins < each.starts_on <= end:
                found.append((begins, add_days(each.starts_on, -1)))
            begins = max(begins, add_days(self.last_of(each), 1))
        if begins <= end:
            found.append((begins, end))
        return tuple(found)

    def month_on(self, day: date) -> int:
        """In which month of the plan a day lies: 0 before it, 1 on its first day; a pause stands still."""
        if day < self.starts_on:
            return 0
        passed = _whole_months(self.starts_on, day)
        rested = 0
        for each in self.pauses:
            since = passed - _whole_months(self.starts_on, each.starts_on)
            rested += min(each.months, max(0, since))
        return min(passed - rested + 1, self.months)


def refuse_pause(term: Term, pause: Pause, today: date) -> None:
    """A pause is of 1 to 12 whole months, begins with a month of the plan that is ahead, and overlaps no other."""
    if not 1 <= pause.months <= 12:
        raise RefusedError("From 1 to 12 months.", "months")
    if pause.starts_on <= today:
        raise RefusedError("A pause begins on a day that is ahead.", "starts_on")
    number = _whole_months(term.starts_on, pause.starts_on)
    if add_months(term.starts_on, number) != pause.starts_on or not term.covers(pause.starts_on):
        nearest = add_months(term.starts_on, number + 1)
        says = f"A pause begins with a month of the plan, such as {say(nearest)}, and before its last day."
        raise RefusedError(says, "starts_on")
    for each in term.pauses:
        if pause.starts_on <= term.last_of(each) and each.starts_on <= term.last_of(pause):
            says = f"It rests already from {say(each.starts_on)} to {say(term.last_of(each))}."
            raise RefusedError(says, "starts_on")


def month_served(term: Term, number: int) -> tuple[date, date]:
    """The first and the last day of the month of a term with this number, from 1 on; a pause moves those after it."""
    months = _months_with_pauses(term.starts_on, number, term.pauses)
    return add_months(term.starts_on, months), add_days(add_months(term.starts_on, months + 1), -1)


def due_in(payment: Payment, term: Term) -> tuple[Instalment, ...]:
    """The instalments of a price with the pauses of its term: what would be due in a pause or after it comes later.

    Where a subscription was ended early, what would be due after its last day is not.
    """
    shifted = [_after_pauses(each, payment, term.pauses) for each in instalments(payment)]
    if term.ended_on is None:
        return tuple(shifted)
    return tuple(each for each in shifted if each.due_on <= term.ended_on)


def _after_pauses(each: Instalment, payment: Payment, pauses: Iterable[Pause]) -> Instalment:
    if each.number == 0:
        return each
    return replace(each, due_on=add_months(payment.anchor, _months_with_pauses(payment.anchor, each.number, pauses)))


def _months_with_pauses(anchor: date, number: int, pauses: Iterable[Pause]) -> int:
    months = number - 1
    for pause in sorted(pauses, key=lambda one: one.starts_on):
        if add_months(anchor, months) >= pause.starts_on:
            months += pause.months
    return months


def _whole_months(earlier: date, later: date) -> int:
    number = (later.year - earlier.year) * 12 + later.month - earlier.month
    return number - 1 if add_months(earlier, number) > later else number
