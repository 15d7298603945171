"""Seats of the subscription: how many are owned on a day, who has one, and who is suspended where they are too few."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, day_after, say
from app.domain.explained import Reason, RefusedError
from app.domain.licensing.metric import LICENSING
from app.domain.plausible import refuse_year
from app.domain.words import Word

MOST_IN_POOL = 100_000


class SeatKind(Word):
    """What a seat is of."""

    AUDIT_MANAGER = "audit-manager"
    LMS = "lms"

    @property
    def label(self) -> str:
        """As the screens write it at the head of something."""
        return "LMS" if self is SeatKind.LMS else "Audit-manager"

    @property
    def word(self) -> str:
        """As it stands within a sentence."""
        return "LMS" if self is SeatKind.LMS else "audit-manager"

    @property
    def a_seat(self) -> str:
        """One of them, within a sentence."""
        return f"an {self.word} seat"

    @property
    def needed_to(self) -> str:
        """What nobody does without one, to stand behind "without one nobody can"."""
        return "take courses" if self is SeatKind.LMS else "work as an auditor"


class PoolSource(Word):
    """How an organisation came by the seats of a pool."""

    BOUGHT = "bought"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True)
class Pool:
    """So many seats from a first to a last day; no last day: without end."""

    quantity: int
    starts_on: date
    ends_on: date | None = None

    def counts_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def refuse_pool(pool: Pool) -> None:
    """A pool has a number of seats that somebody may have bought, on days that may be meant, and does not end before
    it begins."""
    if not 0 <= pool.quantity <= MOST_IN_POOL:
        raise RefusedError(f"A number from 0 to {MOST_IN_POOL:,}.", "quantity")
    for field, day in (("starts_on", pool.starts_on), ("ends_on", pool.ends_on)):
        refuse_year(day, field)
    if pool.ends_on is not None and pool.ends_on < pool.starts_on:
        says = f"The last day, {say(pool.ends_on)}, is before the first, {say(pool.starts_on)}."
        raise RefusedError(says, "ends_on")


def refuse_past(day: date, today: date, field: str) -> None:
    """Who had a seat on a day that has passed stays as it was: what follows from it has been done already."""
    if day < today:
        raise RefusedError(f"{say(day)} has passed: choose today or a later day.", field)


def parts_of(pool: Pool, wanted: Pool, counts_from: date | None) -> list[Pool]:
    """The pool as it is wanted: one, or, where the number changes on a day within, up to that day and from it on."""
    if wanted.quantity == pool.quantity or counts_from is None or counts_from <= wanted.starts_on:
        return [wanted]
    if wanted.ends_on is not None and counts_from > wanted.ends_on:
        raise RefusedError(f"The pool has ended by then: its last day is {say(wanted.ends_on)}.", "counts_from")
    return [
        Pool(pool.quantity, wanted.starts_on, add_days(counts_from, -1)),
        Pool(wanted.quantity, counts_from, wanted.ends_on),
    ]


def adds_seats(before: Sequence[Pool], after: Sequence[Pool], first: date, last: date) -> bool:
    """Whether on some day from a first to a last one more are owned with the one than with the other."""
    turns = {first, *(each.starts_on for each in after), *(day_after(each.ends_on) for each in before if each.ends_on)}
    return any(owned(after, day) > owned(before, day) for day in turns if first <= day <= last)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A seat that a person has from a day until the day of its release, which is free again. Low ranks stay longest."""

    id: int
    person_id: int
    from_on: date
    released_on: date | None = None
    rank: int = 0

    def is_held(self, day: date) -> bool:
        return self.from_on <= day and (self.released_on is None or day < self.released_on)


@dataclass(frozen=True, slots=True)
class Level:
    """How many are owned and assigned from a day until the next level."""

    day: date
    owned: int
    assigned: int

    @property
    def effective(self) -> int:
        """Never more than are owned."""
        return min(self.owned, self.assigned)

    @property
    def suspended(self) -> int:
        return self.assigned - self.effective

    @property
    def free(self) -> int:
        return self.owned - self.effective


