"""The licence position: what is entitled against what is needed, by pool and by day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.explained import Explained, Reason
from app.domain.itam.version import say_key
from app.domain.licensing.allocation import Allocation, Grant, Need, Released, Use, allocate
from app.domain.licensing.metric import LICENSING, PARTS, Counting, Metric, say_parts, up_to_packs, whole_units
from app.domain.money import say_money


@dataclass(frozen=True, slots=True)
class Price:
    """What one further unit costs."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Position:
    """One pool on one day: whole units of its metric, and what the shortfall would cost."""

    entitled: int
    demand: int
    allocated: int
    cost_minor: int | None = None
    """None where no price is known."""

    @property
    def shortfall(self) -> int:
        """What is needed and not covered."""
        return self.demand - self.allocated

    @property
    def surplus(self) -> int:
        """What is entitled and covers nothing. It may stand beside a shortfall: a unit for one site helps no other."""
        return self.entitled - self.allocated

    @property
    def balance(self) -> int:
        """The effective licence position: entitled less demand."""
        return self.entitled - self.demand


def true_up(shortfall: int, pack_size: int, price: Price | None) -> int | None:
    """What it costs to buy what is missing, in whole packs; None without a price."""
    if shortfall <= 0:
        return 0
    return None if price is None else up_to_packs(shortfall, pack_size) * price.minor


