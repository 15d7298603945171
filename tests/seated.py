"""Pools and entitlements for the tests of seats, in a few words each."""

from datetime import date
from itertools import count
from typing import Any

from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.licence import Entitlement, LicencePool
from app.models.software import Publisher
from app.work import Work

_numbers = count(1)


def pool(w: Work, metric: Metric = Metric.NAMED_USER, **columns: Any) -> LicencePool:
    """A pool of a publisher of its own."""
    number = next(_numbers)
    by = w.add(Publisher(name=f"Publisher {number}"))
    named = {"reference": f"LP-T{number}", "name": f"Pool {number}", **columns}
    return w.add(LicencePool(publisher_id=by.id, metric=metric, created_at=w.now, **named))


def bought(
    w: Work, of: LicencePool, quantity: int, starts_on: date = date(2026, 1, 1), kind: str = "purchase", **columns: Any
) -> Entitlement:
    """An entitlement of the pool."""
    return w.add(
        Entitlement(
            reference=f"E-T{next(_numbers)}",
            pool_id=of.id,
            kind=EntitlementKind(kind),
            quantity=quantity,
            starts_on=starts_on,
            created_at=w.now,
            **columns,
        )
    )
