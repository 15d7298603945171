"""Records of use by period: a page of them, one of them, and what a product came to in each period."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from app.domain.itam.usage import UsageMetric
from app.models.asset import Asset
from app.models.capacity import UsageRecord
from app.models.import_batch import ImportBatch
from app.models.software import Product, Publisher
from app.work import Work

PAGE = 50
AT_ONCE = 1000
MOST_PERIODS = 24
MOST_SERIES = 12
_R = UsageRecord
ORDERS: dict[str, Any] = {
    "period": (_R.starts_on, _R.ends_on, _R.id),
    "product": (func.lower(Product.name), Product.edition, _R.starts_on, _R.id),
    "metric": (_R.metric, _R.starts_on, _R.id),
    "value": (_R.value, _R.id),
    "source": (func.lower(_R.source), _R.starts_on, _R.id),
}


@dataclass(frozen=True, slots=True)
class UsageFilters:
    """Which records; None is all."""

    text: str | None = None
    product_id: int | None = None
    metric: UsageMetric | None = None
    asset: str | None = None
    """A tag."""
    source: str | None = None
    from_on: date | None = None
    """Only periods that reach this day or end after it."""
    until: date | None = None
    """Only periods that began by this day."""
    batch_id: int | None = None
    order: str = "period"
    descending: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        asked = (
            *(self.text, self.product_id, self.metric, self.asset, self.source),
            *(self.from_on, self.until, self.batch_id),
        )
        return any(each is not None for each in asked)


class UsageRow(NamedTuple):
    """A record in a list."""

    id: int
    product_id: int
    publisher: str
    product: str
    edition: str
    asset_id: int | None
    tag: str | None
    metric: UsageMetric
    unit: str
    value: Decimal
    starts_on: date
    ends_on: date
    source: str
    batch_id: int | None
    file_name: str | None

    @property
    def label(self) -> str:
        return f"{self.product} {self.edition}".strip()


class Period(NamedTuple):
    """What all records of a period come to."""

    starts_on: date
    ends_on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """What was measured by one metric in one unit, the oldest period first."""

    metric: UsageMetric
    unit: str
    periods: tuple[Period, ...]


def _rows(wanted: UsageFilters) -> Any:
    order = ORDERS[wanted.order]
    return _from(
        select(
            *(_R.id, _R.product_id, Publisher.name, Product.name, Product.edition, _R.asset_id, Asset.tag, _R.metric),
            *(_R.unit, _R.value, _R.starts_on, _R.ends_on, _R.source, _R.batch_id, ImportBatch.file_name),
        ),
        wanted,
    ).order_by(*(each.desc() if wanted.descending else each for each in order))


def _from(statement: Any, wanted: UsageFilters) -> Any:
    return (
        statement.select_from(_R)
        .join(Product, _R.product_id == Product.id)
        .join(Publisher, Product.publisher_id == Publisher.id)
        .outerjoin(Asset, _R.asset_id == Asset.id)
        .outerjoin(ImportBatch, _R.batch_id == ImportBatch.id)
        .where(*_asked(wanted))
    )


def _asked(wanted: UsageFilters) -> list[Any]:
    asked: list[Any] = []
    told = func.lower(
        Publisher.name + " " + Product.name + " " + Product.edition + " " + _R.unit + " " + _R.source + " "
        + func.coalesce(Asset.tag, "")
    )  # fmt: skip
    for word in (wanted.text or "").split()[:6]:
        asked.append(told.like(f"%{word.replace('%', '').replace('_', '').casefold()}%"))
    if wanted.product_id is not None:
        asked.append(_R.product_id == wanted.product_id)
    if wanted.metric is not None:
        asked.append(_R.metric == wanted.metric)
    if wanted.asset is not None:
        asked.append(Asset.tag == wanted.asset)
    if wanted.source is not None:
        asked.append(_R.source == wanted.source)
    if wanted.from_on is not None:
        asked.append(_R.ends_on >= wanted.from_on)
    if wanted.until is not None:
        asked.append(_R.starts_on <= wanted.until)
    if wanted.batch_id is not None:
        asked.append(_R.batch_id == wanted.batch_id)
    return asked


def usage_list(work: Work, wanted: UsageFilters, page: int = 1) -> tuple[list[UsageRow], int]:
    """A page of records, and how many there are; two queries however many."""
    total = work.session.scalar(_from(select(func.count(_R.id)), wanted)) or 0
    found = work.execute(_rows(wanted).offset((page - 1) * PAGE).limit(PAGE))
    return [UsageRow(*row) for row in found], total


def all_usage(work: Work, wanted: UsageFilters) -> Iterator[UsageRow]:
    """Every record that is asked for, some at a time."""
    skip = 0
    while True:
        found = [UsageRow(*row) for row in work.execute(_rows(wanted).offset(skip).limit(AT_ONCE))]
        yield from found
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def counted_by_product(work: Work, product_ids: Collection[int]) -> dict[int, int]:
    """How many records there are of each of these products; one query, and none for no product."""
    if not product_ids:
        return {}
    counted: Any = select(_R.product_id, func.count(_R.id)).where(_R.product_id.in_(product_ids))
    return {row[0]: row[1] for row in work.execute(counted.group_by(_R.product_id))}


def usage_by(work: Work, record_id: int, *, for_update: bool = False) -> UsageRecord | None:
    """One record; locked until the end where it will be changed."""
    statement = select(_R).where(_R.id == record_id)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def usage_sources(work: Work) -> list[str]:
    """Where records came from."""
    rows = select(_R.source).where(_R.source != "").distinct().order_by(_R.source).limit(500)
    return [source for (source,) in work.execute(rows)]


def series_of(work: Work, wanted: UsageFilters) -> list[Series]:
    """What is asked for by period, each metric and unit by itself: the latest periods, and the first dozen units.

    Of sessions at once the most counts, of what was consumed the sum. When something was last used is no number.
    """
    value = case((_R.metric == UsageMetric.PEAK_SESSIONS, func.max(_R.value)), else_=func.sum(_R.value))
    each = _from(select(_R.metric, _R.unit, _R.starts_on, _R.ends_on, value.label("value")), wanted)
    each = each.where(_R.metric != UsageMetric.LAST_USED).group_by(_R.metric, _R.unit, _R.starts_on, _R.ends_on)
    periods = each.subquery("periods").c
    place = func.row_number().over(
        partition_by=(periods.metric, periods.unit), order_by=(periods.starts_on.desc(), periods.ends_on.desc())
    )
    placed = select(periods.metric, periods.unit, periods.starts_on, periods.ends_on, periods.value, place.label("n"))
    found = placed.subquery("placed").c
    rows: Any = work.execute(
        select(found.metric, found.unit, found.starts_on, found.ends_on, found.value)
        .where(found.n <= MOST_PERIODS)
        .order_by(found.metric, found.unit, found.starts_on, found.ends_on)
        .limit(MOST_PERIODS * MOST_SERIES)
    )
    grouped: dict[tuple[UsageMetric, str], list[Period]] = {}
    for metric, unit, *rest in rows:
        grouped.setdefault((metric, unit), []).append(Period(*rest))
    return [Series(metric, unit, tuple(some)) for (metric, unit), some in grouped.items()]
