"""The catalogue of software: a page of products, one product with its versions, and what is installed where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.itam.change import Authorisation
from app.models.software import Installation, Product, ProductAlias, Publisher, Release
from app.work import Work

PAGE = 50
AT_ONCE = 1000
ORDERS: dict[str, Any] = {
    "product": (func.lower(Product.name), func.lower(Product.edition), func.lower(Publisher.name), Product.id),
    "publisher": (func.lower(Publisher.name), func.lower(Product.name), Product.edition, Product.id),
    "category": (func.lower(Product.category), func.lower(Product.name), Product.edition, Product.id),
}


def there(today: date) -> Any:
    """The condition on what is installed on a day."""
    return or_(Installation.removed_on.is_(None), Installation.removed_on > today)


@dataclass(frozen=True, slots=True)
class SoftwareFilters:
    """Which products a list shows; None is everything."""

    text: str | None = None
    publisher_id: int | None = None
    category: str | None = None
    needs_licence: bool | None = None
    standing: str | None = None
    """`installed`, `nowhere`, or `unauthorised`."""
    order: str = "product"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        asked = (self.text, self.publisher_id, self.category, self.needs_licence, self.standing)
        return any(each is not None for each in asked)


class ProductRow(NamedTuple):
    """A product in a list."""

    id: int
    publisher: str
    name: str
    edition: str
    category: str
    needs_licence: bool
    devices: int = 0
    """On how many assets it is."""
    unauthorised: int = 0
    """How many installations have nothing behind them."""

    @property
    def label(self) -> str:
        return f"{self.name} {self.edition}".strip()


def product_list(work: Work, wanted: SoftwareFilters, page: int = 1) -> tuple[list[ProductRow], int]:
    """A page of products, and how many there are; three queries however many."""
    conditions = _asked(wanted, work.today)
    counted = select(func.count(Product.id)).join(Publisher, Product.publisher_id == Publisher.id).where(*conditions)
    total = work.session.scalar(counted) or 0
    found = work.execute(_rows(wanted, work.today).offset((page - 1) * PAGE).limit(PAGE))
    return _counted(work, [ProductRow(*row) for row in found]), total


def all_products(work: Work, wanted: SoftwareFilters) -> Iterator[ProductRow]:
    """Every product that is asked for, some at a time."""
    skip = 0
    while True:
        found = list(work.execute(_rows(wanted, work.today).offset(skip).limit(AT_ONCE)))
        yield from _counted(work, [ProductRow(*row) for row in found])
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _rows(wanted: SoftwareFilters, today: date) -> Any:
    order = ORDERS[wanted.order]
    return (
        select(Product.id, Publisher.name, Product.name, Product.edition, Product.category, Product.needs_licence)
        .join(Publisher, Product.publisher_id == Publisher.id)
        .where(*_asked(wanted, today))
        .order_by(*(each.desc() if wanted.descending else each for each in order))
    )


def _asked(wanted: SoftwareFilters, today: date) -> list[Any]:
    asked: list[Any] = []
    for word in (wanted.text or "").split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        told = func.lower(Publisher.name + " " + Product.name + " " + Product.edition)
        asked.append(told.like(like))
    if wanted.publisher_id is not None:
        asked.append(Product.publisher_id == wanted.publisher_id)
    if wanted.category is not None:
        asked.append(Product.category == wanted.category)
    if wanted.needs_licence is not None:
        asked.append(Product.needs_licence == wanted.needs_licence)
    installed = select(Installation.product_id).where(there(today))
    if wanted.standing == "installed":
        asked.append(Product.id.in_(installed))
    elif wanted.standing == "nowhere":
        asked.append(Product.id.not_in(installed))
    elif wanted.standing == "unauthorised":
        asked.append(Product.id.in_(installed.where(Installation.authorisation == Authorisation.UNAUTHORISED)))
    return asked


def _counted(work: Work, rows: list[ProductRow]) -> list[ProductRow]:
    unauthorised = func.count().filter(Installation.authorisation == Authorisation.UNAUTHORISED)
    counts = (
        select(Installation.product_id, func.count(Installation.asset_id.distinct()), unauthorised)
        .where(Installation.product_id.in_([row.id for row in rows]), there(work.today))
        .group_by(Installation.product_id)
    )
    found = {product_id: (devices, open_) for product_id, devices, open_ in work.execute(counts)}
    return [
        row._replace(devices=found.get(row.id, (0, 0))[0], unauthorised=found.get(row.id, (0, 0))[1]) for row in rows
    ]


def publishers_of(work: Work) -> list[tuple[int, str]]:
    """Every publisher that has a product, for a filter and for whoever types one."""
    used = select(Product.publisher_id)
    rows = select(Publisher.id, Publisher.name).where(Publisher.id.in_(used)).order_by(func.lower(Publisher.name))
    return [(row_id, name) for row_id, name in work.execute(rows.limit(2000))]


def categories_of(work: Work) -> list[str]:
    """Every category that a product has."""
    rows = select(Product.category).where(Product.category != "").distinct().order_by(Product.category).limit(500)
    return [category for (category,) in work.execute(rows)]


def product_by_id(work: Work, product_id: int, *, for_update: bool = False) -> Product | None:
    """One product with its publisher; locked until the end where it will be changed."""
    statement = select(Product).where(Product.id == product_id).options(joinedload(Product.publisher))
    if for_update:
        statement = statement.with_for_update(of=Product).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def products_named(work: Work, most: int = 2000) -> list[tuple[int, str]]:
    """Products to choose from, by name."""
    rows = (
        select(Product.id, Product.name, Product.edition, Publisher.name)
        .join(Publisher, Product.publisher_id == Publisher.id)
        .order_by(func.lower(Product.name), Product.edition)
        .limit(most)
    )
    return [(row[0], f"{row[1]} {row[2]}".strip() + f" ({row[3]})") for row in work.execute(rows)]


def aliases_of(work: Work, product_id: int) -> list[ProductAlias]:
    """The other names of a product."""
    statement = select(ProductAlias).where(ProductAlias.product_id == product_id)
    return work.all(statement.order_by(ProductAlias.publisher, ProductAlias.name))


class VersionRow(NamedTuple):
    """A version of a product: how often it is installed, and until when it is supported."""

    version: str
    version_key: str
    installed: int
    unauthorised: int
    released_on: date | None
    support_ends_on: date | None
    release_id: int | None


def versions_of(work: Work, product_id: int) -> list[VersionRow]:
    """Every version that is installed or released, the newest first: 1.10 before 1.9."""
    unauthorised = func.count().filter(Installation.authorisation == Authorisation.UNAUTHORISED)
    installed = (
        select(Installation.version_key, func.max(Installation.version), func.count(), unauthorised)
        .where(Installation.product_id == product_id, there(work.today))
        .group_by(Installation.version_key)
    )
    counts = {key: (version, count, open_) for key, version, count, open_ in work.execute(installed)}
    releases = {each.version_key: each for each in work.all(select(Release).where(Release.product_id == product_id))}
    rows = []
    for key in sorted(counts.keys() | releases.keys(), reverse=True):
        version, count, open_ = counts.get(key, ("", 0, 0))
        release = releases.get(key)
        rows.append(
            VersionRow(
                release.version if release else version,
                key,
                count,
                open_,
                release.released_on if release else None,
                release.support_ends_on if release else None,
                release.id if release else None,
            )
        )
    return rows


def release_by_id(work: Work, product_id: int, release_id: int) -> Release | None:
    """One release of a product."""
    return work.one_or_none(select(Release).where(Release.id == release_id, Release.product_id == product_id))
