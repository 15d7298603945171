"""Invite an external assessor to one audit for a time, change the days, and take the invitation back."""

from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.models.audit import Audit, AuditProgress, TeamMember
from app.models.audit_guest import AuditGuest
from app.models.organisation import Invitation, Membership
from app.models.person import Person
from app.operations import invitations, members
from app.operations.outbox import post
from app.operations.persons import normal_email
from app.queries.members import is_live
from app.work import Work

ASSESSOR = frozenset({Role.ASSESSOR})
HERE_ALREADY = "This person is invited to this audit already. Change their days instead."


def invite(work: Work, audit: Audit, *, email: str, name: str, since: date | None, until: date) -> AuditGuest:
    """Invite an assessor to an audit, which the caller holds: by mail, or at once who looks in already."""
    if work.actor_id is None:
        raise LookupError("somebody invites")
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError("This audit is cancelled: there is nothing to see.")
    _refuse_days(work, since, until)
    email = normal_email(email)
    membership = invitations.member_with(work, email)
    if membership is not None:
        return _add_member(work, audit, membership, since, until)
    open_ones = work.all(invitations.open_invitations().where(Invitation.email == email))
    waiting = next((each for each in open_ones if each.expires_at > work.now), None)
    person_id = work.one_or_none(select(Person.id).where(Person.email == email))
    guest = _earlier(work, audit, person_id, [each.id for each in open_ones])
    if waiting is not None:
        if waiting.roles != ASSESSOR:
            raise RefusedError("This person is invited to become a member, in another role.", "email")
        if guest is not None and guest.ended_at is None and guest.invitation_id == waiting.id:
            raise RefusedError(HERE_ALREADY, "email")
        waiting.access_until = max(until, waiting.access_until or until)
        guest = _kept(work, guest, audit, since, until, invitation_id=waiting.id)
        invitations.send_again(work, waiting.id)
        return guest
    invitation = invitations.invite(
        work, email=email, name=name, roles=ASSESSOR, access_until=until, audit=audit.reference
    )
    return _kept(work, guest, audit, since, until, invitation_id=invitation.id)


def change_days(work: Work, guest: AuditGuest, *, since: date | None, until: date) -> AuditGuest:
    """Change from when and until when an assessor sees the audit; what else is open to them stays."""
    if guest.ended_at is not None:
        raise RefusedError("This invitation was withdrawn. Invite the person anew.")
    _refuse_days(work, since, until)
    guest.since, guest.until = since, until
    membership = _membership(work, guest.person_id)
    if membership is not None:
        _reach(membership, until)
    elif guest.invitation_id is not None:
        invitation = _invitation(work, guest.invitation_id)
        invitation.access_until = max(until, invitation.access_until or until)
    work.flush()
    return guest


def send_again(work: Work, guest: AuditGuest) -> Invitation:
    """The same offer under a new address, to an assessor who has not accepted yet."""
    if guest.invitation_id is None or guest.ended_at is not None:
        raise RefusedError("There is no invitation to send again.")
    return invitations.send_again(work, guest.invitation_id)


def withdraw(work: Work, guest: AuditGuest) -> AuditGuest:
    """The audit is closed to the assessor at once; who came for audits alone, and has no other, belongs no more."""
    if guest.ended_at is not None:
        return guest
    guest.ended_at = work.now
    work.flush()
    if guest.invitation_id is None:
        return guest
    invitation = _invitation(work, guest.invitation_id)
    others = select(AuditGuest.id).where(AuditGuest.ended_at.is_(None), AuditGuest.id != guest.id)
    if invitation.accepted_at is None:
        if invitation.withdrawn_at is None and not work.all(others.where(AuditGuest.invitation_id == invitation.id)):
            invitations.withdraw(work, invitation.id)
        return guest
    membership = _membership(work, guest.person_id)
    if membership is None or membership.roles != ASSESSOR or membership.ended_at is not None:
        return guest
    elsewhere = work.all(others.where(AuditGuest.person_id == guest.person_id, AuditGuest.until >= work.today))
    if not elsewhere and not work.all(select(TeamMember.id).where(TeamMember.person_id == guest.person_id).limit(1)):
        members.end(work, membership.id)
    return guest


def _add_member(work: Work, audit: Audit, membership: Membership, since: date | None, until: date) -> AuditGuest:
    """Somebody who looks in as an assessor already sees this audit too, and is told by mail."""
    if membership.roles != ASSESSOR:
        raise RefusedError("This person belongs to the organisation: an assessor looks in from outside.", "email")
    guest = _earlier(work, audit, membership.person_id, [])
    running = guest is not None and guest.ended_at is None and guest.until >= work.today
    if running and is_live(work, membership):
        raise RefusedError(HERE_ALREADY, "email")
    _reach(membership, until)
    guest = _kept(work, guest, audit, since, until, person_id=membership.person_id)
    person = work.session.scalars(select(Person).where(Person.id == membership.person_id)).one()
    inviter = work.session.scalars(select(Person).where(Person.id == work.actor_id)).one()
    organisation = work.organisation
    post(
        work,
        to_email=person.email or "",
        to_name=person.label,
        subject=f"{organisation.name} invites you to the audit {audit.reference}",
        template="audit_guest",
        context={
            "inviter": inviter.label,
            "organisation": organisation.name,
            "slug": organisation.slug,
            "reference": audit.reference,
            "since": say(since) if since and since > work.today else "",
            "until": say(until),
        },
        person_id=person.id,
    )
    return guest


def _refuse_days(work: Work, since: date | None, until: date) -> None:
    if until < work.today:
        raise RefusedError("This day has passed already.", "until")
    if since is not None and since > until:
        raise RefusedError("The first day is after the last.", "since")


def _earlier(work: Work, audit: Audit, person_id: int | None, invitation_ids: list[int]) -> AuditGuest | None:
    """The row of this person at this audit, where they were invited to it before."""
    rows = work.all(select(AuditGuest).where(AuditGuest.audit_id == audit.id).order_by(AuditGuest.id.desc()))
    mine = [each for each in rows if each.person_id is not None and each.person_id == person_id]
    return next(iter(mine), None) or next((each for each in rows if each.invitation_id in invitation_ids), None)


def _kept(
    work: Work,
    guest: AuditGuest | None,
    audit: Audit,
    since: date | None,
    until: date,
    *,
    person_id: int | None = None,
    invitation_id: int | None = None,
) -> AuditGuest:
    if work.actor_id is None:
        raise LookupError("somebody invites")
    if guest is None:
        return work.add(
            AuditGuest(
                audit_id=audit.id,
                person_id=person_id,
                invitation_id=invitation_id,
                since=since,
                until=until,
                invited_by_id=work.actor_id,
                invited_at=work.now,
            )
        )
    guest.since, guest.until, guest.ended_at = since, until, None
    guest.invitation_id = invitation_id or guest.invitation_id
    guest.invited_by_id, guest.invited_at = work.actor_id, work.now
    work.flush()
    return guest


def _reach(membership: Membership, until: date) -> None:
    """A membership lasts at least as long as what it opens."""
    if membership.access_until is not None and membership.access_until < until:
        membership.access_until = until


def _membership(work: Work, person_id: int | None) -> Membership | None:
    if person_id is None:
        return None
    statement = select(Membership).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    return work.one_or_none(statement)


def _invitation(work: Work, invitation_id: int) -> Invitation:
    return work.session.scalars(select(Invitation).where(Invitation.id == invitation_id)).one()
