"""What is to be seen to: renewals that come due, and terms of licences that are not kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.dates import add_days
from app.domain.itam.asset import AssetKind
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.version import key_is_older
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.terms import Facts, Finding, TermFact, check
from app.models.asset import Asset, AssetOwnership
from app.models.licence import Entitlement, EntitlementTerm, LicencePool
from app.models.organisation import Site
from app.queries.licence_rows import Device, devices_in, holders_on, seated_in
from app.queries.positions import is_active
from app.work import Work

DAYS_AHEAD = 90
NOWHERE = "no recorded site"
NAMED = 10
"""A finding names so many and counts the others."""


class Due(NamedTuple):
    """A day of an entitlement that comes within the next 90 days."""

    day: date
    what: str
    reference: str
    quantity: int
    pool: str
    pool_name: str


def due_from(work: Work, day: date) -> list[Due]:
    """Ends, last days for a notice and ends of maintenance within 90 days, the next first."""
    last = add_days(day, DAYS_AHEAD)
    columns = (Entitlement.ends_on, Entitlement.renewal_notice_by, Entitlement.maintained_until)
    says = ("Its last day", "Last day for a notice on its renewal", "Maintenance ends")
    rows = work.execute(
        select(Entitlement.reference, Entitlement.quantity, LicencePool.reference, LicencePool.name, *columns)
        .join(LicencePool, LicencePool.id == Entitlement.pool_id)
        .where(
            or_(*(column.between(day, last) for column in columns)),
            or_(Entitlement.ends_on.is_(None), Entitlement.ends_on >= day),
            or_(Entitlement.retired_on.is_(None), Entitlement.retired_on > day),
        )
    )
    found = [
        Due(each, what, reference, quantity, pool, name)
        for reference, quantity, pool, name, *days in rows
        for each, what in zip(days, says, strict=True)
        if each is not None and day <= each <= last
    ]
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Held:
    """A term of an entitlement, and what the register says to it."""

    reference: str
    pool: str
    pool_name: str
    finding: Finding
    sites: tuple[str, ...] = ()
    """The sites that it names."""


def terms_on(work: Work, day: date, pool_id: int | None = None) -> list[Held]:
    """Every term of the entitlements that count on a day, held against the register; a fixed number of queries."""
    asked = (
        select(EntitlementTerm, Entitlement, LicencePool, Site.name)
        .join(Entitlement, Entitlement.id == EntitlementTerm.entitlement_id)
        .join(LicencePool, LicencePool.id == Entitlement.pool_id)
        .outerjoin(Site, Site.id == Entitlement.site_id)
        .where(is_active(Entitlement, day, work.home))
        .order_by(LicencePool.name, Entitlement.reference, EntitlementTerm.id)
    )
    rows = list(work.execute(asked if pool_id is None else asked.where(LicencePool.id == pool_id)))
    if not rows:
        return []
    pools = {pool.id: pool for _, _, pool, _ in rows}
    known = _Known(work, pools, day)
    for _, entitlement, _, site in rows:
        known.of(entitlement, site or "")
    known.name(work)
    found = []
    for term, entitlement, pool, site in rows:
        fact = TermFact(term.term, term.answer, term.limit, term.says, tuple(term.site_ids))
        finding = check(fact, known.of(entitlement, site or ""))
        sites = tuple(sorted(known.sites[each] for each in fact.site_ids if each in known.sites))
        found.append(Held(entitlement.reference, pool.reference, pool.name, finding, sites))
    return found


class _Known:
    """What the register says of the pools that have terms."""

    def __init__(self, work: Work, pools: dict[int, LicencePool], day: date) -> None:
        ids = list(pools)
        devices = devices_in(work, ids, day, versions=True)
        self.devices: dict[int, list[Device]] = {}
        for pool_id, pool in pools.items():
            some = [each for each in devices.get(pool_id, ()) if pool.site_id in (None, each.site_id)]
            self.devices[pool_id] = [] if pool.metric.counts_seats else some
        for pool_id, seated in seated_in(work, ids, day).items():
            have = {each.asset_id for each in self.devices[pool_id]}
            self.devices[pool_id] += [each for each in seated if each.asset_id not in have]
        self.holders = holders_on(work, day)
        self.seats = {pool_id for pool_id, pool in pools.items() if pool.metric.counts_seats}
        self.sites = {row.id: row.name for row in work.execute(select(Site.id, Site.name))}
        self.customers = set(
            work.session.scalars(
                select(AssetOwnership.asset_id).where(
                    AssetOwnership.kind == OwnershipKind.CUSTOMER,
                    AssetOwnership.starts_on <= day,
                    or_(AssetOwnership.ends_on.is_(None), AssetOwnership.ends_on >= day),
                )
            )
        )
        base, taker = aliased(Entitlement), aliased(Entitlement)
        moved: Any = (
            select(base.id, func.sum(taker.quantity))
            .join(taker, taker.base_id == base.id)
            .where(base.pool_id.in_(ids), and_(taker.kind == EntitlementKind.TRANSFER, taker.starts_on <= day))
            .group_by(base.id)
        )
        self.transferred = {id_: int(units) for id_, units in work.execute(moved)}
        self.tags: dict[int, str] = {}
        self.named: set[int] = set()

    def name(self, work: Work) -> None:
        """Look up what those are called that a finding may name: the first few of each, however many there are."""
        rows = work.execute(select(Asset.id, Asset.tag).where(Asset.id.in_(self.named)))
        self.tags = {row.id: row.tag for row in rows}

    def of(self, entitlement: Entitlement, own_site: str) -> Facts:
        some = self.devices.get(entitlement.pool_id, [])
        sites: dict[str, int] = defaultdict(int)
        for device in some:
            sites[self._site(device.site_id)] += 1
        if entitlement.pool_id in self.seats:
            sites.clear()
            for site_id, people, assets in self.holders.get(entitlement.pool_id, ()):
                sites[self._site(site_id)] += people + assets
        through, seen = entitlement.version_through_key, set[int]()
        second = []
        for device in some:
            if device.custodian_id in seen:
                second.append(device)
            elif device.custodian_id is not None:
                seen.add(device.custodian_id)
        return Facts(
            dict(sites),
            self.sites,
            own_site,
            self._names(each for each in some if each.kind is AssetKind.VIRTUAL_MACHINE),
            self._names(each for each in some if each.asset_id in self.customers),
            self._names(each for each in some if through and key_is_older(each.oldest, through)),
            self._names(second),
            self.transferred.get(entitlement.id, 0),
        )

    def _site(self, site_id: int | None) -> str:
        return self.sites.get(site_id, NOWHERE) if site_id is not None else NOWHERE

    def _names(self, devices: Iterable[Device]) -> list[str]:
        ids = [each.asset_id for each in devices]
        self.named.update(ids[:NAMED])
        return [self.tags.get(each, "") for each in ids[:NAMED]] + [""] * (len(ids) - NAMED)
