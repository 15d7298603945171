"""What nobody owns or answers for."""

from collections.abc import Iterator
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.asset_gaps import GapRow, all_gaps, gap_page
from app.queries.assets import PAGE, choices
from app.web.assets.area import area
from app.web.assets.asked import address, asked, asked_filters, sort_address
from app.web.assets.register import WORDS, how_many
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.work import Work

HEAD = ("Tag", "Name", "Kind", "Status", "Site", "Custodian", "Criticality", "Ownership", "Gap", "Why", "Clause")


@area.get("/gaps", needs=Permission.SEE_ASSETS)
def gaps(work: Work) -> ResponseReturnValue:
    """The assets in scope with a gap, each with all of its gaps."""
    wanted, page = asked_filters(), asked_page()
    found, rows = gap_page(work, wanted, page)
    if page > 1 and not rows:
        page = max(1, -(-found.total // PAGE)) if found.total else 1
        found, rows = gap_page(work, wanted, page)
    return render_template(
        "assets/gaps.html",
        found=found,
        rows=rows,
        says=how_many(found),
        wanted=wanted,
        asked=asked(),
        sites=choices(work).sites,
        link=lambda number: address("assets.gaps", wanted, page=number),
        sort=lambda order: sort_address("assets.gaps", wanted, order),
        export=lambda sheet: address("assets.export_gaps", wanted, sheet=sheet),
        **{"gap_words": WORDS["gaps"], "kinds": WORDS["kinds"], "criticalities": WORDS["criticalities"]},
    )


@area.get("/gaps/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export_gaps(work: Work, sheet: str) -> ResponseReturnValue:
    """All gaps that the filters ask for as a file, one a line."""
    lines = (line for row in all_gaps(work, asked_filters()) for line in _lines(row))
    return sheet_response(work, "ownership-gaps", sheet, "Ownership gaps", HEAD, lines)


def _lines(row: GapRow) -> Iterator[list[Any]]:
    asset = row.asset
    for gap in row.gaps:
        yield [
            asset.tag,
            asset.name,
            asset.kind.label,
            asset.status.label,
            asset.site,
            asset.custodian,
            asset.criticality.label,
            asset.ownership.label if asset.ownership else None,
            gap.value.label,
            gap.why[0].says,
            str(gap.why[0].clause or ""),
        ]
