"""External assessors at audits: who is invited to which, and what is open to one of them today."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from app.models.audit_guest import AuditGuest
from app.models.organisation import Invitation, Membership
from app.models.person import Person
from app.queries.members import is_live
from app.work import Work


class GuestStanding(StrEnum):
    """How it stands with an assessor at an audit."""

    INVITED = "invited"
    RUN_OUT = "run-out"
    TO_COME = "to-come"
    SEES = "sees"
    OVER = "over"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "invited": "Invited, not yet accepted",
            "run-out": "The invitation has run out",
            "to-come": "From a later day",
            "sees": "Sees the audit",
            "over": "Over",
            "withdrawn": "Withdrawn",
        }[self.value]


@dataclass(frozen=True, slots=True)
class GuestRow:
    """An assessor at an audit, as the list shows them."""

    id: int
    name: str
    email: str
    since: date | None
    until: date
    standing: GuestStanding
    invited_by: str
    invited_at: datetime

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to withdraw."""
        return self.standing in (GuestStanding.OVER, GuestStanding.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Days:
    """For which days an external assessor is let in."""

    open_until: dict[int, date]
    """The audits that are open to them today, by id, and the last day of each."""
    bound: frozenset[int]
    """The audits that they were invited to look in at for days, past, present or to come; not those taken back."""


def days_of(work: Work, person_id: int) -> Days:
    """The audits of an external assessor, in one query: it is asked on each of their pages."""
    guest = AuditGuest
    rows = work.execute(
        select(guest.audit_id, guest.since, guest.until).where(guest.person_id == person_id, guest.ended_at.is_(None))
    ).all()
    is_open = {row.audit_id: row.until for row in rows if (row.since or work.today) <= work.today <= row.until}
    return Days(is_open, frozenset(row.audit_id for row in rows))


def guests_at(work: Work, audit_id: int) -> list[GuestRow]:
    """The assessors of one audit, the latest invited first."""
    statement = (
        select(AuditGuest, Invitation)
        .outerjoin(Invitation, AuditGuest.invitation_id == Invitation.id)
        .where(AuditGuest.audit_id == audit_id)
        .order_by(AuditGuest.invited_at.desc(), AuditGuest.id.desc())
    )
    rows = [(guest, invitation) for guest, invitation in work.execute(statement)]
    wanted = {each for guest, _ in rows for each in (guest.person_id, guest.invited_by_id) if each is not None}
    by_id = {each.id: each for each in work.all(select(Person).where(Person.id.in_(wanted)))} if wanted else {}
    seats = work.all(select(Membership).where(Membership.person_id.in_(wanted))) if wanted else []
    belong = {each.person_id for each in seats if is_live(work, each)}
    return [
        _row(work, guest, invitation, by_id.get(guest.person_id or 0), by_id[guest.invited_by_id].label, belong)
        for guest, invitation in rows
    ]


def guests_let_in(work: Work, audit_id: int) -> tuple[str, ...]:
    """The names of the assessors to whom the audit was opened, by name; not of those who never came in."""
    statement = (
        select(Person)
        .join(AuditGuest, AuditGuest.person_id == Person.id)
        .where(AuditGuest.audit_id == audit_id, or_(AuditGuest.since.is_(None), AuditGuest.since <= work.today))
    )
    return tuple(sorted((each.label for each in work.all(statement)), key=str.casefold))


def guest_at(work: Work, audit_id: int, guest_id: int, *, lock: bool = False) -> AuditGuest | None:
    """One assessor of this audit."""
    statement = select(AuditGuest).where(AuditGuest.id == guest_id, AuditGuest.audit_id == audit_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def _row(
    work: Work, guest: AuditGuest, invitation: Invitation | None, person: Person | None, by: str, belong: set[int]
) -> GuestRow:
    if person is not None:
        name, email = person.label, person.email or ""
    else:
        name, email = (invitation.name, invitation.email) if invitation is not None else ("", "")
    standing = _standing(work, guest, invitation)
    if standing is GuestStanding.SEES and guest.person_id not in belong:
        standing = GuestStanding.OVER
    return GuestRow(guest.id, name or "Erased", email, guest.since, guest.until, standing, by, guest.invited_at)


def _standing(work: Work, guest: AuditGuest, invitation: Invitation | None) -> GuestStanding:
    if guest.ended_at is not None:
        return GuestStanding.WITHDRAWN
    if guest.until < work.today:
        return GuestStanding.OVER
    if invitation is not None and invitation.accepted_at is None:
        if invitation.withdrawn_at is not None:
            return GuestStanding.WITHDRAWN
        return GuestStanding.RUN_OUT if invitation.expires_at <= work.now else GuestStanding.INVITED
    if guest.since is not None and guest.since > work.today:
        return GuestStanding.TO_COME
    return GuestStanding.SEES
