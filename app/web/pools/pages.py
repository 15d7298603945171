"""The list of pools, the same as a file, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Explained
from app.domain.findings.concern import Concern
from app.domain.licensing.entitlement import units_on
from app.domain.licensing.metric import Metric, say_parts
from app.domain.licensing.position import (
    COLUMNS,
    Price,
    cost_explained,
    counting_explained,
    entitled_explained,
    say_position,
    surplus_explained,
)
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.licence import LicencePool
from app.queries.entitlements import EntitlementFilters, entitlement_list
from app.queries.finding_pointers import findings_about
from app.queries.licence_pointers import changes_of_pool, runs_of_pool
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
from app.queries.usage import counted_by_product
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.gate import may
from app.web.pools.area import area, pool_or_404
from app.work import Work

HEAD = ("Reference", "Name", "Publisher", "Metric", "Site", "Products", "Entitlements", "Seats held today")
_NAMES = ("q", "publisher", "metric", "site", "order", "direction")


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The pools that are asked for, fifty a page."""
    wanted, page = _asked(), asked_page()
    rows, total = pool_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = pool_list(work, wanted, page)
    return render_template(
        "pools/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        publishers=publishers_of_pools(work),
        metrics=[(each.value, each.label) for each in Metric],
        sites=sites_named(work),
        seated=SEATED,
        link=lambda number: _address("pools.index", page=number),
        sort=lambda order: _turned(wanted, order),
        export=lambda sheet: _address("pools.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All pools that the filters ask for, as a file."""
    return sheet_response(work, "licence-pools", sheet, "Licence pools", HEAD, _cells(work, _asked()))


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One pool: what it covers, what was bought into it and counts today, its seats, and how it stands."""
    pool = pool_or_404(work, reference)
    page = asked_page()
    wanted = EntitlementFilters(pool=pool.reference, order="starts")
    rows, total = entitlement_list(work, wanted, page)
    supply = supply_of(work, pool)
    counted = {each.fact.reference: units_on(each.fact, supply.takers, work.today) for each in supply.bought}
    position = positions_on(work, work.today, pool.id)[0].position
    price = Price(pool.unit_price_minor, pool.currency) if pool.unit_price_minor is not None else None
    changes, change_count = changes_of_pool(work, pool.id)
    return render_template(
        "pools/show.html",
        pool=pool,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        counted=counted,
        position=position,
        standing=say_position(position, pool.metric),
        entitled=entitled_explained(counted),
        demand=Explained(position.demand, counting_explained(pool.metric)),
        shortfall=Explained(position.shortfall, COLUMNS["Shortfall"]),
        surplus=surplus_explained(position),
        cost=cost_explained(position, pool.pack_size, price),
        money=say_money,
        factor=_factor(pool),
        has_seats=pool.metric in SEATED,
        seats=seats_held(work, pool.id),
        used=counted_by_product(work, [each.product_id for each in pool.products]),
        changes=changes,
        change_count=change_count,
        found=findings_about(work, Concern.POOL, pool.id),
        runs=runs_of_pool(work, pool.id),
        link=lambda number: url_for("pools.show", reference=pool.reference, page=number),
        journal_url=url_for("journal.index", reference=pool.reference) if may(Permission.READ_JOURNAL) else None,
    )


def _factor(pool: LicencePool) -> str:
    return say_parts(pool.factor_thousandths * 10)


def _cells(work: Work, wanted: PoolFilters) -> Iterator[list[Any]]:
    for row in all_pools(work, wanted):
        yield [
            *(row.reference, row.name, row.publisher, row.metric.label, row.site or ""),
            *(row.products, row.entitlements, row.seats),
        ]


def _asked() -> PoolFilters:
    """Which pools are asked for; a filter that names nothing asks for everything."""
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
    said: dict[str, Any] = {name: request.args[name][:200] for name in _NAMES if request.args.get(name)}
    said |= more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


def _turned(wanted: PoolFilters, order: str) -> str:
    is_turned = wanted.order == order and not wanted.descending
    return _address("pools.index", order=order, direction="down" if is_turned else None)
