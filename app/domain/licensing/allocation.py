"""Which grants cover which use, so that as much as possible is covered and no grant covers more than it holds.

What a grant covers may overlap with others in part: one for a site, one for older versions. Giving each use to the
first grant that fits can then leave a use uncovered although there is room. So a use that finds no room may push
another to a grant that covers it too: the most that can be covered is covered, whatever the order. The order decides
which grant is used up first: those for one site before those for all, those for a version before those for every one,
the oldest version first.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.domain.itam.version import key_is_covered, key_is_older
from app.domain.licensing.metric import PARTS

NOWHERE: frozenset[int | None] = frozenset()
Released = Mapping[str, date]
"""When a version came out, by its key."""


class Use(NamedTuple):
    """What a unit is needed for: versions (by key, the oldest and the newest), sites, and days of measured use."""

    oldest: str = ""
    newest: str = ""
    sites: frozenset[int | None] = NOWHERE
    since: date | None = None
    until: date | None = None

    def joined(self, other: "Use") -> "Use":
        """Both together: what covers it covers each of them. A version that is not known is that of the other."""
        oldest = min(self.oldest or other.oldest, other.oldest or self.oldest)
        return Use(oldest, max(self.newest, other.newest), self.sites | other.sites)


class Need(NamedTuple):
    """So many parts for a use. `pair` is set for a person's second device: both devices together."""

    parts: int
    use: Use = Use()
    pair: Use | None = None


def paired(devices: Iterable[tuple[Hashable | None, Use]]) -> list[Use | None]:
    """For each device, with whose it is: both devices together where it is the second of the same person, else None.

    A third device of a person is the second of nobody; a device of nobody has no second.
    """
    first: dict[Hashable, Use] = {}
    done: set[Hashable] = set()
    found: list[Use | None] = []
    for person, use in devices:
        if person is None or person in done:
            found.append(None)
        elif person in first:
            done.add(person)
            found.append(first[person].joined(use))
        else:
            first[person] = use
            found.append(None)
    return found


class Scope(NamedTuple):
    """What a grant covers. Days are set for measured use alone, which a grant covers if all lies in its own term."""

    site_id: int | None = None
    through: str = ""
    may_downgrade: bool = True
    maintained_until: date | None = None
    second_use: bool = False
    starts_on: date | None = None
    ends_on: date | None = None

    def newest(self, released: Released) -> str:
        """The newest version it covers: the one bought, or the newest that came out under maintenance; empty: any."""
        if not self.through or self.maintained_until is None:
            return self.through
        out = [key for key, day in released.items() if day <= self.maintained_until]
        return max([self.through, *out])

    def covers(self, use: Use, newest: str) -> bool:
        """Whether a grant of this scope may be used so. A version that is not known is covered."""
        if self.site_id is not None and not use.sites <= {self.site_id}:
            return False
        if use.since is not None and use.until is not None:
            if self.starts_on is not None and use.since < self.starts_on:
                return False
            if self.ends_on is not None and use.until > self.ends_on:
                return False
        if not self.through:
            return True
        return key_is_covered(newest, use.newest) and (self.may_downgrade or not key_is_older(use.oldest, self.through))

    @property
    def order(self) -> tuple[object, ...]:
        """Specific before general, the oldest version first."""
        through = (self.through == "", self.through, self.may_downgrade, self.maintained_until or date.min)
        dates = (self.ends_on or date.max, self.starts_on or date.min)
        return (self.site_id is None, self.site_id or 0, *through, self.second_use, *dates)


class Grant(NamedTuple):
    """So many units on the day. One that has ended covers what was used within its term, and is entitled to nothing."""

    key: Hashable
    units: int
    scope: Scope = Scope()
    has_ended: bool = False


@dataclass(slots=True)
class Allocation:
    """What covers what, in parts of a unit."""

    demand: int
    """Units that are needed, the free ones left out."""
    covered: int = 0
    free: int = 0
    """Parts that need no unit: second devices, and what ended grants covered in their time."""
    by_grant: dict[Hashable, int] = field(default_factory=dict)
    bare: list[tuple[Use, int]] = field(default_factory=list)
    """Uses that nothing covers, and how much of each."""


