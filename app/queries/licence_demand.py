"""What pools need on a day where no count of installations says it, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from app.domain.dates import add_months, day_after
from app.domain.itam.asset import AssetKind
from app.domain.licensing.allocation import Need, Use, paired
from app.domain.licensing.consumption import Piece, Term, spread
from app.domain.licensing.metric import PARTS, Counting, Metric, parts_of_host
from app.queries.licence_rows import (
    Device,
    Host,
    classes_of,
    consumed_of,
    counts_of,
    devices_in,
    hosts_of,
    machines_of,
    peaks_of,
    seated_in,
    some_devices,
)
from app.work import Work

Holders = dict[int, list[tuple[int | None, int, int]]]


class Asked(NamedTuple):
    """A pool, as far as its demand hangs on it."""

    id: int
    counting: Counting
    site_id: int | None
    has_sites: bool = False
    """Whether any entitlement is for one site."""
    has_versions: bool = False
    """Whether any entitlement is for some versions."""
    has_second_use: bool = False
    has_device_seats: bool = False
    terms: tuple[Term, ...] = ()
    """Of measured use: the terms by which it is cut."""

    @property
    def needs_rows(self) -> bool:
        """Whether its devices are looked at one by one."""
        return self.has_second_use or self.has_device_seats


def window_of_peaks(day: date) -> date:
    """The first day of the twelve months that end on a day: in them the most sessions at once are looked for."""
    return day_after(add_months(day, -12))


def needs_of(work: Work, pools: Iterable[Asked], day: date, holders: Holders) -> dict[int, list[Need]]:
    """What each of these pools needs; a number of queries that does not hang on how many there are."""
    needs: dict[int, list[Need]] = defaultdict(list)
    alike: dict[tuple[str, bool], dict[int, Asked]] = defaultdict(dict)
    for pool in pools:
        metric = pool.counting.metric
        if metric.counts_seats:
            needs[pool.id] = list(_of_seats(pool, holders.get(pool.id, ())))
        elif metric.counts_usage:
            alike[metric.value, False][pool.id] = pool
        elif metric.counts_hosts:
            alike["hosts", pool.has_versions][pool.id] = pool
        elif pool.needs_rows and metric is Metric.DEVICE:
            alike["rows", pool.has_versions][pool.id] = pool
        elif metric is Metric.SITE or pool.site_id or pool.has_sites or pool.has_versions:
            alike["classes", pool.has_versions][pool.id] = pool
        else:
            alike["counts", False][pool.id] = pool
    for (how, versions), some in alike.items():
        _HOW[how](work, some, day, versions, needs)
    return needs


def _of_seats(pool: Asked, holders: Iterable[tuple[int | None, int, int]]) -> Iterable[Need]:
    for site_id, people, assets in holders:
        count = people if pool.counting.metric is Metric.NAMED_USER else people + assets
        if pool.site_id in (None, site_id):
            yield Need(count * PARTS, Use(sites=frozenset({site_id})))


def _add_counts(work: Work, pools: dict[int, Asked], day: date, _versions: bool, needs: dict[int, list[Need]]) -> None:
    for pool_id, count in counts_of(work, pools, day).items():
        needs[pool_id].append(Need(count * PARTS))


def _add_classes(work: Work, pools: dict[int, Asked], day: date, versions: bool, needs: dict[int, list[Need]]) -> None:
    sites: dict[tuple[int, int | None], Use] = {}
    for pool_id, site_id, oldest, newest, count in classes_of(work, pools, day, versions=versions):
        pool = pools[pool_id]
        if pool.site_id not in (None, site_id):
            continue
        use = Use(oldest or "", newest or "", frozenset({site_id}))
        if pool.counting.metric is Metric.SITE:
            known = sites.get((pool_id, site_id), use)
            sites[pool_id, site_id] = Use(oldest_of(known, use), max(known.newest, use.newest), use.sites)
        else:
            needs[pool_id].append(Need(count * PARTS, use))
    for (pool_id, _), use in sites.items():
        needs[pool_id].append(Need(PARTS, use))


def _add_rows(work: Work, pools: dict[int, Asked], day: date, versions: bool, needs: dict[int, list[Need]]) -> None:
    devices, seated = devices_in(work, pools, day, versions=versions), seated_in(work, pools, day)
    for pool in pools.values():
        needs[pool.id] = device_needs(pool, [*devices.get(pool.id, ()), *seated.get(pool.id, ())])


def device_needs(pool: Asked, devices: Iterable[Device]) -> list[Need]:
    """Each device once; of each person's devices, the second may need no further unit."""
    each_once: dict[int, Device] = {}
    for each in devices:
        if pool.site_id in (None, each.site_id):
            each_once.setdefault(each.asset_id, each)
    listed = list(each_once.values())
    pairs = paired((each.custodian_id if pool.has_second_use else None, each.use) for each in listed)
    return [Need(PARTS, each.use, pair) for each, pair in zip(listed, pairs, strict=True)]


