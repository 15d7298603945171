"""Who agrees for a client: somebody of it who does not belong to the seller."""

from sqlalchemy import or_, select

from app.domain.permission import Permission
from app.models.organisation import Membership
from app.queries.members import those_who_may
from app.work import ACROSS, Work


def people_of(work: Work, organisation_id: int) -> frozenset[int]:
    """The ids of all who belong to an organisation today."""
    row = Membership
    lasts = or_(row.access_until.is_(None), row.access_until >= work.today)
    statement = select(row.person_id).where(row.organisation_id == organisation_id, row.ended_at.is_(None), lasts)
    return frozenset(work.session.scalars(statement, execution_options={ACROSS: "whoever sells does not buy"}))


def belongs_to(work: Work, seller_id: int) -> bool:
    """Whether whoever acts belongs to another organisation that sells to this one."""
    return work.actor_id is not None and seller_id != work.home and work.actor_id in people_of(work, seller_id)


def who_agrees(work: Work, seller_id: int, permission: Permission) -> list[str]:
    """The names of those who may do it for the client, whose work this is, and do not belong to the seller."""
    sellers = people_of(work, seller_id)
    return [each.label for each in those_who_may(work, permission) if each.id not in sellers]
