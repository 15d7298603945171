"""The files that were imported, and what each brought."""

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.imports import PAGE, batch_row, batches, brought_by
from app.queries.journal import Line
from app.web.fields import asked_page
from app.web.gate import may
from app.web.imports.area import area
from app.work import Work

PAGES = {
    "asset": ("assets.show", "asset_id"),
    "employee": ("employees.show", "employee_id"),
    "installation": ("software.installation", "installation_id"),
    "product": ("software.show", "product_id"),
    "entitlement": ("entitlements.show", "entitlement_id"),
}
"""The page of what an import brings, and what its address names."""


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """What was imported, the latest first."""
    page = asked_page()
    rows, total = batches(work, page)
    return render_template(
        "imports/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        link=lambda number: url_for("imports.index", page=number),
    )


@area.get("/<int:batch_id>", needs=Permission.SEE_ASSETS)
def show(work: Work, batch_id: int) -> ResponseReturnValue:
    """One file: its counts, its hash, and the entry of each row that it added or changed."""
    batch = batch_row(work, batch_id)
    if batch is None:
        abort(404)
    page = asked_page()
    brought = brought_by(work, batch_id, page) if may(Permission.READ_JOURNAL) else None

    def page_of(line: Line) -> str | None:
        endpoint, argument = PAGES.get(line.noun, ("", ""))
        if brought is None or (line.noun, line.noun_id) not in brought.there:
            return None
        if endpoint not in current_app.view_functions or not current_app.url_map.is_endpoint_expecting(
            endpoint, argument
        ):
            return None
        named: dict[str, str] = {argument: line.noun_id}
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
