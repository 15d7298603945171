"""Licences for the tests: pools and entitlements, recorded by the operations in a few words each."""

from datetime import date
from typing import Any

from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.licence import Entitlement, LicencePool
from app.models.software import Product
from app.operations import entitlements, pools, products
from app.operations.entitlements import EntitlementDetails
from app.operations.pools import PoolDetails
from app.operations.products import ProductDetails
from app.work import Work

BOUGHT_ON = date(2024, 3, 1)


def catalogued(w: Work, name: str = "Quill Office", publisher: str = "Quillworks", **more: Any) -> Product:
    """A product of the catalogue."""
    return products.create(w, ProductDetails(publisher=publisher, name=name, **more))


def pooled(w: Work, metric: Metric = Metric.NAMED_USER, name: str = "Quill Office", **more: Any) -> LicencePool:
    """A pool that covers one product of its own name."""
    ids = more.pop("product_ids", None) or [catalogued(w, name).id]
    return pools.create(w, PoolDetails(name=name, metric=metric, product_ids=ids, **more))


def bought(
    w: Work,
    pool: LicencePool,
    quantity: int = 1,
    starts_on: date = BOUGHT_ON,
    kind: EntitlementKind = EntitlementKind.PURCHASE,
    **more: Any,
) -> Entitlement:
    """So many units of a pool."""
    details = EntitlementDetails(kind=kind, quantity=quantity, starts_on=starts_on, **more)
    return entitlements.create(w, pool.id, details)