def position_of(
    counting: Counting,
    grants: Iterable[Grant],
    needs: Iterable[Need],
    released: Released | None = None,
    price: Price | None = None,
) -> tuple[Position, Allocation]:
    """The position of one pool, and which grant covers what.

    A surplus stays in its pool. [ISO/IEC 19770-1:2017, 8.4]
    """
    held = list(grants)
    found = allocate(held, needs, released, lambda parts: whole_units(counting, parts))
    entitled = sum(each.units for each in held if not each.has_ended)
    position = plain(counting.pack_size, entitled, found.demand, price, found.covered // PARTS)
    return position, found


def plain(
    pack_size: int, entitled: int, demand: int, price: Price | None = None, allocated: int | None = None
) -> Position:
    """The position where every grant covers every use: what a list of thousands of pools is made of."""
    covered = min(entitled, demand) if allocated is None else allocated
    return Position(entitled, demand, covered, true_up(demand - covered, pack_size, price))


def say_position(position: Position, metric: Metric) -> str:
    """One sentence on how a pool stands."""
    if position.shortfall and position.surplus:
        return (
            f"Short of {position.shortfall:,}, while {position.surplus:,} cover nothing: they are for another site, "
            "version or term."
        )
    against = f"{position.demand:,} {metric.unit} against {position.entitled:,} entitled."
    if position.shortfall:
        return f"Short of {position.shortfall:,}: {against}"
    if position.surplus:
        return f"{position.surplus:,} to spare: {against}"
    return f"In balance: {position.demand:,} {metric.unit}, as many as entitled."


def entitled_explained(counted: Mapping[str, Explained[int]]) -> Explained[int]:
    """What is entitled: the sum over the entitlements of the pool, by reference, of what counts on the day."""
    total = sum(each.value for each in counted.values())
    why = [
        Reason(f"{reference} counts {each.value:,}.", LICENSING) for reference, each in counted.items() if each.value
    ]
    none = [reference for reference, each in counted.items() if not each.value]
    if none:
        shown = ", ".join(none[:10]) + (f" and {len(none) - 10} more" if len(none) > 10 else "")
        why.append(Reason(f"Nothing counts of {shown} on that day.", LICENSING))
    return Explained(total, tuple(why) or (Reason("No entitlement is recorded in this pool.", LICENSING),))


_DEMAND = {
    Metric.NAMED_USER: "Each person who has a seat on the day counts once, whether they use it or not.",
    Metric.CONCURRENT_USER: "The most sessions at once that were measured in the twelve months up to the day count.",
    Metric.DEVICE: "Each device counts once that has any of the products installed, or a seat, on the day.",
    Metric.PROCESSOR: "The sockets of each host count once, whatever runs on it.",
    Metric.CORE: "The cores of each host count once, whatever runs on it; times the factor, and up to whole packs.",
    Metric.SITE: "Each site counts at which any of the products is installed on the day.",
    Metric.SUBSCRIPTION: (
        "Each seat that is assigned on the day counts, also when no term runs any more: it is then covered by none."
    ),
    Metric.CONSUMPTION: (
        "What was used up to the day counts, less what ended terms covered in their time. The days of a period count "
        "alike: those within a term count there, and those to come not yet."
    ),
}


def counting_explained(metric: Metric) -> tuple[Reason, ...]:
    """How the demand of a metric comes about, whatever the pool."""
    why = [Reason(_DEMAND[metric], LICENSING)]
    if metric.counts_hosts:
        why.append(Reason("A virtual machine stands for its host, or for all hosts of its cluster.", LICENSING))
    return tuple(why)


COLUMNS: Mapping[str, tuple[Reason, ...]] = {
    "Entitled": (
        Reason("The units of all entitlements that count on the day, less what was taken from them.", LICENSING),
    ),
    "Covered": (
        Reason(
            "Entitlements for one site come before those for all, those for a version before those for any version.",
            LICENSING,
        ),
    ),
    "Shortfall": (
        Reason("What is needed less what is covered.", LICENSING),
        Reason("A surplus of another pool does not make up for it.", LICENSING),
    ),
    "Surplus": (Reason("What is entitled less what covers something.", LICENSING),),
    "True-up cost": (
        Reason("What is missing, in whole packs, at the price that the pool names for a further unit.", LICENSING),
        Reason("Where a pool names none, the cost is not known.", LICENSING),
    ),
}
"""How each number of a position comes about, whatever the pool."""


def demand_explained(counting: Counting, needs: Sequence[Need], found: Allocation) -> Explained[int]:
    """What is needed, by the metric, and how the rows behind it come to that number."""
    total = sum(each.parts for each in needs)
    why = [Reason(_DEMAND[counting.metric], LICENSING)]
    if counting.metric.counts_hosts:
        why.append(Reason("A virtual machine stands for its host, or for all hosts of its cluster.", LICENSING))
    if found.free:
        says = (
            f"{say_parts(found.free)} were covered by terms that have ended."
            if counting.metric is Metric.CONSUMPTION
            else f"{say_parts(found.free)} second devices of the same person need no further unit."
        )
        why.append(Reason(f"{says} {say_parts(total - found.free)} of {say_parts(total)} remain.", LICENSING))
    rest = total - found.free
    if found.demand * PARTS != rest:
        packs = counting.metric is Metric.CORE and counting.pack_size > 1
        how = f"up to whole packs of {counting.pack_size}" if packs else "up to a whole unit"
        why.append(Reason(f"{say_parts(rest)} go {how}: {found.demand}.", LICENSING))
    else:
        why.append(Reason(f"That comes to {found.demand} {counting.metric.unit}.", LICENSING))
    return Explained(found.demand, tuple(why))


def allocated_explained(
    position: Position, found: Allocation, references: Mapping[object, str], ended: Collection[object] = ()
) -> Explained[int]:
    """What covers the demand: which entitlement gives how much, specific ones before general ones.

    `ended` are those whose term of measured use is over: what they covered in it is no demand any more.
    """
    says = "Entitlements for one site come before those for all, those for a version before those for any version."
    why = [Reason(says, LICENSING)]
    for key, parts in found.by_grant.items():
        if parts and key in references:
            says = f"{references[key]} covers {say_parts(parts)}."
            if key in ended:
                says = f"{references[key]} covered {say_parts(parts)} in its own term; that needs no unit any more."
            why.append(Reason(says, LICENSING))
    part = sum(parts for key, parts in found.by_grant.items() if key not in ended) - position.allocated * PARTS
    if part:
        why.append(Reason(f"{say_parts(part)} of a unit that is not covered whole counts as missing.", LICENSING))
    if not position.allocated:
        why.append(Reason("Nothing is covered.", LICENSING))
    return Explained(position.allocated, tuple(why))


def shortfall_explained(position: Position, found: Allocation, sites: Mapping[int, str]) -> Explained[int]:
    """What is not covered, and for which versions and sites."""
    if not position.shortfall:
        return Explained(0, (Reason("All that is needed is covered.", LICENSING),))
    says = f"{position.demand} needed less {position.allocated} covered."
    why = [Reason(says, LICENSING)]
    grouped: dict[str, int] = {}
    for use, parts in found.bare:
        words = say_use(use, sites)
        grouped[words] = grouped.get(words, 0) + parts
    for words, parts in list(grouped.items())[:10]:
        if words:
            why.append(Reason(f"Nothing covers {say_parts(parts)} {words}.", LICENSING))
    why.append(Reason("A surplus of another pool does not make up for it.", LICENSING))
    return Explained(position.shortfall, tuple(why))


def surplus_explained(position: Position) -> Explained[int]:
    """What is entitled and covers nothing."""
    why = [Reason(f"{position.entitled} entitled less {position.allocated} that cover something.", LICENSING)]
    if position.surplus and position.shortfall:
        why.append(Reason("What is left is for another site, version or term than what is short.", LICENSING))
    return Explained(position.surplus, tuple(why))


def cost_explained(position: Position, pack_size: int, price: Price | None) -> Explained[int | None]:
    """What it would cost to buy what is missing."""
    if not position.shortfall:
        return Explained(0, (Reason("Nothing is missing.", LICENSING),))
    if price is None:
        return Explained(None, (Reason("The pool names no price for a further unit.", LICENSING),))
    units = up_to_packs(position.shortfall, pack_size)
    packs = f", in packs of {pack_size}" if pack_size > 1 else ""
    each = say_money(price.minor, price.currency)
    says = f"{position.shortfall} are missing: {units} are bought{packs}, at {each} each."
    return Explained(position.cost_minor, (Reason(says, LICENSING),))


def say_use(use: Use, sites: Mapping[int, str]) -> str:
    """A use in words: of version 17, at Munich."""
    words = []
    if use.newest:
        oldest = say_key(use.oldest) if use.oldest and use.oldest != use.newest else ""
        words.append(f"of version {f'{oldest} and ' if oldest else ''}{say_key(use.newest)}")
    if use.sites:
        names = sorted("no recorded site" if each is None else sites.get(each, "another site") for each in use.sites)
        words.append(f"at {' and '.join(names)}")
    return " ".join(words)
