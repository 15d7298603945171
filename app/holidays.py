"""Weekends and public holidays of countries, from the `holidays` library; kept in memory by country and year."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays.constants import PUBLIC

from app.domain.dates import add_days, days_between
from app.domain.programme.collisions import ClosedDay, Obstacle

SATURDAY_AND_SUNDAY = frozenset({5, 6})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an audit is held, as far as days are concerned: a country, maybe a part of it, and a name to say."""

    country: str
    subdivision: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days, both ends included, on which the organisation or one of its sites wants no audit."""

    name: str
    starts_on: date
    ends_on: date


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """The public holidays of a country in a year, by day; empty where the library does not know the country."""
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US", categories=PUBLIC)
    except (NotImplementedError, KeyError):
        try:
            # A part of the country that the library does not know, or names in no English: the country as a whole.
            found = holidays.country_holidays(country, years=year)
        except (NotImplementedError, KeyError):
            return {}
    return dict(found.items())


@lru_cache(maxsize=512)
def weekend(country: str) -> frozenset[int]:
    """The days of the week on which a country rests; Monday is 0."""
    try:
        return frozenset(holidays.country_holidays(country).weekend) or SATURDAY_AND_SUNDAY
    except (NotImplementedError, KeyError):
        return SATURDAY_AND_SUNDAY


@dataclass(frozen=True, slots=True)
class ClosedDays(Container[date]):
    """The days on which an audit at these places is better not held, and why; any day of any year may be asked for."""

    places: tuple[Place, ...]
    blackouts: tuple[Blackout, ...] = ()

    def on(self, day: date) -> tuple[ClosedDay, ...]:
        """Why a day is closed; empty for an open one."""
        found: list[ClosedDay] = []
        for country, subdivision in dict.fromkeys((place.country, place.subdivision) for place in self.places):
            name = public_holidays(country, subdivision, day.year).get(day)
            if day.weekday() in weekend(country):
                said = ClosedDay(day, Obstacle.WEEKEND, f"{_DAYS[day.weekday()]}, weekend {self._where(country)}")
                if said not in found:
                    found.append(said)
            elif name:
                found.append(ClosedDay(day, Obstacle.HOLIDAY, f"{name}, public holiday {self._where(country)}"))
        found += [
            ClosedDay(day, Obstacle.BLACKOUT, f"blackout period {each.name}")
            for each in self.blackouts
            if each.starts_on <= day <= each.ends_on
        ]
        return tuple(found)

    def between(self, starts_on: date, ends_on: date) -> tuple[ClosedDay, ...]:
        """Every closed day from the one to the other, both included."""
        span = range(min(days_between(starts_on, ends_on), 400) + 1)
        return tuple(closed for count in span for closed in self.on(add_days(starts_on, count)))

    def _where(self, country: str) -> str:
        names = [place.name for place in self.places if place.country == country and place.name]
        return f"in {country} ({', '.join(dict.fromkeys(names))})" if names else f"in {country}"

    def __call__(self, day: date) -> str | None:
        """Why a day is closed, as a sentence about it goes on; None for an open one."""
        closed = self.on(day)
        if not closed:
            return None
        words = {Obstacle.WEEKEND: "a {}", Obstacle.HOLIDAY: "{}", Obstacle.BLACKOUT: "in the {}"}
        return words[closed[0].kind].format(closed[0].says)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and bool(self.on(day))


def closed_days(places: Iterable[Place], blackouts: Iterable[Blackout] = ()) -> ClosedDays:
    """The closed days of these places, each named once."""
    return ClosedDays(tuple(dict.fromkeys(places)), tuple(blackouts))
