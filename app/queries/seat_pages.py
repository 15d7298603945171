"""Seats of the subscription as their pages and files show them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.certification.facts import AuditKind
from app.domain.dates import add_months
from app.domain.explained import Explained
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.forecast import Need, forecast
from app.domain.subscription.seats import Level, SeatKind, counted_from, levels, next_free
from app.models.audit import Audit, TeamMember
from app.models.organisation import Membership
from app.models.person import Person
from app.models.seat import SeatAssignment, SeatPool, SeatWaiting
from app.queries.impartiality import AUDITING
from app.queries.subscription_seats import (
    assignment_rows,
    can_have,
    is_counted,
    offered,
    pool_rows,
    seats_of,
    suspensions,
    waiting_rows,
)
from app.work import Work

PAGE = 50
MONTHS = 12
"""So far back and ahead use is shown by day."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A seat in its place in the line, and how it stands today."""

    row: SeatAssignment
    place: int
    shape: str
    says: str


@dataclass(frozen=True, slots=True)
class KindNow:
    """How the seats of a kind stand today."""

    kind: SeatKind
    is_recorded: bool
    counted_from: date | None
    now: Level
    waiting: int
    offered: int
    need: Explained[Need | None]


@dataclass(frozen=True, slots=True)
class KindPage:
    """All that is shown of one kind."""

    now: KindNow
    pools: list[SeatPool]
    holders: list[Holder]
    waiting: list[SeatWaiting]
    use: list[Level]
    next_free: date | None
    """The day from which whoever has waited longest can have one."""


def kind_now(work: Work, kind: SeatKind) -> KindNow:
    """How a kind stands today; a fixed number of queries."""
    held = seats_of(work, kind)
    waiting = len(waiting_rows(work, kind))
    return KindNow(
        kind,
        bool(held.pools),
        counted_from(held.pools),
        levels(held.pools, held.assignments, work.today)[0],
        waiting,
        offered(work, kind),
        forecast(kind, held.pools, held.assignments, waiting, work.today),
    )


