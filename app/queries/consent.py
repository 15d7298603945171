"""Who agrees for a client: somebody of it who does not belong to the seller."""

from sqlalchemy import select

from app.domain.explained import Reason
from app.domain.permission import Permission, Role, granted
from app.domain.subscription.agreement import BOTH_AGREE, who_may
from app.models.organisation import Membership
from app.queries.members import lasting, those_who_may
from app.work import ACROSS, Work


def roles_in(work: Work, organisation_id: int) -> dict[int, frozenset[Role]]:
    """All who belong to an organisation today, by their ids, with their roles there."""
    row = Membership
    statement = select(row.person_id, row.roles).where(row.organisation_id == organisation_id, *lasting(work.today))
    found = work.execute(statement.execution_options(**{ACROSS: "who of one side belongs to the other too"}))
    return {each.person_id: each.roles for each in found}


def may_there(work: Work, organisation_id: int, permission: Permission) -> bool:
    """Whether whoever acts belongs to another organisation too, and may do something there."""
    roles = roles_in(work, organisation_id).get(work.actor_id or 0)
    return roles is not None and permission in granted(roles)


def belongs_to(work: Work, seller_id: int) -> bool:
    """Whether whoever acts belongs to another organisation that sells to this one."""
    return work.actor_id is not None and seller_id != work.home and work.actor_id in roles_in(work, seller_id)


def why_not(work: Work, seller_id: int, permission: Permission) -> tuple[Reason, ...]:
    """Why whoever acts agrees to nothing for the client, whose work this is, and who does; empty where they may."""
    if not belongs_to(work, seller_id):
        return ()
    return BOTH_AGREE, who_may(who_agrees(work, seller_id, permission))


def who_agrees(work: Work, seller_id: int, permission: Permission) -> list[str]:
    """The names of those who may do it for the client, whose work this is, and do not belong to the seller."""
    sellers = roles_in(work, seller_id)
    return [each.label for each in those_who_may(work, permission) if each.id not in sellers]
