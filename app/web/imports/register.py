"""The files that were imported."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.imports import PAGE, batches
from app.web.fields import asked_page
from app.web.imports.area import area
from app.work import Work


@area.get("", needs=Permission.MANAGE_ASSETS)
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
