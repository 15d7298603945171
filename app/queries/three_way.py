"""What was bought, invoiced and installed on the day of a run of invoices. A fixed number of questions."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from app.domain.itam.reconciling.three_way import Agreement, Bought, Invoiced, PoolFact, agreement
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Installation, Product, ProductAlias
from app.work import Work


def three_way(work: Work, run: Reconciliation) -> tuple[Agreement, date]:
    """The three numbers by pool and by purchase order, and the day they are of: that of the run."""
    on = run.run_at.astimezone(ZoneInfo(work.organisation.time_zone)).date()
    bought, references = _bought(work, on)
    return agreement(bought, _invoiced(work, run, references), _pools(work, on)), on


def _bought(work: Work, on: date) -> tuple[list[Bought], dict[int, str]]:
    """What is in force on the day; an upgrade or a transfer consumes as many units of what it rests on."""
    one = Entitlement
    columns: Any = (
        *(one.id, one.reference, one.quantity, one.base_id, one.starts_on, one.ends_on, one.retired_on),
        *(one.purchase_order, LicencePool.reference),
    )
    references: dict[int, str] = {}
    held: dict[int, Bought] = {}
    consumed: dict[int, int] = defaultdict(int)
    for row in work.execute(select(*columns).join(LicencePool, one.pool_id == LicencePool.id)):
        number, reference, quantity, base, starts_on, ends_on, retired_on, order, pool = row
        references[number] = reference
        if starts_on > on or (ends_on is not None and ends_on < on) or (retired_on is not None and retired_on <= on):
            continue
        held[number] = Bought(reference, pool, quantity, order)
        if base is not None:
            consumed[base] += quantity
    bought = [
        Bought(each.reference, each.pool, max(0, each.quantity - consumed.get(number, 0)), each.purchase_order)
        for number, each in held.items()
    ]
    return bought, references


def _invoiced(work: Work, run: Reconciliation, references: dict[int, str]) -> list[Invoiced]:
    line = ReconciliationLine
    columns: Any = (line.row, line.theirs, line.entitlement_id)
    return [
        Invoiced(
            row,
            theirs.get("name", ""),
            int(theirs.get("quantity") or 1),
            references.get(entitlement or 0, ""),
            theirs.get("purchase_order", ""),
        )
        for row, theirs, entitlement in work.execute(
            select(*columns).where(line.run_id == run.id, line.row.is_not(None))
        )
    ]


def _pools(work: Work, on: date) -> list[PoolFact]:
    names: dict[int, set[str]] = defaultdict(set)
    of_products: dict[int, list[int]] = defaultdict(list)
    columns: Any = (PoolProduct.pool_id, Product.id, Product.name, Product.edition)
    for pool, product, name, edition in work.execute(
        select(*columns).join(Product, PoolProduct.product_id == Product.id)
    ):
        names[pool] |= {name, f"{name} {edition}".strip()}
        of_products[product].append(pool)
    known_as: Any = work.execute(select(ProductAlias.product_id, ProductAlias.name))
    for product, alias in known_as:
        for pool in of_products.get(product, ()):
            names[pool].add(alias)
    one = Installation
    # A suite counts once on a device, however many of its products are there.
    counted = (
        select(PoolProduct.pool_id, func.count(one.asset_id.distinct()))
        .join(one, one.product_id == PoolProduct.product_id)
        .where(one.counted_from <= on, or_(one.counted_until.is_(None), one.counted_until > on))
        .group_by(PoolProduct.pool_id)
    )
    rows: Any = work.execute(counted)
    installed: dict[int, int] = dict(iter(rows))
    pools: Any = work.execute(select(LicencePool.id, LicencePool.reference, LicencePool.name, LicencePool.metric))
    return [
        PoolFact(reference, name, metric, frozenset(names.get(pool, ())), installed.get(pool, 0))
        for pool, reference, name, metric in pools
    ]
