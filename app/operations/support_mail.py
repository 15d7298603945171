"""Both sides of a support session are told by mail, with an entry for their calendars."""

from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from app.domain.dates import say
from app.domain.subscription.support import Span, say_span
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.support import SupportAction, SupportBooking, SupportPerson
from app.operations import outbox
from app.queries.members import belongs
from app.queries.support import client_session
from app.queries.support_calendar import SessionEvent, event_of
from app.work import Work

CALENDAR = "calendar_of_session"
"""The extension of the application that makes the calendar part of a mail."""
SUBJECTS = {
    "booked": "{0}: a support session is booked, {1}",
    "moved": "{0}: the support session was moved to {1}",
    "changed": "{0}: the support session has another link, {1}",
    "cancelled": "{0}: the support session of {1} was cancelled",
    "left": "{0}: the support session of {1} is no longer yours",
}


def tell(work: Work, booking_id: int, deed: str, *, former: int | None = None) -> None:
    """Post a mail to who booked a session and to who gives it, each in their own zone; the work is the client's.

    Who belongs to their organisation no longer is told nothing, nor where the session takes place.

    `former` is who was to give it before: they take it out of their calendar.
    """
    booking = client_session(work, booking_id)
    if booking is None:
        raise LookupError("a session is told of in the work of its client")
    client = work.organisation
    seller = work.session.scalars(select(Organisation).where(Organisation.id == booking.organisation_id)).one()
    _post(work, booking, booking.booked_by, client, event_of(booking, seller.name, gives=False), deed, client.time_zone)
    with work.within(seller.id) as theirs:
        giver = booking.support_person
        _post(theirs, booking, giver.person, seller, event_of(booking, seller.name, gives=True), deed, giver.time_zone)
        if former is not None and former != booking.support_person_id:
            statement = (
                select(Person, SupportPerson.time_zone)
                .join(SupportPerson, SupportPerson.person_id == Person.id)
                .where(SupportPerson.id == former)
            )
            for person, zone in theirs.execute(statement):
                event = event_of(booking, seller.name, gives=True)
                _post(theirs, booking, person, seller, event, "left", zone)


def tell_doer(work: Work, booking: SupportBooking, action: SupportAction, *, for_client: bool) -> None:
    """Post a mail to who does an action after a session; nobody is told what they noted themselves."""
    person = work.session.scalars(select(Person).where(Person.id == action.owner_id)).one()
    if person.email is None or person.id == work.actor_id:
        return
    where = work.session.scalars(
        select(Organisation).where(Organisation.id == (booking.client_id if for_client else work.home))
    ).one()
    page = outbox.link("support.show", slug=where.slug, booking_id=booking.id)
    if not for_client:
        page = outbox.link("support_diary.show", slug=where.slug, reference=booking.reference)
    with work.within(where.id) as theirs:
        if not belongs(theirs, person.id):
            return
        outbox.post(
            theirs,
            to_email=person.email,
            to_name=person.name,
            subject=f"{booking.reference}: an action is yours, due on {say(action.due_on)}",
            template="support",
            context={"says": action.says, "page": page, "organisation": where.name, "lines": []},
            person_id=person.id,
        )


def name_of(work: Work, person_id: int | None) -> dict[int, str]:
    """The name of a person."""
    person = work.one_or_none(select(Person).where(Person.id == person_id))
    return {person.id: person.label} if person is not None else {}


def _post(
    work: Work, booking: SupportBooking, person: Person, where: Organisation, event: SessionEvent, deed: str, zone: str
) -> None:
    if person.email is None or not belongs(work, person.id):
        return
    begins = booking.starts_at.astimezone(ZoneInfo(zone))
    arguments = {"booking_id": booking.id} if event.noun == "session" else {"reference": booking.reference}
    endpoint = "support.show" if event.noun == "session" else "support_diary.show"
    page = outbox.link(endpoint, slug=where.slug, **arguments)
    make = current_app.extensions.get(CALENDAR)
    gone = deed in ("cancelled", "left")
    lines = [("When", say_span(Span(booking.starts_at, booking.ends_at), zone))]
    lines += [("Online at", booking.link)] if booking.link and not gone else []
    lines += [("Agenda", booking.agenda)] if booking.agenda else []
    lines += [("Why", booking.cancel_reason)] if deed == "cancelled" and booking.cancel_reason else []
    outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=SUBJECTS[deed].format(booking.reference, f"{say(begins.date())}, {begins:%H:%M}"),
        template="support",
        context={"says": event.title.partition(" ")[2], "page": page, "organisation": where.name, "lines": lines},
        person_id=person.id,
        calendar=str(make(work, event, person, where.name, page, gone)) if make is not None else "",
    )
