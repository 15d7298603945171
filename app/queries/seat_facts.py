"""What the rule of seats judges by: the entitlements of a pool, what was taken from them, and who holds a seat."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.licensing.entitlement import EntitlementFact
from app.domain.licensing.seat import Bought, Held
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import Entitlement, LicenceSeat
from app.work import Work

Supply = tuple[list[Bought], list[EntitlementFact]]
"""The entitlements of a pool, and those that take units from them."""
_FACTS = (
    Entitlement.id,
    Entitlement.reference,
    Entitlement.kind,
    Entitlement.quantity,
    Entitlement.starts_on,
    Entitlement.ends_on,
    Entitlement.retired_on,
    Entitlement.base_id,
)


def fact_of(row: Entitlement) -> EntitlementFact:
    """An entitlement, as the rules count it."""
    return EntitlementFact(*(getattr(row, column.key) for column in _FACTS))


def facts_where(work: Work, *which: ColumnElement[bool]) -> list[EntitlementFact]:
    """Entitlements, as the rules count them."""
    return [EntitlementFact(*row) for row in work.execute(select(*_FACTS).where(*which).order_by(Entitlement.id))]


def supply_of(work: Work, pool_id: int, site_id: int | None = None) -> Supply:
    """What a pool has, by what is on record; `site_id` is the only site of the pool: others' entitlements count not."""
    rows = work.execute(select(Entitlement.site_id, *_FACTS).where(Entitlement.pool_id == pool_id))
    bought = [Bought(EntitlementFact(*rest), site) for site, *rest in rows]
    if site_id is not None:
        bought = [each for each in bought if each.site_id in (None, site_id)]
    base = aliased(Entitlement)
    columns = select(*_FACTS).join(base, base.id == Entitlement.base_id).where(base.pool_id == pool_id)
    return bought, [EntitlementFact(*row) for row in work.execute(columns)]


def held_of(work: Work, pool_id: int, since: date) -> list[Held]:
    """The seats of a pool that are held on a day or later, each by the name of who holds it."""
    name = func.coalesce(Employee.name, Asset.tag)
    columns: Any = (
        select(name, LicenceSeat.starts_on, LicenceSeat.ends_on, func.coalesce(Employee.site_id, Asset.site_id))
        .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
        .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
        .where(
            LicenceSeat.pool_id == pool_id,
            or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= since),
        )
        .order_by(LicenceSeat.id)
    )
    return [Held(*row) for row in work.execute(columns)]
