"""Where virtual machines run: hosts and clusters with their guests as of a day, and the history of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.explained import Explained
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.capacity import Home, InCluster, Machine, Placed, Stay, hosts_needing, missing_of, why_missing
from app.models.asset import Asset
from app.models.capacity import Cluster, ClusterHost, Placement
from app.work import Work

PAGE = 50
MOST = 200
IN_USE = (AssetStatus.DEPLOYED, AssetStatus.IN_MAINTENANCE)


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest where it runs."""

    id: int
    tag: str
    name: str
    kind: AssetKind
    since: date


@dataclass(frozen=True, slots=True)
class Host:
    """A host with the guests that are placed on it alone."""

    machine: Machine
    name: str
    guests: tuple[Guest, ...] = ()

    @property
    def missing(self) -> Explained[tuple[str, ...]]:
        return why_missing(self.machine)


@dataclass(frozen=True, slots=True)
class Together:
    """What stands together: a cluster with its hosts and the guests that it moves; or one host by itself."""

    hosts: tuple[Host, ...]
    guests: tuple[Guest, ...] = ()
    cluster_id: int | None = None
    name: str = ""

    def total(self, what: str) -> int | None:
        """The sum over the hosts; None where one of them does not say."""
        numbers = [getattr(host.machine, what) for host in self.hosts]
        return sum(numbers) if numbers and all(numbers) else None


@dataclass(frozen=True, slots=True)
class Floor:
    """All of it on a day, a page at a time."""

    shown: tuple[Together, ...]
    total: int
    hosts: int
    guests: int
    gaps: tuple[Host, ...]
    """Hosts whose sockets, cores or threads are not recorded; the first of them."""
    gap_count: int
    unplaced: tuple[tuple[int, str, str], ...]
    """Virtual machines in use of which nothing says where they run, as id, tag and name; the first of them."""
    unplaced_count: int


def floor_on(work: Work, day: date, page: int = 1) -> Floor:
    """The hosts with their guests as of a day; a fixed number of queries."""
    clusters = work.all(select(Cluster).order_by(Cluster.name, Cluster.id))
    inside: dict[int, list[tuple[Machine, str]]] = defaultdict(list)
    members = select(ClusterHost.cluster_id, *_machine_columns()).join(Asset, ClusterHost.asset_id == Asset.id)
    for cluster_id, *columns in work.execute(members.where(_covers(ClusterHost, day)).order_by(Asset.tag)):
        inside[cluster_id].append(_machine(columns))
    in_cluster = select(ClusterHost.asset_id).where(_covers(ClusterHost, day))
    hosting = select(Placement.host_id).where(_covers(Placement, day), Placement.host_id.is_not(None))
    alone = [
        _machine(row)
        for row in work.execute(
            select(*_machine_columns())
            .where(Asset.id.in_(hosting), Asset.id.not_in(in_cluster))
            .order_by(Asset.tag, Asset.id)
        )
    ]
    everywhere = [(each, inside[each.id]) for each in clusters] + [(None, [each]) for each in alone]
    shown = everywhere[(page - 1) * PAGE : page * PAGE]
    guests = _guests(
        work,
        day,
        {machine.id for _, hosts in shown for machine, _ in hosts},
        {cluster.id for cluster, _ in shown if cluster is not None},
    )
    machines = [machine for _, hosts in everywhere for machine in hosts]
    gaps = [Host(machine, name) for machine, name in machines if missing_of(machine)]
    unplaced, unplaced_count = _unplaced(work, day)
    placed: Any = select(func.count(Placement.id)).where(_covers(Placement, day))
    return Floor(
        shown=tuple(
            Together(
                hosts=tuple(Host(machine, name, tuple(guests["host", machine.id])) for machine, name in hosts),
                guests=tuple(guests["cluster", cluster.id]) if cluster is not None else (),
                cluster_id=cluster.id if cluster is not None else None,
                name=cluster.name if cluster is not None else "",
            )
            for cluster, hosts in shown
        ),
        total=len(everywhere),
        hosts=len(machines),
        guests=work.session.scalar(placed) or 0,
        gaps=tuple(gaps[:MOST]),
        gap_count=len(gaps),
        unplaced=unplaced,
        unplaced_count=unplaced_count,
    )


def cluster_by(work: Work, cluster_id: int, *, for_update: bool = False) -> Cluster | None:
    """One cluster."""
    statement = select(Cluster).where(Cluster.id == cluster_id)
    return work.one_or_none(statement.with_for_update() if for_update else statement)


def clusters(work: Work) -> list[Cluster]:
    """All clusters, by name."""
    return work.all(select(Cluster).order_by(Cluster.name, Cluster.id))


def hosts_of(work: Work, cluster_id: int) -> list[ClusterHost]:
    """The hosts of a cluster with their days, those that are in it first."""
    statement = (
        select(ClusterHost)
        .where(ClusterHost.cluster_id == cluster_id)
        .options(joinedload(ClusterHost.asset))
        .order_by(ClusterHost.ends_on.is_not(None), ClusterHost.starts_on.desc(), ClusterHost.id)
        .limit(1000)
    )
    return work.all(statement)


