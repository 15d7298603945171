"""What stands in the way of a date: people and sites that are wanted twice, and days on which nobody should come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.dates import days_between, say
from app.domain.explained import Reason


class Obstacle(StrEnum):
    """The kinds of what stands in the way. None of them breaks a rule."""

    PERSON = "person"
    SITE = "site"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    BLACKOUT = "blackout"


@dataclass(frozen=True, slots=True)
class Booking:
    """Whom and which sites an audit needs on its days; each by a key that tells them apart, and a name."""

    reference: str
    starts_on: date
    ends_on: date
    people: tuple[tuple[str, str], ...] = ()
    sites: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which an audit is better not held, where, and for what reason."""

    on: date
    kind: Obstacle
    says: str


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing that stands in the way; `with_audit` names the other audit, where there is one."""

    kind: Obstacle
    starts_on: date
    ends_on: date
    with_audit: str | None
    why: tuple[Reason, ...]


def collisions(wanted: Booking, others: Iterable[Booking], closed: Iterable[ClosedDay] = ()) -> tuple[Collision, ...]:
    """Say who and which sites are wanted by two audits on one day, and which days are closed."""
    found: list[Collision] = []
    for other in sorted(others, key=lambda each: (each.starts_on, each.reference)):
        first, last = max(wanted.starts_on, other.starts_on), min(wanted.ends_on, other.ends_on)
        if other.reference == wanted.reference or first > last:
            continue
        taken_people, taken_sites = dict(other.people), dict(other.sites)
        for key, name in wanted.people:
            if key in taken_people:
                says = f"{name} is on the team of {other.reference} {_when(first, last)}."
                found.append(Collision(Obstacle.PERSON, first, last, other.reference, (Reason(says),)))
        for site, name in wanted.sites:
            if site in taken_sites:
                says = f"{name} is visited by {other.reference} {_when(first, last)}."
                found.append(Collision(Obstacle.SITE, first, last, other.reference, (Reason(says),)))
    return (*found, *_closed(wanted, closed))


def _closed(wanted: Booking, closed: Iterable[ClosedDay]) -> list[Collision]:
    """The closed days of the audit; days in a row that are closed for the same reason are told as one."""
    runs: list[tuple[date, date, ClosedDay]] = []
    hit = (day for day in closed if wanted.starts_on <= day.on <= wanted.ends_on)
    for day in sorted(hit, key=lambda each: (each.kind, each.says, each.on)):
        if runs:
            first, last, before = runs[-1]
            if (before.kind, before.says) == (day.kind, day.says) and days_between(last, day.on) <= 1:
                runs[-1] = (first, day.on, before)
                continue
        runs.append((day.on, day.on, day))
    runs.sort(key=lambda run: (run[0], run[2].kind))
    return [
        Collision(day.kind, first, last, None, (Reason(f"{_told(first, last)}: {day.says}."),))
        for first, last, day in runs
    ]


def _when(first: date, last: date) -> str:
    return f"on {say(first)}" if first == last else f"from {say(first)} to {say(last)}"


def _told(first: date, last: date) -> str:
    when = _when(first, last)
    return when[0].upper() + when[1:]
