"""What was bought, invoiced and installed on the day of a run of invoices. A fixed number of questions."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from app.domain.itam.reconciling.three_way import Agreement, Bought, Invoiced, PoolFact, agreement
from app.domain.licensing.entitlement import EntitlementKind
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Installation, Product, ProductAlias
from app.work import Work


def three_way(work: Work, run: Reconciliation) -> tuple[Agreement, date | None, date]:
    """The numbers by pool and by purchase order, the day on which the file begins, and the day of the run."""
    on = run.run_at.astimezone(ZoneInfo(work.organisation.time_zone)).date()
    invoiced, has_invoice = _invoiced(work, run)
    said = run.asked.get("since")
    since = date.fromisoformat(said) if said else None
    bought = _bought(work, since, on, has_invoice)
    return agreement(bought, invoiced, _pools(work, on)), since, on


def _bought(work: Work, since: date | None, on: date, has_invoice: set[str]) -> list[Bought]:
    """What was bought while the file runs, whatever became of it since; and what of it counts on the day.

    Bought before the file begins is what it holds an invoice of all the same. A transfer was bought by somebody else.
    An upgrade was bought as it is; it and a transfer leave so many units fewer to count of what they rest on.
    """
    one = Entitlement
    columns: Any = (
        *(one.id, one.reference, one.kind, one.quantity, one.base_id, one.starts_on, one.ends_on, one.retired_on),
        *(one.purchase_order, LicencePool.reference),
    )
    rows: Any = list(work.execute(select(*columns).join(LicencePool, one.pool_id == LicencePool.id)))
    in_force = {
        number: quantity
        for number, _, _, quantity, _, starts_on, ends_on, retired_on, *_ in rows
        if starts_on <= on and (ends_on is None or ends_on >= on) and (retired_on is None or retired_on > on)
    }
    consumed: dict[int, int] = defaultdict(int)
    for number, _, _, quantity, base, *_ in rows:
        if base is not None and number in in_force:
            consumed[base] += quantity
    found = []
    for number, reference, kind, quantity, _, starts_on, _, _, order, pool in rows:
        is_of_the_file = since is None or starts_on >= since or reference in has_invoice
        was_bought = kind is not EntitlementKind.TRANSFER and starts_on <= on and is_of_the_file
        counts = max(0, in_force.get(number, 0) - consumed.get(number, 0))
        found.append(Bought(reference, pool, quantity if was_bought else 0, order, counts))
    return found


def _invoiced(work: Work, run: Reconciliation) -> tuple[list[Invoiced], set[str]]:
    """The lines of the file, and the references of the entitlements that it has an invoice of."""
    line = ReconciliationLine
    columns: Any = (line.row, line.theirs, Entitlement.reference)
    found = [
        Invoiced(
            row,
            theirs.get("name", ""),
            int(theirs.get("quantity") or 1),
            reference or "",
            theirs.get("purchase_order", ""),
        )
        for row, theirs, reference in work.execute(
            select(*columns)
            .outerjoin(Entitlement, line.entitlement_id == Entitlement.id)
            .where(line.run_id == run.id, line.row.is_not(None))
        )
    ]
    return found, {each.entitlement for each in found if each.entitlement}


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