def guests_of(work: Work, cluster_id: int) -> list[Placement]:
    """The guests of a cluster with their days, those that run in it first."""
    return _placements(work, Placement.cluster_id == cluster_id)


def placements_of(work: Work, guest_id: int) -> list[Placement]:
    """Where a guest runs and ran, the latest first."""
    return _placements(work, Placement.guest_id == guest_id)


def placement_by(work: Work, placement_id: int) -> Placement | None:
    """One placement with its guest."""
    statement = select(Placement).where(Placement.id == placement_id).options(joinedload(Placement.guest))
    return work.one_or_none(statement)


def membership_by(work: Work, cluster_id: int, cluster_host_id: int) -> ClusterHost | None:
    """One host in one cluster."""
    statement = (
        select(ClusterHost)
        .where(ClusterHost.id == cluster_host_id, ClusterHost.cluster_id == cluster_id)
        .options(joinedload(ClusterHost.asset), joinedload(ClusterHost.cluster))
    )
    return work.one_or_none(statement)


def asset_of(work: Work, asset_id: int) -> Asset | None:
    """One asset, as a guest or a host."""
    return work.one_or_none(select(Asset).where(Asset.id == asset_id))


def machine_of(asset: Asset) -> Machine:
    """An asset as the rules of capacity read it."""
    return Machine(asset.id, asset.tag, asset.kind, asset.sockets, asset.cores, asset.threads)


@dataclass(frozen=True, slots=True)
class Needs:
    """On which hosts a guest needs licences on a day, and why."""

    hosts: tuple[Host, ...]
    why: Explained[frozenset[int]]


def needs_on(work: Work, guest_id: int, day: date) -> Needs:
    """On which hosts a guest needs licences on a day. [ISO/IEC 19770-1:2017, 8.4]"""
    placed = [placed_of(row) for row in work.all(select(Placement).where(Placement.guest_id == guest_id))]
    wanted = {each.home.cluster_id for each in placed if each.home.cluster_id is not None}
    members = work.all(select(ClusterHost).where(ClusterHost.cluster_id.in_(wanted)))
    found = hosts_needing(guest_id, day, placed, [_in_cluster(row) for row in members])
    rows = work.execute(select(*_machine_columns()).where(Asset.id.in_(found.value)).order_by(Asset.tag))
    return Needs(tuple(Host(*_machine(row)) for row in rows), found)


def placed_of(row: Placement) -> Placed:
    """A placement as the rules read it."""
    return Placed(row.guest_id, Home(row.host_id, row.cluster_id), Stay(row.starts_on, row.ends_on))


def _in_cluster(row: ClusterHost) -> InCluster:
    return InCluster(row.asset_id, row.cluster_id, Stay(row.starts_on, row.ends_on))


def _placements(work: Work, condition: Any) -> list[Placement]:
    statement = (
        select(Placement)
        .where(condition)
        .options(joinedload(Placement.guest), joinedload(Placement.host), joinedload(Placement.cluster))
        .order_by(Placement.ends_on.is_not(None), Placement.starts_on.desc(), Placement.id)
        .limit(1000)
    )
    return work.all(statement)


def _covers(model: Any, day: date) -> Any:
    return and_(model.starts_on <= day, or_(model.ends_on.is_(None), model.ends_on >= day))


def _machine_columns() -> tuple[Any, ...]:
    return (Asset.id, Asset.tag, Asset.kind, Asset.sockets, Asset.cores, Asset.threads, Asset.name)


def _machine(columns: Any) -> tuple[Machine, str]:
    *facts, name = columns
    return Machine(*facts), name


def _guests(
    work: Work, day: date, host_ids: Collection[int], cluster_ids: Collection[int]
) -> dict[tuple[str, int], list[Guest]]:
    found: dict[tuple[str, int], list[Guest]] = defaultdict(list)
    statement: Any = (
        select(
            Placement.host_id,
            Placement.cluster_id,
            Asset.id,
            Asset.tag,
            Asset.name,
            Asset.kind,
            Placement.starts_on,
        )
        .join(Asset, Placement.guest_id == Asset.id)
        .where(_covers(Placement, day))
        .where(or_(Placement.host_id.in_(host_ids), Placement.cluster_id.in_(cluster_ids)))
        .order_by(Asset.tag, Asset.id)
    )
    for host_id, cluster_id, *columns in work.execute(statement):
        found[("host", host_id) if host_id is not None else ("cluster", cluster_id)].append(Guest(*columns))
    return found


def _unplaced(work: Work, day: date) -> tuple[tuple[tuple[int, str, str], ...], int]:
    placed = select(Placement.guest_id).where(_covers(Placement, day))
    conditions = (
        Asset.kind == AssetKind.VIRTUAL_MACHINE,
        Asset.status.in_(IN_USE),
        Asset.id.not_in(placed),
    )
    count: Any = select(func.count(Asset.id)).where(*conditions)
    first: Any = select(Asset.id, Asset.tag, Asset.name).where(*conditions).order_by(Asset.tag).limit(PAGE)
    return tuple((row[0], row[1], row[2]) for row in work.execute(first)), work.session.scalar(count) or 0
