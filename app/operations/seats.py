"""Seats of a licence: checked out to people and devices, never more than is entitled on any day, and checked in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.licensing.metric import LICENSING, Metric
from app.domain.licensing.seat import Held, refuse_beyond, say_holders
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import LicencePool, LicenceSeat
from app.operations.pools import lock, takes_seats
from app.queries.seat_facts import held_of, supply_of
from app.work import Work

GONE = (AssetStatus.RETIRED, AssetStatus.DISPOSED, AssetStatus.LOST)
MOST = 1_000
"""How many seats are checked out or in at once."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Who is to hold a seat: people and devices, by their ids."""

    employee_ids: Collection[int] = ()
    asset_ids: Collection[int] = ()

    def __len__(self) -> int:
        return len(set(self.employee_ids)) + len(set(self.asset_ids))


def check_out(
    work: Work, pool_id: int, holders: Holders, starts_on: date, ends_on: date | None = None, note: str = ""
) -> list[LicenceSeat]:
    """Check out a seat to each of these, all or none, where every day of the seats is entitled.

    Raises `RefusedError` that says how many are entitled and held, and by whom. [ISO/IEC 19770-1:2017, 8.4]
    """
    # Held first: of any number who ask at once, each sees what the one before was given.
    pool = lock(work, pool_id)
    _refuse_kind(pool, holders)
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(f"The last day is before the first, {say(starts_on)}.", "ends_on")
    wanted = _people(work, pool, holders, starts_on, ends_on) + _devices(work, pool, holders, starts_on, ends_on)
    bought, takers = supply_of(work, pool.id, pool.site_id)
    refuse_beyond(bought, held_of(work, pool.id, starts_on), [held for held, _ in wanted], takers)
    return [
        work.add(
            LicenceSeat(
                pool_id=pool.id,
                starts_on=starts_on,
                ends_on=ends_on,
                checked_out_by_id=work.actor_id,
                note=" ".join(note.split())[:200],
                **whose,
            )
        )
        for held, whose in wanted
    ]


def check_in(work: Work, seats: Sequence[LicenceSeat], last_day: date) -> int:
    """Check in seats that came from `seats_by`; `last_day` is the last day on which each is held.

    A seat that is not held yet on that day is taken back whole. Gives how many.
    """
    for seat in seats:
        says = ""
        if seat.ends_on is not None and seat.ends_on <= min(last_day, work.today):
            says = f"{holder_of(seat)} held the seat through {say(seat.ends_on)}: it is checked in already."
        elif seat.ends_on is not None and seat.ends_on < last_day:
            says = f"{holder_of(seat)} holds the seat through {say(seat.ends_on)} only."
        elif last_day < seat.starts_on <= work.today:
            says = f"{holder_of(seat)} has held the seat since {say(seat.starts_on)}: the last day cannot be before."
        if says:
            raise RefusedError(says, "last_day")
    for seat in seats:
        if seat.starts_on > last_day:
            work.session.delete(seat)
        else:
            seat.ends_on = last_day
    work.flush()
    return len(seats)


def seats_by(work: Work, ids: Collection[int]) -> list[LicenceSeat]:
    """These seats with their holders, held until the work ends, their pools before them."""
    if not ids:
        raise RefusedError("Choose the seats to check in.", "seats")
    if len(ids) > MOST:
        raise RefusedError(f"Check in {MOST:,} at a time at most.", "seats")
    wanted = sorted(set(ids))
    if work.writes:
        pools = {pool for (pool,) in work.execute(select(LicenceSeat.pool_id).where(LicenceSeat.id.in_(wanted)))}
        for pool_id in sorted(pools):
            lock(work, pool_id)
    statement = (
        select(LicenceSeat)
        .where(LicenceSeat.id.in_(wanted))
        .options(joinedload(LicenceSeat.employee), joinedload(LicenceSeat.asset), joinedload(LicenceSeat.pool))
        .order_by(LicenceSeat.id)
        .execution_options(populate_existing=True)
    )
    seats = work.all(statement.with_for_update(of=LicenceSeat) if work.writes else statement)
    if len(seats) != len(wanted):
        raise RefusedError("Some of these seats are not there any longer. Look at the list again.", "seats")
    return seats


