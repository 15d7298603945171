"""Members: who belongs to the organisation, and as what."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.explained import RefusedError
from app.domain.permission import Permission, Role, granted
from app.models.organisation import Membership, Organisation
from app.operations import feeds, subscription_seats
from app.operations.conflict import ConflictError
from app.work import Work

LAST = "An organisation needs an administrator, and this is the last one. Make somebody else administrator first."


def held(work: Work) -> Organisation:
    """The organisation, held until the end of the work: two administrators cannot end each other at once."""
    statement = select(Organisation).where(Organisation.id == work.home).with_for_update(key_share=True)
    return work.session.scalars(statement, execution_options={"populate_existing": True}).one()


def stamp_of(membership: Membership) -> str:
    """What a form carries of the roles it was filled in for."""
    told = [*sorted(role.value for role in membership.roles), str(membership.access_until or "")]
    return " ".join([*told, "owns"] if membership.owns_system else told)


def change_roles(
    work: Work,
    membership_id: int,
    roles: frozenset[Role],
    access_until: date | None,
    seen: str | None = None,
    *,
    owns_system: bool = False,
) -> Membership:
    """A member has at least one role; the last administrator keeps theirs; who saw other roles is refused."""
    refuse_roles(work, roles, access_until)
    if owns_system and Role.ASSESSOR in roles:
        raise RefusedError("An external assessor looks in from outside, and owns no part of the system.", "owns_system")
    held(work)
    membership = member(work, membership_id)
    if membership.ended_at is not None:
        raise RefusedError("This membership has ended. Bring it back to change its roles.")
    if seen and seen != stamp_of(membership):
        raise ConflictError(membership, f"The membership of {membership.person.label}")
    if Role.ADMINISTRATOR not in roles:
        _refuse_last_administrator(work, membership)
    membership.roles, membership.access_until, membership.owns_system = roles, access_until, owns_system
    if Permission.SUBSCRIBE not in granted(roles):
        feeds.revoke_all(work, membership.person_id)
    work.flush()
    if Role.ASSESSOR in roles:
        subscription_seats.release_all(work, membership.person_id)
    return membership


def end(work: Work, membership_id: int) -> Membership:
    """A membership ends today, and the calendar addresses and seats of the member with it; what they did stays."""
    held(work)
    membership = member(work, membership_id)
    if membership.ended_at is None:
        _refuse_last_administrator(work, membership)
        membership.ended_at = work.now
        feeds.revoke_all(work, membership.person_id)
        subscription_seats.release_all(work, membership.person_id)
        work.flush()
    return membership


def bring_back(work: Work, membership_id: int) -> Membership:
    """Somebody who left comes back, with the roles they had."""
    held(work)
    membership = member(work, membership_id)
    if membership.person.erased_at is not None:
        raise RefusedError("This person was erased and cannot come back. Invite them anew.")
    if membership.access_until is not None and membership.access_until < work.today:
        raise RefusedError("The time of this membership has run out. Invite the person anew.")
    membership.ended_at = None
    work.flush()
    return membership


def member(work: Work, membership_id: int) -> Membership:
    """One membership of the organisation, with its person."""
    statement = select(Membership).options(joinedload(Membership.person)).where(Membership.id == membership_id)
    found = work.one_or_none(statement.execution_options(populate_existing=True))
    if found is None:
        raise LookupError(f"there is no membership {membership_id}")
    return found


def refuse_roles(work: Work, roles: frozenset[Role], access_until: date | None) -> None:
    """An external assessor looks in from outside: for a time, and in no other role."""
    if not roles:
        raise RefusedError("Choose at least one role.", "roles")
    if Role.ASSESSOR in roles:
        if len(roles) > 1:
            raise RefusedError("An external assessor has no other role in the organisation.", "roles")
        if access_until is None:
            raise RefusedError("An external assessor is invited until a day: choose it.", "access_until")
        if access_until < work.today:
            raise RefusedError("This day has passed already.", "access_until")
    elif access_until is not None:
        raise RefusedError("Only the access of an external assessor ends by itself.", "access_until")


def is_last_administrator(work: Work, membership: Membership) -> bool:
    """Whether the organisation would be without an administrator if this membership ended."""
    if Role.ADMINISTRATOR not in membership.roles or membership.ended_at is not None:
        return False
    others = work.all(select(Membership).where(Membership.ended_at.is_(None), Membership.id != membership.id))
    return not any(
        Role.ADMINISTRATOR in each.roles and (each.access_until is None or each.access_until >= work.today)
        for each in others
    )


def _refuse_last_administrator(work: Work, membership: Membership) -> None:
    if is_last_administrator(work, membership):
        raise RefusedError(LAST, "roles")
