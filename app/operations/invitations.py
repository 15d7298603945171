"""Invitations: a mail that offers a membership, accepted once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.secret import new_token, token_hash
from app.domain.subscription.seats import SeatKind
from app.models.audit import Audit
from app.models.audit_guest import AuditGuest
from app.models.organisation import Invitation, Membership, Organisation
from app.models.person import Person
from app.operations import organisations
from app.operations.members import refuse_roles
from app.operations.outbox import post
from app.operations.persons import create, normal_email
from app.operations.subscription_seats import accept_offer, refuse_offer
from app.work import ACROSS, Work

LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mailed invitation offers, and whether its email address has an account already."""

    invitation_id: int
    organisation_id: int
    organisation: str
    slug: str
    email: str
    name: str
    roles: frozenset[Role]
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite, as what, until when, and with which seats."""

    email: str
    name: str
    roles: frozenset[Role]
    access_until: date | None = None
    seats: frozenset[SeatKind] = frozenset()


def invite(
    work: Work,
    *,
    email: str,
    name: str,
    roles: frozenset[Role],
    access_until: date | None,
    audit: str = "",
    seats: Collection[SeatKind] = (),
) -> Invitation:
    """Invite somebody by mail; one invitation at a time. `audit` is the reference of the one they are to see.

    With `seats`, they have one of each of these kinds from the day on which they accept; refused where none is free.
    """
    email = normal_email(email)
    refuse_roles(work, roles, access_until)
    if member_with(work, email) is not None:
        raise RefusedError("This person is a member already. Change their roles instead.", "email")
    for earlier in work.all(open_invitations().where(Invitation.email == email)):
        if earlier.expires_at > work.now:
            raise RefusedError("This person is invited already. Send the invitation again, or withdraw it.", "email")
    if seats and Role.ASSESSOR in roles:
        raise RefusedError("An external assessor takes no seat.", "seats")
    refuse_offer(work, seats)
    return send(work, Wanted(email, name, roles, access_until, frozenset(seats)), audit)


def send(work: Work, wanted: Wanted, audit: str = "") -> Invitation:
    """Write an invitation that nothing speaks against, and mail it; one that has run out is withdrawn."""
    if work.actor_id is None:
        raise LookupError("somebody invites")
    for earlier in work.all(open_invitations().where(Invitation.email == wanted.email)):
        earlier.withdrawn_at = work.now
    token = new_token()
    invitation = work.add(
        Invitation(
            email=wanted.email,
            name=" ".join(wanted.name.split())[:200],
            roles=wanted.roles,
            access_until=wanted.access_until,
            token_hash=token_hash(token),
            invited_by_id=work.actor_id,
            invited_at=work.now,
            expires_at=work.now + LIFE,
            audit_manager_seat=SeatKind.AUDIT_MANAGER in wanted.seats,
            lms_seat=SeatKind.LMS in wanted.seats,
        )
    )
    _send(work, invitation, token, [audit] if audit else [])
    return invitation


def send_again(work: Work, invitation_id: int) -> Invitation:
    """The same offer under a new address for another two weeks; the old address no longer works."""
    invitation = _open(work, invitation_id)
    token = new_token()
    invitation.token_hash, invitation.expires_at = token_hash(token), work.now + LIFE
    work.flush()
    _send(work, invitation, token, _audits_of(work, invitation))
    return invitation


def withdraw(work: Work, invitation_id: int) -> Invitation:
    """The mailed address no longer works."""
    invitation = _open(work, invitation_id)
    invitation.withdrawn_at = work.now
    work.flush()
    return invitation


def open_invitations() -> Select[Invitation]:
    """Those neither accepted nor withdrawn; some may have run out."""
    return select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def offer(work: Work, token: str) -> Offer | None:
    """What a mailed secret offers; None where it was used, withdrawn or has run out."""
    row = work.session.execute(
        select(Invitation, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Invitation.token_hash == token_hash(token),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > work.now,
        ),
        execution_options={ACROSS: "an invitation is found by its secret", "populate_existing": True},
    ).one_or_none()
    if row is None:
        return None
    invitation, organisation, slug = row
    person_id = work.one_or_none(select(Person.id).where(Person.email == invitation.email))
    return Offer(
        invitation.id,
        invitation.organisation_id,
        organisation,
        slug,
        invitation.email,
        invitation.name,
        invitation.roles,
        person_id,
    )


def accept(work: Work, token: str, person_id: int) -> Offer | None:
    """The invited person joins; None where somebody was faster, or the invitation was withdrawn meanwhile."""
    found = offer(work, token)
    if found is None:
        return None
    if found.person_id != person_id:
        raise RefusedError(f"This invitation is for {found.email}. Sign out, and open it again.")
    work.actor_id = person_id
    with work.within(found.organisation_id) as inside:
        invitation = _held(inside, found.invitation_id)
        if invitation is None:
            return None
        invitation.accepted_at = inside.now
        _let_in(inside, invitation, person_id)
        live = inside.one_or_none(
            select(Membership).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        )
        if live is not None:
            live.roles = live.roles | invitation.roles
            accept_offer(inside, invitation, person_id)
            return found
        organisation, person = inside.organisation, _person(inside, person_id)
    membership = organisations.join(work, organisation, person, invitation.roles)
    with work.within(organisation.id) as inside:
        membership.access_until = invitation.access_until
        accept_offer(inside, invitation, person_id)
    return found


def accept_as_new(work: Work, token: str, *, name: str, password_hash: str) -> Person | None:
    """Somebody without an account makes one and joins."""
    found = offer(work, token)
    if found is None or found.person_id is not None:
        return None
    with work.within(found.organisation_id) as inside:
        if _held(inside, found.invitation_id) is None:
            return None
    person = create(work, email=found.email, name=name, password_hash=password_hash)
    return person if accept(work, token, person.id) is not None else None


def _held(work: Work, invitation_id: int) -> Invitation | None:
    """The invitation, held until the end of the work; None where somebody was faster."""
    statement = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    found = work.session.scalars(statement, execution_options={"populate_existing": True}).one()
    return found if found.accepted_at is None and found.withdrawn_at is None else None


def member_with(work: Work, email: str) -> Membership | None:
    """The membership of this address that has not been ended, if there is one."""
    return work.one_or_none(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == email, Membership.ended_at.is_(None))
    )


def _person(work: Work, person_id: int) -> Person:
    return work.session.scalars(select(Person).where(Person.id == person_id)).one()


def _open(work: Work, invitation_id: int) -> Invitation:
    statement = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    found = work.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise LookupError(f"there is no invitation {invitation_id}")
    if found.accepted_at is not None:
        raise RefusedError("This invitation was accepted already.")
    if found.withdrawn_at is not None:
        raise RefusedError("This invitation was withdrawn already.")
    return found


def _let_in(work: Work, invitation: Invitation, person_id: int) -> None:
    """Whoever accepts sees the audits that the invitation was for."""
    earlier = {each.audit_id: each for each in work.all(select(AuditGuest).where(AuditGuest.person_id == person_id))}
    invited = select(AuditGuest).where(AuditGuest.invitation_id == invitation.id, AuditGuest.person_id.is_(None))
    for guest in work.all(invited):
        before = earlier.get(guest.audit_id)
        if before is None:
            guest.person_id = person_id
        elif guest.ended_at is None:
            before.since, before.until, before.ended_at = guest.since, guest.until, None
            guest.ended_at = work.now


def _audits_of(work: Work, invitation: Invitation) -> list[str]:
    return work.all(
        select(Audit.reference)
        .join(AuditGuest, AuditGuest.audit_id == Audit.id)
        .where(AuditGuest.invitation_id == invitation.id, AuditGuest.ended_at.is_(None))
        .order_by(Audit.reference)
    )


def _send(work: Work, invitation: Invitation, token: str, audits: list[str]) -> None:
    inviter = _person(work, invitation.invited_by_id)
    organisation = work.organisation
    post(
        work,
        to_email=invitation.email,
        to_name=invitation.name,
        subject=f"{organisation.name} invites you to Triennium",
        template="invitation",
        context={
            "inviter": inviter.label,
            "organisation": organisation.name,
            "roles": [role.label for role in Role if role in invitation.roles],
            "audits": audits,
            "until": say(invitation.access_until) if invitation.access_until else None,
            "token": token,
            "good_until": say(invitation.expires_at.date()),
        },
    )