def kind_page(work: Work, kind: SeatKind) -> KindPage:
    """All that is shown of one kind; a fixed number of queries."""
    held = seats_of(work, kind)
    since, until = add_months(work.today, -MONTHS), add_months(work.today, MONTHS)
    return KindPage(
        kind_now(work, kind),
        pool_rows(work, kind),
        holders(work, kind),
        waiting_rows(work, kind),
        levels(held.pools, held.assignments, since, until),
        next_free(kind, held.pools, held.assignments, work.today),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Who waits for a seat of a kind, whoever has waited longest first, and from when one can be given."""

    kind: SeatKind
    rows: list[SeatWaiting]
    next_free: date | None


def those_waiting(work: Work) -> list[Asked]:
    """The kinds of seats that somebody waits for."""
    found = []
    for kind in SeatKind:
        rows = waiting_rows(work, kind)
        if rows:
            held = seats_of(work, kind, work.today)
            found.append(Asked(kind, rows, next_free(kind, held.pools, held.assignments, work.today)))
    return found


def holders(work: Work, kind: SeatKind) -> list[Holder]:
    """Everybody who has a seat today or later, whoever keeps it longest first."""
    turning = suspensions(work, kind)
    rows = assignment_rows(work, kind, work.today)
    return [_holder(row, place, turning.get(row.id), work.today) for place, row in enumerate(rows, 1)]


def _holder(row: SeatAssignment, place: int, suspended_on: date | None, today: date) -> Holder:
    """A shape and a word for how a seat stands."""
    if row.from_on > today:
        return Holder(row, place, "planned", "Begins later")
    if suspended_on is not None and suspended_on <= today:
        return Holder(row, place, "paused", "Suspended")
    return Holder(row, place, "done", "Counts")


@dataclass(frozen=True, slots=True)
class Own:
    """How somebody stands with a kind of seat: theirs today or later, from when it is suspended, or since when they
    wait, as which in line."""

    kind: SeatKind
    is_counted: bool
    seat: Holder | None
    suspended_on: date | None
    waits_since: datetime | None
    place: int


def own_standing(work: Work, kind: SeatKind, person_id: int) -> Own:
    """How somebody stands with a kind of seat."""
    seat = next((each for each in holders(work, kind) if each.row.person_id == person_id), None)
    line = waiting_rows(work, kind)
    place = next((at for at, each in enumerate(line, 1) if each.person_id == person_id), 0)
    return Own(
        kind,
        is_counted(work, kind, work.today),
        seat,
        suspensions(work, kind).get(seat.row.id) if seat is not None else None,
        line[place - 1].asked_at if place else None,
        place,
    )


def candidates(
    work: Work, kind: SeatKind, text: str, ticked: Sequence[int], most: int
) -> tuple[list[tuple[int, str]], int]:
    """Who can have a seat and has none: those ticked, then those of that name; and how many there are of these."""
    held = seats_of(work, kind, work.today).assignments
    seated = {each.person_id for each in held if each.released_on is None}
    named = [each for each in can_have(work) if each[0] not in seated]
    chosen = [each for each in named if each[0] in set(ticked)]
    others = [each for each in named if each[0] not in set(ticked) and text.casefold() in each[1].casefold()]
    return [*chosen, *others][: max(most, len(chosen))], len(chosen) + len(others)


def all_lines(work: Work, kind: SeatKind) -> Iterator[tuple[object, ...]]:
    """Every seat of a kind that anybody has or had, for a file."""
    turning = suspensions(work, kind)
    row = SeatAssignment
    statement = (
        select(row)
        .where(row.kind == kind)
        .options(joinedload(row.person), joinedload(row.assigned_by))
        .order_by(row.rank, row.id)
    )
    for each in work.all(statement):
        yield (
            each.kind.label,
            each.person.label,
            each.person.email or "",
            each.from_on,
            each.released_on,
            say_standing(each, turning.get(each.id), work.today),
            turning.get(each.id),
            each.assigned_by.label if each.assigned_by is not None else "",
        )


def say_standing(row: SeatAssignment, suspended_on: date | None, today: date) -> str:
    """How a seat stands today, in a word."""
    if row.released_on is not None and row.released_on <= row.from_on:
        return "Given up"
    if row.released_on is not None and row.released_on <= today:
        return "Released"
    return _holder(row, 0, suspended_on, today).says


def person_by(work: Work, person_id: int) -> Person | None:
    """A person who belongs or belonged to the organisation."""
    known = select(Membership.person_id).where(Membership.person_id == person_id)
    if work.execute(known.limit(1)).first() is None:
        return None
    return work.one_or_none(select(Person).where(Person.id == person_id))


def lacked_kinds(work: Work, person_id: int) -> list[SeatKind]:
    """Of which recorded kinds somebody can be assigned a seat: those that they have none of, if they take any."""
    if person_id not in dict(can_have(work)):
        return []
    found = []
    for kind in SeatKind:
        held = seats_of(work, kind, work.today)
        if held.pools and all(each.person_id != person_id for each in held.assignments):
            found.append(kind)
    return found


def pool_by(work: Work, pool_id: int) -> SeatPool | None:
    """A pool by its id."""
    return work.one_or_none(select(SeatPool).where(SeatPool.id == pool_id))


def rows_by(work: Work, ids: Collection[int]) -> list[SeatAssignment]:
    """Seats by their ids, with their persons, by name."""
    row = SeatAssignment
    rows = work.all(select(row).where(row.id.in_(ids)).options(joinedload(row.person)))
    return sorted(rows, key=lambda each: (each.person.label.casefold(), each.id))


def audits_to_come(work: Work, people: Collection[int]) -> dict[int, list[Audit]]:
    """The internal audits, not over yet, that some people lead or audit, by person and day."""
    rows = work.execute(
        select(TeamMember.person_id, Audit)
        .join(Audit, Audit.id == TeamMember.audit_id)
        .where(
            TeamMember.person_id.in_(people),
            TeamMember.role.in_(AUDITING),
            Audit.kind == AuditKind.INTERNAL,
            Audit.ends_on >= work.today,
            Audit.progress.not_in([each for each in AuditProgress if each.is_over]),
        )
        .order_by(Audit.starts_on, Audit.id)
    )
    found: dict[int, list[Audit]] = {}
    for person_id, audit in rows:
        found.setdefault(person_id, []).append(audit)
    return found
