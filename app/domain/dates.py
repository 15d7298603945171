"""Calendar arithmetic, in one place: every rule that counts months or days counts them here."""

from calendar import monthrange
from datetime import date, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def add_months(anchor: date, months: int) -> date:
    """The same day of the month, so many months on; where that month is shorter, its last day.

    Always computed from the anchor and never by chaining, since two steps may differ from one. Stops at the first and
    the last day that the calendar knows. [ISO/IEC 17021-1:2015, 9.1.3.3 says "months" and does not define them]
    """
    # The same result as dateutil's relativedelta (a property test holds it to that) at a tenth of its cost.
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if year > 9999:
        return date.max
    if year < 1:
        return date.min
    month += 1
    day = anchor.day
    return date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def add_days(anchor: date, days: int) -> date:
    """So many calendar days on; stops at the first and the last day that the calendar knows."""
    try:
        return anchor + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def day_after(anchor: date) -> date:
    """The next day."""
    return add_days(anchor, 1)


def days_between(earlier: date, later: date) -> int:
    """Whole days from the one to the other; negative where the second is the earlier one."""
    return (later - earlier).days


def nearest_day(starts_on: date, ends_on: date, today: date) -> date:
    """The day from which the distance of an audit is told: its first while it is to come, today while it lasts, then
    its last."""
    return min(max(today, starts_on), ends_on)


def year_end(year: int) -> date:
    """31 December of the year."""
    return date(year, 12, 31)


def say(day: date) -> str:
    """A date as the screens write it: 14 Mar 2027 (in English whatever the machine's locale)."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_stretch(first: date, last: date) -> str:
    """From a day to a day, the year once where it is the same: 27 Oct to 26 Nov 2026."""
    begins = say(first).removesuffix(f" {first.year}") if first.year == last.year else say(first)
    return f"{begins} to {say(last)}"


def say_days(count: int) -> str:
    """A number of days in words: 1 day, 12 days."""
    return f"{count} day" if count == 1 else f"{count} days"


def say_months(count: int) -> str:
    """A number of calendar months in words: 1 calendar month, 12 calendar months."""
    return f"{count} calendar month" if count == 1 else f"{count} calendar months"
