"""What is entitled against what is needed, pool by pool, on any day."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from app.domain.document import Column, Noted, Shape, Table
from app.domain.licensing.position import COLUMNS as COUNTED
from app.domain.licensing.position import counting_explained, say_position
from app.domain.money import amount_of, say_money
from app.queries.positions import Line, Unpooled, positions_on, unpooled_on
from app.reports.report import Asked, Body, Option, Report, say_count
from app.work import Work

UNPOOLED = (Column("Product", breadth=6), Column("Publisher", breadth=4), Column("Devices", Shape.NUMBER))


def tell(work: Work, asked: Asked) -> Body:
    """One line a pool, by publisher and name; then what is installed and belongs to no pool."""
    found = sorted(
        positions_on(work, asked.day),
        key=lambda line: (line.publisher.casefold(), line.name.casefold(), line.reference),
    )
    lines: list[Line] = asked.take(found)
    notes = {label: (asked.notes.on(label, why),) for label, why in COUNTED.items()}
    columns = (
        Column("Pool", breadth=2),
        Column("Name", breadth=5),
        Column("Publisher", breadth=4),
        Column("Metric", breadth=4),
        Column("Site", breadth=2),
        Column("Entitled", Shape.NUMBER, notes["Entitled"]),
        Column("Demand", Shape.NUMBER),
        Column("Covered", Shape.NUMBER, notes["Covered"]),
        Column("Shortfall", Shape.NUMBER, notes["Shortfall"]),
        Column("Surplus", Shape.NUMBER, notes["Surplus"]),
        Column("True-up cost", Shape.MONEY, notes["True-up cost"], breadth=3),
        Column("Currency", breadth=2),
        Column("How it stands", breadth=6),
    )
    bare: list[Unpooled] = asked.take(unpooled_on(work, asked.day))
    products = [(f"{each.name} {each.edition}".strip(), each.publisher, each.devices) for each in bare]
    return Body(
        _says(lines, bare),
        (
            Table("Pools", columns, [_cells(asked, line) for line in lines], "No pool of licences is recorded."),
            Table(
                "Installed, in no pool",
                UNPOOLED,
                products,
                "Every installed product that needs a licence is in a pool.",
            ),
        ),
    )


def _cells(asked: Asked, line: Line) -> tuple[Any, ...]:
    position, metric = line.position, line.metric
    counted = asked.notes.on(f"Demand, {metric.label.lower()}", counting_explained(metric))
    cost = position.cost_minor
    return (
        line.reference,
        line.name,
        line.publisher,
        metric.label,
        line.site or "All",
        position.entitled,
        Noted(position.demand, (counted,)),
        position.allocated,
        position.shortfall,
        position.surplus,
        None if cost is None else amount_of(cost, line.currency),
        line.currency,
        say_position(position, metric),
    )


def _says(lines: Iterable[Line], bare: list[Unpooled]) -> str:
    lines = list(lines)
    short = [line for line in lines if line.position.shortfall]
    costs: dict[str, int] = defaultdict(int)
    for line in short:
        costs[line.currency] += line.position.cost_minor or 0
    says = f"{len(short):,} of {say_count(len(lines), 'pool')} {'is' if len(short) == 1 else 'are'} short"
    told = [say_money(minor, currency) for currency, minor in sorted(costs.items()) if minor]
    if told:
        says += f"; what is missing and has a price would cost {' and '.join(told)}"
    if bare:
        words = ("product needs a licence and is", "products need a licence and are")
        says += f"; {say_count(len(bare), f'installed {words[0]}', f'installed {words[1]}')} in no pool"
    return f"{says}."


REPORT = Report(
    "licence-position",
    "Licence position",
    "Shows for each pool of licences what is entitled, what is needed, what is short and what is to spare.",
    (3,),
    tell,
    (Option("day", "Day"),),
)
