"""Licence pools: recorded, changed and taken away, without ever leaving a seat that is checked out uncovered."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.explained import Reason, RefusedError
from app.domain.findings.concern import Concern
from app.domain.licensing.metric import LICENSING, Metric
from app.domain.licensing.seat import refuse_bare, refuse_holders, say_holders
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import Entitlement, LicencePool, LicenceSeat, PoolProduct
from app.models.organisation import Site
from app.models.software import Product, Publisher
from app.operations.conflict import refuse_if_changed
from app.operations.references import next_reference
from app.queries.finding_pointers import references_about
from app.queries.seat_facts import supply_of
from app.work import Work

_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDetails:
    """What is said of a pool; the factor in thousandths, the price in minor units."""

    name: str
    metric: Metric
    product_ids: Collection[int]
    site_id: int | None = None
    minimum_per_socket: int = 0
    minimum_per_host: int = 0
    factor_thousandths: int = 1000
    pack_size: int = 1
    unit_price_minor: int | None = None
    currency: str = ""
    notes: str = ""


def lock(work: Work, pool_id: int) -> LicencePool:
    """The pool, held until the work ends: whoever changes what it is entitled to or holds comes one at a time."""
    statement = select(LicencePool).where(LicencePool.id == pool_id).with_for_update()
    row = work.one_or_none(statement.execution_options(populate_existing=True))
    if row is None:
        raise RefusedError("Choose a pool from the list.", "pool")
    return row


def create(work: Work, details: PoolDetails) -> LicencePool:
    """Record what is counted together. [ISO/IEC 19770-1:2017, 8.4]"""
    row = LicencePool(created_at=work.now, products=[])
    publisher_id = _tell(work, row, details)
    row.publisher_id = publisher_id
    row.reference = next_reference(work, LicencePool, "LP-")
    return work.add(row)


def edit(work: Work, row: LicencePool, details: PoolDetails, seen: int | None = None) -> None:
    """Change a pool that was loaded for update with its products; seats that are covered stay covered."""
    refuse_if_changed(row, seen, row.reference)
    _refuse_holders(work, row, details)
    before = supply_of(work, row)
    row.publisher_id = _tell(work, row, details)
    refuse_bare(before.granted, supply_of(work, row).granted, before.held, work.today, "site")
    work.flush()


def remove(work: Work, row: LicencePool, reason: str) -> None:
    """Take away a pool that was recorded by mistake; refused while anything points at it."""
    if not reason.strip():
        raise RefusedError("Say why: the journal keeps the reason.", "reason")
    why = [Reason(f"{row.reference} cannot be removed, because this points at it.")]
    named = list(
        work.execute(select(Entitlement.reference).where(Entitlement.pool_id == row.id).order_by(Entitlement.id))
    )
    if named:
        why.append(Reason(f"Entitlements: {_some([name for (name,) in named])}."))
    seats = work.session.scalar(select(func.count(LicenceSeat.id)).where(LicenceSeat.pool_id == row.id)) or 0
    if seats:
        why.append(Reason(f"Seats, held now or before: {seats}."))
    found = references_about(work, Concern.POOL, row.id)
    if found:
        why.append(Reason(f"Findings: {_some(found)}."))
    if len(why) > 1:
        raise RefusedError(why)
    work.reason = reason.strip()
    work.session.delete(row)
    work.flush()


def _refuse_holders(work: Work, row: LicencePool, details: PoolDetails) -> None:
    """Whoever holds a seat now or later can hold it by the new metric, and at the new site, too."""
    seats = list(
        work.execute(
            select(Employee.name, Asset.tag, func.coalesce(Employee.site_id, Asset.site_id))
            .select_from(LicenceSeat)
            .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
            .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
            .where(
                LicenceSeat.pool_id == row.id,
                or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= work.today),
            )
        )
    )
    if details.metric is not row.metric and seats:
        try:
            refuse_holders(details.metric, [name for name, *_ in seats if name], [tag for _, tag, _ in seats if tag])
        except RefusedError as refusal:
            says = "Seats are checked out: check them in first."
            raise RefusedError((*refusal.why, Reason(says, LICENSING)), "metric") from None
    elsewhere = [name or tag for name, tag, site_id in seats if site_id != details.site_id]
    if details.site_id is not None and details.site_id != row.site_id and elsewhere:
        says = f"Whoever holds a seat would be at another site: {say_holders(elsewhere)}. Check these seats in first."
        raise RefusedError(Reason(says, LICENSING), "site")


def _tell(work: Work, row: LicencePool, details: PoolDetails) -> int:
    name = " ".join(details.name.split())
    if not name:
        raise RefusedError("Give the name.", "name")
    for field, value, least in (
        ("minimum_per_socket", details.minimum_per_socket, 0),
        ("minimum_per_host", details.minimum_per_host, 0),
        ("pack_size", details.pack_size, 1),
        ("factor", details.factor_thousandths, 1),
    ):
        if not least <= value <= 1_000_000:
            raise RefusedError(
                f"Give a number from {least} to 1,000,000."
                if field != "factor"
                else "The factor lies between 0.001 and 1000.",
                field,
            )
    if details.unit_price_minor is not None and details.unit_price_minor < 0:
        raise RefusedError("A price is no less than 0.", "unit_price")
    if details.unit_price_minor is not None and not details.currency:
        raise RefusedError("Give the currency of the price.", "currency")
    with work.session.no_autoflush:
        if details.site_id is not None and not work.all(select(Site.id).where(Site.id == details.site_id)):
            raise RefusedError("Choose a site from the list.", "site")
        publisher_id = _cover(work, row, details.product_ids)
    row.name, row.metric, row.site_id = name, details.metric, details.site_id
    row.minimum_per_socket = details.minimum_per_socket if details.metric.counts_hosts else 0
    row.minimum_per_host = details.minimum_per_host if details.metric.counts_hosts else 0
    row.factor_thousandths = details.factor_thousandths if details.metric.counts_hosts else 1000
    row.pack_size = details.pack_size
    row.unit_price_minor = details.unit_price_minor
    row.currency = details.currency if details.unit_price_minor is not None else ""
    row.notes = details.notes.strip()
    return publisher_id


def _cover(work: Work, row: LicencePool, product_ids: Collection[int]) -> int:
    """Let it cover these products, all of one publisher; gives the publisher."""
    wanted = set(product_ids)
    if not wanted:
        raise RefusedError("Say which products it covers.", "products")
    found = list(
        work.execute(
            select(Product.id, Product.name, Product.needs_licence, Publisher.id, Publisher.name)
            .join(Publisher, Publisher.id == Product.publisher_id)
            .where(Product.id.in_(sorted(wanted)))
        )
    )
    if len(found) != len(wanted):
        raise RefusedError("Choose products from the list.", "products")
    free = [name for _, name, needs, *_ in found if not needs]
    if free:
        raise RefusedError(f"{_some(free)}: the catalogue says that no licence is needed.", "products")
    publishers = {publisher_id: name for *_, publisher_id, name in found}
    if len(publishers) > 1:
        says = f"These are of {', '.join(sorted(publishers.values()))}: a pool covers products of one publisher."
        raise RefusedError(Reason(says, LICENSING), "products")
    if row.id and {each.product_id for each in row.products} != wanted:
        # Its version counts what it covers, too: of two who change that, the second is refused.
        flag_modified(row, "notes")
    row.products = [each for each in row.products if each.product_id in wanted]
    there = {each.product_id for each in row.products}
    row.products += [PoolProduct(product_id=product_id) for product_id in sorted(wanted - there)]
    return int(next(iter(publishers)))


def _some(names: Collection[str]) -> str:
    shown = list(names)[:_NAMED]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
