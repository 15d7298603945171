"""Support sessions: which slots of a support person are free, what may still be moved, and how many a plan includes.

Hours are kept by the clock on the wall of the support person; slots are moments in UTC, shown in any zone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from app.domain.dates import add_days, days_between, say
from app.domain.explained import Explained, Reason, RefusedError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FURTHEST = timedelta(weeks=26)
"""No session is booked further ahead than this."""
SHORTEST, LONGEST = 15, 240
LONGEST_BUFFER = 120
LONGEST_NOTICE = 14 * 24
LONGEST_ABSENCE = 366

_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment up to, and not including, another; both in UTC."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span", apart: timedelta = timedelta()) -> bool:
        """Whether the two have a moment in common, or less time between them than they are to be apart."""
        return self.starts_at < other.ends_at + apart and other.starts_at < self.ends_at + apart


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """On each such day of the week (0 is Monday) from a time to a time; a time that is not later is of the next day."""

    weekday: int
    starts_at: time
    ends_at: time

    @property
    def minutes(self) -> tuple[int, int]:
        """From which to which minute of the week; beyond its last minute where it runs into Monday."""
        first = self.weekday * _DAY + self.starts_at.hour * 60 + self.starts_at.minute
        last = self.weekday * _DAY + self.ends_at.hour * 60 + self.ends_at.minute
        return first, last if last > first else last + _DAY

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Absence:
    """From a first to a last day by the calendar of the support person."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """How a support person works: where, how long a session is, what is kept free before and after, with what notice.

    The notice is how long before its beginning a session is booked, moved or cancelled at the latest.
    """

    time_zone: str
    minutes: int
    buffer_minutes: int = 0
    notice_hours: int = 0

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=self.buffer_minutes)

    @property
    def notice(self) -> timedelta:
        return timedelta(hours=self.notice_hours)


@dataclass(frozen=True, slots=True)
class Diary:
    """A support person with their hours, their absences and what is booked with them already."""

    id: int
    terms: Terms
    hours: tuple[Hours, ...]
    absences: tuple[Absence, ...] = ()
    taken: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class FreeSlot:
    """A session that may be booked."""

    span: Span
    person_id: int


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The time zones to choose from."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def refuse_terms(terms: Terms) -> None:
    """A support person has a time zone that exists, and lengths that a day can hold."""
    if terms.time_zone not in zone_names():
        raise RefusedError("There is no such time zone.", "time_zone")
    for value, least, most, what, field in (
        (terms.minutes, SHORTEST, LONGEST, "minutes", "minutes"),
        (terms.buffer_minutes, 0, LONGEST_BUFFER, "minutes", "buffer_minutes"),
        (terms.notice_hours, 0, LONGEST_NOTICE, "hours", "notice_hours"),
    ):
        if not least <= value <= most:
            raise RefusedError(f"From {least} to {most} {what}.", field)


def refuse_hours(hours: Sequence[Hours]) -> None:
    """No two spans of one week overlap, also where one runs past midnight or into the next week."""
    spans = sorted((each.minutes, each) for each in hours)
    for ((_, before), one), ((after, _), other) in pairwise(spans):
        if after < before:
            raise RefusedError(f"{one} and {other} overlap.", "hours")
    if len(spans) > 1 and spans[-1][0][1] - 7 * _DAY > spans[0][0][0]:
        raise RefusedError(f"{spans[-1][1]} and {spans[0][1]} overlap.", "hours")


def refuse_absence(absence: Absence) -> None:
    """An absence does not end before it begins, and lasts no longer than a year."""
    if absence.last_on < absence.first_on:
        says = f"The last day, {say(absence.last_on)}, is before the first, {say(absence.first_on)}."
        raise RefusedError(says, "last_on")
    if days_between(absence.first_on, absence.last_on) > LONGEST_ABSENCE:
        raise RefusedError(f"At most {LONGEST_ABSENCE} days; whoever is away for longer is paused.", "last_on")


def refuse_link(link: str) -> None:
    """Where a session takes place online is an address of the web."""
    if link and not link.startswith(("https://", "http://")):
        raise RefusedError("Begin the address with https://.", "link")


def refuse_ended(other: str, field: str | None = None) -> None:
    """Whoever has no live agreement with the other side books and moves nothing, and tells it of no new link."""
    says = f"The agreement with {other} has ended: no session is booked or moved, and nothing new is told of one."
    raise RefusedError(f"{says} It may still be cancelled, and what was said in it written up.", field)


def moment_of(day: date, at: time, time_zone: str, *, again: bool = False) -> datetime:
    """The moment, in UTC, at which the clock on a wall shows this; where it shows it twice the first, or `again`.

    A time that the clock leaps over in spring is the moment of the leap.
    """
    wall = datetime.combine(day, at, ZoneInfo(time_zone))
    first, second = wall.replace(fold=0), wall.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before >= after:
        return (second if again else first).astimezone(UTC)
    early, late = second.astimezone(UTC), first.astimezone(UTC)
    zone = ZoneInfo(time_zone)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early).total_seconds() // 2)
        early, late = (middle, late) if middle.astimezone(zone).utcoffset() == before else (early, middle)
    return late


def opening(hours: Hours, day: date, time_zone: str) -> Span | None:
    """The moments of these hours that begin on a day; None where the clock leaps over all of them.

    Where the clock shows an hour twice in autumn, no moment counts at which it shows a time outside the hours; hours
    that lie within it whole count the first time.
    """
    last = day if hours.ends_at > hours.starts_at else add_days(day, 1)
    starts_at = moment_of(day, hours.starts_at, time_zone, again=True)
    ends_at = moment_of(last, hours.ends_at, time_zone)
    if ends_at <= starts_at:
        starts_at = moment_of(day, hours.starts_at, time_zone)
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def days_of(first_on: date, last_on: date, time_zone: str) -> Span:
    """From the beginning of the first to the end of the last day, by the calendar of a zone."""
    return Span(moment_of(first_on, time(), time_zone), moment_of(add_days(last_on, 1), time(), time_zone))


def week_of(day: date, time_zone: str) -> Span:
    """The week of a day, from Monday to Sunday by the calendar of a zone."""
    monday = add_days(day, -day.weekday())
    return days_of(monday, add_days(monday, 6), time_zone)


def sessions_of(diary: Diary, within: Span) -> list[Span]:
    """All sessions that begin in that time by the hours alone: one after the other, with the buffer between them."""
    zone = ZoneInfo(diary.terms.time_zone)
    day = add_days(within.starts_at.astimezone(zone).date(), -1)
    last = within.ends_at.astimezone(zone).date()
    found = []
    while day <= last:
        for hours in diary.hours:
            span = opening(hours, day, diary.terms.time_zone) if hours.weekday == day.weekday() else None
            starts_at = span.starts_at if span is not None else within.ends_at
            while span is not None and starts_at + diary.terms.length <= span.ends_at:
                if within.starts_at <= starts_at < within.ends_at:
                    found.append(Span(starts_at, starts_at + diary.terms.length))
                starts_at += diary.terms.length + diary.terms.buffer
        day = add_days(day, 1)
    return sorted(set(found))


def free_slots(diary: Diary, within: Span, now: datetime) -> list[FreeSlot]:
    """The sessions that may be booked now: with notice, not too far ahead, not while absent, apart from what is booked.

    The buffer is kept free before and after each session that is booked.
    """
    earliest, latest = now + diary.terms.notice, now + FURTHEST
    away = [days_of(each.first_on, each.last_on, diary.terms.time_zone) for each in diary.absences]
    return [
        FreeSlot(span, diary.id)
        for span in sessions_of(diary, within)
        if earliest <= span.starts_at <= latest
        and not any(span.meets(each) for each in away)
        and not any(span.meets(each, diary.terms.buffer) for each in diary.taken)
    ]


def slots_of_all(diaries: Iterable[Diary], within: Span, now: datetime) -> list[FreeSlot]:
    """The free slots of several support people, the earliest first."""
    return sorted(slot for diary in diaries for slot in free_slots(diary, within, now))


def next_free(diaries: Sequence[Diary], after: datetime, now: datetime) -> FreeSlot | None:
    """The first slot that is free from a moment on, whoever gives it; None where there is none as far as one books."""
    starts_at, latest = max(after, now), now + FURTHEST
    while starts_at <= latest:
        week = Span(starts_at, starts_at + timedelta(weeks=1))
        found = slots_of_all(diaries, week, now)
        if found:
            return found[0]
        starts_at = week.ends_at
    return None


def refuse_slot(diary: Diary, starts_at: datetime, now: datetime) -> Span:
    """Only a free slot is booked: gives it, or says why it is none."""
    wanted = Span(starts_at, starts_at + diary.terms.length)
    if any(slot.span == wanted for slot in free_slots(diary, wanted, now)):
        return wanted
    if any(wanted.meets(each, diary.terms.buffer) for each in diary.taken):
        raise RefusedError("Somebody else has just taken this slot.", "slot")
    if starts_at < now + diary.terms.notice:
        raise RefusedError(f"Sessions are booked {say_hours(diary.terms.notice_hours)} ahead at the latest.", "slot")
    raise RefusedError("This is no free slot any more.", "slot")


def changeable_until(starts_at: datetime, terms: Terms) -> Explained[datetime]:
    """Until when a session may be moved or cancelled by who booked it: as long before it as the notice."""
    if terms.notice_hours == 0:
        return Explained(starts_at, (Reason("A session is moved or cancelled until it begins."),))
    says = f"A session is moved or cancelled until {say_hours(terms.notice_hours)} before it begins."
    return Explained(starts_at - terms.notice, (Reason(says),))


def refuse_change(starts_at: datetime, terms: Terms, now: datetime, *, gives_support: bool = False) -> None:
    """What has begun stays; who booked a session moves or cancels it only with notice, who gives it until it begins."""
    if now >= starts_at:
        raise RefusedError("The session has begun: it is neither moved nor cancelled.")
    until = changeable_until(starts_at, terms)
    if not gives_support and now > until.value:
        raise RefusedError(until.why)


def say_hours(count: int) -> str:
    """A number of hours in words."""
    return f"{count} hour" if count == 1 else f"{count} hours"


def say_span(span: Span, time_zone: str) -> str:
    """A session as the screens write it, with the zone whose clock it is."""
    zone = ZoneInfo(time_zone)
    starts_at, ends_at = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
    day = f"{WEEKDAYS[starts_at.weekday()][:3]} {say(starts_at.date())}"
    return f"{day}, {starts_at:%H:%M}–{ends_at:%H:%M} ({time_zone})"


def counted(booked: Iterable[datetime], now: datetime) -> tuple[int, int]:
    """How many sessions are used and how many planned: those not cancelled, by when they begin."""
    starts = list(booked)
    used = sum(each <= now for each in starts)
    return used, len(starts) - used


_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def read_hours(weekday: int, text: str, field: str) -> tuple[Hours, ...]:
    """The hours of a day of the week as they are typed: 09:00-12:00, 13:00-17:00; 24:00 is midnight."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;]", text))):
        match = _SPAN.fullmatch(part)
        first, last = _clock(match, 1), _clock(match, 3)
        if first is None or last is None or (match is not None and match[1] == "24"):
            raise RefusedError(f"“{part}” says no hours. Write them as 09:00-12:00, 13:00-17:00.", field)
        found.append(Hours(weekday, first, last))
    return tuple(found)


def _clock(match: re.Match[str] | None, place: int) -> time | None:
    if match is None:
        return None
    hour, minute = int(match[place]), int(match[place + 1])
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def write_hours(hours: Iterable[Hours]) -> str:
    """The hours of one day as they are typed."""
    return ", ".join(f"{each.starts_at:%H:%M}-{each.ends_at:%H:%M}" for each in sorted(hours))
