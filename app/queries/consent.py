"""Who agrees for a client: somebody of it who does not belong to the seller."""

from sqlalchemy import or_, select

from app.domain.permission import Permission, Role, granted
from app.models.organisation import Membership
from app.queries.members import those_who_may
from app.work import ACROSS, Work


def roles_in(work: Work, organisation_id: int) -> dict[int, frozenset[Role]]:
    """All who belong to an organisation today, by their ids, with their roles there."""
    row = Membership
    lasts = or_(row.access_until.is_(None), row.access_until >= work.today)
    statement = select(row.person_id, row.roles).where(
        row.organisation_id == organisation_id, row.ended_at.is_(None), lasts
    )
    found = work.execute(statement.execution_options(**{ACROSS: "who of one side belongs to the other too"}))
    return {each.person_id: each.roles for each in found}


def may_there(work: Work, organisation_id: int, permission: Permission) -> bool:
    """Whether whoever acts belongs to another organisation too, and may do something there."""
    roles = roles_in(work, organisation_id).get(work.actor_id or 0)
    return roles is not None and permission in granted(roles)


def belongs_to(work: Work, seller_id: int) -> bool:
    """Whether whoever acts belongs to another organisation that sells to this one."""
    return work.actor_id is not None and seller_id != work.home and work.actor_id in roles_in(work, seller_id)


def who_agrees(work: Work, seller_id: int, permission: Permission) -> list[str]:
    """The names of those who may do it for the client, whose work this is, and do not belong to the seller."""
    sellers = roles_in(work, seller_id)
    return [each.label for each in those_who_may(work, permission) if each.id not in sellers]
