"""The list of entitlements, the same as a file, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.concern import Concern
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.money import amount_of, say_money
from app.domain.permission import Permission
from app.queries.attachments import attachments_on
from app.queries.entitlement_counts import chain_of, counted_on
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
from app.queries.finding_pointers import findings_about
from app.queries.licence_pointers import runs_of
from app.queries.pools import publishers_of_pools, sites_named
from app.web.entitlements.area import area, entitlement_or_404
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.gate import may
from app.work import Work

HEAD = (
    *("Reference", "Pool", "Pool name", "Publisher", "Kind", "Quantity", "From", "Last day", "Given up from"),
    *("Standing", "Site", "Supplier", "Purchase order", "Invoice", "Proof", "Cost", "Currency"),
)
_NAMES = ("q", "pool", "publisher", "kind", "standing", "order", "direction")


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The entitlements that are asked for, fifty a page, each with what of it counts today."""
    wanted, page = _asked(), asked_page()
    rows, total = entitlement_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = entitlement_list(work, wanted, page)
    return render_template(
        "entitlements/index.html",
        rows=rows,
        counted=counted_on(work, [row.id for row in rows], work.today),
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        publishers=publishers_of_pools(work),
        kinds=[(each.value, each.label) for each in EntitlementKind],
        standings=STANDINGS,
        link=lambda number: _address("entitlements.index", page=number),
        sort=lambda order: _turned(wanted, order),
        export=lambda sheet: _address("entitlements.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All entitlements that the filters ask for, as a file."""
    return sheet_response(work, "entitlements", sheet, "Entitlements", HEAD, _cells(work, _asked()))


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One entitlement: what of it counts today and why, its terms, its papers, what it rests on and what takes it."""
    row = entitlement_or_404(work, reference)
    sites = dict(sites_named(work))
    return render_template(
        "entitlements/show.html",
        row=row,
        term_sites=lambda term: sorted(sites[each] for each in term.site_ids if each in sites),
        counts=counted_on(work, [row.id], work.today)[row.id],
        cost=say_money(row.cost_minor, row.currency) if row.cost_minor is not None else "",
        chain=chain_of(work, row),
        takers=takers_of(work, row.id),
        batch=batch_of(work, row),
        runs=runs_of(work, row.id),
        found=findings_about(work, Concern.ENTITLEMENT, row.id),
        attachments=attachments_on(work, entitlement_id=row.id),
        journal_url=url_for("journal.index", reference=row.reference) if may(Permission.READ_JOURNAL) else None,
    )


def _cells(work: Work, wanted: EntitlementFilters) -> Iterator[list[Any]]:
    for row in all_entitlements(work, wanted):
        yield [
            *(row.reference, row.pool_reference, row.pool, row.publisher, row.kind.label, row.quantity),
            *(row.starts_on, row.ends_on, row.retired_on, row.standing(work.today), row.site or "", row.supplier),
            *(row.purchase_order, row.invoice, row.proof),
            *(amount_of(row.cost_minor, row.currency) if row.cost_minor is not None else None, row.currency),
        ]


def _asked() -> EntitlementFilters:
    """Which entitlements are asked for; a filter that names nothing asks for everything."""
    said = request.args
    order = next((each for each in ORDERS if each == said.get("order")), None)
    return EntitlementFilters(
        text=said.get("q", "").strip()[:200] or None,
        pool=said.get("pool", "").strip()[:40] or None,
        publisher_id=said.get("publisher", type=row_id),
        kind=next((each for each in EntitlementKind if each.value == said.get("kind")), None),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        order=order or "reference",
        descending=said.get("direction") == "down" if order else True,
    )


def _address(endpoint: str, **more: Any) -> str:
    said: dict[str, Any] = {name: request.args[name][:200] for name in _NAMES if request.args.get(name)}
    said |= more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


def _turned(wanted: EntitlementFilters, order: str) -> str:
    is_turned = wanted.order == order and not wanted.descending
    return _address("entitlements.index", order=order, direction="down" if is_turned else None)
