"""Seats of the subscription are assigned, released and waited for: never more than are owned, whoever asks at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.subscription.seats import (
    Assignment,
    SeatKind,
    levels,
    refuse_beyond,
    refuse_past,
    refuse_second,
    release_day,
)
from app.models.organisation import Invitation, Organisation
from app.models.seat import SeatAssignment, SeatWaiting
from app.operations.seat_mail import tell_asked, tell_suspended
from app.queries.subscription_seats import can_have, is_counted, offered, seats_of, suspensions, waits
from app.work import Work

MOST_AT_ONCE = 500


def assign(
    work: Work,
    kind: SeatKind,
    people: Sequence[int],
    from_on: date,
    released_on: date | None = None,
    *,
    by_id: int | None = None,
) -> list[int]:
    """Assign a seat from a day to each of some members, or to none of them; gives the ids of the assignments.

    Raises `RefusedError` where one of them has one already, takes none, or there are not as many free on each of the
    days. Whoever waited for one waits no longer. [ISO/IEC 19770-1:2017, 8.4]
    """
    hold(work)
    wanted = list(dict.fromkeys(people))
    if not wanted:
        raise RefusedError("Tick who is to have a seat.", "people")
    if len(wanted) > MOST_AT_ONCE:
        raise RefusedError(f"At most {MOST_AT_ONCE} seats are assigned at once.", "people")
    refuse_past(from_on, work.today, "from_on")
    if released_on is not None and released_on <= from_on:
        says = f"The day of the release, {say(released_on)}, is not after the first, {say(from_on)}."
        raise RefusedError(says, "released_on")
    names = _members(work, wanted)
    held = seats_of(work, kind, from_on)
    refuse_second(kind, names, held.assignments, from_on, released_on)
    try:
        refuse_beyond(kind, held.pools, held.assignments, len(wanted), from_on, released_on)
    except RefusedError as refusal:
        raise RefusedError(refusal.why, "people") from None
    row = SeatAssignment
    last = work.session.scalar(select(func.max(row.rank)).where(row.kind == kind)) or 0
    ids = work.insert_many(
        SeatAssignment,
        [
            {
                "person_id": each,
                "kind": kind,
                "from_on": from_on,
                "released_on": released_on,
                "rank": last + number,
                "assigned_by_id": by_id if by_id is not None else work.actor_id,
                "assigned_at": work.now,
            }
            for number, each in enumerate(wanted, start=1)
        ],
    )
    _wait_no_longer(work, wanted, kind)
    return ids


def release(work: Work, ids: Collection[int], day: date) -> list[SeatAssignment]:
    """Release seats: each is free again on that day; one that was to begin later is given up. All of them, or none."""
    hold(work)
    if not ids:
        raise RefusedError("Tick the seats that are released.", "day")
    refuse_past(day, work.today, "day")
    rows = _rows(work, ids)
    if len(rows) != len(set(ids)):
        raise RefusedError("Some of these seats are there no longer. Look at the list again.", "day")
    before = {kind: suspensions(work, kind) for kind in {row.kind for row in rows}}
    days = [release_day(_fact(row), work.today, day) for row in rows]
    for row, its_day in zip(rows, days, strict=True):
        row.released_on = its_day
    work.flush()
    for kind, was in before.items():
        tell_suspended(work, kind, was)
    return rows


def release_all(work: Work, person_id: int) -> None:
    """Whoever leaves the organisation leaves their seats and the waiting lists today."""
    hold(work)
    row = SeatAssignment
    running = or_(row.released_on.is_(None), row.released_on > work.today)
    ids = work.all(select(row.id).where(row.person_id == person_id, running))
    if ids:
        release(work, ids, work.today)
    _wait_no_longer(work, [person_id])


def reorder(work: Work, kind: SeatKind, ids: Sequence[int]) -> None:
    """Choose who keeps a seat longest where there are too few: the ids of all who have one, the longest first."""
    hold(work)
    row = SeatAssignment
    running = or_(row.released_on.is_(None), row.released_on > work.today)
    rows = {each.id: each for each in work.all(select(row).where(row.kind == kind, running).with_for_update())}
    if set(ids) != set(rows) or len(ids) != len(rows):
        raise RefusedError("Meanwhile somebody else got or released a seat. Look at the order again.")
    before = suspensions(work, kind)
    for place, each in enumerate(ids, start=1):
        if rows[each].rank != place:
            rows[each].rank = place
    work.flush()
    tell_suspended(work, kind, before)


def wait(work: Work, kind: SeatKind, person_id: int) -> SeatWaiting:
    """Put a member on the waiting list; refused to who has a seat or waits already.

    Where they ask themselves, whoever hands out seats is told by mail.
    """
    hold(work)
    (name,) = _members(work, [person_id]).values()
    if not is_counted(work, kind, date.max):
        raise RefusedError(f"No {kind.word} seats are counted here: nobody needs one.")
    held = [each for each in seats_of(work, kind, work.today).assignments if each.person_id == person_id]
    if held:
        raise RefusedError(f"{name} has {kind.a_seat} from {say(held[0].from_on)} already.", "people")
    if waits(work, kind, person_id):
        raise RefusedError(f"{name} is on the waiting list already.", "people")
    asked = work.add(SeatWaiting(person_id=person_id, kind=kind, asked_at=work.now))
    if work.actor_id == person_id:
        tell_asked(work, asked, name)
    return asked


def stop_waiting(work: Work, kind: SeatKind, person_id: int) -> bool:
    """Take somebody off the waiting list; gives whether they were on it."""
    hold(work)
    return _wait_no_longer(work, [person_id], kind) > 0


def refuse_offer(work: Work, kinds: Collection[SeatKind]) -> None:
    """Refuse an invitation with a seat where none is free today beside those that other invitations offer."""
    if kinds:
        hold(work)
    for kind in kinds:
        try:
            refuse_many(work, kind, offers=1)
        except RefusedError as refusal:
            says = "Invite them without it: once they have joined, they can ask for one or be put on the waiting list."
            raise RefusedError((*refusal.why, Reason(says)), "seats") from None


def refuse_many(work: Work, kind: SeatKind, offers: int, gives: int = 0) -> None:
    """Refuse to give so many seats today and to offer so many in invitations where not as many are free.

    What other invitations offer is kept for those. [ISO/IEC 19770-1:2017, 8.4]
    """
    held = seats_of(work, kind, work.today)
    try:
        refuse_beyond(kind, held.pools, held.assignments, gives + offers, work.today)
    except RefusedError as refusal:
        raise RefusedError(refusal.why, "seats") from None
    free, others = levels(held.pools, held.assignments, work.today)[0].free, offered(work, kind)
    if others and others + gives + offers > free:
        asked = "" if gives + offers == 1 else f", and {gives + offers} are asked for"
        says = (
            f"Of {kind.word} seats {free} {'is' if free == 1 else 'are'} free, and invitations offer {others}{asked}."
        )
        raise RefusedError(says, "seats")


def accept_offer(work: Work, invitation: Invitation, person_id: int) -> None:
    """Whoever accepts gets the seats that were offered from today; where none is left they wait for it."""
    for kind in SeatKind:
        if not (invitation.audit_manager_seat if kind is SeatKind.AUDIT_MANAGER else invitation.lms_seat):
            continue
        hold(work)
        has_one = any(each.person_id == person_id for each in seats_of(work, kind, work.today).assignments)
        if has_one or person_id not in dict(can_have(work)):
            continue
        try:
            assign(work, kind, [person_id], work.today, by_id=invitation.invited_by_id)
        except RefusedError:
            if not waits(work, kind, person_id):
                wait(work, kind, person_id)


def hold(work: Work) -> None:
    """Hold the organisation until the work ends: whoever gives out or takes seats comes one at a time."""
    work.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))


def _members(work: Work, people: Sequence[int]) -> Mapping[int, str]:
    known = dict(can_have(work))
    if not set(people) <= set(known):
        says = "Choose members of this organisation. An external assessor and people outside it take no seat."
        raise RefusedError(says, "people")
    return {each: known[each] for each in people}


def _rows(work: Work, ids: Collection[int]) -> list[SeatAssignment]:
    row = SeatAssignment
    statement = select(row).where(row.id.in_(set(ids))).options(joinedload(row.person)).order_by(row.id)
    statement = statement.with_for_update(of=row)
    return work.all(statement.execution_options(populate_existing=True))


def _fact(row: SeatAssignment) -> Assignment:
    return Assignment(row.id, row.person_id, row.from_on, row.released_on, row.rank)


def _wait_no_longer(work: Work, people: Collection[int], kind: SeatKind | None = None) -> int:
    row = SeatWaiting
    statement = select(row).where(row.person_id.in_(set(people)), row.ended_at.is_(None))
    if kind is not None:
        statement = statement.where(row.kind == kind)
    rows = work.all(statement)
    for each in rows:
        each.ended_at = work.now
    work.flush()
    return len(rows)
