"""Record clusters, let hosts join and leave them, and place virtual machines from day to day."""

from datetime import date

from sqlalchemy import func, select

from app.domain.explained import Reason, RefusedError
from app.domain.itam import capacity as rules
from app.domain.itam.asset import normal_tag
from app.domain.itam.capacity import Home, Stay
from app.models.asset import Asset
from app.models.capacity import Cluster, ClusterHost, Placement
from app.queries.capacity import cluster_by, machine_of, placed_of
from app.work import Work


def add_cluster(work: Work, name: str) -> Cluster:
    """Record a cluster."""
    return work.add(Cluster(name=_free_name(work, name)))


def rename(work: Work, cluster: Cluster, name: str) -> None:
    """Give a cluster another name."""
    cluster.name = _free_name(work, name, cluster.id)
    work.flush()


def remove_cluster(work: Work, cluster: Cluster) -> None:
    """Take away a cluster that was recorded by mistake; refused while anything points at it."""
    hosts = work.all(
        select(Asset.tag)
        .join(ClusterHost, ClusterHost.asset_id == Asset.id)
        .where(ClusterHost.cluster_id == cluster.id)
        .order_by(Asset.tag)
    )
    guests = work.all(
        select(Asset.tag)
        .join(Placement, Placement.guest_id == Asset.id)
        .where(Placement.cluster_id == cluster.id)
        .order_by(Asset.tag)
    )
    why = [Reason(f"{cluster.name} cannot be removed, because this points at it.")]
    why += [
        Reason(f"{noun}: {', '.join(tags[:10])}{f' and {len(tags) - 10} more' if len(tags) > 10 else ''}.")
        for noun, tags in (("Hosts", hosts), ("Guests", guests))
        if tags
    ]
    if len(why) > 1:
        raise RefusedError(why)
    work.session.delete(cluster)
    work.flush()


def join(work: Work, cluster: Cluster, tag: str, on: date) -> ClusterHost:
    """Let a host join a cluster from a day on. [ISO/IEC 19770-1:2017, 8.4]"""
    host = _held(work, tag, "host")
    history = work.execute(
        select(Cluster.name, ClusterHost.starts_on, ClusterHost.ends_on)
        .join(Cluster, ClusterHost.cluster_id == Cluster.id)
        .where(ClusterHost.asset_id == host.id)
    )
    rules.join(machine_of(host), [(name, Stay(since, until)) for name, since, until in history], on, work.today)
    return work.add(ClusterHost(cluster_id=cluster.id, asset_id=host.id, starts_on=on))


def leave(work: Work, membership: ClusterHost, ends_on: date) -> None:
    """Let a host leave its cluster; `ends_on` is its last day there. The asset and the cluster are loaded."""
    _held(work, membership.asset.tag, "host")
    name = f"{membership.asset.tag} in {membership.cluster.name}"
    stay = rules.end(name, Stay(membership.starts_on, membership.ends_on), ends_on, work.today)
    membership.ends_on = stay.ends_on
    work.flush()


def place(work: Work, guest_tag: str, *, host_tag: str = "", cluster_id: int | None = None, on: date) -> Placement:
    """Place a guest on a host or in a cluster from a day on; where it was before, it ends the day before.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    if bool(host_tag.strip()) == (cluster_id is not None):
        raise RefusedError("Give the host that it runs on, or the cluster: one of the two.", "host")
    guest = _held(work, guest_tag, "guest")
    host = _held(work, host_tag, "host") if host_tag.strip() else None
    rules.refuse_machines(machine_of(guest), machine_of(host) if host is not None else None)
    if cluster_id is not None and cluster_by(work, cluster_id) is None:
        raise RefusedError("Choose a cluster from the list.", "cluster")
    rows = {placed_of(row): row for row in work.all(select(Placement).where(Placement.guest_id == guest.id))}
    home = Home(host.id if host is not None else None, cluster_id)
    move = rules.move(guest.tag, rows, home, on, work.today)
    if move.replaces is not None:
        row = rows[move.replaces]
        row.host_id, row.cluster_id = home.host_id, home.cluster_id
        work.flush()
        return row
    if move.ends is not None:
        rows[move.ends].ends_on = move.ends_on
        work.flush()
    return work.add(Placement(guest_id=guest.id, host_id=home.host_id, cluster_id=home.cluster_id, starts_on=on))


def take_off(work: Work, placement: Placement, ends_on: date) -> None:
    """End a placement on its last day; the guest is loaded."""
    _held(work, placement.guest.tag, "guest")
    stay = Stay(placement.starts_on, placement.ends_on)
    placement.ends_on = rules.end(f"The place of {placement.guest.tag}", stay, ends_on, work.today).ends_on
    work.flush()


def _free_name(work: Work, name: str, but: int | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise RefusedError("Give the cluster a name.", "name")
    same = select(Cluster.id).where(func.lower(Cluster.name) == name.lower(), Cluster.id != (but or 0))
    if work.all(same):
        raise RefusedError(f"There is a cluster {name} already.", "name")
    return name


def _held(work: Work, tag: str, field: str) -> Asset:
    """The asset, locked until the work is done: of two who place one machine at once, the second waits and looks."""
    wanted = normal_tag(tag)
    asset = work.one_or_none(
        select(Asset).where(Asset.tag == wanted).with_for_update().execution_options(populate_existing=True)
    )
    if asset is None:
        says = f"The register has no asset {wanted}." if wanted else "Give its tag."
        raise RefusedError(says, field)
    if asset.status.is_gone:
        raise RefusedError(f"{asset.tag} is {asset.status.label.lower()}.", field)
    return asset
