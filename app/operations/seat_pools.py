"""Pools of seats are recorded and changed; where that leaves too few, who is suspended is shown first, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.subscription.seats import (
    Pool,
    PoolSource,
    SeatKind,
    adds_seats,
    brought_forward,
    parts_of,
    refuse_pool,
    suspended_from,
)
from app.models.person import Person
from app.models.seat import SeatPool
from app.operations.conflict import refuse_if_changed
from app.operations.seat_mail import tell_suspended
from app.operations.subscription_seats import hold
from app.queries.subscription_seats import pool_rows, seats_of, suspensions
from app.queries.subscriptions import seller_of, sold_to, term_of
from app.work import Work

MOST_NOTE = 200
FOLLOWS = "This pool follows its subscription: what changes there changes it, and it is not changed by hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDetails:
    """What is said of a pool. `counts_from` is the day from which a changed quantity counts; None: all along."""

    kind: SeatKind
    source: PoolSource
    quantity: int
    starts_on: date
    ends_on: date | None = None
    note: str = ""
    counts_from: date | None = None

    @property
    def pool(self) -> Pool:
        return Pool(self.quantity, self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Whose seat a change suspends, and from which day on."""

    assignment_id: int
    name: str
    day: date


class SuspendsError(RefusedError):
    """The change suspends seats that nobody has agreed to yet; `whom` names them, `stamp` agrees to just these."""

    def __init__(self, whom: Sequence[Suspension]) -> None:
        self.whom = tuple(whom)
        self.stamp = " ".join(f"{each.assignment_id}:{each.day.isoformat()}" for each in whom)
        many = "1 seat" if len(whom) == 1 else f"{len(whom)} seats"
        super().__init__(Reason(f"This suspends {many}. Look at whom it concerns, and save once more."))


def record(work: Work, details: PoolDetails) -> SeatPool:
    """Record seats that were bought or are included; from its first day on the kind is counted for good.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    hold(work)
    _check(details)
    _refuse_given(work, [], [details.pool])
    before = suspensions(work, details.kind)
    row = work.add(_new(work, details, details.pool))
    tell_suspended(work, details.kind, before)
    return row


def change(work: Work, pool_id: int, details: PoolDetails, seen: int | None = None, agreed: str = "") -> SeatPool:
    """Change a pool; nothing is deleted. From the day on which too few are left the last in line are suspended first.

    A quantity that counts from a later day ends this pool the day before, and another goes on from there. Raises
    `SuspendsError` until who asks has agreed to whom it suspends. [ISO/IEC 19770-1:2017, 8.4]
    """
    hold(work)
    row = work.one_or_none(
        select(SeatPool).where(SeatPool.id == pool_id).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise LookupError(f"there is no pool {pool_id}")
    if row.subscription_id is not None:
        raise RefusedError(FOLLOWS)
    refuse_if_changed(row, seen, "This pool")
    _check(details)
    if details.kind is not row.kind:
        raise RefusedError("A pool stays of its kind: record another.", "kind")
    before = suspensions(work, row.kind)
    parts = parts_of(_fact(row), details.pool, details.counts_from)
    _refuse_given(work, [_fact(row)], parts)
    if earlier := brought_forward(before, _suspended_with(work, row, parts)):
        suspends = SuspendsError(_named(work, row.kind, earlier))
        if agreed != suspends.stamp:
            raise suspends
    row.source, row.note = details.source, details.note.strip()
    first = parts[0]
    row.quantity, row.starts_on, row.ends_on = first.quantity, first.starts_on, first.ends_on
    for part in parts[1:]:
        work.session.add(_new(work, details, part))
    work.flush()
    tell_suspended(work, row.kind, before)
    return row


def _new(work: Work, details: PoolDetails, part: Pool) -> SeatPool:
    return SeatPool(
        kind=details.kind,
        source=details.source,
        quantity=part.quantity,
        starts_on=part.starts_on,
        ends_on=part.ends_on,
        note=details.note.strip(),
        created_at=work.now,
    )


def _check(details: PoolDetails) -> None:
    refuse_pool(details.pool)
    if len(details.note.strip()) > MOST_NOTE:
        raise RefusedError(f"At most {MOST_NOTE} characters.", "note")


def _refuse_given(work: Work, before: Sequence[Pool], after: Sequence[Pool]) -> None:
    """While a provider sells the seats, nobody gives themself more than were ordered from it."""
    for row in sold_to(work):
        term = term_of(row)
        if adds_seats(before, after, term.starts_on, term.ends_on.value):
            seller, until = seller_of(work, row), say(term.ends_on.value)
            says = f"{seller} sells the seats, by {row.reference} ({row.name}) until {until}: order more from them."
            raise RefusedError(says, "quantity")


def _fact(row: SeatPool) -> Pool:
    return Pool(row.quantity, row.starts_on, row.ends_on)


def _suspended_with(work: Work, row: SeatPool, parts: Sequence[Pool]) -> dict[int, date]:
    """Who would be suspended, and from when, with these in the place of a pool."""
    others = [each for each in pool_rows(work, row.kind) if each.id != row.id]
    pools = [*map(_fact, others), *parts]
    return suspended_from(pools, seats_of(work, row.kind, work.today).assignments, work.today)


def _named(work: Work, kind: SeatKind, days: dict[int, date]) -> list[Suspension]:
    people = {each.id: each.person_id for each in seats_of(work, kind, work.today).assignments}
    names = {row.id: row.label for row in work.all(select(Person).where(Person.id.in_(people.values())))}
    found = [Suspension(id_, names[people[id_]], day) for id_, day in days.items()]
    return sorted(found, key=lambda each: (each.day, each.name, each.assignment_id))
