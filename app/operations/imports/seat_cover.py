"""A file of entitlements takes the cover of no seat that is checked out."""

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.licensing.seat import refuse_bare
from app.models.licence import Entitlement, LicencePool
from app.operations.imports.plan import Plan
from app.queries.seat_facts import Supply, held_of, supply_of
from app.work import Work

Before = dict[int, tuple[str, int | None, Supply]]
"""By pool: its reference, its only site, and what it had."""


def hold_pools(work: Work, plan: Plan) -> Before:
    """Hold the pools of what a file changes, in one order, and say what each has; who checks out a seat waits."""
    changed = [each.row_id for each in plan.alterations]
    if not changed:
        return {}
    pools = {
        pool_id
        for start in range(0, len(changed), 1000)
        for (pool_id,) in work.execute(
            select(Entitlement.pool_id).where(Entitlement.id.in_(changed[start : start + 1000]))
        )
    }
    found: Before = {}
    for pool_id in sorted(pools):
        statement = select(LicencePool.reference, LicencePool.site_id).where(LicencePool.id == pool_id)
        for reference, site_id in work.execute(statement.with_for_update()):
            found[pool_id] = reference, site_id, supply_of(work, pool_id, site_id)
    return found


def refuse_uncovered(work: Work, before: Before) -> None:
    """Refuse the file where a seat that is covered would be covered no longer. [ISO/IEC 19770-1:2017, 8.4]"""
    for pool_id, (reference, site_id, supply) in before.items():
        seats = held_of(work, pool_id, work.today)
        if not seats:
            continue
        try:
            refuse_bare(supply, supply_of(work, pool_id, site_id), seats, work.today)
        except RefusedError as refusal:
            first = Reason(f"Nothing was imported: the file changes what covers seats of {reference}.")
            raise RefusedError((first, *refusal.why), "file") from None
