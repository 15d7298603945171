"""What a licence counts, and how much of it one machine, or all together, comes to."""

from dataclasses import dataclass

from app.domain.explained import Clause, Explained, Reason
from app.domain.words import Word

LICENSING = Clause("ISO/IEC 19770-1:2017", "8.4")

PARTS = 10_000
"""A unit is counted in so many parts: a core factor has three decimals, a measured use four."""


class Metric(Word):
    """What one unit of a licence lets one have. The contract defines it; these are the usual ones."""

    NAMED_USER = "named-user"
    CONCURRENT_USER = "concurrent-user"
    DEVICE = "device"
    PROCESSOR = "processor"
    CORE = "core"
    SITE = "site"
    SUBSCRIPTION = "subscription"
    CONSUMPTION = "consumption"

    @property
    def unit(self) -> str:
        """What is counted, in words of more than one."""
        return {
            "named-user": "named users",
            "concurrent-user": "sessions at once",
            "device": "devices",
            "processor": "processors",
            "core": "cores",
            "site": "sites",
            "subscription": "assigned seats",
            "consumption": "units used",
        }[self.value]

    @property
    def counts_seats(self) -> bool:
        """Whether the seats that are checked out are its demand."""
        return self in (Metric.NAMED_USER, Metric.SUBSCRIPTION)

    @property
    def seats_people(self) -> bool:
        """Whether a person can hold a seat of it."""
        return self in (Metric.NAMED_USER, Metric.SUBSCRIPTION)

    @property
    def seats_devices(self) -> bool:
        """Whether a device can hold a seat of it."""
        return self in (Metric.DEVICE, Metric.SUBSCRIPTION)

    @property
    def counts_hosts(self) -> bool:
        """Whether it counts what is inside of machines."""
        return self in (Metric.PROCESSOR, Metric.CORE)

    @property
    def counts_usage(self) -> bool:
        """Whether measured use is its demand."""
        return self in (Metric.CONCURRENT_USER, Metric.CONSUMPTION)


@dataclass(frozen=True, slots=True)
class Counting:
    """By what a pool counts: its metric, the minimums of the contract, the factor, and how large a pack is."""

    metric: Metric
    minimum_per_socket: int = 0
    minimum_per_host: int = 0
    factor_thousandths: int = 1000
    pack_size: int = 1


def parts_of_host(counting: Counting, sockets: int | None, cores: int | None) -> int:
    """What one host comes to, in parts of a unit, before anything is rounded.

    Cores: the cores that are there, or the minimum of a socket for each socket, or the minimum of a host, whichever is
    most; processors: the sockets or the minimum of a host. Then times the factor. A machine of which nothing is known
    has one socket with one core at least. [ISO/IEC 19770-1:2017, 8.4]
    """
    there = max(sockets or 1, 1)
    if counting.metric is Metric.PROCESSOR:
        count = max(there, counting.minimum_per_host)
    else:
        count = max(cores or 0, counting.minimum_per_socket * there, counting.minimum_per_host, 1)
    return count * counting.factor_thousandths * PARTS // 1000


def host_explained(counting: Counting, sockets: int | None, cores: int | None) -> Explained[int]:
    """The same with its reasons."""
    parts = parts_of_host(counting, sockets, cores)
    there = max(sockets or 1, 1)
    said = []
    if sockets is None:
        said.append(Reason("How many sockets it has is not recorded: one is assumed.", LICENSING))
    if counting.metric is Metric.PROCESSOR:
        said.append(Reason(f"It has {_count(there, 'socket')}.", LICENSING))
        if counting.minimum_per_host > there:
            said.append(Reason(f"The contract counts {counting.minimum_per_host} a host at least.", LICENSING))
    else:
        least = counting.minimum_per_socket * there
        known = f"It has {_count(cores, 'core')}" if cores else "How many cores it has is not recorded"
        said.append(Reason(f"{known} in {_count(there, 'socket')}.", LICENSING))
        if counting.minimum_per_socket:
            each = f"The contract counts {counting.minimum_per_socket} cores a socket at least"
            said.append(Reason(f"{each}: {least} for {_count(there, 'socket')}.", LICENSING))
        if counting.minimum_per_host:
            said.append(Reason(f"The contract counts {counting.minimum_per_host} cores a host at least.", LICENSING))
        if not cores and not least and not counting.minimum_per_host:
            said.append(Reason("One core is counted, since it has one at least. Record its cores.", LICENSING))
    if counting.factor_thousandths != 1000:
        factor = say_parts(counting.factor_thousandths * PARTS // 1000)
        said.append(Reason(f"The factor is {factor}: it comes to {say_parts(parts)}.", LICENSING))
    return Explained(parts, tuple(said))


def whole_units(counting: Counting, parts: int) -> int:
    """Parts as units: up to the next whole one, and of cores up to whole packs."""
    units = -(-parts // PARTS)
    return up_to_packs(units, counting.pack_size) if counting.metric is Metric.CORE else units


def up_to_packs(units: int, pack_size: int) -> int:
    """Units as they are sold: in whole packs."""
    size = max(pack_size, 1)
    return -(-units // size) * size


def say_parts(parts: int) -> str:
    """Parts as a number of units: 3.5."""
    whole, rest = divmod(abs(parts), PARTS)
    sign = "-" if parts < 0 else ""
    return sign + (f"{whole:,}.{rest:04}".rstrip("0") if rest else f"{whole:,}")


def _count(number: int | None, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
