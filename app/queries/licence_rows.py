"""The rows behind what a pool needs on a day: devices, hosts, holders of seats, measured use.

Every question is asked once for all pools that need it, and groups in the database what can be grouped there. Where no
entitlement is for some versions only, versions are not asked for: the days that stand at each installation then say
which devices count, and the index alone holds them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, bindparam, case, func, literal, or_, select

from app.domain.itam.asset import AssetKind
from app.domain.itam.usage import UsageMetric
from app.domain.licensing.allocation import Use
from app.models.asset import Asset
from app.models.capacity import ClusterHost, Placement, UsageRecord
from app.models.employee import Employee
from app.models.licence import Entitlement, LicencePool, LicenceSeat, PoolProduct
from app.models.software import Installation, Product
from app.work import Work
from app.work.question import Question, at_home

DAY: Any = bindparam("day", type_=Date)
SINCE: Any = bindparam("since", type_=Date)
POOLS: Any = bindparam("pools", type_=Integer, expanding=True)
IDS: Any = bindparam("ids", type_=Integer, expanding=True)


class Device(NamedTuple):
    """A device with any of a pool's products, and its oldest and newest version; or one with a seat alone."""

    asset_id: int
    kind: AssetKind
    site_id: int | None
    sockets: int | None
    cores: int | None
    custodian_id: int | None
    oldest: str = ""
    newest: str = ""

    @property
    def use(self) -> Use:
        return Use(self.oldest, self.newest, frozenset({self.site_id}))


@dataclass(slots=True)
class Host:
    """A machine whose cores or sockets count, and for what."""

    device: Device
    guests: set[int] = field(default_factory=set)
    """The virtual machines that it counts for."""
    oldest: str = ""
    newest: str = ""
    has_own: bool = False
    """Whether a product is installed on it itself."""
    is_unplaced: bool = False
    """A virtual machine of which nobody knows where it runs: it counts by what it has itself."""

    def take(self, device: Device) -> None:
        """Count it for one more installation."""
        if device.asset_id == self.device.asset_id:
            self.has_own = True
        else:
            self.guests.add(device.asset_id)
        self.newest = max(self.newest, device.newest)
        self.oldest = min(self.oldest or device.oldest, device.oldest or self.oldest)

    @property
    def use(self) -> Use:
        return Use(self.oldest, self.newest, frozenset({self.device.site_id}))


_of_pools = (*at_home(Installation, PoolProduct, Product), PoolProduct.pool_id.in_(POOLS), Product.needs_licence)


def _per_device(name: str, *when: Any, versions: bool) -> Any:
    """One row a device and pool, over the installations of the pool's products."""
    key = func.nullif(Installation.version_key, "")
    none = literal(None, String)
    return (
        select(
            PoolProduct.pool_id.label("pool_id"),
            Installation.asset_id.label("asset_id"),
            (func.min(key) if versions else none).label("oldest"),
            (func.max(key) if versions else none).label("newest"),
        )
        .join(Product, Product.id == PoolProduct.product_id)
        .join(Installation, Installation.product_id == PoolProduct.product_id)
        .where(*_of_pools, *when)
        .group_by(PoolProduct.pool_id, Installation.asset_id)
        .subquery(name)
    )


_EACH = {
    True: _per_device(
        "per_device",
        Installation.found_on <= DAY,
        or_(Installation.removed_on.is_(None), Installation.removed_on > DAY),
        versions=True,
    ),
    False: _per_device(
        "per_device",
        Installation.counted_from <= DAY,
        or_(Installation.counted_until.is_(None), Installation.counted_until > DAY),
        versions=False,
    ),
}
_device_columns = (Asset.id, Asset.kind, Asset.site_id, Asset.sockets, Asset.cores, Asset.custodian_id)
_guest = case((Asset.kind == AssetKind.VIRTUAL_MACHINE, Asset.id))


def _joined(found: Any, *columns: Any) -> Any:
    return (
        select(found.c.pool_id, *columns, found.c.oldest, found.c.newest)
        .join_from(found, Asset, Asset.id == found.c.asset_id)
        .where(*at_home(Asset))
    )


def _grouped(found: Any, *columns: Any) -> Question:
    whole = (found.c.pool_id, *columns, found.c.oldest, found.c.newest)
    return Question(_joined(found, *columns).add_columns(func.count()).group_by(*whole))


