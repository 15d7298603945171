"""What is installed where: a page of it, all of it, and one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.itam.change import Authorisation
from app.models.asset import Asset
from app.models.software import Installation, Product, Publisher
from app.queries.software import AT_ONCE, PAGE, there
from app.work import Work


@dataclass(frozen=True, slots=True)
class InstallationFilters:
    """Which installations a list shows; None is everything."""

    product_id: int | None = None
    text: str | None = None
    version_key: str | None = None
    authorisation: Authorisation | None = None
    publisher_id: int | None = None
    source: str | None = None
    with_removed: bool = False
    order: str = "found"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked beyond the product."""
        asked = (self.text, self.version_key, self.publisher_id, self.source)
        return any(each is not None for each in asked) or self.with_removed


class InstallationRow(NamedTuple):
    """An installation in a list."""

    id: int
    asset_id: int
    tag: str
    asset: str
    product_id: int
    publisher: str
    product: str
    edition: str
    version: str
    source: Any
    found_on: date
    last_seen_on: date | None
    last_used_on: date | None
    removed_on: date | None
    authorisation: Authorisation
    accepted_reason: str

    @property
    def label(self) -> str:
        return f"{self.product} {self.edition}".strip() + (f" {self.version}" if self.version else "")


INSTALLATION_ORDERS: dict[str, Any] = {
    "found": (Installation.found_on, Installation.id),
    "asset": (Asset.tag, Installation.id),
    "product": (func.lower(Product.name), Product.edition, Installation.version_key, Installation.id),
    "version": (Installation.version_key, Asset.tag, Installation.id),
}


def installation_list(work: Work, wanted: InstallationFilters, page: int = 1) -> tuple[list[InstallationRow], int]:
    """A page of installations, and how many there are; two queries however many."""
    conditions = _asked_installations(wanted, work.today)
    counted = _joined(select(func.count(Installation.id))).where(*conditions)
    total = work.session.scalar(counted) or 0
    found = _installations(wanted, work.today).offset((page - 1) * PAGE).limit(PAGE)
    return [InstallationRow(*row) for row in work.execute(found)], total


def all_installations(work: Work, wanted: InstallationFilters) -> Iterator[InstallationRow]:
    """Every installation that is asked for, some at a time."""
    skip = 0
    while True:
        found = list(work.execute(_installations(wanted, work.today).offset(skip).limit(AT_ONCE)))
        yield from (InstallationRow(*row) for row in found)
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Installation)
        .join(Asset, Installation.asset_id == Asset.id)
        .join(Product, Installation.product_id == Product.id)
        .join(Publisher, Product.publisher_id == Publisher.id)
    )


def _installations(wanted: InstallationFilters, today: date) -> Any:
    columns = select(
        Installation.id,
        Asset.id,
        Asset.tag,
        Asset.name,
        Product.id,
        Publisher.name,
        Product.name,
        Product.edition,
        Installation.version,
        Installation.source,
        Installation.found_on,
        Installation.last_seen_on,
        Installation.last_used_on,
        Installation.removed_on,
        Installation.authorisation,
        Installation.accepted_reason,
    )
    order = INSTALLATION_ORDERS[wanted.order]
    ordered = [each.desc() if wanted.descending else each for each in order]
    return _joined(columns).where(*_asked_installations(wanted, today)).order_by(*ordered)


def _asked_installations(wanted: InstallationFilters, today: date) -> list[Any]:
    asked: list[Any] = [] if wanted.with_removed else [there(today)]
    if wanted.product_id is not None:
        asked.append(Installation.product_id == wanted.product_id)
    if wanted.version_key is not None:
        asked.append(Installation.version_key == wanted.version_key)
    if wanted.authorisation is not None:
        asked.append(Installation.authorisation == wanted.authorisation)
    if wanted.publisher_id is not None:
        asked.append(Product.publisher_id == wanted.publisher_id)
    if wanted.source is not None:
        asked.append(Installation.source == wanted.source)
    for word in (wanted.text or "").split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        told = func.lower(
            Publisher.name + " " + Product.name + " " + Product.edition + " " + Asset.tag + " " + Asset.name
        )
        asked.append(told.like(like))
    return asked


def installation_by_id(work: Work, installation_id: int, *, for_update: bool = False) -> Installation | None:
    """One installation with its asset and product; locked until the end where it will be changed."""
    statement = (
        select(Installation)
        .where(Installation.id == installation_id)
        .options(joinedload(Installation.asset), joinedload(Installation.product))
    )
    if for_update:
        statement = statement.with_for_update(of=Installation).execution_options(populate_existing=True)
    return work.one_or_none(statement)
