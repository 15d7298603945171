"""The agenda of an audit: who sits on which side of the table, and what in it does not go together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import combinations

from app.domain.dates import days_between, say
from app.domain.explained import Reason, RefusedError


class AgendaSide(StrEnum):
    """Who audits, and who is audited."""

    AUDITOR = "auditor"
    AUDITEE = "auditee"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Clash(StrEnum):
    """The kinds of what does not go together."""

    PERSON = "person"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Slot:
    """An item of the agenda as the rule sees it; each person by a key that tells them apart, and a name."""

    item_id: int
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    people: tuple[tuple[str, str], ...] = ()

    @property
    def span(self) -> str:
        """Its times in words: 09:00 to 10:30."""
        return f"{self.starts_at:%H:%M} to {self.ends_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class AgendaConflict:
    """One thing that does not go together, and the items that it concerns."""

    kind: Clash
    items: tuple[int, ...]
    why: tuple[Reason, ...]


def agenda_conflicts(slots: Iterable[Slot], first: date, last: date) -> tuple[AgendaConflict, ...]:
    """Say which items lie outside the days of the audit, and who is wanted at two of them at one time.

    An item that begins as another ends does not meet it. None of this breaks a rule: a plan may be unfinished.
    """
    ordered = sorted(slots, key=lambda each: (each.held_on, each.starts_at, each.item_id))
    found = [
        AgendaConflict(Clash.DAY, (each.item_id,), (Reason(_outside(each, first, last)),))
        for each in ordered
        if not first <= each.held_on <= last
    ]
    for one, other in combinations(ordered, 2):
        if not _meet(one, other):
            continue
        there = dict(other.people)
        for key, name in dict(one.people).items():
            if key in there:
                says = (
                    f"{name} is wanted at two items on {say(one.held_on)}: “{one.title}” ({one.span}) "
                    f"and “{other.title}” ({other.span})."
                )
                found.append(AgendaConflict(Clash.PERSON, (one.item_id, other.item_id), (Reason(says),)))
    return tuple(found)


def days_along(was: tuple[date, date], then: tuple[date, date]) -> int:
    """Say by how many days an agenda moves along with its audit: by as many as the first day does.

    An audit that only becomes longer or shorter, at one end, keeps its agenda where it is.
    """
    if was[0] == then[0] or was[1] == then[1]:
        return 0
    return days_between(was[0], then[0])


def refuse_outside(slots: Iterable[Slot], first: date, last: date) -> None:
    """Refuse an agenda of which an item lies outside the days of its audit."""
    conflicts = agenda_conflicts(slots, first, last)
    if outside := [reason for each in conflicts if each.kind is Clash.DAY for reason in each.why]:
        raise RefusedError(outside)


def refuse_backwards(starts_at: time, ends_at: time) -> None:
    """Refuse an item that ends before it begins, or as it begins."""
    if ends_at <= starts_at:
        raise RefusedError(f"It begins at {starts_at:%H:%M}, so it has to end after that, on the same day.", "ends_at")


def _meet(one: Slot, other: Slot) -> bool:
    return one.held_on == other.held_on and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _outside(slot: Slot, first: date, last: date) -> str:
    days = f"on {say(first)}" if first == last else f"from {say(first)} to {say(last)}"
    return f"“{slot.title}” is on {say(slot.held_on)}, and the audit is {days}."
