"""The list of seats over all pools, and the same as a file."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.pools import pools_with_seats, sites_named
from app.queries.seats import ORDERS, PAGE, STANDINGS, SeatFilters, all_seats, seat_list
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.licence_seats.area import area
from app.work import Work

HEAD = ("Pool", "Pool name", "Holder", "Number or device", "Site", "From", "Through", "Left on", "Note")
NAMES = ("q", "pool", "site", "standing", "order", "direction")


def _asked() -> SeatFilters:
    said = request.args
    return SeatFilters(
        text=said.get("q", "").strip()[:200] or None,
        pool=said.get("pool", "").strip()[:40] or None,
        site_id=said.get("site", type=row_id),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        order=next((each for each in ORDERS if each == said.get("order")), "holder"),
        descending=said.get("direction") == "down",
    )


def _address(endpoint: str, **more: Any) -> str:
    said: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)} | more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The seats that are asked for, fifty a page."""
    wanted, page = _asked(), asked_page()
    rows, total = seat_list(work, wanted, page)

    def sort(order: str) -> str:
        turned = wanted.order == order and not wanted.descending
        return _address("licence_seats.index", order=order, direction="down" if turned else None)

    return render_template(
        "licence_seats/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        wanted=wanted,
        pools=pools_with_seats(work),
        sites=sites_named(work),
        standings=STANDINGS,
        link=lambda number: _address("licence_seats.index", page=number),
        sort=sort,
        export=lambda sheet: _address("licence_seats.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All seats that the filters ask for, as a file."""
    return sheet_response(work, "licence-seats", sheet, "Seats", HEAD, _cells(work, _asked()))


def _cells(work: Work, wanted: SeatFilters) -> Iterator[list[Any]]:
    for row in all_seats(work, wanted):
        yield [row.pool_reference, row.pool, row.holder, row.holder_says, row.site or "", row.starts_on,
               row.ends_on or "", row.left_on or "", row.note]  # fmt: skip
