"""The names of what stands behind a licence position, and what is installed there, for the rows of one page."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from app.domain.dates import add_days
from app.domain.itam.change import Authorisation
from app.models.asset import Asset
from app.models.change_request import ChangeRequest
from app.models.employee import Employee
from app.models.licence import PoolProduct
from app.models.organisation import Site
from app.models.software import Installation, Product
from app.work import Work


class NamedAsset(NamedTuple):
    """An asset with its site and its custodian."""

    id: int
    tag: str
    name: str
    site: str | None
    custodian_id: int | None
    custodian: str | None


class Installed(NamedTuple):
    """One of the pool's products on an asset, and what stands behind it."""

    id: int
    asset_id: int
    product_id: int
    product: str
    edition: str
    version: str
    authorisation: Authorisation
    found_on: date
    last_used_on: date | None
    change: str | None
    """The reference of the change request that authorised it."""

    @property
    def label(self) -> str:
        """Product, edition and version."""
        return " ".join(word for word in (self.product, self.edition, self.version) if word)


class Idle(NamedTuple):
    """A device on which none of the pool's products was used of late."""

    asset_id: int
    last_used_on: date | None


class Use(NamedTuple):
    """On how many devices the pool's products are, and of how many of them any use was ever recorded."""

    devices: int
    recorded: int


def assets_named(work: Work, ids: Collection[int]) -> dict[int, NamedAsset]:
    """These assets by id."""
    if not ids:
        return {}
    columns = (Asset.id, Asset.tag, Asset.name, Site.name, Employee.id, Employee.name)
    found = (
        select(*columns)
        .outerjoin(Site, Site.id == Asset.site_id)
        .outerjoin(Employee, Employee.id == Asset.custodian_id)
        .where(Asset.id.in_(ids))
    )
    return {row[0]: NamedAsset(*row) for row in work.execute(found)}


def employees_named(work: Work, ids: Collection[int]) -> dict[int, str]:
    """These employees by id."""
    if not ids:
        return {}
    return {row.id: row.name for row in work.execute(select(Employee.id, Employee.name).where(Employee.id.in_(ids)))}


def installed_on(work: Work, pool_id: int, ids: Collection[int], day: date) -> dict[int, list[Installed]]:
    """What of the pool's products is on these assets on a day."""
    found: dict[int, list[Installed]] = defaultdict(list)
    if ids:
        columns = (
            Installation.id,
            Installation.asset_id,
            Product.id,
            Product.name,
            Product.edition,
            Installation.version,
            Installation.authorisation,
            Installation.found_on,
            Installation.last_used_on,
            ChangeRequest.reference,
        )
        asked = (
            select(*columns)
            .join(Product, Product.id == Installation.product_id)
            .join(PoolProduct, PoolProduct.product_id == Product.id)
            .outerjoin(ChangeRequest, ChangeRequest.id == Installation.change_id)
            .where(PoolProduct.pool_id == pool_id, Installation.asset_id.in_(ids), *_there(day))
            .order_by(Installation.asset_id, Product.name, Installation.version_key, Installation.id)
        )
        for row in work.execute(asked):
            found[row[1]].append(Installed(*row))
    return found


def idle_on(work: Work, pool_id: int, day: date, days: int) -> list[Idle]:
    """Devices with the pool's products on a day of which none was used within so many days up to today, or ever."""
    since = add_days(work.today, -days)
    asked, last = _last_used(pool_id, day)
    asked = asked.having(or_(last.is_(None), last < since))
    found = [Idle(*row) for row in work.execute(asked)]
    return sorted(found, key=lambda each: (each.last_used_on or date.min, each.asset_id))


def use_on(work: Work, pool_id: int, day: date) -> Use:
    """How much is known of the use of the pool's products on a day."""
    asked, _ = _last_used(pool_id, day)
    devices = asked.subquery()
    counted = select(func.count(devices.c.asset_id), func.count(devices.c.last_used_on))
    return Use(*work.execute(counted).one())


def _last_used(pool_id: int, day: date) -> tuple[Any, Any]:
    """Each device with the pool's products on a day, with the last day on which any of them was used; and that day."""
    last = func.max(Installation.last_used_on)
    asked = (
        select(Installation.asset_id, last.label("last_used_on"))
        .join(Product, Product.id == Installation.product_id)
        .join(PoolProduct, PoolProduct.product_id == Product.id)
        .where(PoolProduct.pool_id == pool_id, Product.needs_licence, *_there(day))
        .group_by(Installation.asset_id)
    )
    return asked, last


def _there(day: date) -> tuple[Any, ...]:
    return (
        Installation.found_on <= day,
        or_(Installation.removed_on.is_(None), Installation.removed_on > day),
    )
