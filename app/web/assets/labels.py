"""Printable labels: of the assets that are ticked, or of all that the filters ask for."""

from itertools import islice

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.outputs.labels import Label, label_of
from app.queries.assets import AssetRow, all_assets, assets_of
from app.web.assets.area import area
from app.web.assets.asked import asked, asked_filters
from app.web.fields import row_id
from app.work import Work

MOST = 500
"""Labels on one print: 24 sheets."""
SIZES = (("medium", "63.5 × 38.1 mm, 21 a sheet"), ("small", "48.5 × 25.4 mm, 40 a sheet"))


@area.get("/labels", needs=Permission.SEE_ASSETS)
def labels(work: Work) -> ResponseReturnValue:
    """The labels, ready to be printed on sheets of A4."""
    ticked = request.args.getlist("asset", type=row_id)[: MOST + 1]
    rows = assets_of(work, ticked) if ticked else list(islice(all_assets(work, asked_filters()), MOST + 1))
    size = next((word for word, _ in SIZES if word == request.args.get("size")), SIZES[0][0])
    return render_template(
        "assets/labels.html",
        labels=[_label(row) for row in rows[:MOST]],
        has_more=len(rows) > MOST,
        most=MOST,
        size=size,
        sizes=SIZES,
        ticked=ticked,
        asked=asked(),
    )


def _label(row: AssetRow) -> Label:
    public = current_app.extensions["settings"].public_url
    return label_of(row.tag, row.name, f"{public}{url_for('assets.show', asset_id=row.id)}")