def owned(pools: Iterable[Pool], day: date) -> int:
    """How many seats are owned on a day: the pools within their terms; after the end none.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    return sum(pool.quantity for pool in pools if pool.counts_on(day))


def counted_from(pools: Iterable[Pool]) -> date | None:
    """From which day on seats are counted, and then for good: the first day of the first pool; None without a pool."""
    return min((pool.starts_on for pool in pools), default=None)


def in_line(assignments: Iterable[Assignment], day: date) -> list[Assignment]:
    """Who has a seat on a day, whoever keeps it longest first: the latest assigned stand last unless somebody chose."""
    return sorted((each for each in assignments if each.is_held(day)), key=lambda each: (each.rank, each.id))


def effective(pools: Iterable[Pool], assignments: Iterable[Assignment], day: date) -> list[Assignment]:
    """Whose seats count on a day: the first in line, and never more than are owned. [ISO/IEC 19770-1:2017, 8.4]"""
    return in_line(assignments, day)[: owned(pools, day)]


def suspended(pools: Iterable[Pool], assignments: Iterable[Assignment], day: date) -> list[Assignment]:
    """Whose seats are suspended on a day because fewer are owned than assigned, whoever is suspended first last.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    return in_line(assignments, day)[owned(pools, day) :]


def levels(
    pools: Iterable[Pool], assignments: Iterable[Assignment], since: date, until: date | None = None
) -> list[Level]:
    """How many are owned and assigned, from a day on, with a level for each day on which that changes."""
    steps: dict[date, list[int]] = defaultdict(lambda: [0, 0])

    def add(which: int, first: date, after: date | None, many: int) -> None:
        if after is not None and after <= max(first, since):
            return
        steps[max(first, since)][which] += many
        if after is not None:
            steps[after][which] -= many

    steps[since][0] += 0
    for pool in pools:
        # The last day that the calendar knows has none after it.
        after = None if pool.ends_on is None or pool.ends_on == date.max else day_after(pool.ends_on)
        add(0, pool.starts_on, after, pool.quantity)
    for each in assignments:
        add(1, each.from_on, each.released_on, 1)
    found: list[Level] = []
    owns = has = 0
    for day in sorted(steps):
        if until is not None and day > until:
            break
        owns, has = owns + steps[day][0], has + steps[day][1]
        if not found or (found[-1].owned, found[-1].assigned) != (owns, has):
            found.append(Level(day, owns, has))
    return found


def suspended_from(pools: Sequence[Pool], assignments: Sequence[Assignment], since: date) -> dict[int, date]:
    """The first day from `since` on, on which each assignment is suspended; who never is, is not in it.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    found: dict[int, date] = {}
    for day in _turns(pools, assignments, since):
        for each in suspended(pools, assignments, day):
            found.setdefault(each.id, day)
    return found


def brought_forward(before: Mapping[int, date], after: Mapping[int, date]) -> dict[int, date]:
    """Whose seat a change suspends that was not suspended before, or only from a later day on; and from which day."""
    return {id_: day for id_, day in after.items() if id_ not in before or day < before[id_]}


def _turns(
    pools: Sequence[Pool], assignments: Iterable[Assignment], since: date, until: date | None = None
) -> list[date]:
    """The first day, and each day after it on which what is owned changes, somebody comes or somebody goes."""
    # The numbers may stand still while one comes and another goes.
    turns = {since} | {level.day for level in levels(pools, (), since, until)}
    turns.update(
        day
        for each in assignments
        for day in (each.from_on, each.released_on)
        if day is not None and since < day and (until is None or day <= until)
    )
    return sorted(turns)


def refuse_beyond(
    kind: SeatKind,
    pools: Sequence[Pool],
    assignments: Sequence[Assignment],
    count: int,
    from_on: date,
    released_on: date | None = None,
) -> None:
    """Refuse so many further seats from a day on where they would not all be effective.

    On the first day there must be as many free; on a later day others may have them already. Only where the
    organisation owns fewer by then than on the first day are they given all the same, and suspended first from that
    day on. [ISO/IEC 19770-1:2017, 8.4]
    """
    if not any(pool.quantity for pool in pools):
        says = f"No pool of {kind.word} seats is recorded. Record what was bought or is included first."
        raise RefusedError(Reason(says, LICENSING))
    found = levels(pools, assignments, from_on)
    first = found[0]
    for level in found:
        if released_on is not None and level.day >= released_on:
            return
        shrunk = level.owned < first.owned
        if level.assigned + count > level.owned and not shrunk:
            free = level.free
            left = "none is free" if not free else f"{free} {'is' if free == 1 else 'are'} free"
            asked = "" if count == 1 else f", and {count} are asked for"
            says = (
                f"On {say(level.day)}, {level.owned} {kind.word} {_seats(level.owned)} {_are(level.owned)} owned and "
                f"{level.assigned} {_are(level.assigned)} assigned: {left}{asked}."
            )
            why = [Reason(says, LICENSING)]
            if level.day > from_on:
                why.append(Reason(f"Until then there is room: release them on {say(level.day)}."))
            raise RefusedError(why)


def next_free(kind: SeatKind, pools: Sequence[Pool], assignments: Sequence[Assignment], since: date) -> date | None:
    """The first day from `since` on, from which one more seat can be given for good; None where there is none.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    for level in levels(pools, assignments, since):
        try:
            refuse_beyond(kind, pools, assignments, 1, level.day)
        except RefusedError:
            continue
        return level.day
    return None