def holder_of(seat: LicenceSeat) -> str:
    """Who holds a seat that was loaded with its holder: a name, or the tag of a device."""
    if seat.employee is not None:
        return seat.employee.name
    return seat.asset.tag if seat.asset is not None else ""


def _refuse_kind(pool: LicencePool, holders: Holders) -> None:
    if not len(holders):
        raise RefusedError("Choose who is to have a seat.", "holders")
    if len(holders) > MOST:
        raise RefusedError(f"Check out {MOST:,} at a time at most.", "holders")
    if not takes_seats(pool.metric):
        says = f"{pool.reference} counts {pool.metric.unit}: what is measured or installed, not seats."
        raise RefusedError(Reason(says, LICENSING), "holders")
    wrong = ""
    if pool.metric is Metric.NAMED_USER and holders.asset_ids:
        wrong = "counts people: a device holds no seat of it"
    elif pool.metric is Metric.DEVICE and holders.employee_ids:
        wrong = "counts devices: a person holds no seat of it"
    if wrong:
        raise RefusedError(Reason(f"{pool.reference} {wrong}.", LICENSING), "holders")


Wanted = list[tuple[Held, dict[str, int]]]


def _people(work: Work, pool: LicencePool, holders: Holders, starts_on: date, ends_on: date | None) -> Wanted:
    ids = sorted(set(holders.employee_ids))
    if not ids:
        return []
    found = work.all(select(Employee).where(Employee.id.in_(ids)).order_by(Employee.name, Employee.id))
    if len(found) != len(ids):
        raise RefusedError("Choose people from the list.", "holders")
    last = ends_on or date.max
    gone = [f"{each.name} ({say(each.left_on)})" for each in found if each.left_on and each.left_on < last]
    if gone:
        says = f"They leave before the seat ends: {say_holders(gone)}. Give a last day that is no later."
        left = [each.name for each in found if each.left_on and each.left_on <= starts_on]
        if left:
            says = f"They have left by {say(starts_on)}, and can hold no seat: {say_holders(left)}."
        raise RefusedError(says, "holders")
    _refuse_second(work, pool, LicenceSeat.employee_id, {each.id: each.name for each in found}, starts_on, ends_on)
    return [(Held(each.name, starts_on, ends_on, each.site_id), {"employee_id": each.id}) for each in found]


def _devices(work: Work, pool: LicencePool, holders: Holders, starts_on: date, ends_on: date | None) -> Wanted:
    ids = sorted(set(holders.asset_ids))
    if not ids:
        return []
    found = work.all(select(Asset).where(Asset.id.in_(ids)).order_by(Asset.tag))
    if len(found) != len(ids):
        raise RefusedError("Choose devices from the list.", "holders")
    gone = [f"{each.tag} ({each.status.label.lower()})" for each in found if each.status in GONE]
    if gone:
        raise RefusedError(f"They are out of use, and can hold no seat: {say_holders(gone)}.", "holders")
    _refuse_second(work, pool, LicenceSeat.asset_id, {each.id: each.tag for each in found}, starts_on, ends_on)
    return [(Held(each.tag, starts_on, ends_on, each.site_id), {"asset_id": each.id}) for each in found]


def _refuse_second(
    work: Work, pool: LicencePool, column: Any, named: Mapping[int, str], starts_on: date, ends_on: date | None
) -> None:
    """Nobody holds two seats of one pool on the same day."""
    there = select(column).where(
        LicenceSeat.pool_id == pool.id,
        column.in_(list(named)),
        or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= starts_on),
        LicenceSeat.starts_on <= (ends_on or date.max),
    )
    twice = sorted({named[id_] for (id_,) in work.execute(there)})
    if twice:
        says = f"They hold a seat of {pool.reference} on some of these days already: {say_holders(twice)}."
        raise RefusedError(says, "holders")
