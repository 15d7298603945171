"""Tell by mail whose seat is suspended and from which day, whose counts again, and who asks for one."""

from collections.abc import Mapping
from datetime import date

from app.domain.dates import add_days, say
from app.domain.permission import Permission
from app.domain.subscription.seats import SeatKind, brought_forward
from app.models.seat import SeatAssignment, SeatWaiting
from app.operations import outbox
from app.queries.members import those_who_may
from app.queries.subscription_seats import assignment_rows, suspensions
from app.work import Work

NOTICE = 30
"""Days before a suspension that nothing but the passing of time brings about."""


def tell_suspended(work: Work, kind: SeatKind, before: Mapping[int, date] | None = None) -> int:
    """Post a mail to everybody whose seat is suspended soon, or by a change earlier than `before`; and to everybody
    who was told so and keeps it after all. Nobody is told the same twice. Gives how many were told.
    """
    after = suspensions(work, kind)
    earlier = brought_forward(before, after) if before is not None else {}
    soon, count = add_days(work.today, NOTICE), 0
    for row in assignment_rows(work, kind, work.today):
        new, told = after.get(row.id), row.told_suspended_on
        if _is_known(new, told, work.today):
            continue
        if new is not None and (new <= soon or row.id in earlier):
            row.told_suspended_on = new
            count += _tell(work, row, new)
        elif told is not None:
            row.told_suspended_on = None
            count += _tell(work, row, None, new)
    work.flush()
    return count


def _is_known(new: date | None, told: date | None, today: date) -> bool:
    """Whether this is what somebody was told; a suspension that has begun goes on from day to day."""
    if new is None or told is None:
        return new is told
    return new == told or (new <= today and told <= today)


def _tell(work: Work, row: SeatAssignment, suspended_on: date | None, later: date | None = None) -> int:
    person = row.person
    if person.email is None:
        return 0
    organisation = work.organisation
    if suspended_on is None:
        title = f"Your {row.kind.word} seat is not suspended after all"
        says = "It counts, and you can go on."
        if later is not None:
            says = f"It counts until {say(later)}."
    else:
        has_begun = suspended_on <= work.today
        title = f"Your {row.kind.word} seat is suspended" + ("" if has_begun else f" from {say(suspended_on)} on")
        says = (
            "More seats are assigned than the organisation owns. While yours is suspended you cannot "
            f"{row.kind.needed_to}; you still read what is yours and answer your actions. Nothing of yours is deleted."
        )
    outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=f"{title} · {organisation.name}",
        template="seat",
        context={"title": title, "says": says, "organisation": organisation.name, "slug": organisation.slug},
        person_id=person.id,
    )
    return 1


def tell_asked(work: Work, row: SeatWaiting, name: str) -> int:
    """Post a mail to all who hand out seats that somebody asks for one; to nobody twice. Gives how many were told."""
    organisation, count = work.organisation, 0
    for each in those_who_may(work, Permission.MANAGE_SEATS):
        if each.email is None or each.id == row.person_id:
            continue
        outbox.post(
            work,
            to_email=each.email,
            to_name=each.name,
            subject=f"{name} asks for {row.kind.a_seat} · {organisation.name}",
            template="seat_asked",
            context={
                "name": name,
                "kind": row.kind,
                "organisation": organisation.name,
                "slug": organisation.slug,
            },
            person_id=each.id,
            once=f"place {row.id} on the waiting list for person {each.id}",
        )
        count += 1
    return count
