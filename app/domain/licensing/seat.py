"""Seats: checked out to a person or a device, never more than is entitled on any of their days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, day_after, say
from app.domain.explained import Reason, RefusedError
from app.domain.licensing.allocation import Grant, Need, Scope, Use, allocate, paired
from app.domain.licensing.entitlement import EntitlementFact, units_on
from app.domain.licensing.metric import LICENSING, PARTS, Metric

_NAMED = 12
Span = tuple[date, date | None]
"""The first and the last day; None: without end."""


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, by the name of who holds it, or devices on which it is installed and that hold none."""

    holder: str
    starts_on: date
    ends_on: date | None = None
    site_id: int | None = None
    count: int = 1
    is_installed: bool = False
    """Whether it is no seat: a licence by device counts devices that have it installed, too."""
    person: int | None = None
    """Of a device, whose it is: the contract may let a person's second device need no further unit."""

    def is_held(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Bought:
    """An entitlement of the pool, at which site alone it may be used, and whether a second device is free under it."""

    fact: EntitlementFact
    site_id: int | None = None
    second_use: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How the seats of a pool stand on a day."""

    day: date
    entitled: int
    held: int
    uncovered: int
    installed: int = 0
    """Devices that have it installed and hold no seat."""
    second: int = 0
    """How many of all these are the second device of a person, and need no further unit."""

    @property
    def needed(self) -> int:
        """Seats and such devices together."""
        return self.held + self.installed

    @property
    def free(self) -> int:
        """How many more can be checked out on that day, to whom needs a unit for it."""
        return max(self.entitled - (self.needed - self.second - self.uncovered), 0)


def spans_left(whole: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of some days without others."""
    start, until = whole
    left: list[Span] = []
    for begins, ends in sorted(taken, key=lambda each: each[0]):
        if until is not None and begins > until:
            break
        if ends is not None and ends < start:
            continue
        if begins > start:
            left.append((start, add_days(begins, -1)))
        if ends is None or (until is not None and ends >= until):
            return left
        start = day_after(ends)
    return [*left, (start, until)]


def turning_days(
    bought: Iterable[Bought], held: Iterable[Held], takers: Iterable[EntitlementFact], since: date
) -> list[date]:
    """The days from one on at which anything changes: between two of them all days are alike."""
    days = {since}
    for each in [*(one.fact for one in bought), *takers]:
        days.add(each.starts_on)
        days.update(day_after(last) for last in (each.ends_on, each.last_day) if last is not None)
    for seat in held:
        days.add(seat.starts_on)
        if seat.ends_on is not None:
            days.add(day_after(seat.ends_on))
    return sorted(day for day in days if day >= since)


def standing_on(
    day: date, bought: Sequence[Bought], held: Iterable[Held], takers: Sequence[EntitlementFact]
) -> Standing:
    """What is entitled and held on a day, and how much of what is held nothing covers."""
    grants = [
        Grant(each.fact.id, units_on(each.fact, takers, day).value, Scope(each.site_id, second_use=each.second_use))
        for each in bought
    ]
    pairs = any(each.units and each.scope.second_use for each in grants)
    there = [seat for seat in held if seat.is_held(day)]
    uses = [Use(sites=frozenset({seat.site_id})) for seat in there]
    found_pairs = paired((seat.person if pairs else None, use) for seat, use in zip(there, uses, strict=True))
    alike: dict[tuple[Use, Use | None], int] = defaultdict(int)
    for seat, use, pair in zip(there, uses, found_pairs, strict=True):
        alike[use, pair] += seat.count
    found = allocate(grants, [Need(count * PARTS, *which) for which, count in alike.items()])
    entitled = sum(each.units for each in grants)
    installed = sum(seat.count for seat in there if seat.is_installed)
    seats = sum(seat.count for seat in there) - installed
    return Standing(day, entitled, seats, found.demand - found.covered // PARTS, installed, found.free // PARTS)


def last_day_free(
    bought: Sequence[Bought], held: Sequence[Held], takers: Sequence[EntitlementFact], since: date, count: int = 1
) -> date | None:
    """The last day through which so many more seats are free from a day on.

    None where they are free for good, and where not even the first day has room. [ISO/IEC 19770-1:2017, 8.4]
    """
    for day in turning_days(bought, held, takers, since):
        if standing_on(day, bought, held, takers).free < count:
            return add_days(day, -1) if day > since else None
    return None


def refuse_beyond(
    bought: Sequence[Bought], held: Sequence[Held], wanted: Sequence[Held], takers: Sequence[EntitlementFact]
) -> None:
    """Refuse to check out what is not entitled on every day of the seats, those to come included.

    The refusal says who holds them. [ISO/IEC 19770-1:2017, 8.4]
    """
    if not wanted:
        return
    since = min(each.starts_on for each in wanted)
    together = [*held, *wanted]
    for day in turning_days(bought, together, takers, since):
        asked = sum(each.is_held(day) for each in wanted)
        if not asked:
            continue
        after = standing_on(day, bought, together, takers)
        if after.uncovered:
            raise RefusedError(
                _why(after, asked, since, [each.holder for each in held if each.is_held(day) and each.holder]),
                "holders",
            )


def _why(after: Standing, asked: int, since: date, holders: Sequence[str]) -> tuple[Reason, ...]:
    seats = "1 seat" if asked == 1 else f"{asked} seats"
    on = f"On {say(after.day)}" if after.day > since else "On that day"
    says = f"{seats} cannot be checked out. {on}, {after.entitled:,} are entitled and {after.held - asked:,} are held"
    if after.installed:
        devices = "1 device has" if after.installed == 1 else f"{after.installed:,} devices have"
        says += f", and {devices} it installed without a seat"
    if after.second:
        says += f"; {after.second:,} of them need no unit, as the second device of a person"
    if after.entitled >= after.needed - after.second:
        says += ", and what is left is for another site"
    why = [Reason(f"{says}.", LICENSING)]
    if after.day > since:
        last = date.fromordinal(after.day.toordinal() - 1)
        why.append(Reason(f"Give {say(last)} as the last day, or record the renewal first.", LICENSING))
    if holders:
        why.append(Reason(f"Held by {say_holders(holders)}.", LICENSING))
    return tuple(why)


def refuse_bare(
    before: tuple[Sequence[Bought], Sequence[EntitlementFact]],
    after: tuple[Sequence[Bought], Sequence[EntitlementFact]],
    held: Sequence[Held],
    since: date,
    field: str | None = None,
) -> None:
    """Refuse a change of entitlements that would leave seats uncovered which are covered now.

    Raises `RefusedError` that says from which day, how many, and who holds them. [ISO/IEC 19770-1:2017, 8.4]
    """
    days = {
        *turning_days(before[0], held, before[1], since),
        *turning_days(after[0], held, after[1], since),
    }
    for day in sorted(days):
        now, then = standing_on(day, before[0], held, before[1]), standing_on(day, after[0], held, after[1])
        if then.uncovered > now.uncovered:
            holders = [each.holder for each in held if each.is_held(day)]
            says = f"{then.held} seats are checked out, and only {then.held - then.uncovered} would be covered"
            first = f"{says} from {say(day)} on. Check {then.uncovered} in first."
            why = (Reason(first, LICENSING), Reason(f"Held by {say_holders(holders)}.", LICENSING))
            raise RefusedError(why, field)


def refuse_holders(metric: Metric, people: Sequence[str], devices: Sequence[str]) -> None:
    """Refuse whom the metric does not count: named users are people, devices are devices, subscriptions either.

    What counts processors, cores, sites or measured use has no seats. [ISO/IEC 19770-1:2017, 8.4]
    """
    if not metric.seats_people and not metric.seats_devices:
        says = f"A licence by {metric.label.lower()} counts {metric.unit}: it has no seats to check out."
        raise RefusedError(Reason(says, LICENSING), "holders")
    wrong, who = (people, "people") if not metric.seats_people else ((), "")
    if devices and not metric.seats_devices:
        wrong, who = devices, "devices"
    if wrong:
        says = f"A licence by {metric.label.lower()} counts {metric.unit}, and {who} cannot hold a seat of it"
        raise RefusedError(Reason(f"{says}: {say_holders(wrong)}.", LICENSING), "holders")


def say_holders(holders: Sequence[str]) -> str:
    """The first dozen by name, and how many more."""
    names = sorted(holders)
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
