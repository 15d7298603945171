"""Calendar arithmetic, in one place: every rule that counts months or days counts them here."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


def add_months(anchor: date, months: int) -> date:
    """The same day of the month, so many months on; where that month is shorter, its last day.

    Always computed from the anchor and never by chaining, since two steps may differ from one.
    [ISO/IEC 17021-1:2015, 9.1.3.3 says "months" and does not define them]
    """
    return anchor + relativedelta(months=months)


def add_days(anchor: date, days: int) -> date:
    """So many calendar days on."""
    return anchor + timedelta(days=days)


def days_between(earlier: date, later: date) -> int:
    """Whole days from the one to the other; negative where the second is the earlier one."""
    return (later - earlier).days


def say(day: date) -> str:
    """A date as the screens write it: 14 Mar 2027."""
    return f"{day.day} {day:%b %Y}"


def say_days(count: int) -> str:
    """A number of days in words: 1 day, 12 days."""
    return f"{count} day" if count == 1 else f"{count} days"
