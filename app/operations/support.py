"""A client books, moves and cancels support sessions; they are the seller's rows, and both journals tell of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.subscription.support import Diary, Span, Terms, refuse_change, refuse_ended, refuse_slot
from app.models.support import SupportBooking, SupportPerson
from app.operations import support_mail
from app.operations.conflict import refuse_if_changed
from app.operations.references import next_reference
from app.queries.support import WITH_ACTIONS, client_session, diaries_of, former_provider, seller_of
from app.work import Work

GONE = "This is no free slot any more."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The slot that somebody asks for: with whom and from when."""

    support_person_id: int
    starts_at: datetime


def book(work: Work, wanted: Wanted, agenda: str) -> SupportBooking:
    """Book a free slot; of two who ask for it at once the second is refused."""
    with work.within(_seller(work, wanted)) as theirs:
        taken = hold(theirs, wanted)
        person = theirs.session.scalars(select(SupportPerson).where(SupportPerson.id == wanted.support_person_id)).one()
        booking = theirs.add(
            SupportBooking(
                reference=next_reference(theirs, SupportBooking, f"S-{taken.starts_at.year}-"),
                support_person_id=wanted.support_person_id,
                client_id=work.home,
                booked_by_id=work.actor_id,
                booked_at=work.now,
                starts_at=taken.starts_at,
                ends_at=taken.ends_at,
                agenda=agenda.strip(),
                link=person.link,
                uid=f"support-{uuid4()}@triennium",
                changed_at=work.now,
            )
        )
    tell_client(work, booking, "booked")
    support_mail.tell(work, booking.id, "booked")
    return booking


def move(work: Work, booking_id: int, seen: int | None, wanted: Wanted, agenda: str) -> SupportBooking:
    """Move a session to another free slot, perhaps of somebody else at the same provider, while there is notice."""
    before = own_or_refused(work, booking_id)
    seller = _seller(work, wanted)
    if seller != before.organisation_id:
        raise RefusedError(GONE, "slot")
    with work.within(seller) as theirs:
        taken = hold(theirs, wanted, before)
        booking = locked(theirs, booking_id)
        refuse_if_changed(booking, seen, booking.reference)
        _refuse_late(work, booking)
        booking.agenda = agenda.strip()
        former = shift(theirs, booking, wanted, taken)
    tell_client(work, booking, "moved")
    support_mail.tell(work, booking.id, "moved", former=former)
    return booking


def cancel(work: Work, booking_id: int, seen: int | None, reason: str) -> SupportBooking:
    """Cancel a session of one's own organisation while there is notice; its slot is free again."""
    before = own_or_refused(work, booking_id)
    with work.within(before.organisation_id) as theirs:
        booking = locked(theirs, booking_id)
        refuse_if_changed(booking, seen, booking.reference)
        _refuse_late(work, booking)
        mark_cancelled(theirs, booking, reason)
    tell_client(work, booking, "cancelled")
    support_mail.tell(work, booking.id, "cancelled")
    return booking


def own_or_refused(work: Work, booking_id: int) -> SupportBooking:
    """A session of the organisation of this work that was not cancelled."""
    booking = client_session(work, booking_id)
    if booking is None:
        raise RefusedError("There is no such session.")
    return booking


def locked(theirs: Work, booking_id: int) -> SupportBooking:
    """A session in its seller's books, held until the work ends; one that was cancelled is refused."""
    statement = (
        select(SupportBooking)
        .where(SupportBooking.id == booking_id)
        .options(*WITH_ACTIONS)
        .with_for_update(of=SupportBooking)
        .execution_options(populate_existing=True)
    )
    booking = theirs.session.scalars(statement).unique().one()
    if booking.is_cancelled:
        raise RefusedError("The session was cancelled already.")
    return booking


def mark_cancelled(theirs: Work, booking: SupportBooking, reason: str) -> None:
    """Say in the seller's books that a session does not take place."""
    booking.cancelled_at, booking.cancelled_by_id = theirs.now, theirs.actor_id
    booking.cancel_reason = reason.strip()
    booking.sequence += 1
    booking.changed_at = theirs.now
    theirs.flush()


def shift(theirs: Work, booking: SupportBooking, wanted: Wanted, taken: Span) -> int:
    """Put a session where it is to be, in the seller's books; gives which support person was to give it before."""
    former = booking.support_person_id
    booking.starts_at, booking.ends_at = taken.starts_at, taken.ends_at
    if former != wanted.support_person_id:
        link = select(SupportPerson.link).where(SupportPerson.id == wanted.support_person_id)
        booking.support_person_id = wanted.support_person_id
        booking.link = theirs.session.scalars(link).one()
    booking.sequence += 1
    booking.changed_at = theirs.now
    theirs.flush()
    return former


def tell_client(work: Work, booking: SupportBooking, deed: str) -> None:
    """Write in the client's own journal what happened to its session; the work is the client's."""
    details = {"starts_at": booking.starts_at.isoformat(), "booked_by_id": booking.booked_by_id}
    work.record(deed, "support_booking", booking.id, details, reference=booking.reference)


def terms_of(person: SupportPerson) -> Terms:
    """How a support person works."""
    return Terms(person.time_zone, person.minutes, person.buffer_minutes, person.notice_hours)


def _seller(work: Work, wanted: Wanted) -> int:
    seller = seller_of(work, wanted.support_person_id)
    if seller is None and (former := former_provider(work, wanted.support_person_id)) is not None:
        refuse_ended(former, "slot")
    if seller is None or work.actor_id is None:
        raise RefusedError(GONE, "slot")
    return seller


def hold(theirs: Work, wanted: Wanted, moving: SupportBooking | None = None) -> Span:
    """The slot, if it is free, and nobody else's until the work ends.

    Whoever books with a support person comes one at a time: their row is held before it is looked at what is booked.
    """
    held = select(SupportPerson.id).where(SupportPerson.id == wanted.support_person_id)
    theirs.execute(held.with_for_update(key_share=True))
    diaries = diaries_of(theirs, [theirs.home], moving.id if moving is not None else None)
    diary: Diary | None = next((each for each in diaries if each.id == wanted.support_person_id), None)
    if diary is None:
        raise RefusedError(GONE, "slot")
    return refuse_slot(diary, wanted.starts_at, theirs.now)


def _refuse_late(work: Work, booking: SupportBooking) -> None:
    refuse_change(booking.starts_at, terms_of(booking.support_person), work.now)
