"""Devices that a licence by device counts without any seat, for one of its products is installed on them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from app.domain.dates import add_days
from app.domain.licensing.seat import Held, Span, spans_left
from app.models.asset import Asset
from app.models.licence import LicenceSeat, PoolProduct
from app.models.software import Installation, Product
from app.work import Work

NEVER = date.max
"""In place of a removal where none is known."""


def _devices(work: Work, pools: Collection[int], since: date) -> Any:
    """Each device of these pools once, from the first day to the day of removal."""
    return (
        select(
            PoolProduct.pool_id.label("pool_id"),
            Installation.asset_id.label("asset_id"),
            func.min(Installation.counted_from).label("since"),
            func.max(func.coalesce(Installation.counted_until, NEVER)).label("until"),
        )
        .join(PoolProduct, PoolProduct.product_id == Installation.product_id)
        .join(Product, Product.id == Installation.product_id)
        .where(
            Installation.organisation_id == work.home,
            PoolProduct.organisation_id == work.home,
            PoolProduct.pool_id.in_(pools),
            Product.needs_licence,
            Installation.counted_from.is_not(None),
            or_(Installation.counted_until.is_(None), Installation.counted_until > since),
        )
        .group_by(PoolProduct.pool_id, Installation.asset_id)
    )


def installed_of(
    work: Work, sites: Mapping[int, int | None], since: date, second_use: Collection[int] = ()
) -> dict[int, list[Held]]:
    """By pool: the devices on which it is installed from a day on, without the days on which they hold a seat.

    `sites` are the pools, each with its only site; `second_use` those where it matters whose a device is. Three queries
    however many: devices without a seat are only counted, where it does not matter whose they are.
    """
    found: dict[int, list[Held]] = defaultdict(list)
    if not sites:
        return found
    one = _devices(work, list(sites), since).subquery()
    runs = or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= since)
    seats: dict[tuple[int, int], list[Span]] = defaultdict(list)
    rows: Any = select(LicenceSeat.pool_id, LicenceSeat.asset_id, LicenceSeat.starts_on, LicenceSeat.ends_on).where(
        LicenceSeat.pool_id.in_(sites), LicenceSeat.asset_id.is_not(None), runs
    )
    for pool_id, asset_id, starts_on, ends_on in work.execute(rows):
        seats[pool_id, asset_id].append((starts_on, ends_on))
    seated = select(LicenceSeat.id).where(
        LicenceSeat.organisation_id == work.home,
        LicenceSeat.pool_id == one.c.pool_id,
        LicenceSeat.asset_id == one.c.asset_id,
        runs,
    )
    counted: Any = (
        select(one.c.pool_id, Asset.site_id, one.c.since, one.c.until, func.count())
        .join(Asset, Asset.id == one.c.asset_id)
        .where(~seated.exists(), one.c.pool_id.not_in(second_use))
        .group_by(one.c.pool_id, Asset.site_id, one.c.since, one.c.until)
    )
    for pool_id, site_id, begins, until, count in work.execute(counted):
        if sites[pool_id] in (None, site_id):
            found[pool_id].append(Held("", begins, _last(until), site_id, count, is_installed=True))
    some: Any = (
        select(one.c.pool_id, one.c.asset_id, Asset.site_id, Asset.custodian_id, one.c.since, one.c.until)
        .join(Asset, Asset.id == one.c.asset_id)
        .where(or_(seated.exists(), one.c.pool_id.in_(second_use)))
        .order_by(one.c.asset_id)
    )
    for pool_id, asset_id, site_id, person, begins, until in work.execute(some) if seats or second_use else ():
        if sites[pool_id] in (None, site_id):
            for left in spans_left((begins, _last(until)), seats[pool_id, asset_id]):
                found[pool_id].append(Held("", *left, site_id, is_installed=True, person=person))
    return found


def installed_spans(work: Work, pool_id: int, asset_ids: Collection[int], since: date) -> dict[int, Span]:
    """On which days these devices have it installed, by their ids."""
    one = _devices(work, [pool_id], since).where(Installation.asset_id.in_(asset_ids))
    return {asset_id: (begins, _last(until)) for _, asset_id, begins, until in work.execute(one)}


def _last(until: date) -> date | None:
    return None if until == NEVER else add_days(until, -1)
