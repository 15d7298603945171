"""A file of entitlements takes the cover of no seat that is checked out."""

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.licensing.seat import refuse_bare
from app.models.licence import Entitlement, LicencePool
from app.operations.imports.plan import Plan
from app.operations.pools import lock
from app.queries.seat_facts import Supply, supply_of
from app.work import Work

Before = list[tuple[LicencePool, Supply]]
"""Each pool, and what it had."""


def hold_pools(work: Work, plan: Plan) -> Before:
    """Hold the pools of what a file changes, in one order, and say what each has; who checks out a seat waits."""
    changed = [each.row_id for each in plan.alterations]
    if not changed:
        return []
    pools = {
        pool_id
        for start in range(0, len(changed), 1000)
        for (pool_id,) in work.execute(
            select(Entitlement.pool_id).where(Entitlement.id.in_(changed[start : start + 1000]))
        )
    }
    held = [lock(work, pool_id) for pool_id in sorted(pools)]
    return [(pool, supply_of(work, pool)) for pool in held]


def refuse_uncovered(work: Work, before: Before) -> None:
    """Refuse the file where a seat that is covered would be covered no longer. [ISO/IEC 19770-1:2017, 8.4]"""
    for pool, supply in before:
        if not supply.held:
            continue
        try:
            refuse_bare(supply.granted, supply_of(work, pool).granted, supply.held, work.today)
        except RefusedError as refusal:
            first = Reason(f"Nothing was imported: the file changes what covers seats of {pool.reference}.")
            raise RefusedError((first, *refusal.why), "file") from None