def oldest_of(one: Device | Use, other: Device | Use) -> str:
    """The older of two oldest versions, where both are known."""
    return min(one.oldest or other.oldest, other.oldest or one.oldest)


def _add_hosts(work: Work, pools: dict[int, Asked], day: date, versions: bool, needs: dict[int, list[Need]]) -> None:
    """Machines by what they have, and one by one those that virtual machines run on, for these count once too."""
    machines: dict[tuple[Any, ...], int] = {}
    guests: dict[int, list[Device]] = defaultdict(list)
    for pool_id, guest, site_id, sockets, cores, oldest, newest, count in machines_of(
        work, pools, day, versions=versions
    ):
        if guest is None:
            machines[pool_id, site_id, sockets, cores, oldest or "", newest or ""] = count
        else:
            device = Device(guest, AssetKind.VIRTUAL_MACHINE, site_id, sockets, cores, None, oldest or "", newest or "")
            guests[pool_id].append(device)
    hosts = hosts_of(work, guests, day) if guests else {}
    under = {asset_id for some in hosts.values() for asset_id in some}
    if under:
        for pool_id, some in some_devices(work, pools, under, day, versions=versions).items():
            for each in some:
                host = hosts.get(pool_id, {}).get(each.asset_id)
                if host is not None and each.kind is not AssetKind.VIRTUAL_MACHINE:
                    host.take(each)
                    machines[pool_id, each.site_id, each.sockets, each.cores, each.oldest, each.newest] -= 1
    for (pool_id, site_id, sockets, cores, oldest, newest), count in machines.items():
        pool = pools[pool_id]
        if count and pool.site_id in (None, site_id):
            use = Use(oldest, newest, frozenset({site_id}))
            needs[pool_id].append(Need(count * parts_of_host(pool.counting, sockets, cores), use))
    for pool_id, some_hosts in hosts.items():
        needs[pool_id] += host_needs(pools[pool_id], some_hosts.values())


def host_needs(pool: Asked, hosts: Iterable[Host]) -> list[Need]:
    """What each host comes to."""
    return [
        Need(parts_of_host(pool.counting, host.device.sockets, host.device.cores), host.use)
        for host in hosts
        if pool.site_id in (None, host.device.site_id)
    ]


def _add_peaks(work: Work, pools: dict[int, Asked], day: date, _versions: bool, needs: dict[int, list[Need]]) -> None:
    for pool_id, most in peaks_of(work, pools, window_of_peaks(day), day):
        needs[pool_id].append(Need(parts_of_value(most)))


def _add_use(work: Work, pools: dict[int, Asked], day: date, _versions: bool, needs: dict[int, list[Need]]) -> None:
    for pool_id, starts_on, ends_on, units in consumed_of(work, pools, day):
        for each in spread(Piece(starts_on, ends_on, parts_of_value(units)), pools[pool_id].terms, day):
            needs[pool_id].append(Need(each.parts, Use(since=each.since, until=each.until)))


_HOW = {
    "counts": _add_counts,
    "classes": _add_classes,
    "rows": _add_rows,
    "hosts": _add_hosts,
    Metric.CONCURRENT_USER.value: _add_peaks,
    Metric.CONSUMPTION.value: _add_use,
}


def parts_of_value(value: Decimal | float) -> int:
    """A measured value in parts of a unit."""
    return max(int((Decimal(str(value)) * PARTS).to_integral_value()), 0)
