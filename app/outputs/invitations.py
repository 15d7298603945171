"""The calendar part of the mails about an audit, made where the outbox can ask for it without knowing of calendars."""

from collections.abc import Sequence
from email.utils import parseaddr

from flask import Flask, current_app

from app.models.agenda_invitation import AgendaInvitation
from app.models.audit import Audit
from app.models.person import Person
from app.operations.agenda_invitations import CALENDAR, Entry, uid_of
from app.operations.audit_mail import INVITATION
from app.operations.outbox import link
from app.operations.support_mail import CALENDAR as SESSION
from app.outputs.ics import Slot, invitation, session_invitation, slot_invitation
from app.queries.audit_plan import Auditee
from app.queries.calendar import Attendee, Choice, audit_events
from app.queries.support_calendar import SessionEvent
from app.work import Work


def invitation_to(work: Work, reference: str, leaver: Attendee | None = None) -> str:
    """The event of an audit as a request to its team, or as a cancellation for all or for who left. [RFC 5546]"""
    organisation = work.organisation
    sender = parseaddr(current_app.extensions["settings"].mail_from)[1]
    made = [
        invitation(
            event,
            organisation=organisation.name,
            organiser=sender,
            address=link("audits.show", slug=organisation.slug, reference=event.reference),
            leaver=leaver,
        )
        for event in audit_events(work, Choice(audit=reference))
    ]
    return made[0].decode() if made else ""


def agenda_to(
    work: Work,
    audit: Audit,
    auditee: Auditee,
    entries: Sequence[Entry],
    gone: Sequence[AgendaInvitation],
    address: str,
) -> str:
    """What one auditee enters in their calendar, and takes out of it: a calendar for each, one behind the other.

    One request, and one cancellation, may hold no more than one event. [RFC 5546, 3.2.2 and 3.2.5]
    """
    organisation = work.organisation.name
    sender = parseaddr(current_app.extensions["settings"].mail_from)[1]
    # What can be answered comes first: mail clients look no further.
    slots = []
    for entry in entries:
        item = entry.item
        slots.append(
            Slot(
                uid_of(audit, item.id),
                entry.sequence,
                f"{audit.reference} {item.title}",
                item.held_on,
                item.starts_at,
                item.ends_at,
                audit.time_zone,
                ", ".join(filter(None, [item.place, item.site.name if item.site is not None else ""])),
                "\n".join(filter(None, [item.covers, f"Confirm at {address}"])),
                address,
            )
        )
    slots += [
        Slot(
            uid_of(audit, row.item_id),
            row.sequence,
            f"{audit.reference} {row.title}",
            row.held_on,
            row.starts_at,
            row.ends_at,
            row.time_zone,
            is_off=True,
        )
        for row in gone
    ]
    made = (
        slot_invitation(
            each,
            now=work.now,
            organisation=organisation,
            organiser=sender,
            name=auditee.label,
            email=auditee.email,
        )
        for each in slots
    )
    return b"".join(made).decode()


def session_to(_work: Work, event: SessionEvent, person: Person, organisation: str, address: str, is_off: bool) -> str:
    """What one side of a support session enters in their calendar, or takes out of it."""
    sender = parseaddr(current_app.extensions["settings"].mail_from)[1]
    return session_invitation(
        event,
        organisation=organisation,
        organiser=sender,
        name=person.name,
        email=person.email or "",
        address=address,
        is_off=is_off,
    ).decode()


def init_app(app: Flask) -> None:
    app.extensions[INVITATION] = invitation_to
    app.extensions[CALENDAR] = agenda_to
    app.extensions[SESSION] = session_to