def allocate(
    grants: Iterable[Grant],
    needs: Iterable[Need],
    released: Released | None = None,
    whole: Callable[[int], int] = lambda parts: -(-parts // PARTS),
) -> Allocation:
    """Cover as much as can be covered; `whole` makes units of parts, and what it rounds up may be covered by any grant.

    For every history: no grant covers more than it holds; covered and bare together are the demand; a grant more never
    covers less; an installation more never leaves less bare. [ISO/IEC 19770-1:2017, 8.4]
    """
    flow, demand = _filled(grants, sorted(needs, key=_oldest_first), released, whole)
    return flow.result(demand)


class Share(NamedTuple):
    """So many parts of a need, and the grant that covers them; free ones take nothing from it."""

    key: Hashable
    parts: int
    is_free: bool = False


def matched(
    grants: Iterable[Grant],
    needs: Sequence[Need],
    released: Released | None = None,
    whole: Callable[[int], int] = lambda parts: -(-parts // PARTS),
) -> tuple[Allocation, list[list[Share]]]:
    """The same, and for each need, in the order given, what covers it; what is missing of its parts is bare."""
    order = sorted(range(len(needs)), key=lambda index: _oldest_first(needs[index]))
    flow, demand = _filled(grants, [needs[index] for index in order], released, whole)
    shares: list[list[Share]] = [[] for _ in needs]
    added = [index for index in order if needs[index].parts > 0]
    # What rounding up added is the last of the flow, and no need of anybody.
    for index, found in zip(added, flow.shares(), strict=False):
        shares[index] = found
    return flow.result(demand), shares


def _filled(
    grants: Iterable[Grant], needs: Iterable[Need], released: Released | None, whole: Callable[[int], int]
) -> tuple["_Flow", int]:
    held = sorted((each for each in grants if each.units > 0), key=lambda each: each.scope.order)
    flow = _Flow(held, released or {})
    for need in needs:
        if need.parts > 0:
            flow.add(need)
    flow.run(free_only=True)
    total = sum(each.parts for each in flow.needs)
    demand = whole(total - flow.free)
    flow.add(Need(demand * PARTS - (total - flow.free)), is_rounding=True)
    flow.run(free_only=False)
    return flow, demand


def _oldest_first(need: Need) -> tuple[object, ...]:
    use = need.use
    return (use.newest, use.oldest, -len(use.sites), use.since or date.min, sorted(each or 0 for each in use.sites))


class _Flow:
    """Needs on one side, rooms on the other; a room is all grants of one scope, or what is free under it."""

    def __init__(self, grants: Sequence[Grant], released: Released) -> None:
        self.newest: list[str] = []
        self.scopes: list[tuple[Scope, bool, bool]] = []
        """Scope, whether it is free, whether it is for pairs."""
        self.room: list[int] = []
        self.members: list[list[Grant]] = []
        found: dict[tuple[Scope, bool, bool], int] = {}
        for grant in grants:
            places = [(grant.scope, grant.has_ended, False)]
            if grant.scope.second_use and not grant.has_ended:
                places.append((grant.scope, True, True))
            for place in places:
                if place not in found:
                    found[place] = len(self.scopes)
                    self.scopes.append(place)
                    self.newest.append(place[0].newest(released))
                    self.room.append(0)
                    self.members.append([])
                self.room[found[place]] += grant.units * PARTS
                self.members[found[place]].append(grant)
        self.needs: list[Need] = []
        self.class_of: list[int] = []
        self.left: list[int] = []
        self.reach: list[tuple[int, ...]] = []
        self.classes: dict[tuple[int, ...], int] = {}
        self.uses: list[list[tuple[Use, int]]] = []
        self.used: dict[tuple[int, int], int] = {}
        self.users: defaultdict[int, set[int]] = defaultdict(set)
        self.free = 0

    def add(self, need: Need, *, is_rounding: bool = False) -> None:
        """Let a need in. What rounding up adds was used by nobody: no term that has ended covered it in its time."""
        if need.parts <= 0:
            return
        self.needs.append(need)
        reach = tuple(
            index
            for index, (scope, is_free, pairs) in enumerate(self.scopes)
            if not (is_rounding and is_free)
            and (use := need.pair if pairs else need.use) is not None
            and scope.covers(use, self.newest[index])
        )
        number = self.classes.setdefault(reach, len(self.left))
        if number == len(self.left):
            self.left.append(0)
            self.reach.append(reach)
            self.uses.append([])
        self.left[number] += need.parts
        self.class_of.append(number)
        self.uses[number].append((need.use, need.parts))

    def run(self, *, free_only: bool) -> None:
        """Free rooms first, by themselves: what they take does not hang on the others."""
        for number in range(len(self.left)):
            while self.left[number] > 0 and self._push(number, free_only):
                pass

    def _push(self, start: int, free_only: bool) -> bool:
        """Find room for a need, moving others where that helps; the shortest way first."""
        from_class: dict[int, int] = {}
        from_room: dict[int, int] = {}
        waiting = deque([start])
        seen = {start}
        while waiting:
            number = waiting.popleft()
            for room in self.reach[number]:
                if room in from_class or (free_only and not self.scopes[room][1]):
                    continue
                from_class[room] = number
                if self.room[room] > 0:
                    self._move(start, room, from_class, from_room)
                    return True
                for other in self.users[room]:
                    if other not in seen:
                        seen.add(other)
                        from_room[other] = room
                        waiting.append(other)
        return False

    def _move(self, start: int, end: int, from_class: dict[int, int], from_room: dict[int, int]) -> None:
        way: list[tuple[int, int]] = [(from_class[end], end)]
        while way[-1][0] != start:
            room = from_room[way[-1][0]]
            way.append((from_class[room], room))
        moved = min(self.room[end], self.left[start])
        for (number, _), (_, room) in pairwise(way):
            moved = min(moved, self.used[number, room])
        self.room[end] -= moved
        self.left[start] -= moved
        for number, room in way:
            self._change(number, room, moved)
        for (number, _), (_, room) in pairwise(way):
            self._change(number, room, -moved)

    def _change(self, number: int, room: int, by: int) -> None:
        now = self.used.get((number, room), 0) + by
        self.used[number, room] = now
        if now:
            self.users[room].add(number)
        else:
            self.users[room].discard(number)
        if self.scopes[room][1]:
            self.free += by

    def result(self, demand: int) -> Allocation:
        taken: defaultdict[int, int] = defaultdict(int)
        for (_, room), parts in self.used.items():
            taken[room] += parts
        result = Allocation(demand, free=self.free)
        for room, members in enumerate(self.members):
            if self.scopes[room][2]:
                continue
            rest = taken[room]
            for grant in members:
                parts = min(rest, grant.units * PARTS)
                result.by_grant[grant.key] = parts
                rest -= parts
                if not grant.has_ended:
                    result.covered += parts
        for number, bare in enumerate(self.left):
            # Which of several uses that are covered alike is bare is nobody's choice: the newest version is.
            for use, parts in reversed(self.uses[number]):
                if bare <= 0:
                    break
                result.bare.append((use, min(bare, parts)))
                bare -= parts
        return result

    def shares(self) -> list[list[Share]]:
        """What covers each need, in the order in which they were added; of a class, the last ones are bare."""
        rooms: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)
        for (number, room), parts in self.used.items():
            if parts:
                rooms[number].append((room, parts))
        left = list(self.left)
        covered = [each.parts for each in self.needs]
        for index in range(len(self.needs) - 1, -1, -1):
            bare = min(left[self.class_of[index]], covered[index])
            left[self.class_of[index]] -= bare
            covered[index] -= bare
        members = [deque((grant, grant.units * PARTS) for grant in some) for some in self.members]
        found: list[list[Share]] = []
        for index, wanted in enumerate(covered):
            given: list[Share] = []
            while wanted > 0:
                room, in_room = rooms[self.class_of[index]].popleft()
                grant, in_grant = members[room].popleft()
                parts = min(wanted, in_room, in_grant)
                given.append(Share(grant.key, parts, self.scopes[room][1]))
                wanted -= parts
                if in_room > parts:
                    rooms[self.class_of[index]].appendleft((room, in_room - parts))
                if in_grant > parts:
                    members[room].appendleft((grant, in_grant - parts))
            found.append(given)
        return found
