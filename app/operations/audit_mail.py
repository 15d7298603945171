"""Tell the team of an audit what happened to it, by mail."""

from collections.abc import Sequence
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.programme.wish import When
from app.models.audit import Audit, TeamMember
from app.operations import outbox
from app.queries.calendar import Attendee
from app.work import Work

INVITATION = "invitation_to_audit"
"""The extension of the application that makes the calendar part of a mail."""


class Deed(StrEnum):
    """What the team hears of."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    JOINED = "joined"
    LEFT = "left"


SUBJECTS = {
    Deed.JOINED: "{0}: you are on the team, {2}",
    Deed.LEFT: "{0}: you are no longer on the team, {2}",
}


def told(
    audit: Audit, actor_id: int | None, members: Sequence[TeamMember] | None = None
) -> list[tuple[TeamMember, str]]:
    """Who of the team hears of what happens to it, with their address: all who can be reached but whoever did it."""
    addresses = [
        (
            member,
            (member.person.email if member.person_id is not None and member.person else member.outside_email) or "",
        )
        for member in (audit.team if members is None else members)
    ]
    return [(member, to) for member, to in addresses if to and (actor_id is None or member.person_id != actor_id)]


def tell_team(
    work: Work, audit: Audit, deed: Deed, members: Sequence[TeamMember] | None = None, *, was: When | None = None
) -> None:
    """Post a mail to everybody on the team, or to these of it, who can be reached, except to whoever did it.

    Team and certificates of the audit must be loaded; who is new on the team may be so without their person.
    """
    organisation = work.organisation
    days = _said(When(audit.starts_on, audit.ends_on))
    _load_persons(work, audit)
    found = told(audit, work.actor_id, members)
    whole = _invitation(work, audit) if found and deed is not Deed.LEFT else ""
    for member, address in found:
        outbox.post(
            work,
            to_email=address,
            to_name=member.label,
            subject=SUBJECTS.get(deed, "{} was {}: {}").format(audit.reference, deed.value, days),
            template="audit",
            context={
                "audit": audit,
                "kind": audit.kind.label.lower(),
                "deed": deed.value,
                "days": days,
                "was": _said(was) if was is not None else "",
                "role": member.role.label.lower(),
                "organisation": organisation.name,
                "slug": organisation.slug,
                "is_member": member.person_id is not None,
                "reason": audit.cancelled_reason if deed is Deed.CANCELLED else "",
            },
            person_id=member.person_id,
            calendar=whole or _invitation(work, audit, Attendee(member.label, address, member.role)),
        )


def _load_persons(work: Work, audit: Audit) -> None:
    work.flush()
    team = select(TeamMember).where(TeamMember.audit_id == audit.id).options(joinedload(TeamMember.person))
    work.execute(team.execution_options(populate_existing=True)).unique().all()


def _invitation(work: Work, audit: Audit, leaver: Attendee | None = None) -> str:
    make = current_app.extensions.get(INVITATION)
    return str(make(work, audit.reference, leaver)) if make is not None else ""


def _said(when: When) -> str:
    return say(when.starts_on) if when.starts_on == when.ends_on else f"{say(when.starts_on)} to {say(when.ends_on)}"