_COUNTS = Question(select(_EACH[False].c.pool_id, func.count()).group_by(_EACH[False].c.pool_id))
_CLASSES = {versions: _grouped(found, Asset.site_id) for versions, found in _EACH.items()}
_MACHINES = {
    versions: _grouped(found, _guest, Asset.site_id, Asset.sockets, Asset.cores) for versions, found in _EACH.items()
}
_DEVICES = {
    versions: Question(_joined(found, *_device_columns).order_by(found.c.pool_id, Asset.id))
    for versions, found in _EACH.items()
}
_SOME_DEVICES = {
    versions: Question(_joined(found, *_device_columns).where(Asset.id.in_(IDS))) for versions, found in _EACH.items()
}
_SEATED = Question(
    select(LicenceSeat.pool_id, *_device_columns)
    .join(Asset, Asset.id == LicenceSeat.asset_id)
    .where(
        *at_home(LicenceSeat, Asset),
        LicenceSeat.pool_id.in_(POOLS),
        LicenceSeat.starts_on <= DAY,
        or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= DAY),
    )
    .distinct()
    .order_by(LicenceSeat.pool_id, Asset.id)
)
_site_of_asset = (
    select(Asset.site_id).where(*at_home(Asset), Asset.id == LicenceSeat.asset_id).correlate(LicenceSeat)
).scalar_subquery()
# Few devices have seats: they are looked up one by one, where a join would read every asset there is.
_holders = (
    select(
        LicenceSeat.pool_id.label("pool_id"),
        case((LicenceSeat.asset_id.is_not(None), _site_of_asset), else_=Employee.site_id).label("site_id"),
        LicenceSeat.employee_id.label("employee_id"),
        LicenceSeat.asset_id.label("asset_id"),
    )
    .outerjoin(Employee, (Employee.id == LicenceSeat.employee_id) & at_home(Employee)[0])
    .where(
        *at_home(LicenceSeat),
        LicenceSeat.starts_on <= DAY,
        or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= DAY),
    )
    .subquery("holders")
)
_HOLDERS = Question(
    select(
        _holders.c.pool_id,
        _holders.c.site_id,
        func.count(_holders.c.employee_id.distinct()),
        func.count(_holders.c.asset_id.distinct()),
    ).group_by(_holders.c.pool_id, _holders.c.site_id)
)
_PLACED = Question(
    select(Placement.guest_id, Placement.host_id, Placement.cluster_id).where(
        *at_home(Placement),
        Placement.guest_id.in_(IDS),
        Placement.starts_on <= DAY,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= DAY),
    )
)
_CLUSTERED = Question(
    select(ClusterHost.cluster_id, *_device_columns)
    .join(Asset, Asset.id == ClusterHost.asset_id)
    .where(
        *at_home(ClusterHost, Asset),
        ClusterHost.cluster_id.in_(IDS),
        ClusterHost.starts_on <= DAY,
        or_(ClusterHost.ends_on.is_(None), ClusterHost.ends_on >= DAY),
    )
    .order_by(Asset.id)
)
_HOSTS = Question(select(*_device_columns).where(*at_home(Asset), Asset.id.in_(IDS)))
_usage_of_pools = (
    select(PoolProduct.pool_id)
    .join(Product, Product.id == PoolProduct.product_id)
    .join(LicencePool, LicencePool.id == PoolProduct.pool_id)
    .join(UsageRecord, UsageRecord.product_id == PoolProduct.product_id)
    .outerjoin(Asset, (Asset.id == UsageRecord.asset_id) & at_home(Asset)[0])
    .where(
        *at_home(PoolProduct, Product, LicencePool, UsageRecord),
        PoolProduct.pool_id.in_(POOLS),
        UsageRecord.starts_on <= DAY,
        or_(LicencePool.site_id.is_(None), UsageRecord.asset_id.is_(None), Asset.site_id == LicencePool.site_id),
    )
)
_PEAKS = Question(
    _usage_of_pools.add_columns(func.max(UsageRecord.value))
    .where(UsageRecord.metric == UsageMetric.PEAK_SESSIONS, UsageRecord.ends_on >= SINCE)
    .group_by(PoolProduct.pool_id)
)
# A period that is cut is spread over its days record by record, so that the rows add up: it is not summed with others.
_is_cut = or_(
    UsageRecord.ends_on > DAY,
    select(Entitlement.id)
    .where(
        *at_home(Entitlement),
        Entitlement.pool_id == PoolProduct.pool_id,
        or_(
            Entitlement.base_id.is_not(None),
            Entitlement.starts_on.between(UsageRecord.starts_on, UsageRecord.ends_on),
            Entitlement.ends_on.between(UsageRecord.starts_on, UsageRecord.ends_on),
            Entitlement.retired_on.between(UsageRecord.starts_on, UsageRecord.ends_on),
        ),
    )
    .correlate(PoolProduct, UsageRecord)
    .exists(),
)
_each_use = (
    _usage_of_pools.add_columns(
        UsageRecord.starts_on, UsageRecord.ends_on, UsageRecord.value, case((_is_cut, UsageRecord.id)).label("alone")
    )
    .where(UsageRecord.metric == UsageMetric.UNITS_CONSUMED)
    .subquery("each_use")
)
_period = (_each_use.c.pool_id, _each_use.c.starts_on, _each_use.c.ends_on)
_CONSUMED = Question(select(*_period, func.sum(_each_use.c.value)).group_by(*_period, _each_use.c.alone))


