"""The list of entitlements, the same as a file, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.licensing.entitlement import EntitlementKind, units_on
from app.domain.money import amount_of, say_money
from app.domain.permission import Permission
from app.models.licence import Entitlement
from app.queries.attachments import attachments_on
from app.queries.entitlements import (
    ORDERS,
    PAGE,
    STANDINGS,
    EntitlementFilters,
    all_entitlements,
    batch_of,
    entitlement_list,
    takers_of,
)
from app.queries.pools import publishers_of_pools
from app.queries.seat_facts import fact_of
from app.web.entitlements.area import area, entitlement_or_404
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.gate import may
from app.work import Work

HEAD = (
    *("Reference", "Pool", "Pool name", "Publisher", "Kind", "Quantity", "From", "Through", "Given up on", "Site"),
    *("Supplier", "Purchase order", "Invoice", "Proof", "Cost", "Currency"),
)
NAMES = ("q", "pool", "publisher", "kind", "standing", "order", "direction")


def _asked() -> EntitlementFilters:
    said = request.args
    return EntitlementFilters(
        text=said.get("q", "").strip()[:200] or None,
        pool=said.get("pool", "").strip()[:40] or None,
        publisher_id=said.get("publisher", type=row_id),
        kind=next((each for each in EntitlementKind if each.value == said.get("kind")), None),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        order=next((each for each in ORDERS if each == said.get("order")), "reference"),
        descending=said.get("direction", "down" if "order" not in said else "") == "down",
    )


def _address(endpoint: str, **more: Any) -> str:
    said: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)} | more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The entitlements that are asked for, fifty a page."""
    wanted, page = _asked(), asked_page()
    rows, total = entitlement_list(work, wanted, page)

    def sort(order: str) -> str:
        turned = wanted.order == order and not wanted.descending
        return _address("entitlements.index", order=order, direction="down" if turned else None)

    return render_template(
        "entitlements/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        wanted=wanted,
        publishers=publishers_of_pools(work),
        kinds=[(each.value, each.label) for each in EntitlementKind],
        standings=STANDINGS,
        money=lambda row: say_money(row.cost_minor, row.currency) if row.cost_minor is not None else "–",
        link=lambda number: _address("entitlements.index", page=number),
        sort=sort,
        export=lambda sheet: _address("entitlements.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All entitlements that the filters ask for, as a file."""
    return sheet_response(work, "entitlements", sheet, "Entitlements", HEAD, _cells(work, _asked()))


def _cells(work: Work, wanted: EntitlementFilters) -> Iterator[list[Any]]:
    for row in all_entitlements(work, wanted):
        cost = amount_of(row.cost_minor, row.currency) if row.cost_minor is not None else ""
        yield [row.reference, row.pool_reference, row.pool, row.publisher, row.kind.label, row.quantity, row.starts_on,
               row.ends_on or "", row.retired_on or "", row.site or "", row.supplier, row.purchase_order, row.invoice,
               row.proof, cost, row.currency]  # fmt: skip


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One entitlement: what counts of it today and why, its terms, its proof, and what rests on it."""
    row = entitlement_or_404(work, reference)
    return render_template("entitlements/show.html", row=row, **page_of(work, row))


def page_of(work: Work, row: Entitlement) -> dict[str, Any]:
    """All that the page of an entitlement shows."""
    takers = takers_of(work, row.id)
    return {
        "units": units_on(fact_of(row), [fact_of(each) for each in takers], work.today),
        "takers": takers,
        "batch": batch_of(work, row),
        "cost": say_money(row.cost_minor, row.currency) if row.cost_minor is not None else None,
        "attachments": attachments_on(work, entitlement_id=row.id),
        "has": current_app.view_functions.__contains__,
        "journal_url": url_for("journal.index", noun="entitlement", reference=row.reference)
        if may(Permission.READ_JOURNAL)
        else None,
    }
