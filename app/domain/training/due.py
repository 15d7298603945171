"""When training is due: for the first time by a fixed day or so long after joining, and then again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, add_months, say, say_days, say_months
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.words import Word

COMPETENCE = Clause("ISO/IEC 27001:2022", "7.2")
LONGEST_DAYS = 730
LONGEST_MONTHS = 120
EARLY_DAYS = 60
"""A completion so many days before a fixed day counts for that day, unless it is said otherwise."""


class Refreshing(Word):
    """Whether training comes again, and what that is counted from: both are in use."""

    NEVER = "never"
    LAST_COMPLETION = "last-completion"
    FIXED_DAY = "fixed-day"

    @property
    def label(self) -> str:
        return {
            "never": "Not again",
            "last-completion": "Counted from the last completion",
            "fixed-day": "Counted from a fixed day",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Terms:
    """When a course is due, and when again.

    `due_on` or `due_days` (after joining) for the first time; neither means that it has no day. `months` is how often
    it comes again; `anchor` the first of its fixed days; `early_days` how early counts for the fixed day that follows.
    """

    due_on: date | None = None
    due_days: int | None = None
    refreshing: Refreshing = Refreshing.NEVER
    months: int | None = None
    anchor: date | None = None
    early_days: int = EARLY_DAYS


def refuse_terms(terms: Terms) -> None:
    """A day or a number of days, not both; who repeats says how often, and from which day where that is fixed."""
    if terms.due_on is not None and terms.due_days is not None:
        raise RefusedError("Give a fixed day or a number of days after joining, not both.", "due_days")
    if terms.due_days is not None and not 0 <= terms.due_days <= LONGEST_DAYS:
        raise RefusedError(f"From 0 to {LONGEST_DAYS} days.", "due_days")
    if not 0 <= terms.early_days <= LONGEST_DAYS:
        raise RefusedError(f"From 0 to {LONGEST_DAYS} days.", "early_days")
    if terms.refreshing is Refreshing.NEVER:
        return
    if terms.months is None or not 1 <= terms.months <= LONGEST_MONTHS:
        raise RefusedError(f"Say after how many months it comes again: from 1 to {LONGEST_MONTHS}.", "months")
    if terms.refreshing is Refreshing.FIXED_DAY and terms.anchor is None:
        raise RefusedError("Give the fixed day from which it is counted.", "anchor")


def first_due(terms: Terms, joined_on: date, assigned_on: date) -> date | None:
    """The day by which a course is passed for the first time, that day included; None where no day is set.

    A number of days counts from joining; for who was there before the course was assigned, from the assignment: nobody
    is late at the moment in which they hear of it. [ISO/IEC 27001:2022, 7.2 asks for competence and sets no day]
    """
    if terms.due_days is not None:
        return add_days(max(joined_on, assigned_on), terms.due_days)
    return terms.due_on


def again_by(terms: Terms, completed_on: date) -> date | None:
    """The day by which a course is passed again after a completion, that day included; None where never.

    From the last completion: so many calendar months after it. From a fixed day: the anchor and each so many months
    from it, always counted from the anchor; a completion no more than `early_days` before a fixed day, or on it,
    counts for that day, and the next one is due; an earlier one leaves the fixed day that follows it due.
    [ISO/IEC 27001:2022, 7.2 sets no interval]
    """
    months, anchor = terms.months, terms.anchor
    if terms.refreshing is Refreshing.NEVER or months is None:
        return None
    if terms.refreshing is Refreshing.LAST_COMPLETION or anchor is None:
        return add_months(completed_on, months)
    number = _first_from(anchor, months, completed_on)
    coming = add_months(anchor, months * number)
    if (coming - completed_on).days <= terms.early_days:
        return add_months(anchor, months * (number + 1))
    return coming


def _first_from(anchor: date, months: int, day: date) -> int:
    """The number of the first fixed day on the day or after it; the anchor is number 0, and nothing comes before it."""
    apart = (day.year - anchor.year) * 12 + day.month - anchor.month
    number = max(0, apart // months)
    while add_months(anchor, months * number) < day:
        number += 1
    return number


def due_by(
    terms: Terms, joined_on: date, assigned_on: date, completions: Iterable[tuple[date, date | None]]
) -> Explained[date | None]:
    """The day by which a course is to be passed next, with the reason; None where nothing is due any more.

    `completions` are days with the last day on which each is valid, None where it does not run out by itself. What the
    course itself makes run out is due again by that last day, where that comes before the day of the refresher.
    """
    done = sorted(completions, key=lambda each: each[0])
    if not done:
        due = first_due(terms, joined_on, assigned_on)
        return Explained(due, (Reason(_say_first(terms, max(joined_on, assigned_on), due), COMPETENCE),))
    last, _ = done[-1]
    # The longest of what holds: renewing early takes nothing away.
    ends = [until for _, until in done]
    runs_out = None if None in ends else max(each for each in ends if each is not None)
    again = again_by(terms, last)
    if again is not None and (runs_out is None or again <= runs_out):
        return Explained(again, (Reason(_say_again(terms, last, again), COMPETENCE),))
    if runs_out is not None:
        says = f"The completion of {say(last)} is valid through {say(runs_out)}."
        return Explained(runs_out, (Reason(says, COMPETENCE),))
    return Explained(None, (Reason(f"Passed on {say(last)}; it does not come again.", COMPETENCE),))


def _say_first(terms: Terms, since: date, due: date | None) -> str:
    if due is None:
        return "No day is set."
    if terms.due_days is not None:
        return f"{say_days(terms.due_days)} after {say(since)}, the later of joining and the assignment: {say(due)}."
    return f"Set to {say(due)}."


def _say_again(terms: Terms, last: date, again: date) -> str:
    often = say_months(terms.months or 0)
    if terms.refreshing is Refreshing.LAST_COMPLETION:
        return f"{often} after the last completion, of {say(last)}: {say(again)}."
    anchor = say(terms.anchor or again)
    return f"Every {often} counted from {anchor}; the completion of {say(last)} leaves {say(again)} due."
