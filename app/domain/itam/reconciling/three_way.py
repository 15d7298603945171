"""Bought, invoiced, installed: three numbers of the same software, and where they part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.itam.reconciliation import RECONCILIATION
from app.domain.itam.reconciling.record import folded, identifier
from app.domain.licensing.metric import Metric


@dataclass(frozen=True, slots=True)
class Bought:
    """An entitlement: how many units were bought while the file runs, and how many of its units count on the day."""

    reference: str
    pool: str
    quantity: int
    """Zero where it was not bought then: a transfer, or older than the file."""
    purchase_order: str = ""
    counts: int | None = None
    """Fewer once it ended, was given up, upgraded or transferred; where nothing is said, all that were bought."""


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A line of an invoice: of an entitlement, or of whatever its product's name is a name of."""

    row: int
    product: str
    quantity: int
    entitlement: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class PoolFact:
    """What is counted together, the names by which an invoice may call it, and how many devices have it."""

    reference: str
    name: str
    metric: Metric
    names: frozenset[str]
    installed: int


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """The numbers of a pool or of a purchase order; what a purchase order installed, nobody can tell."""

    key: str
    name: str
    bought: int
    """While the file runs, as was invoiced in it: these two are held against each other."""
    invoiced: int
    counts: int | None
    """On the day, whenever it was bought: what is installed is held against that."""
    installed: int | None
    agrees: Explained[bool]


def say_period(begins: date | None, on: date) -> str:
    """What the numbers are of: purchases and invoices of the same time, and what is there on the day."""
    if begins is None:
        return (
            f"Bought is all that was ever bought up to {say(on)}, for the run was not told on which day the file "
            "begins. Where it begins later than the first purchase, run it again and give that day: else the invoices "
            "of some months are held against the purchases of all years."
        )
    return (
        f"Bought is what was bought since {say(begins)}, when the file begins, as invoiced is what the file holds: "
        "what was bought before counts as bought only where the file has its invoice. What is installed was bought at "
        f"any time, so it is held against all that counts on {say(on)}."
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """The whole of it; `unplaced` are lines of invoices whose product belongs to no pool, or to several."""

    by_pool: tuple[ThreeWay, ...]
    by_order: tuple[ThreeWay, ...]
    unplaced: tuple[Invoiced, ...]


def agreement(bought: Iterable[Bought], invoiced: Iterable[Invoiced], pools: Iterable[PoolFact]) -> Agreement:
    """Put what was bought, invoiced and installed side by side. [ISO/IEC 19770-1:2017, 8.3]"""
    bought, invoiced, pools = list(bought), list(invoiced), sorted(pools, key=lambda each: each.reference)
    pool_of = {each.reference: each.pool for each in bought}
    named: dict[str, set[str]] = defaultdict(set)
    for pool in pools:
        for name in {folded(pool.name), *map(folded, pool.names)}:
            named[name].add(pool.reference)
    placed: dict[str, int] = defaultdict(int)
    unplaced = []
    for line in sorted(invoiced, key=lambda each: each.row):
        there = pool_of.get(line.entitlement) or _only(named.get(folded(line.product), set()))
        if there is None:
            unplaced.append(line)
        else:
            placed[there] += line.quantity
    had: dict[str, int] = defaultdict(int)
    counting: dict[str, int] = defaultdict(int)
    for each in bought:
        had[each.pool] += each.quantity
        counting[each.pool] += each.quantity if each.counts is None else each.counts
    by_pool = [
        _of_pool(pool, had.get(pool.reference, 0), placed.get(pool.reference, 0), counting.get(pool.reference, 0))
        for pool in pools
        if had.get(pool.reference) or placed.get(pool.reference) or pool.installed
    ]
    return Agreement(tuple(by_pool), tuple(_by_order(bought, invoiced)), tuple(unplaced))


def _only(found: set[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def _of_pool(pool: PoolFact, bought: int, invoiced: int, counts: int) -> ThreeWay:
    why, agrees = _bought_and_invoiced(bought, invoiced)
    if counts != bought:
        why.append(
            f"{counts} count on the day, for what is installed: what ended, was given up or transferred counts no "
            "longer, and what was bought before the file begins or came by a transfer does."
        )
    fewer, rest = ("were bought", "those bought") if counts == bought else ("count", "those that count")
    if pool.metric is not Metric.DEVICE:
        why.append(
            f"Its metric is {pool.metric.label.lower()}, so the {pool.installed} installed are no count of what is "
            "needed; the licence position is."
        )
    elif pool.installed > counts:
        agrees = False
        why.append(f"{pool.installed} devices have it, {pool.installed - counts} more than {fewer}.")
    elif pool.installed < counts:
        why.append(f"{pool.installed} devices have it; {counts - pool.installed} of {rest} are not in use.")
    else:
        why.append("As many devices have it.")
    explained = Explained(agrees, tuple(Reason(each, RECONCILIATION) for each in why))
    return ThreeWay(pool.reference, pool.name, bought, invoiced, counts, pool.installed, explained)


def _by_order(bought: list[Bought], invoiced: list[Invoiced]) -> Iterable[ThreeWay]:
    written: dict[str, str] = {}
    had, billed = _sums(bought, written), _sums(invoiced, written)
    for order in sorted(had.keys() | billed.keys()):
        why, agrees = _bought_and_invoiced(had.get(order, 0), billed.get(order, 0))
        explained = Explained(agrees, tuple(Reason(each, RECONCILIATION) for each in why))
        yield ThreeWay(order, written[order], had.get(order, 0), billed.get(order, 0), None, None, explained)


def _sums(rows: Iterable[Bought | Invoiced], written: dict[str, str]) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.quantity and (order := identifier(row.purchase_order)):
            written.setdefault(order, row.purchase_order)
            sums[order] += row.quantity
    return sums


def _bought_and_invoiced(bought: int, invoiced: int) -> tuple[list[str], bool]:
    if bought == invoiced:
        return [f"{bought} bought and as many invoiced."], True
    more = "more" if invoiced > bought else "fewer"
    return [f"{bought} bought, {invoiced} invoiced: {abs(invoiced - bought)} {more} than bought."], False
