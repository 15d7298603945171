"""Seats of the subscription as the rules ask for them: pools, who has one, who waits, whom an invitation offers one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.domain.permission import Role
from app.domain.subscription import seats as rule
from app.domain.subscription.seats import Assignment, Pool, SeatKind, lacking, suspended_from
from app.models.organisation import Invitation, Membership
from app.models.seat import SeatAssignment, SeatPool, SeatWaiting
from app.queries.members import is_live
from app.work import Work


@dataclass(frozen=True, slots=True)
class Seats:
    """The pools and assignments of a kind: those that matter from a day on, or all."""

    kind: SeatKind
    pools: tuple[Pool, ...]
    assignments: tuple[Assignment, ...]


def pool_rows(work: Work, kind: SeatKind) -> list[SeatPool]:
    """The pools of a kind, the first to begin first."""
    return work.all(select(SeatPool).where(SeatPool.kind == kind).order_by(SeatPool.starts_on, SeatPool.id))


def seats_of(work: Work, kind: SeatKind, since: date | None = None) -> Seats:
    """What the rules ask of a kind; assignments that were released before a day are left out. Two queries."""
    pools = work.execute(select(SeatPool.quantity, SeatPool.starts_on, SeatPool.ends_on).where(SeatPool.kind == kind))
    row = SeatAssignment
    statement = select(row.id, row.person_id, row.from_on, row.released_on, row.rank).where(row.kind == kind)
    if since is not None:
        statement = statement.where(or_(row.released_on.is_(None), row.released_on > since))
    return Seats(
        kind,
        tuple(Pool(*each) for each in pools),
        tuple(Assignment(*each) for each in work.execute(statement.order_by(row.rank, row.id))),
    )


def suspensions(work: Work, kind: SeatKind) -> dict[int, date]:
    """From which day on the seats of a kind are suspended, by the ids of the assignments; of what is recorded now."""
    held = seats_of(work, kind, work.today)
    return suspended_from(held.pools, held.assignments, work.today)


def is_counted(work: Work, kind: SeatKind, day: date) -> bool:
    """Whether seats of a kind are counted on a day; one query."""
    first = select(SeatPool.id).where(SeatPool.kind == kind, SeatPool.starts_on <= day).limit(1)
    return work.execute(first).first() is not None


def without_seat(
    work: Work, people: Collection[int], kind: SeatKind, first: date, last: date
) -> dict[int, tuple[date, bool]]:
    """Who of some people has no effective seat throughout some days: on which first, and whether it is suspended."""
    if not people or not is_counted(work, kind, last):
        return {}
    found = seats_of(work, kind, first)
    return lacking(found.pools, found.assignments, people, first, last)


def assignment_rows(work: Work, kind: SeatKind, since: date | None = None) -> list[SeatAssignment]:
    """Who has or had a seat with their persons, in line; those released before a day are left out."""
    row = SeatAssignment
    statement = select(row).where(row.kind == kind).options(joinedload(row.person))
    if since is not None:
        statement = statement.where(or_(row.released_on.is_(None), row.released_on > since))
    return work.all(statement.order_by(row.rank, row.id))


def history_of(work: Work, person_id: int) -> list[SeatAssignment]:
    """Every seat that a person has or had, the latest first."""
    row = SeatAssignment
    statement = select(row).where(row.person_id == person_id).options(joinedload(row.assigned_by))
    return work.all(statement.order_by(row.from_on.desc(), row.id.desc()))


def waiting_rows(work: Work, kind: SeatKind) -> list[SeatWaiting]:
    """Who waits for a seat with their persons, whoever has waited longest first."""
    row = SeatWaiting
    statement = select(row).where(row.kind == kind, row.ended_at.is_(None)).options(joinedload(row.person))
    return work.all(statement.order_by(row.asked_at, row.id))


def waits(work: Work, kind: SeatKind, person_id: int) -> bool:
    """Whether somebody is on the waiting list."""
    row = SeatWaiting
    there = select(row.id).where(row.kind == kind, row.person_id == person_id, row.ended_at.is_(None))
    return work.execute(there.limit(1)).first() is not None


def offered(work: Work, kind: SeatKind) -> int:
    """How many seats the open invitations offer."""
    row = Invitation
    column = row.audit_manager_seat if kind is SeatKind.AUDIT_MANAGER else row.lms_seat
    statement = select(row.id).where(
        column, row.accepted_at.is_(None), row.withdrawn_at.is_(None), row.expires_at > work.now
    )
    return len(work.all(statement))


def can_have(work: Work) -> list[tuple[int, str]]:
    """The members who can have a seat, by name: not external assessors, who take none."""
    rows = work.all(select(Membership).where(Membership.ended_at.is_(None)).options(joinedload(Membership.person)))
    found = [row for row in rows if is_live(work, row) and Role.ASSESSOR not in row.roles]
    return sorted(((row.person_id, row.person.label) for row in found), key=lambda each: (each[1].casefold(), each[0]))


def kinds_free(work: Work) -> list[tuple[SeatKind, int]]:
    """The kinds of which a pool is recorded, and how many seats of each are free today beside those offered already."""
    found = []
    for kind in SeatKind:
        held = seats_of(work, kind, work.today)
        if held.pools:
            free = rule.levels(held.pools, held.assignments, work.today)[0].free
            found.append((kind, max(free - offered(work, kind), 0)))
    return found


def kinds_by_person(work: Work) -> dict[int, list[tuple[SeatKind, bool]]]:
    """Which seats each person has today, and whether each is suspended; one that nobody has is not in it."""
    found: dict[int, list[tuple[SeatKind, bool]]] = {}
    for kind in SeatKind:
        seats = seats_of(work, kind, work.today)
        count = {each.id for each in rule.effective(seats.pools, seats.assignments, work.today)}
        for each in rule.in_line(seats.assignments, work.today):
            found.setdefault(each.person_id, []).append((kind, each.id not in count))
    return found
