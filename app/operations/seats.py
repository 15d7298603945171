"""Seats of licences are checked out and in: never more than is entitled on any of their days, whoever asks at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.licensing.metric import LICENSING
from app.domain.licensing.seat import Held, Span, refuse_beyond, refuse_holders, say_holders, spans_left
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import LicencePool, LicenceSeat
from app.queries.seat_devices import installed_spans
from app.queries.seat_facts import supplies_of
from app.queries.seats import GONE, SEATABLE, pool_for_seats
from app.work import Work

MOST_NOTE = 200
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """A person or a device, one of the two."""

    employee_id: int | None = None
    asset_id: int | None = None


def check_out(
    work: Work, pool_id: int, holders: Sequence[Holder], starts_on: date, ends_on: date | None = None, note: str = ""
) -> list[int]:
    """Check a seat of a pool out to each of these, or to none of them; gives the ids of the seats.

    Raises `RefusedError` that names whom it concerns; never more than is entitled on any of the seats' days.
    [ISO/IEC 19770-1:2017, 8.4]
    """
    # Whoever gives out seats of this pool waits here; what is read from now on is what the others have left.
    pool = pool_for_seats(work, pool_id)
    if pool is None:
        raise RefusedError("There is no such pool.", "holders")
    wanted = list(dict.fromkeys(holders))
    if not wanted:
        raise RefusedError("Tick who is to have a seat.", "holders")
    if len(wanted) > MOST_AT_ONCE:
        raise RefusedError(f"At most {MOST_AT_ONCE} seats are checked out at once.", "holders")
    if ends_on is not None and ends_on < starts_on:
        says = f"The last day, {say(ends_on)}, is before the first, {say(starts_on)}."
        raise RefusedError(says, "ends_on")
    if len(note.strip()) > MOST_NOTE:
        raise RefusedError(f"At most {MOST_NOTE} characters.", "note")
    people = _locked(work, Employee, [each.employee_id for each in wanted if each.employee_id is not None])
    devices = _locked(work, Asset, [each.asset_id for each in wanted if each.asset_id is not None])
    refuse_holders(pool.metric, _names(people.values()), _names(devices.values()))
    _refuse_gone(people, devices, starts_on, ends_on)
    _refuse_elsewhere(pool, [*people.values(), *devices.values()])
    _refuse_seated(work, pool, people, devices, starts_on, ends_on)
    asked = [_seat(each, (starts_on, ends_on)) for each in (*people.values(), *devices.values())]
    supply = supplies_of(work, [pool], starts_on)[pool.id]
    # There are no more seats than units; and where devices count that have it installed, they need theirs, too.
    refuse_beyond(supply.bought, supply.held, asked, supply.takers)
    if supply.installed:
        further = _further(work, pool, people, devices, (starts_on, ends_on))
        refuse_beyond(supply.bought, supply.needed, further, supply.takers)
    return work.insert_many(
        LicenceSeat,
        [
            {
                "pool_id": pool.id,
                "employee_id": each.employee_id,
                "asset_id": each.asset_id,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "checked_out_by_id": work.actor_id,
                "note": note.strip(),
            }
            for each in wanted
        ],
    )


def check_in(work: Work, seat_ids: Collection[int], last_day: date) -> int:
    """Check seats in: each is held through the last day, and free from the day after; gives how many.

    One that was to begin only later is given up whole. All of them, or none.
    """
    if not seat_ids:
        raise RefusedError("Tick the seats that are checked in.", "seats")
    statement = select(LicenceSeat).where(LicenceSeat.id.in_(set(seat_ids))).order_by(LicenceSeat.id)
    seats = work.all(statement.with_for_update().execution_options(populate_existing=True))
    if len(seats) != len(set(seat_ids)):
        raise RefusedError("Some of these seats are there no longer. Look at the list again.", "seats")
    for seat in seats:
        if seat.ends_on is not None and seat.ends_on < work.today:
            says = f"The seat of {_holder_of(work, seat)} was checked in already: its last day was {say(seat.ends_on)}."
            raise RefusedError(says, "seats")
        if seat.ends_on is not None and last_day > seat.ends_on:
            says = f"The seat of {_holder_of(work, seat)} ends on {say(seat.ends_on)} already"
            raise RefusedError(f"{says}: give that day or an earlier one.", "last_day")
        if last_day < seat.starts_on <= work.today:
            says = f"The seat of {_holder_of(work, seat)} is held since {say(seat.starts_on)}"
            raise RefusedError(f"{says}: the last day cannot be before.", "last_day")
    for seat in seats:
        if last_day < seat.starts_on:
            work.session.delete(seat)
        else:
            seat.ends_on = last_day
    work.flush()
    return len(seats)


def _locked(work: Work, model: Any, ids: Sequence[int]) -> dict[int, Any]:
    """The holders, as they are now: who is about to leave or be retired waits until the seat is given out."""
    if not ids:
        return {}
    statement = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update(read=True)
    found = {row.id: row for row in work.all(statement.execution_options(populate_existing=True))}
    if len(found) != len(set(ids)):
        raise RefusedError("Some of those who are ticked are not in the register. Look at the list again.", "holders")
    return found


def _further(
    work: Work, pool: LicencePool, people: dict[int, Employee], devices: dict[int, Asset], days: Span
) -> list[Held]:
    """The seats that need a unit more: a device that has it installed has its unit for these days."""
    spans = installed_spans(work, pool.id, list(devices), days[0])
    found = [_seat(each, days) for each in people.values()]
    for each in devices.values():
        left = spans_left(days, [spans[each.id]] if each.id in spans else [])
        found += [_seat(each, some) for some in left]
    return found


def _seat(holder: Any, days: Span) -> Held:
    person = holder.custodian_id if isinstance(holder, Asset) else None
    return Held(_name(holder), *days, holder.site_id, person=person)


def _name(holder: Any) -> str:
    return holder.name if isinstance(holder, Employee) else f"{holder.tag} {holder.name}"


def _names(holders: Any) -> list[str]:
    return [_name(each) for each in holders]


def _refuse_gone(people: dict[int, Employee], devices: dict[int, Asset], starts_on: date, ends_on: date | None) -> None:
    why = []
    for each in people.values():
        if each.left_on is None or (ends_on is not None and ends_on < each.left_on):
            continue
        if each.left_on <= starts_on:
            why.append(
                Reason(f"{each.name} left on {say(each.left_on)}, and can hold no seat from then on.", LICENSING)
            )
        else:
            says = f"{each.name} leaves on {say(each.left_on)}: give a last day before that."
            why.append(Reason(says, LICENSING))
    for device in devices.values():
        if device.status in GONE:
            why.append(Reason(f"{_name(device)} is {device.status.label.lower()}, and can hold no seat.", LICENSING))
        elif device.kind not in SEATABLE:
            says = (
                f"{_name(device)} is no device that uses software, and can hold no seat: {device.kind.label.lower()}."
            )
            why.append(Reason(says, LICENSING))
    if why:
        raise RefusedError(why, "holders")


def _refuse_elsewhere(pool: LicencePool, holders: Sequence[Any]) -> None:
    wrong = [_name(each) for each in holders if pool.site_id is not None and each.site_id != pool.site_id]
    if wrong:
        says = f"The pool is for one site alone, where these are not: {say_holders(wrong)}."
        raise RefusedError(Reason(says, LICENSING), "holders")


def _refuse_seated(
    work: Work,
    pool: LicencePool,
    people: dict[int, Employee],
    devices: dict[int, Asset],
    starts_on: date,
    ends_on: date | None,
) -> None:
    """A holder has one seat of a pool at a time."""
    seat = LicenceSeat
    overlap = [or_(seat.ends_on.is_(None), seat.ends_on >= starts_on)]
    if ends_on is not None:
        overlap.append(seat.starts_on <= ends_on)
    whose = or_(seat.employee_id.in_(list(people)), seat.asset_id.in_(list(devices)))
    columns: Any = (seat.employee_id, seat.asset_id, seat.starts_on, seat.ends_on)
    why = []
    for employee_id, asset_id, since, until in work.execute(
        select(*columns).where(seat.pool_id == pool.id, whose, *overlap).order_by(seat.id)
    ):
        name = _name(people[employee_id] if employee_id is not None else devices[asset_id])
        through = f" through {say(until)}" if until else ""
        says = f"{name} has a seat of {pool.reference} from {say(since)}{through} already, and needs no second."
        why.append(Reason(says, LICENSING))
    if why:
        raise RefusedError(why, "holders")


def _holder_of(work: Work, seat: LicenceSeat) -> str:
    model: Any = Employee if seat.employee_id is not None else Asset
    row = work.one_or_none(select(model).where(model.id == (seat.employee_id or seat.asset_id)))
    return _name(row) if row is not None else "nobody"
