"""The list of seats over all pools, and the same as a file."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.asset_page import open_sites
from app.queries.seats import (
    HELD,
    ORDERS,
    PAGE,
    STANDINGS,
    SeatFilters,
    all_seats,
    has_seats,
    pools_with_seats,
    seat_page,
)
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.licence_seats.area import area, pool_url, url_of_holder
from app.work import Work

NAMES = ("q", "pool", "site", "standing", "day", "order", "down")
HEAD = ("Pool", "Name", "Holder", "Number or tag", "Site", "From", "Through", "Checked out by", "Note")


def _day(work: Work) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return work.today


def asked_filters(work: Work) -> SeatFilters:
    """What the address asks for; what it cannot mean is left out."""
    said = request.args
    return SeatFilters(
        day=_day(work),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), HELD),
        pool_id=said.get("pool", type=row_id),
        site_id=said.get("site", type=row_id),
        text=said.get("q", "").strip()[:200] or None,
        order=next((word for word in ORDERS if word == said.get("order")), ORDERS[0]),
        descending=bool(said.get("down")),
    )


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """Who holds a seat on a day, fifty a page."""
    wanted, page = asked_filters(work), asked_page()
    rows, total = seat_page(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = seat_page(work, wanted, page)
    asked: dict[str, Any] = {name: request.args[name] for name in NAMES if request.args.get(name)}

    def sort(order: str) -> str:
        down = "yes" if wanted.order == order and not wanted.descending else None
        return url_for("licence_seats.index", **{**asked, "order": order, "down": down})

    return render_template(
        "licence_seats/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        asked=asked,
        any_seat=bool(total) or has_seats(work),
        standings=STANDINGS,
        pools=pools_with_seats(work),
        sites=open_sites(work, wanted.site_id),
        pool_url=pool_url,
        holder_url=url_of_holder,
        sort=sort,
        link=lambda number: url_for("licence_seats.index", **asked, page=number),
        export=lambda sheet: url_for("licence_seats.export", **asked, sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All that the filters ask for, as a file."""
    lines = (
        (
            seat.pool_reference,
            seat.pool,
            seat.holder,
            seat.known_as,
            seat.site or "",
            seat.starts_on,
            seat.ends_on,
            seat.by or "",
            seat.note,
        )
        for seat in all_seats(work, asked_filters(work))
    )
    return sheet_response(work, "seats", sheet, "Seats", HEAD, lines)
