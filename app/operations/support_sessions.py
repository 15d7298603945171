"""Who gives support keeps its sessions: link, notes, what is to be done afterwards; and cancels one that cannot be."""

from datetime import date

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.subscription.support import refuse_change, refuse_ended, refuse_link
from app.models.organisation import Organisation
from app.models.support import SupportAction, SupportBooking
from app.operations import support_mail
from app.operations.conflict import refuse_if_changed
from app.operations.support import (
    Wanted,
    hold,
    locked,
    mark_cancelled,
    own_or_refused,
    shift,
    tell_client,
    terms_of,
)
from app.queries.agreements import passages_to_clients
from app.queries.support import session_by
from app.work import Work


def write_up(work: Work, reference: str, seen: int | None, link: str, notes: str) -> SupportBooking:
    """Keep where a session takes place and what was said; a new link is told to both sides while they agree."""
    booking = _kept(work, reference)
    refuse_if_changed(booking, seen, reference)
    refuse_link(link.strip())
    is_new = booking.link != link.strip()
    if is_new and not _agrees(work, booking):
        refuse_ended(booking.client.name, "link")
    booking.link, booking.notes = link.strip(), notes.strip()
    if is_new:
        booking.sequence += 1
    booking.changed_at = work.now
    work.flush()
    _tell_client(work, booking, "changed")
    if is_new and booking.ends_at > work.now:
        _mail(work, booking, "changed")
    return booking


def call_off(work: Work, reference: str, seen: int | None, reason: str) -> SupportBooking:
    """Cancel a session from the side that gives it, until it begins; the client is told why."""
    booking = _kept(work, reference)
    refuse_if_changed(booking, seen, reference)
    refuse_change(booking.starts_at, terms_of(booking.support_person), work.now, gives_support=True)
    if not reason.strip():
        raise RefusedError("Say why: the client reads it.", "reason")
    mark_cancelled(work, booking, reason)
    _tell_client(work, booking, "cancelled")
    _mail(work, booking, "cancelled")
    return booking


def put_off(work: Work, reference: str, seen: int | None, wanted: Wanted) -> SupportBooking:
    """Move a session to another free slot from the side that gives it, until it begins; both calendars are told."""
    before = session_by(work, reference)
    if before is None:
        raise RefusedError("There is no such session.")
    if not _agrees(work, before):
        refuse_ended(before.client.name)
    # As where a client moves it: first the support person is held, then the session.
    taken = hold(work, wanted, before)
    booking = _kept(work, reference)
    refuse_if_changed(booking, seen, reference)
    refuse_change(booking.starts_at, terms_of(booking.support_person), work.now, gives_support=True)
    former = shift(work, booking, wanted, taken)
    booking = _kept(work, reference)
    _tell_client(work, booking, "moved")
    _mail(work, booking, "moved", former)
    return booking


def add_action(work: Work, reference: str, says: str, owner_id: int, due_on: date) -> SupportAction:
    """Note what is to be done after a session, by somebody of either side, who is told."""
    booking = _kept(work, reference)
    if owner_id not in owners_of(work, booking):
        raise RefusedError("Choose who gives support here, or who booked the session.", "owner")
    if owner_id == booking.booked_by_id and not _agrees(work, booking):
        refuse_ended(booking.client.name, "owner")
    if due_on < work.today:
        raise RefusedError("The day is over.", "due_on")
    action = work.add(
        SupportAction(booking_id=booking.id, says=says.strip(), owner_id=owner_id, due_on=due_on, created_at=work.now)
    )
    _tell_client(work, booking, "action-added")
    support_mail.tell_doer(work, booking, action, for_client=owner_id == booking.booked_by_id)
    return action


def finish(work: Work, reference: str, action_id: int) -> SupportAction:
    """Record an action as done, from the side that gives support."""
    booking = _kept(work, reference)
    action = _done(work, booking.id, action_id)
    _tell_client(work, booking, "action-done")
    return action


def finish_own(work: Work, booking_id: int, action_id: int) -> SupportAction:
    """Record an action of one's own as done, from the side of the client."""
    booking = own_or_refused(work, booking_id)
    mine = [each.id for each in booking.actions if each.owner_id == work.actor_id]
    if action_id not in mine:
        raise RefusedError("Only who does an action records it as done.")
    with work.within(booking.organisation_id) as theirs:
        action = _done(theirs, booking.id, action_id)
    tell_client(work, booking, "action-done")
    return action


def owners_of(work: Work, booking: SupportBooking) -> dict[int, str]:
    """Who may be asked to do something after a session, by name: who gave it, who writes it up, and who booked it."""
    people = {booking.support_person.person_id: booking.support_person.person.label}
    people |= support_mail.name_of(work, work.actor_id)
    return people | {booking.booked_by_id: booking.booked_by.label}


def _agrees(work: Work, booking: SupportBooking) -> bool:
    """Whether the agreement with the client of a session is live; an organisation needs none with itself."""
    return booking.client_id == work.home or booking.client_id in {each.client_id for each in passages_to_clients(work)}


def _kept(work: Work, reference: str) -> SupportBooking:
    found = session_by(work, reference)
    if found is None:
        raise RefusedError("There is no such session.")
    return locked(work, found.id)


def _done(theirs: Work, booking_id: int, action_id: int) -> SupportAction:
    row = SupportAction
    statement = select(row).where(row.id == action_id, row.booking_id == booking_id).with_for_update()
    action = theirs.one_or_none(statement)
    if action is None or action.done_on is not None:
        raise RefusedError("There is no such action that is still to be done.")
    action.done_on, action.done_by_id = theirs.today, theirs.actor_id
    theirs.flush()
    return action


def _tell_client(work: Work, booking: SupportBooking, deed: str) -> None:
    if booking.client_id == work.home:
        return
    with work.within(booking.client_id) as client:
        tell_client(client, booking, deed)


def _mail(work: Work, booking: SupportBooking, deed: str, former: int | None = None) -> None:
    client = work.session.scalars(select(Organisation.id).where(Organisation.id == booking.client_id)).one()
    with work.within(client) as theirs:
        support_mail.tell(theirs, booking.id, deed, former=former)
