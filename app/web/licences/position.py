"""How every pool stands on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.licensing.metric import Metric
from app.domain.licensing.position import COLUMNS, counting_explained, say_position
from app.domain.money import amount_of, say_money
from app.domain.permission import Permission
from app.queries.licence_notices import due_from
from app.queries.positions import Line, positions_on, unpooled_on
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.licences.area import area, asked_day
from app.web.licences.asked import EVERYWHERE, STANDINGS, address, asked, turned
from app.work import Work

PAGE = 50
NAMED = 20
"""So many products without a pool are named; the others are counted."""
HEAD = ("Pool", "Name", "Publisher", "Metric", "Site", "Entitled", "Demand", "Covered", "Shortfall", "Surplus",
        "True-up cost", "Currency", "How it stands", "On")  # fmt: skip


@area.get("/position", needs=Permission.SEE_ASSETS)
def position(work: Work) -> ResponseReturnValue:
    """The pools that are asked for, fifty a page; what is in no pool; and what comes due."""
    day, wanted = asked_day(work), asked()
    every = positions_on(work, day.on)
    lines = wanted.of(every)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(asked_page(), pages)
    bare = unpooled_on(work, day.on)
    shown = render_template(
        "licences/position.html",
        lines=lines[(page - 1) * PAGE : page * PAGE],
        total=len(lines),
        every=len(every),
        short=sum(1 for line in lines if line.position.shortfall),
        unpriced=sum(1 for line in lines if line.position.cost_minor is None),
        sums=sums_of(lines),
        page=page,
        pages=pages,
        wanted=wanted,
        day=day,
        metrics=[(each.value, each.label) for each in Metric],
        standings=STANDINGS,
        publishers=sorted({(line.publisher_id, line.publisher) for line in every}, key=lambda each: each[1].casefold()),
        sites=_sites(every),
        columns=COLUMNS,
        counting=counting_explained,
        says=say_position,
        money=say_money,
        bare=bare[:NAMED],
        bare_count=len(bare),
        due=due_from(work, day.on),
        link=lambda number: address("licences.position", page=number),
        sort=lambda order: turned(wanted, order),
        export=lambda sheet: address("licences.export", sheet=sheet),
        show_all=url_for("licences.position", on=None if day.on == work.today else day.on.isoformat()),
    )
    return shown, 422 if day.fault else 200


@area.get("/position/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All lines that the filters ask for, as a file."""
    day = asked_day(work)
    if day.fault:
        return render_template("licences/no_day.html", day=day), 422
    lines = asked().of(positions_on(work, day.on))
    return sheet_response(work, "licence-position", sheet, "Licence position", HEAD, _cells(lines, day.on.isoformat()))


def sums_of(lines: Iterable[Line]) -> list[str]:
    """What is missing and has a price, by currency; amounts of several currencies are never added up."""
    costs: dict[str, int] = defaultdict(int)
    for line in lines:
        costs[line.currency] += line.position.cost_minor or 0
    return [say_money(minor, currency) for currency, minor in sorted(costs.items()) if minor]


def _sites(lines: Iterable[Line]) -> list[tuple[str, str]]:
    named = sorted({line.site for line in lines if line.site})
    return [(EVERYWHERE, "Every site together"), *((name, f"{name} alone") for name in named)] if named else []


def _cells(lines: Iterable[Line], day: str) -> Iterator[list[Any]]:
    for line in lines:
        how, cost = line.position, line.position.cost_minor
        yield [
            line.reference,
            line.name,
            line.publisher,
            line.metric.label,
            line.site or "All",
            how.entitled,
            how.demand,
            how.allocated,
            how.shortfall,
            how.surplus,
            None if cost is None else amount_of(cost, line.currency) if line.currency else cost,
            line.currency,
            say_position(how, line.metric),
            day,
        ]
