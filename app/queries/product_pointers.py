"""What points at a product."""

from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.models.capacity import UsageRecord
from app.models.change_request import ChangeRequest
from app.models.licence import LicencePool, PoolProduct
from app.models.software import Installation
from app.queries.finding_pointers import findings_about_product
from app.work import Work

MOST = 20


class ProductPointer(NamedTuple):
    """One kind of what points at a product: how many, and the first of them by name."""

    noun: str
    many: int
    named: list[tuple[str, str]]
    """The reference of each, and what it is called."""

    @property
    def says(self) -> str:
        names = ", ".join(reference for reference, _ in self.named[:5])
        more = f" and {self.many - len(self.named[:5])} more" if self.named and self.many > 5 else ""
        return f"{names}{more}" if names else f"{self.many:,}"


def pointers_at(work: Work, product_id: int) -> list[ProductPointer]:
    """Pools, change requests, findings, installations and records of use; what there is none of is left out."""
    pools = (
        select(LicencePool.reference, LicencePool.name)
        .join(PoolProduct, PoolProduct.pool_id == LicencePool.id)
        .where(PoolProduct.product_id == product_id)
        .order_by(LicencePool.reference)
    )
    changes = (
        select(ChangeRequest.reference, ChangeRequest.title)
        .where(ChangeRequest.product_id == product_id)
        .order_by(ChangeRequest.id.desc())
    )
    found = [
        ProductPointer("Licence pools", *_named(work, pools)),
        ProductPointer("Change requests", *_named(work, changes)),
    ]
    for noun, model in (("Installations", Installation), ("Records of use", UsageRecord)):
        counted: Any = select(func.count(model.id)).where(model.product_id == product_id)
        found.append(ProductPointer(noun, work.session.scalar(counted) or 0, []))
    about = findings_about_product(work, product_id)
    found.append(ProductPointer("Findings", len(about), [(each.reference, each.title) for each in about]))
    return [each for each in found if each.many]


def _named(work: Work, statement: Any) -> tuple[int, list[tuple[str, str]]]:
    rows = [(row[0], row[1]) for row in work.execute(statement.limit(MOST + 1))]
    if len(rows) <= MOST:
        return len(rows), rows
    return work.session.scalar(select(func.count()).select_from(statement.subquery())) or 0, rows[:MOST]
