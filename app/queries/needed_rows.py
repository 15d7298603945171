"""What needs units of one pool on a day, row by row: devices, hosts, holders of seats, sites, measured use."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from app.domain.explained import Reason
from app.domain.itam.asset import AssetKind
from app.domain.itam.usage import UsageMetric
from app.domain.licensing.allocation import Need, Share, Use
from app.domain.licensing.consumption import Piece, spread, spread_explained
from app.domain.licensing.metric import LICENSING, PARTS, Metric, host_explained
from app.models.asset import Asset
from app.models.capacity import UsageRecord
from app.models.employee import Employee
from app.models.licence import LicenceSeat, PoolProduct
from app.queries.licence_demand import Asked, device_needs, host_needs, oldest_of, parts_of_value, window_of_peaks
from app.queries.licence_rows import Device, devices_in, hosts_of, seated_in
from app.work import Work


class Seat(NamedTuple):
    """A seat that is held on the day."""

    id: int
    employee_id: int | None
    asset_id: int | None
    site_id: int | None
    starts_on: date
    ends_on: date | None


class Used(NamedTuple):
    """A record of measured use."""

    id: int
    asset_id: int | None
    product_id: int
    value: Any
    starts_on: date
    ends_on: date
    source: str
    site_id: int | None


@dataclass(frozen=True, slots=True)
class Sources:
    """What the demand of a pool is made of."""

    devices: tuple[Device, ...] = ()
    seated: tuple[Device, ...] = ()
    seats: tuple[Seat, ...] = ()
    used: tuple[Used, ...] = ()

    def without(self, asset_ids: frozenset[int]) -> "Sources":
        """The same as if nothing were installed on these devices; a seat stays."""
        return replace(self, devices=tuple(each for each in self.devices if each.asset_id not in asset_ids))


@dataclass(frozen=True, slots=True)
class Needed:
    """One row that needs parts of a unit, or that counts nothing, and why; and what covers it."""

    need: Need
    why: tuple[Reason, ...]
    asset_id: int | None = None
    employee_id: int | None = None
    product_id: int | None = None
    guests: tuple[int, ...] = ()
    """The virtual machines for which a host counts."""
    starts_on: date | None = None
    ends_on: date | None = None
    shares: tuple[Share, ...] = ()

    @property
    def free(self) -> int:
        """Parts that need no unit: a second device, or what a term that has ended covered in its time."""
        return sum(each.parts for each in self.shares if each.is_free)

    @property
    def units(self) -> int:
        """Parts that count as demand."""
        return self.need.parts - self.free

    @property
    def covered(self) -> int:
        """Parts that a unit of what is entitled covers."""
        return self.units - self.bare

    @property
    def bare(self) -> int:
        """Parts that nothing covers."""
        return self.need.parts - sum(each.parts for each in self.shares)


def sources_of(work: Work, asked: Asked, day: date) -> Sources:
    """What there is of a pool on a day."""
    metric, ids = asked.counting.metric, [asked.id]
    if metric.counts_seats:
        return Sources(seats=tuple(_seats(work, asked.id, day)))
    if metric.counts_usage:
        return Sources(used=tuple(_used(work, asked, day)))
    devices = devices_in(work, ids, day, versions=asked.has_versions).get(asked.id, ())
    seated = seated_in(work, ids, day).get(asked.id, ()) if metric is Metric.DEVICE else ()
    return Sources(tuple(devices), tuple(seated))


def needed_of(work: Work, asked: Asked, sources: Sources, day: date) -> list[Needed]:
    """Each row, with what it comes to."""
    metric = asked.counting.metric
    if metric.counts_seats:
        return list(_of_seats(asked, sources.seats))
    if metric is Metric.CONCURRENT_USER:
        return list(_of_peaks(sources.used))
    if metric is Metric.CONSUMPTION:
        return [row for each in sources.used for row in _of_use(asked, each, day)]
    if metric.counts_hosts:
        return list(_of_hosts(work, asked, sources.devices, day))
    if metric is Metric.SITE:
        return list(_of_sites(asked, sources.devices))
    return list(_of_devices(asked, sources))


def _seats(work: Work, pool_id: int, day: date) -> Iterator[Seat]:
    held = (
        select(
            LicenceSeat.id,
            LicenceSeat.employee_id,
            LicenceSeat.asset_id,
            func.coalesce(Employee.site_id, Asset.site_id),
            LicenceSeat.starts_on,
            LicenceSeat.ends_on,
        )
        .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
        .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
        .where(
            LicenceSeat.pool_id == pool_id,
            LicenceSeat.starts_on <= day,
            or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= day),
        )
        .order_by(Employee.name, Asset.tag, LicenceSeat.id)
    )
    return (Seat(*row) for row in work.execute(held))


def _used(work: Work, asked: Asked, day: date) -> Iterator[Used]:
    is_peak = asked.counting.metric is Metric.CONCURRENT_USER
    measured = UsageMetric.PEAK_SESSIONS if is_peak else UsageMetric.UNITS_CONSUMED
    found = (
        select(
            UsageRecord.id,
            UsageRecord.asset_id,
            UsageRecord.product_id,
            UsageRecord.value,
            UsageRecord.starts_on,
            UsageRecord.ends_on,
            UsageRecord.source,
            Asset.site_id,
        )
        .join(PoolProduct, PoolProduct.product_id == UsageRecord.product_id)
        .outerjoin(Asset, Asset.id == UsageRecord.asset_id)
        .where(PoolProduct.pool_id == asked.id, UsageRecord.metric == measured, UsageRecord.starts_on <= day)
        .order_by(UsageRecord.starts_on.desc(), UsageRecord.id)
    )
    if is_peak:
        found = found.where(UsageRecord.ends_on >= window_of_peaks(day))
    if asked.site_id is not None:
        found = found.where(or_(UsageRecord.asset_id.is_(None), Asset.site_id == asked.site_id))
    return (Used(*row) for row in work.execute(found))


def _of_seats(asked: Asked, seats: Iterable[Seat]) -> Iterator[Needed]:
    seen: set[tuple[int | None, int | None]] = set()
    for seat in seats:
        if asked.site_id not in (None, seat.site_id):
            continue
        holder, parts = (seat.employee_id, seat.asset_id), PARTS
        if seat.asset_id is not None and asked.counting.metric is Metric.NAMED_USER:
            parts, says = 0, "A device holds it, and this pool counts people."
        elif holder in seen:
            parts, says = 0, "Whoever holds it has another seat, and counts once."
        else:
            says = "Who holds a seat on the day counts once."
        seen.add(holder)
        need = Need(parts, Use(sites=frozenset({seat.site_id})))
        yield Needed(
            need,
            (Reason(says, LICENSING),),
            asset_id=seat.asset_id,
            employee_id=seat.employee_id,
            starts_on=seat.starts_on,
            ends_on=seat.ends_on,
        )


def _of_peaks(used: tuple[Used, ...]) -> Iterator[Needed]:
    most = max(used, key=lambda each: (each.value, each.starts_on, -each.id), default=None)
    for each in used:
        counts = most is not None and each.id == most.id and each.product_id == most.product_id
        parts = parts_of_value(each.value) if counts else 0
        said = parts_of_value(each.value) // PARTS
        says = "It is the most of the twelve months." if counts else f"{said} sessions at once, and it is not the most."
        yield _measured(each, Need(parts), says)


def _of_use(asked: Asked, each: Used, day: date) -> Iterator[Needed]:
    """A row for each piece of the period that a term, or the day, cuts off."""
    whole = Piece(each.starts_on, each.ends_on, parts_of_value(each.value))
    for piece in spread(whole, asked.terms, day):
        need = Need(piece.parts, Use(since=piece.since, until=piece.until))
        row = _measured(each, need, spread_explained(whole, piece)[0].says)
        yield replace(row, starts_on=piece.since, ends_on=piece.until)


def _measured(each: Used, need: Need, says: str) -> Needed:
    told = f"{says} Reported by {each.source}." if each.source else says
    return Needed(
        need,
        (Reason(told, LICENSING),),
        asset_id=each.asset_id,
        product_id=each.product_id,
        starts_on=each.starts_on,
        ends_on=each.ends_on,
    )


def _of_hosts(work: Work, asked: Asked, devices: tuple[Device, ...], day: date) -> Iterator[Needed]:
    hosts = hosts_of(work, {asked.id: list(devices)}, day).get(asked.id, {})
    for host in hosts.values():
        for need in host_needs(asked, [host]):
            why = list(host_explained(asked.counting, host.device.sockets, host.device.cores).why)
            if host.is_unplaced:
                says = "Nothing says on which host this virtual machine runs: it counts by what it has itself."
                why.insert(0, Reason(says, LICENSING))
            if host.guests:
                count = f"{len(host.guests)} virtual machine{'' if len(host.guests) == 1 else 's'}"
                says = f"It counts once for {count} that may run on it{', and for itself' if host.has_own else ''}."
                why.insert(0, Reason(says, LICENSING))
            yield Needed(need, tuple(why), asset_id=host.device.asset_id, guests=tuple(sorted(host.guests)))


def _of_sites(asked: Asked, devices: Iterable[Device]) -> Iterator[Needed]:
    """The first device of each site stands for it."""
    at: dict[int | None, list[Device]] = defaultdict(list)
    for device in devices:
        if asked.site_id in (None, device.site_id):
            at[device.site_id].append(device)
    for site_id, some in at.items():
        use = some[0].use
        for device in some[1:]:
            use = Use(oldest_of(use, device), max(use.newest, device.newest), frozenset({site_id}))
        for device in some:
            is_first = device is some[0]
            says = "It stands for its site, which counts once." if is_first else "Its site counts already."
            need = Need(PARTS, use) if is_first else Need(0, device.use)
            yield Needed(need, (Reason(says, LICENSING),), asset_id=device.asset_id)


def _of_devices(asked: Asked, sources: Sources) -> Iterator[Needed]:
    seated = {each.asset_id for each in sources.seated}
    installed = {each.asset_id for each in sources.devices}
    listed: dict[int, Device] = {}
    for each in (*sources.devices, *sources.seated):
        if asked.site_id in (None, each.site_id):
            listed.setdefault(each.asset_id, each)
    needs = device_needs(asked, listed.values())
    for device, need in zip(listed.values(), needs, strict=True):
        if device.asset_id not in installed:
            says = "It has a seat, and nothing of the pool is installed on it."
        elif device.asset_id in seated:
            says = "It has the software installed, and a seat: it counts once."
        else:
            says = "It has the software installed, in whatever number of versions and products: it counts once."
        why = [Reason(says, LICENSING)]
        if device.kind is AssetKind.VIRTUAL_MACHINE:
            why.append(Reason("A virtual machine is a device of its own.", LICENSING))
        if need.pair is not None:
            why.append(Reason("It is the second device of the same person.", LICENSING))
        yield Needed(need, tuple(why), asset_id=device.asset_id)
