"""Support sessions as a calendar holds them, for who booked them and for who gives them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.models.organisation import Organisation
from app.models.support import SupportBooking, SupportPerson
from app.work import ACROSS, Work


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """A session as one of its two sides has it in the calendar."""

    uid: str
    sequence: int
    noun: str
    """`session` or `diary`: which page shows it."""
    key: str
    title: str
    about: str
    link: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    created_at: datetime
    changed_at: datetime


def event_of(booking: SupportBooking, seller: str, *, gives: bool) -> SessionEvent:
    """A session as who gives it, or who booked it, has it; whom it is with must be loaded."""
    if gives:
        other = f"{booking.booked_by.label}, {booking.client.name}"
        noun, key = "diary", booking.reference
    else:
        other = f"{booking.support_person.person.label}, {seller}"
        noun, key = "session", str(booking.id)
    lines = [f"Cancelled: {booking.cancel_reason}"] if booking.is_cancelled and booking.cancel_reason else []
    lines += [each for each in (booking.agenda, f"Online at {booking.link}" if booking.link else "") if each]
    return SessionEvent(
        booking.uid,
        booking.sequence,
        noun,
        key,
        f"{booking.reference} Support session with {other}",
        "\n".join(lines),
        booking.link,
        booking.starts_at,
        booking.ends_at,
        booking.is_cancelled,
        booking.booked_at,
        booking.changed_at,
    )


def session_events(work: Work, person_id: int | None) -> list[SessionEvent]:
    """The sessions of a person in the organisation of this work, cancelled ones included; nothing for nobody."""
    if person_id is None:
        return []
    row = SupportBooking
    statement: Any = (
        select(row, Organisation.name)
        .join(SupportPerson, SupportPerson.id == row.support_person_id)
        .join(Organisation, Organisation.id == row.organisation_id)
        .where(
            ((row.client_id == work.home) & (row.booked_by_id == person_id))
            | ((row.organisation_id == work.home) & (SupportPerson.person_id == person_id))
        )
        .order_by(row.starts_at, row.id)
        .options(
            joinedload(row.support_person).joinedload(SupportPerson.person),
            joinedload(row.client),
            joinedload(row.booked_by),
        )
        .execution_options(**{ACROSS: "a session has two sides"})
    )
    return [
        event_of(
            booking,
            seller,
            gives=booking.organisation_id == work.home and booking.support_person.person_id == person_id,
        )
        for booking, seller in work.execute(statement)
    ]
