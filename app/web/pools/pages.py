"""The list of pools, the same as a file, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.licensing.entitlement import units_on
from app.domain.licensing.metric import Metric
from app.domain.licensing.position import say_position
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.licence import LicencePool
from app.queries.entitlements import EntitlementFilters, all_entitlements
from app.queries.pools import (
    ORDERS,
    PAGE,
    SEATED,
    PoolFilters,
    all_pools,
    pool_list,
    publishers_of_pools,
    seats_held,
    sites_named,
)
from app.queries.positions import positions_on
from app.queries.seat_facts import supply_of
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.gate import may
from app.web.pools.area import area, pool_or_404
from app.work import Work

HEAD = ("Reference", "Name", "Publisher", "Metric", "Site", "Products", "Entitlements", "Seats held today")
NAMES = ("q", "publisher", "metric", "site", "order", "direction")
METRICS = [(each.value, each.label) for each in Metric]


def _asked() -> PoolFilters:
    said = request.args
    return PoolFilters(
        text=said.get("q", "").strip()[:200] or None,
        publisher_id=said.get("publisher", type=row_id),
        metric=next((each for each in Metric if each.value == said.get("metric")), None),
        site_id=said.get("site", type=row_id),
        order=next((each for each in ORDERS if each == said.get("order")), "name"),
        descending=said.get("direction") == "down",
    )


def _address(endpoint: str, **more: Any) -> str:
    said: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)} | more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The pools that are asked for, fifty a page."""
    wanted, page = _asked(), asked_page()
    rows, total = pool_list(work, wanted, page)

    def sort(order: str) -> str:
        turned = wanted.order == order and not wanted.descending
        return _address("pools.index", order=order, direction="down" if turned else None)

    return render_template(
        "pools/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        wanted=wanted,
        metrics=METRICS,
        publishers=publishers_of_pools(work),
        sites=sites_named(work),
        link=lambda number: _address("pools.index", page=number),
        sort=sort,
        export=lambda sheet: _address("pools.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All pools that the filters ask for, as a file."""
    return sheet_response(work, "licence-pools", sheet, "Licence pools", HEAD, _cells(work, _asked()))


def _cells(work: Work, wanted: PoolFilters) -> Iterator[list[Any]]:
    for row in all_pools(work, wanted):
        yield [row.reference, row.name, row.publisher, row.metric.label, row.site or "", row.products,
               row.entitlements, row.seats]  # fmt: skip


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One pool: how it stands today, what it covers, what was bought into it."""
    pool = pool_or_404(work, reference)
    return render_template("pools/show.html", pool=pool, **page_of(work, pool))


def page_of(work: Work, pool: LicencePool) -> dict[str, Any]:
    """All that the page of a pool shows."""
    bought, takers = supply_of(work, pool.id)
    counted = {each.fact.id: units_on(each.fact, takers, work.today) for each in bought}
    lines = positions_on(work, work.today, pool.id)
    line = lines[0] if lines else None
    price = pool.unit_price_minor
    return {
        "rows": list(all_entitlements(work, EntitlementFilters(pool=pool.reference))),
        "counted": counted,
        "position": line.position if line else None,
        "sentence": say_position(line.position, pool.metric) if line else "",
        "cost": say_money(line.position.cost_minor, pool.currency)
        if line and line.position.cost_minor and pool.currency
        else None,
        "price": say_money(price, pool.currency) if price is not None else None,
        "takes_seats": pool.metric in SEATED,
        "seats": seats_held(work, pool.id),
        "has": current_app.view_functions.__contains__,
        "journal_url": url_for("journal.index", noun="licence_pool", reference=pool.reference)
        if may(Permission.READ_JOURNAL)
        else None,
    }
