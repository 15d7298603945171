"""Where virtual machines run, from day to day, and on which hosts that needs licences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, say
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.itam.asset import AssetKind

LICENCES = Clause("ISO/IEC 19770-1:2017", "8.4")
GUESTS = (AssetKind.VIRTUAL_MACHINE, AssetKind.CONTAINER_IMAGE)


@dataclass(frozen=True, slots=True)
class Machine:
    """An asset as a host or a guest."""

    id: int
    tag: str
    kind: AssetKind
    sockets: int | None = None
    cores: int | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a guest runs: on one host, or somewhere in a cluster. Exactly one of the two."""

    host_id: int | None = None
    cluster_id: int | None = None

    def __post_init__(self) -> None:
        if (self.host_id is None) == (self.cluster_id is None):
            raise ValueError("a home is one host or one cluster")


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in one place, both included; without an end it goes on."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def meets(self, other: "Stay") -> bool:
        """Whether both have a day in common."""
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A guest at a home, for some days."""

    guest_id: int
    home: Home
    stay: Stay


@dataclass(frozen=True, slots=True)
class InCluster:
    """A host in a cluster, for some days."""

    host_id: int
    cluster_id: int
    stay: Stay


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the placements of a guest: the open one ends, or is put right, and a new one begins."""

    ends: Placed | None
    ends_on: date | None
    replaces: Placed | None


def refuse_machines(guest: Machine, host: Machine | None) -> None:
    """Only a virtual machine or a container image is a guest, and only hardware a host; none runs on itself.

    Raises `RefusedError` at `guest` or `host`. [ISO/IEC 19770-1:2017, 8.4]
    """
    if host is not None and guest.id == host.id:
        raise RefusedError(Reason(f"{guest.tag} cannot run on itself.", LICENCES), "host")
    if guest.kind not in GUESTS:
        says = f"{guest.tag} is {guest.kind.label.lower()}: only a virtual machine or a container image is placed."
        raise RefusedError(Reason(says, LICENCES), "guest")
    if host is not None:
        refuse_host(host)


def refuse_host(host: Machine) -> None:
    """Refuse as a host what is no hardware: licences are counted on sockets and cores that can be touched.

    Raises `RefusedError` at `host`. [ISO/IEC 19770-1:2017, 8.4]
    """
    if host.kind is not AssetKind.HARDWARE:
        says = f"{host.tag} is {host.kind.label.lower()}: a host is hardware, for its cores are what is counted."
        raise RefusedError(Reason(says, LICENCES), "host")


def move(tag: str, history: Iterable[Placed], to: Home, on: date, today: date) -> Move:
    """Move a guest on a day: its stay before ends on the day before, and nothing overlaps.

    A second move on one day puts the first right. Raises `RefusedError` at `on`, `host` or `cluster`.
    [ISO/IEC 19770-1:2017, 8.4]
    """
    if on > today:
        raise RefusedError("It is moved on a day that has come: where it will run is not known yet.", "on")
    latest = max(history, key=lambda each: each.stay.starts_on, default=None)
    if latest is None:
        return Move(None, None, None)
    if latest.stay.ends_on is not None:
        if on <= latest.stay.ends_on:
            says = f"{tag} was placed until {say(latest.stay.ends_on)}; its days would overlap."
            raise RefusedError(Reason(says, LICENCES), "on")
        return Move(None, None, None)
    if on < latest.stay.starts_on:
        says = f"{tag} has been where it is since {say(latest.stay.starts_on)}; a move before that would overlap."
        raise RefusedError(Reason(says, LICENCES), "on")
    if latest.home == to:
        says = f"{tag} has been there since {say(latest.stay.starts_on)}."
        raise RefusedError(says, "host" if to.host_id is not None else "cluster")
    if on == latest.stay.starts_on:
        return Move(None, None, latest)
    return Move(latest, add_days(on, -1), None)


def end(name: str, stay: Stay, ends_on: date, today: date) -> Stay:
    """End a stay on its last day, not before it began and not in days to come. Raises `RefusedError` at `ends_on`."""
    if stay.ends_on is not None:
        raise RefusedError(f"{name} ended on {say(stay.ends_on)} already.", "ends_on")
    if ends_on < stay.starts_on:
        raise RefusedError(f"{name} began on {say(stay.starts_on)}; it cannot end before.", "ends_on")
    if ends_on > today:
        raise RefusedError("Give a last day that has come.", "ends_on")
    return Stay(stay.starts_on, ends_on)


def join(host: Machine, history: Iterable[tuple[str, Stay]], on: date, today: date) -> None:
    """Let a host join a cluster: it is hardware, and in one cluster at a time.

    `history` holds the name of each cluster that it was in, and the days. Raises `RefusedError` at `host` or `on`.
    [ISO/IEC 19770-1:2017, 8.4]
    """
    refuse_host(host)
    if on > today:
        raise RefusedError("It joins on a day that has come.", "on")
    for cluster, stay in history:
        if stay.meets(Stay(on)):
            until = f"until {say(stay.ends_on)}" if stay.ends_on is not None else f"since {say(stay.starts_on)}"
            says = f"{host.tag} has been in {cluster} {until}; a host is in one cluster at a time."
            raise RefusedError(Reason(says, LICENCES), "on")


def hosts_needing(
    guest_id: int, on: date, placements: Iterable[Placed], memberships: Sequence[InCluster]
) -> Explained[frozenset[int]]:
    """On which hosts a guest needs licences on a day: on its own, or on every one that its cluster may move it to.

    [ISO/IEC 19770-1:2017, 8.4]
    """
    placed = next((each for each in placements if each.guest_id == guest_id and each.stay.covers(on)), None)
    if placed is None:
        says = f"Nothing says where it ran on {say(on)}, so no host can be counted for it."
        return Explained(frozenset(), (Reason(says, LICENCES),))
    if placed.home.host_id is not None:
        says = f"It ran on one host on {say(on)}: that one is counted."
        return Explained(frozenset({placed.home.host_id}), (Reason(says, LICENCES),))
    hosts = frozenset(
        each.host_id for each in memberships if each.cluster_id == placed.home.cluster_id and each.stay.covers(on)
    )
    says = f"It ran in a cluster on {say(on)}, which moves it by itself: every host that was in the cluster is counted."
    contract = Reason("A contract may count fewer; where it does, place the guest on the hosts that it names.")
    return Explained(hosts, (Reason(says, LICENCES), contract))


def missing_of(machine: Machine) -> tuple[str, ...]:
    """What a host's record lacks of what the metrics count. [ISO/IEC 19770-1:2017, 8.4]"""
    counted = (("sockets", machine.sockets), ("cores", machine.cores), ("threads", machine.threads))
    return tuple(word for word, number in counted if not number)


def why_missing(machine: Machine) -> Explained[tuple[str, ...]]:
    """What is missing, and what cannot be counted without it."""
    missing = missing_of(machine)
    if not missing:
        return Explained((), (Reason("Sockets, cores and threads are recorded.", LICENCES),))
    words = " and ".join([", ".join(missing[:-1]), missing[-1]]) if len(missing) > 1 else missing[0]
    uncounted = {"sockets": "processor", "cores": "core", "threads": "thread"}
    kinds = [uncounted[each] for each in missing]
    says = f"{machine.tag} has no {words} recorded: licences by {' or '.join(kinds)} cannot be counted on it."
    return Explained(missing, (Reason(says, LICENCES),))
