"""What points at a pool or at an entitlement: changes of its software, and runs of comparisons with other registers."""

from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.models.attachment import Attachment
from app.models.change_request import ChangeRequest
from app.models.licence import Entitlement, PoolProduct
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.work import Work

MOST = 20


class Pointer(NamedTuple):
    """One thing that points here: its reference and what it is called."""

    reference: str
    title: str


def changes_of_pool(work: Work, pool_id: int) -> tuple[list[Pointer], int]:
    """The changes of the software that a pool covers, the latest first: the first of them, and how many."""
    covered = select(PoolProduct.product_id).where(PoolProduct.pool_id == pool_id)
    condition = ChangeRequest.product_id.in_(covered)
    rows = select(ChangeRequest.reference, ChangeRequest.title).where(condition).order_by(ChangeRequest.id.desc())
    count: Any = select(func.count(ChangeRequest.id)).where(condition)
    return [Pointer(*row) for row in work.execute(rows.limit(MOST))], work.session.scalar(count) or 0


def runs_of_pool(work: Work, pool_id: int) -> list[Pointer]:
    """The comparisons that have a line for an entitlement of a pool, the latest first."""
    return _runs(work, ReconciliationLine.entitlement_id.in_(_in_pool(pool_id)))


def runs_of(work: Work, entitlement_id: int) -> list[Pointer]:
    """The comparisons that have a line for an entitlement, the latest first."""
    return _runs(work, ReconciliationLine.entitlement_id == entitlement_id)


def files_on(work: Work, entitlement_id: int) -> int:
    """How many files are on an entitlement."""
    counted = select(func.count(Attachment.id)).where(Attachment.entitlement_id == entitlement_id)
    return work.session.scalar(counted) or 0


def _in_pool(pool_id: int) -> Any:
    return select(Entitlement.id).where(Entitlement.pool_id == pool_id)


def _runs(work: Work, condition: Any) -> list[Pointer]:
    lines = select(ReconciliationLine.run_id).where(condition)
    rows = (
        select(Reconciliation.reference, Reconciliation.source)
        .where(Reconciliation.id.in_(lines))
        .order_by(Reconciliation.id.desc())
        .limit(MOST)
    )
    return [Pointer(*row) for row in work.execute(rows)]
