"""Who belongs to an organisation, and who is invited to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.domain.permission import Permission, granted
from app.models.organisation import Invitation, Membership
from app.models.person import Person
from app.work import Work


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was neither accepted nor withdrawn."""

    invitation: Invitation
    by: str
    has_run_out: bool


def members_of(work: Work) -> list[Membership]:
    """The members and former members with their persons: first those who belong, each by name."""
    rows = work.all(select(Membership).options(joinedload(Membership.person)))
    return sorted(rows, key=lambda row: (not is_live(work, row), row.person.label.lower(), row.id))


def without_second_factor(work: Work) -> tuple[int, int]:
    """How many of those who belong today have no second factor, and how many belong."""
    live = [row for row in members_of(work) if is_live(work, row)]
    return sum(row.person.totp_confirmed_at is None for row in live), len(live)


def system_owners(work: Work) -> list[str]:
    """The names of those who own the management system and belong today."""
    return [row.person.label for row in members_of(work) if row.owns_system and is_live(work, row)]


def those_who_may(work: Work, permission: Permission) -> list[Person]:
    """Who belongs today and may do something, by name."""
    return [row.person for row in members_of(work) if is_live(work, row) and permission in granted(row.roles)]


def belongs(work: Work, person_id: int) -> bool:
    """Whether a person belongs to the organisation of this work today."""
    return any(is_live(work, each) for each in work.all(select(Membership).where(Membership.person_id == person_id)))


def lasting(day: date) -> tuple[Any, ...]:
    """The conditions by which a membership opens its organisation on a day: `is_live`, asked of the database."""
    return Membership.ended_at.is_(None), or_(Membership.access_until.is_(None), Membership.access_until >= day)


def is_live(work: Work, membership: Membership) -> bool:
    """Whether a membership opens the organisation today."""
    return membership.ended_at is None and (membership.access_until is None or membership.access_until >= work.today)


def invited(work: Work) -> list[Invited]:
    """The invitations that are open, the latest first."""
    statement = (
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.invited_by_id)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
    )
    return [
        Invited(invitation, person.label, invitation.expires_at <= work.now)
        for invitation, person in work.execute(statement)
    ]
