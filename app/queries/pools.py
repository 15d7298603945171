"""Licence pools: the list, one of them with what it covers, and what may be chosen for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.licensing.metric import Metric
from app.models.licence import Entitlement, LicencePool, LicenceSeat, PoolProduct
from app.models.organisation import Site
from app.models.software import Product, Publisher
from app.work import Work

PAGE = 50
AT_ONCE = 1000
SEATED = (Metric.NAMED_USER, Metric.SUBSCRIPTION, Metric.DEVICE)
"""Metrics whose seats are checked out to somebody."""
ORDERS: dict[str, tuple[Any, ...]] = {
    "reference": (LicencePool.id,),
    "name": (func.lower(LicencePool.name), LicencePool.id),
    "publisher": (func.lower(Publisher.name), func.lower(LicencePool.name), LicencePool.id),
    "metric": (LicencePool.metric, func.lower(LicencePool.name), LicencePool.id),
}


@dataclass(frozen=True, slots=True)
class PoolFilters:
    """Which pools a list shows; None is everything."""

    text: str | None = None
    publisher_id: int | None = None
    metric: Metric | None = None
    site_id: int | None = None
    order: str = "name"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any(each is not None for each in (self.text, self.publisher_id, self.metric, self.site_id))


class PoolRow(NamedTuple):
    """A pool in a list."""

    id: int
    reference: str
    name: str
    publisher: str
    metric: Metric
    site: str | None
    products: int = 0
    entitlements: int = 0
    """How many entitlements stand in it, ended ones too."""
    seats: int = 0
    """How many seats are held today."""


def held_on(day: date) -> tuple[Any, ...]:
    """The conditions on seats that are held on a day."""
    return LicenceSeat.starts_on <= day, or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= day)


def pool_list(work: Work, wanted: PoolFilters, page: int = 1) -> tuple[list[PoolRow], int]:
    """A page of pools, and how many there are; five queries however many."""
    counted = select(func.count(LicencePool.id)).join(Publisher, Publisher.id == LicencePool.publisher_id)
    total = work.session.scalar(counted.where(*_asked(wanted))) or 0
    found = work.execute(_rows(wanted).offset((page - 1) * PAGE).limit(PAGE))
    return _counted(work, [PoolRow(*row) for row in found]), total


def all_pools(work: Work, wanted: PoolFilters) -> Iterator[PoolRow]:
    """Every pool that is asked for, some at a time."""
    skip = 0
    while True:
        found = list(work.execute(_rows(wanted).offset(skip).limit(AT_ONCE)))
        yield from _counted(work, [PoolRow(*row) for row in found])
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _rows(wanted: PoolFilters) -> Any:
    order = ORDERS[wanted.order]
    return (
        select(LicencePool.id, LicencePool.reference, LicencePool.name, Publisher.name, LicencePool.metric, Site.name)
        .join(Publisher, Publisher.id == LicencePool.publisher_id)
        .outerjoin(Site, Site.id == LicencePool.site_id)
        .where(*_asked(wanted))
        .order_by(*(each.desc() if wanted.descending else each for each in order))
    )


def _asked(wanted: PoolFilters) -> list[Any]:
    asked: list[Any] = []
    for word in (wanted.text or "").split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        told = func.lower(LicencePool.reference + " " + LicencePool.name + " " + Publisher.name)
        covered = (
            select(PoolProduct.pool_id)
            .join(Product, Product.id == PoolProduct.product_id)
            .where(func.lower(Product.name + " " + Product.edition).like(like))
        )
        asked.append(or_(told.like(like), LicencePool.id.in_(covered)))
    if wanted.publisher_id is not None:
        asked.append(LicencePool.publisher_id == wanted.publisher_id)
    if wanted.metric is not None:
        asked.append(LicencePool.metric == wanted.metric)
    if wanted.site_id is not None:
        asked.append(LicencePool.site_id == wanted.site_id)
    return asked


def _counted(work: Work, rows: list[PoolRow]) -> list[PoolRow]:
    ids = [row.id for row in rows]

    def count(model: Any, *which: Any) -> dict[int, int]:
        statement = select(model.pool_id, func.count()).where(model.pool_id.in_(ids), *which).group_by(model.pool_id)
        return dict(tuple(row) for row in work.execute(statement)) if ids else {}

    products, bought, seats = count(PoolProduct), count(Entitlement), count(LicenceSeat, *held_on(work.today))
    return [
        row._replace(products=products.get(row.id, 0), entitlements=bought.get(row.id, 0), seats=seats.get(row.id, 0))
        for row in rows
    ]


def pool_by(work: Work, reference: str, *, for_update: bool = False) -> LicencePool | None:
    """One pool with its publisher, site and products."""
    statement = (
        select(LicencePool)
        .where(LicencePool.reference == reference)
        .options(
            joinedload(LicencePool.publisher),
            joinedload(LicencePool.site),
            selectinload(LicencePool.products).joinedload(PoolProduct.product).joinedload(Product.publisher),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=LicencePool).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def seats_held(work: Work, pool_id: int) -> int:
    """How many seats of a pool are held today."""
    return (
        work.session.scalar(
            select(func.count(LicenceSeat.id)).where(LicenceSeat.pool_id == pool_id, *held_on(work.today))
        )
        or 0
    )


def publishers_of_pools(work: Work) -> list[tuple[int, str]]:
    """Every publisher that has a pool, for a filter."""
    used = select(LicencePool.publisher_id)
    rows = select(Publisher.id, Publisher.name).where(Publisher.id.in_(used)).order_by(func.lower(Publisher.name))
    return [(row_id, name) for row_id, name in work.execute(rows.limit(2000))]


def sites_named(work: Work) -> list[tuple[int, str]]:
    """Every site, for whoever chooses one."""
    return [(id_, name) for id_, name in work.execute(select(Site.id, Site.name).order_by(func.lower(Site.name)))]


def products_to_cover(work: Work) -> list[tuple[int, str]]:
    """Every product that needs a licence, by publisher and name, for whoever makes a pool."""
    rows = (
        select(Product.id, Publisher.name, Product.name, Product.edition)
        .join(Publisher, Publisher.id == Product.publisher_id)
        .where(Product.needs_licence)
        .order_by(func.lower(Publisher.name), func.lower(Product.name), Product.edition, Product.id)
    )
    return [(id_, f"{publisher}: {name} {edition}".strip()) for id_, publisher, name, edition in work.execute(rows)]