def refuse_second(
    kind: SeatKind,
    names: Mapping[int, str],
    assignments: Iterable[Assignment],
    from_on: date,
    released_on: date | None = None,
) -> None:
    """Refuse a second seat of a kind to whoever has one on any of the days; `names` says who is asked for."""
    why = []
    for each in assignments:
        is_void = each.released_on is not None and each.released_on <= each.from_on
        before = each.released_on is not None and each.released_on <= from_on
        after = released_on is not None and released_on <= each.from_on
        if each.person_id in names and not (is_void or before or after):
            until = f" until its release on {say(each.released_on)}" if each.released_on else ""
            says = f"{names[each.person_id]} has {kind.a_seat} from {say(each.from_on)}{until} already."
            why.append(Reason(says))
    if why:
        raise RefusedError(why, "people")


def replaced(line: Sequence[int], moved: Mapping[int, int]) -> list[int]:
    """The line with some of it moved to other places, counted from 1; the others close up and keep their order.

    Of two that are moved to the same place the one that stood before the other comes first.
    """
    left = [each for each in line if each not in moved]
    for each in sorted(moved, key=lambda each: (moved[each], line.index(each))):
        left.insert(moved[each] - 1, each)
    return left


def why_without(kind: SeatKind, name: str, day: date, *, is_suspended: bool) -> Reason:
    """Why somebody cannot do what needs a seat on a day, in words."""
    no = f"The {kind.word} seat of {name} is suspended" if is_suspended else f"{name} has no {kind.word} seat"
    return Reason(f"{no} on {say(day)}: without one nobody can {kind.needed_to}.", LICENSING)


def lacking(
    pools: Sequence[Pool], assignments: Sequence[Assignment], people: Collection[int], first: date, last: date
) -> dict[int, tuple[date, bool]]:
    """Who of some people has no effective seat on every day of a span: on which day first, and whether suspended.

    Before the first pool nobody needs one. [ISO/IEC 19770-1:2017, 8.4]
    """
    found: dict[int, tuple[date, bool]] = {}
    since = counted_from(pools)
    if since is None or since > last:
        return found
    begins = max(first, since)
    for day in _turns(pools, assignments, begins, last):
        line, many = in_line(assignments, day), owned(pools, day)
        works, waits = ({each.person_id for each in part} for part in (line[:many], line[many:]))
        for person in people:
            if person not in works:
                found.setdefault(person, (day, person in waits))
    return found


def release_day(assignment: Assignment, today: date, day: date) -> date:
    """The day of the release of a seat, which is free again on it; one that has not begun by then was never held.

    A release that stands can come earlier, never later: further days are a further seat.
    """
    stands = assignment.released_on
    if stands is not None and stands <= today:
        raise RefusedError(f"This seat was released on {say(stands)} already.", "day")
    if stands is not None and day > stands:
        says = f"This seat is released on {say(stands)} already: give that day or an earlier one."
        raise RefusedError(says, "day")
    if day < assignment.from_on <= today:
        says = f"This seat is held since {say(assignment.from_on)}: it cannot be released before."
        raise RefusedError(says, "day")
    return max(day, assignment.from_on)


def _seats(count: int) -> str:
    return "seat" if count == 1 else "seats"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
