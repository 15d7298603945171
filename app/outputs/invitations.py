"""The calendar part of the mails about an audit, made where the outbox can ask for it without knowing of calendars."""

from collections.abc import Sequence
from email.utils import parseaddr

from flask import Flask, current_app

from app.models.audit import Audit
from app.models.audit_plan import AgendaItem
from app.operations.agenda_confirmations import CALENDAR
from app.operations.audit_mail import INVITATION
from app.operations.outbox import link
from app.outputs.ics import agenda_calendar, invitation
from app.queries.calendar import Choice, audit_events
from app.work import Work


def invitation_to(work: Work, reference: str) -> str:
    """The event of an audit as a request to its team, or as a cancellation. [RFC 5546]"""
    organisation = work.organisation
    sender = parseaddr(current_app.extensions["settings"].mail_from)[1]
    made = [
        invitation(
            event,
            organisation=organisation.name,
            organiser=sender,
            address=link("audits.show", slug=organisation.slug, reference=event.reference),
        )
        for event in audit_events(work, Choice(audit=reference))
    ]
    return made[0].decode() if made else ""


def agenda_to(work: Work, audit: Audit, items: Sequence[AgendaItem], address: str) -> str:
    """The items of an agenda that concern one auditee."""
    made = agenda_calendar(
        audit,
        items,
        now=work.now,
        organisation=work.organisation.name,
        organiser=parseaddr(current_app.extensions["settings"].mail_from)[1],
        address=address,
    )
    return made.decode()


def init_app(app: Flask) -> None:
    app.extensions[INVITATION] = invitation_to
    app.extensions[CALENDAR] = agenda_to
