"""What counts of entitlements on a day, each with its reasons, and what an entitlement rests on."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.explained import Explained
from app.domain.licensing.entitlement import EntitlementFact, units_on
from app.models.licence import Entitlement, LicencePool
from app.queries.seat_facts import facts_where, rested_where
from app.work import Work


def counted_on(work: Work, ids: Collection[int], day: date) -> dict[int, Explained[int]]:
    """By id: how many units of each of these count on a day, and why; three queries however many."""
    if not ids:
        return {}
    wanted = sorted(ids)
    takers: dict[int, list[EntitlementFact]] = defaultdict(list)
    for each in facts_where(work, Entitlement.base_id.in_(wanted)):
        takers[each.base_id or 0].append(each)
    return {fact.id: units_on(fact, takers[fact.id], day) for fact in rested_where(work, Entitlement.id.in_(wanted))}


def chain_of(work: Work, row: Entitlement) -> list[Entitlement]:
    """What it rests on, what that rests on, and so on down to what was bought first, with their pools."""
    found: list[Entitlement] = []
    seen = {row.id}
    base_id = row.base_id
    while base_id is not None and base_id not in seen:
        seen.add(base_id)
        statement = select(Entitlement).where(Entitlement.id == base_id).options(joinedload(Entitlement.pool))
        base = work.one_or_none(statement)
        if base is None:
            break
        found.append(base)
        base_id = base.base_id
    return found


def pools_named(work: Work) -> list[tuple[str, str]]:
    """Reference and name of every pool, for whoever chooses one."""
    rows = select(LicencePool.reference, LicencePool.name).order_by(func.lower(LicencePool.name), LicencePool.id)
    return [(reference, name) for reference, name in work.execute(rows.limit(2000))]


def pool_named(work: Work, said: str) -> int | None:
    """The pool of a reference; None where there is none."""
    statement = select(LicencePool.id).where(LicencePool.reference == said.strip().upper())
    return next((id_ for (id_,) in work.execute(statement)), None)
