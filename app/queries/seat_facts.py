"""What the rules of seats judge by: the entitlements of pools, what was taken from them, and who holds a seat."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.licensing.entitlement import EntitlementFact, rested
from app.domain.licensing.metric import Metric
from app.domain.licensing.seat import Bought, Held, Standing, last_day_free, standing_on, turning_days
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import Entitlement, LicencePool, LicenceSeat
from app.queries.seat_devices import installed_of
from app.work import Work

_SOME = 20_000
_FACTS = (
    Entitlement.id,
    Entitlement.reference,
    Entitlement.kind,
    Entitlement.quantity,
    Entitlement.starts_on,
    Entitlement.ends_on,
    Entitlement.retired_on,
    Entitlement.base_id,
)


@dataclass(frozen=True, slots=True)
class Supply:
    """What the rules need of a pool: what was bought, what took from it, and who holds seats."""

    bought: list[Bought] = field(default_factory=list)
    takers: list[EntitlementFact] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    installed: list[Held] = field(default_factory=list)
    """Of a licence by device, the devices that count without a seat."""

    @property
    def granted(self) -> tuple[list[Bought], list[EntitlementFact]]:
        """What was bought, and what took from it."""
        return self.bought, self.takers

    @property
    def needed(self) -> list[Held]:
        return [*self.held, *self.installed]

    def on(self, day: date) -> Standing:
        """How its seats stand on a day."""
        return standing_on(day, self.bought, self.needed, self.takers)

    def free_until(self, since: date, count: int) -> date | None:
        """The last day through which so many are free from a day on, where there is one."""
        return last_day_free(self.bought, self.needed, self.takers, since, count)

    def ahead(self, since: date, most: int = 12) -> list[Standing]:
        """How they stand from a day on, one line for each day on which that changes."""
        found: list[Standing] = []
        for day in turning_days(self.bought, self.needed, self.takers, since):
            now = self.on(day)
            if not found or _shown(now) != _shown(found[-1]):
                found.append(now)
            if len(found) == most:
                break
        return found


def _shown(each: Standing) -> tuple[int, ...]:
    return each.entitled, each.held, each.installed, each.second, each.free


def fact_of(row: Entitlement) -> EntitlementFact:
    """An entitlement by itself: it does not know how long what it rests on counts."""
    return EntitlementFact(*(getattr(row, column.key) for column in _FACTS))


def facts_where(work: Work, *which: ColumnElement[bool]) -> list[EntitlementFact]:
    """Entitlements, each by itself."""
    return [EntitlementFact(*row) for row in work.execute(select(*_FACTS).where(*which).order_by(Entitlement.id))]


def rested_where(work: Work, *which: ColumnElement[bool]) -> list[EntitlementFact]:
    """Entitlements, as the rules count them: each knows how long what it rests on counts."""
    return rested_facts(work, facts_where(work, *which))


def rested_facts(work: Work, facts: Sequence[EntitlementFact]) -> list[EntitlementFact]:
    """The same of some that are known by themselves; one query more, however many rest on however many."""
    base_ids = sorted({each.base_id for each in facts if each.base_id is not None})
    known = {each.id: each for each in facts}
    for start in range(0, max(len(base_ids), 1), _SOME):
        bases = (
            select(Entitlement.id, Entitlement.base_id)
            .where(Entitlement.organisation_id == work.home, Entitlement.id.in_(base_ids[start : start + _SOME]))
            .cte("bases", recursive=True)
        )
        below = aliased(Entitlement)
        further = select(below.id, below.base_id).join(bases, below.id == bases.c.base_id)
        every = bases.union(further.where(below.organisation_id == work.home))
        known |= {each.id: each for each in facts_where(work, Entitlement.id.in_(select(every.c.id)))}
    return [rested(each, known) for each in facts]


def takers_of(work: Work, pool_ids: Iterable[int]) -> list[EntitlementFact]:
    """The upgrades and transfers that take units from entitlements of these pools."""
    here = select(Entitlement.id).where(Entitlement.pool_id.in_(pool_ids), Entitlement.organisation_id == work.home)
    return facts_where(work, Entitlement.base_id.in_(here))


def supply_of(work: Work, pool: LicencePool) -> Supply:
    """What a pool has bought by what is on record, and its seats from today on; devices without a seat left out."""
    return supplies_of(work, [pool], work.today, devices=False)[pool.id]


def supplies_of(work: Work, pools: Collection[LicencePool], since: date, *, devices: bool = True) -> dict[int, Supply]:
    """By pool: what the rules of seats need of it from a day on; a fixed number of queries however many pools.

    A pool of one site counts no entitlement for another. `devices` are those that have it installed without a seat.
    """
    found = {pool.id: Supply() for pool in pools}
    of = {pool.id: pool for pool in pools}
    columns: Any = (Entitlement.id, Entitlement.pool_id, Entitlement.site_id, Entitlement.second_use)
    places = {id_: rest for id_, *rest in work.execute(select(*columns).where(Entitlement.pool_id.in_(of)))}
    for fact in rested_where(work, Entitlement.pool_id.in_(of)):
        pool_id, site_id, second_use = places[fact.id]
        if of[pool_id].site_id is None or site_id in (None, of[pool_id].site_id):
            is_free = second_use and of[pool_id].metric is Metric.DEVICE
            found[pool_id].bought.append(Bought(fact, site_id, is_free))
    homes = {each.fact.id: pool_id for pool_id, supply in found.items() for each in supply.bought}
    for taker in takers_of(work, of):
        if taker.base_id in homes:
            found[homes[taker.base_id]].takers.append(taker)
    held: Any = (
        select(
            *(LicenceSeat.pool_id, _holder, LicenceSeat.starts_on, LicenceSeat.ends_on),
            *(func.coalesce(Employee.site_id, Asset.site_id), Asset.custodian_id),
        )
        .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
        .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
        .where(LicenceSeat.pool_id.in_(of), or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= since))
        .order_by(LicenceSeat.id)
    )
    for pool_id, holder, starts_on, ends_on, site_id, person in work.execute(held):
        found[pool_id].held.append(Held(holder, starts_on, ends_on, site_id, person=person))
    if devices:
        second_use = [pool_id for pool_id, each in found.items() if any(one.second_use for one in each.bought)]
        by_device = {pool.id: pool.site_id for pool in pools if pool.metric is Metric.DEVICE}
        for pool_id, installed in installed_of(work, by_device, since, second_use).items():
            found[pool_id].installed.extend(installed)
    return found


_holder: Any = func.coalesce(Employee.name, Asset.tag + " " + Asset.name)