def counts_of(work: Work, pool_ids: Collection[int], day: date) -> dict[int, int]:
    """By pool: how many devices have any of its products."""
    return dict(tuple(row) for row in _COUNTS.ask(work, day=day, pools=list(pool_ids)))


def classes_of(work: Work, pool_ids: Collection[int], day: date, *, versions: bool) -> list[Any]:
    """Pool, site, oldest and newest version, and how many devices are alike in these."""
    return _CLASSES[versions].ask(work, day=day, pools=list(pool_ids))


def machines_of(work: Work, pool_ids: Collection[int], day: date, *, versions: bool) -> list[Any]:
    """Pool, site, sockets, cores, versions, and how many machines are alike; each virtual machine by itself, by id."""
    return _MACHINES[versions].ask(work, day=day, pools=list(pool_ids))


def peaks_of(work: Work, pool_ids: Collection[int], since: date, day: date) -> list[Any]:
    """Pool and the most sessions at once that were measured since a day."""
    return _PEAKS.ask(work, day=day, since=since, pools=list(pool_ids))


def consumed_of(work: Work, pool_ids: Collection[int], day: date) -> list[Any]:
    """Pool, first and last day of a period, and how much was used in it; one that a term or the day cuts by itself."""
    return _CONSUMED.ask(work, day=day, pools=list(pool_ids))


def holders_on(work: Work, day: date) -> dict[int, list[tuple[int | None, int, int]]]:
    """By pool: at each site, how many people and how many devices have a seat."""
    found: dict[int, list[tuple[int | None, int, int]]] = defaultdict(list)
    for pool_id, site_id, people, assets in _HOLDERS.ask(work, day=day):
        found[pool_id].append((site_id, people, assets))
    return found


def devices_in(work: Work, pool_ids: Collection[int], day: date, *, versions: bool) -> dict[int, list[Device]]:
    """By pool: every device that has any of its products."""
    return _by_pool(_DEVICES[versions].ask(work, day=day, pools=list(pool_ids)))


def some_devices(
    work: Work, pool_ids: Collection[int], asset_ids: Iterable[int], day: date, *, versions: bool
) -> dict[int, list[Device]]:
    """By pool: which of these devices have any of its products."""
    return _by_pool(_SOME_DEVICES[versions].ask(work, day=day, pools=list(pool_ids), ids=sorted(asset_ids)))


def _by_pool(rows: Iterable[Any]) -> dict[int, list[Device]]:
    found: dict[int, list[Device]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Device(*row[1:])._replace(oldest=row[7] or "", newest=row[8] or ""))
    return found


def seated_in(work: Work, pool_ids: Collection[int], day: date) -> dict[int, list[Device]]:
    """By pool: every device that has a seat."""
    found: dict[int, list[Device]] = defaultdict(list)
    for pool_id, *columns in _SEATED.ask(work, day=day, pools=list(pool_ids)):
        found[pool_id].append(Device(*columns))
    return found


def hosts_of(work: Work, devices: dict[int, list[Device]], day: date) -> dict[int, dict[int, Host]]:
    """By pool: the machines whose sockets and cores count, each once, whatever runs on it."""
    guests = {each.asset_id for some in devices.values() for each in some if each.kind is AssetKind.VIRTUAL_MACHINE}
    placed: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    clusters: dict[int, list[Device]] = defaultdict(list)
    hosts: dict[int, Device] = {}
    if guests:
        for guest, host, cluster in _PLACED.ask(work, day=day, ids=sorted(guests)):
            placed[guest].append((host, cluster))
        homes = [home for some in placed.values() for home in some]
        for cluster, *columns in _CLUSTERED.ask(work, day=day, ids=sorted({home[1] for home in homes if home[1]})):
            clusters[cluster].append(Device(*columns))
        for host in _HOSTS.ask(work, ids=sorted({home[0] for home in homes if home[0]})):
            hosts[host[0]] = Device(*host)
    result: dict[int, dict[int, Host]] = {}
    for pool_id, some in devices.items():
        counted = result[pool_id] = {}
        for each in some:
            under: list[Device] = []
            for host_id, cluster_id in placed.get(each.asset_id, ()):
                under += [hosts[host_id]] if host_id is not None else clusters.get(cluster_id or 0, [])
            for machine in under or [each]:
                host = counted.setdefault(machine.asset_id, Host(machine))
                host.is_unplaced = not under and each.kind is AssetKind.VIRTUAL_MACHINE
                host.take(each)
    return result
