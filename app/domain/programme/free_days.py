"""Which days are free for an audit, and the nearest of them to a day that would suit."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.dates import add_days, say
from app.domain.explained import Reason

ClosedDays = Callable[[date], str | None]
"""Why a day is closed (Saturday, a public holiday, a blackout period), or None where it is free."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Blackout:
    """A period in which the organisation wants no audit; both days belong to it."""

    first: date
    last: date
    name: str = "blackout period"


def closed_days(
    holidays: Mapping[date, str] | None = None,
    blackouts: Iterable[Blackout] = (),
    weekend: Collection[int] = (5, 6),
) -> ClosedDays:
    """Weekends (days of the week counted from Monday, 0), public holidays by name, and blackout periods."""
    periods = tuple(blackouts)
    named = holidays or {}

    def closed(day: date) -> str | None:
        if day.weekday() in weekend:
            return f"a {_DAYS[day.weekday()]}"
        if day in named:
            return f"a public holiday ({named[day]})"
        for period in periods:
            if period.first <= day <= period.last:
                return f"in the {period.name}"
        return None

    return closed


def nearest(
    ideal: date, earliest: date, latest: date, length: int, closed: ClosedDays, taken: Collection[date] = ()
) -> tuple[date, date] | None:
    """First and last day of an audit of so many days that ends nearest to `ideal`; the earlier of two equals.

    All its days are free, none is before `earliest` or after `latest`. None where there is no such run of days.
    """
    if latest < earliest:
        return None
    ideal = min(max(ideal, earliest), latest)

    def fits(last: date) -> bool:
        return all(
            (day := last - _ONE * back) >= earliest and day not in taken and closed(day) is None
            for back in range(length)
        )

    for distance in range(max((ideal - earliest).days, (latest - ideal).days) + 1):
        for last in (add_days(ideal, -distance), add_days(ideal, distance)):
            if earliest <= last <= latest and fits(last):
                return last - _ONE * (length - 1), last
    return None


def why_moved(ideal: date, chosen: date, closed: ClosedDays) -> tuple[Reason, ...]:
    """Why the day chosen is not the one that would have suited best."""
    if ideal == chosen:
        return ()
    reason = closed(ideal)
    because = f"{say(ideal)} is {reason}" if reason else f"{say(ideal)} leaves no room for it"
    return (Reason(f"{because}; the nearest free day is {say(chosen)}."),)
