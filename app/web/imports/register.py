"""The files that were imported, and what each brought."""

from typing import Any

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.itam.batch import BatchKind
from app.domain.permission import Permission
from app.queries.imports import (
    BATCH_ORDERS,
    PAGE,
    BatchFilters,
    BatchRow,
    batch_row,
    batches,
    brought_by,
    importers,
)
from app.queries.journal import Line
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.gate import may, unseen_nouns
from app.web.imports.area import area
from app.work import Work

PAGES = {
    "asset": ("assets.show", "asset_id"),
    "employee": ("employees.show", "employee_id"),
    "installation": ("software.installation", "installation_id"),
    "product": ("software.show", "product_id"),
    "entitlement": ("entitlements.show", "reference"),
}
"""The page of what an import brings, and what its address names."""


HEAD = ("File", "What it held", "Source", "Added", "Changed", "Left", "When", "By", "SHA-256")
NAMES = ("q", "kind", "by", "order", "direction")
"""What an address may name."""


def _asked_filters() -> BatchFilters:
    said = request.args
    order = next((each for each in BATCH_ORDERS if each == said.get("order")), "when")
    return BatchFilters(
        text=said.get("q", "").strip()[:200] or None,
        kind=next((each for each in BatchKind if each.value == said.get("kind")), None),
        person_id=said.get("by", type=row_id),
        order=order,
        # The latest first, unless somebody asks for another order.
        descending=said.get("direction", "down" if order == "when" else "up") == "down",
    )


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """What was imported, the latest first."""
    wanted, page = _asked_filters(), asked_page()
    rows, total = batches(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = batches(work, wanted, page)
    asked: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)}

    def sort(order: str) -> str:
        turned = "up" if wanted.order == order and wanted.descending else "down"
        direction = turned if wanted.order == order or order in ("when", "added") else "up"
        return url_for("imports.index", **{**asked, "order": order, "direction": direction})

    return render_template(
        "imports/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        kinds=[(each.value, each.label) for each in BatchKind],
        people=importers(work),
        link=lambda number: url_for("imports.index", **asked, page=number),
        export=lambda sheet: url_for("imports.export", **asked, sheet=sheet),
        sort=sort,
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All that the filters ask for, as a file."""
    rows, _total = batches(work, _asked_filters(), page=None)
    lines = (
        (row.file_name, row.kind.label, row.source, row.added, row.changed, row.left, when(row), row.by, row.sha256)
        for row in rows
    )
    return sheet_response(work, "imports", sheet, "Imports", HEAD, lines)


def when(row: BatchRow) -> str:
    """The minute of an import, as a sheet holds it."""
    return row.imported_at.strftime("%Y-%m-%d %H:%M")


@area.get("/<int:batch_id>", needs=Permission.SEE_ASSETS)
def show(work: Work, batch_id: int) -> ResponseReturnValue:
    """One file: its counts, its hash, and the entry of each row that it added or changed."""
    batch = batch_row(work, batch_id)
    if batch is None:
        abort(404)
    page = asked_page()
    brought = brought_by(work, batch_id, unseen_nouns(), page) if may(Permission.READ_JOURNAL) else None

    def page_of(line: Line) -> str | None:
        endpoint, argument = PAGES.get(line.noun, ("", ""))
        if brought is None or (line.noun, line.noun_id) not in brought.there:
            return None
        if endpoint not in current_app.view_functions or not current_app.url_map.is_endpoint_expecting(
            endpoint, argument
        ):
            return None
        named: dict[str, str] = {argument: line.reference if argument == "reference" else line.noun_id}
        return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **named)

    return render_template(
        "imports/show.html",
        batch=batch,
        brought=brought,
        page=page,
        pages=max(1, -(-brought.total // PAGE)) if brought else 1,
        link=lambda number: url_for("imports.show", batch_id=batch_id, page=number),
        page_of=page_of,
    )
