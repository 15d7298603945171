"""Pools, entitlements and employees for the tests, in a few words each."""

from datetime import date
from typing import Any

from app.domain.itam.version import version_key
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.employee import Employee
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.software import Product
from app.work import Work

LONG_AGO = date(2025, 1, 1)


def pool(w: Work, reference: str, metric: Metric, *products: Product, **columns: Any) -> LicencePool:
    """A pool of these products, with a price of 100.00."""
    given = {"name": f"Pool {reference}", "unit_price_minor": 10_000, "currency": "EUR", **columns}
    row = w.add(
        LicencePool(
            reference=reference, metric=metric, publisher_id=products[0].publisher_id, created_at=w.now, **given
        )
    )
    for each in products:
        w.add(PoolProduct(pool_id=row.id, product_id=each.id))
    return row


def bought(w: Work, into: LicencePool, quantity: int, reference: str, **columns: Any) -> Entitlement:
    """An entitlement since long ago."""
    if "version_through" in columns:
        columns["version_through_key"] = version_key(columns["version_through"])
    given = {"kind": EntitlementKind.PURCHASE, "starts_on": LONG_AGO, **columns}
    return w.add(Entitlement(pool_id=into.id, quantity=quantity, reference=reference, created_at=w.now, **given))


def employee(w: Work, name: str, **columns: Any) -> Employee:
    return w.add(Employee(name=name, number=f"P-{name}", created_at=w.now, **columns))
