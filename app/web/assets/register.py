"""The register of assets: filtered, sorted, fifty a page, and as a file."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty, Gap, OwnershipKind
from app.domain.permission import Permission
from app.domain.words import Word
from app.queries.assets import COUNTED, PAGE, AssetFilters, AssetPage, AssetRow, all_assets, asset_register, choices
from app.queries.employees import employee_by_id
from app.web.assets.area import area
from app.web.assets.asked import address, asked, asked_filters, sort_address
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.work import Work

HEAD = (
    *("Tag", "Name", "Kind", "Status", "Serial", "Maker", "Model", "Site", "Custodian", "Criticality", "In scope"),
    *("Warranty ends on", "End of life on", "Ownership", "Duties held"),
)


def _pairs(kind: type[Word]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in kind]


WORDS: dict[str, list[tuple[str, str]]] = {
    "kinds": _pairs(AssetKind),
    "statuses": _pairs(AssetStatus),
    "criticalities": _pairs(Criticality),
    "ownerships": _pairs(OwnershipKind),
    "gaps": _pairs(Gap),
}
"""What the filters offer."""


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The assets that are asked for, fifty a page."""
    wanted, page = asked_filters(), asked_page()
    found = asset_register(work, wanted, page)
    if page > 1 and not found.rows:
        # Behind the last page.
        page = max(1, -(-found.total // PAGE)) if found.total else 1
        found = asset_register(work, wanted, page)
    custodian = employee_by_id(work, wanted.custodian_id) if wanted.custodian_id is not None else None
    return render_template(
        "assets/index.html",
        found=found,
        lines=[_line(row, work.today, url_for("assets.show", asset_id=row.id)) for row in found.rows],
        says=how_many(found),
        wanted=wanted,
        asked=asked(),
        custodian=custodian,
        sites=choices(work).sites,
        link=lambda number: address("assets.index", wanted, page=number),
        sort=lambda order: sort_address("assets.index", wanted, order),
        export=lambda sheet: address("assets.export", wanted, sheet=sheet),
        labels=address("assets.labels", wanted),
        **WORDS,
    )


@lru_cache(maxsize=4096)
def _line(row: AssetRow, today: date, url: str) -> Markup:
    """A line of the table: drawn once for each day on which it says the same, since it says nothing else."""
    template: Any = current_app.jinja_env.get_template("assets/_line.html")
    drawn: Markup = template.module.line(row, today, url, len(Duty), True)
    return drawn


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All that the filters ask for, as a file."""
    return sheet_response(work, "assets", sheet, "Assets", HEAD, _cells(work, asked_filters()))


def how_many(found: AssetPage) -> str:
    """How many there are, in words; beyond what is counted, only that there are more."""
    if found.total is not None:
        return f"{found.total:,} {'asset' if found.total == 1 else 'assets'}"
    return f"More than {max((found.page - 1) * PAGE + len(found.rows), 0 if found.is_searched else COUNTED):,} assets"


def _cells(work: Work, wanted: AssetFilters) -> Iterator[list[Any]]:
    return (_row(each) for each in all_assets(work, wanted))


def _row(row: AssetRow) -> list[Any]:
    return [
        row.tag,
        row.name,
        row.kind.label,
        row.status.label,
        row.serial,
        row.maker,
        row.model,
        row.site,
        row.custodian,
        row.criticality.label,
        "yes" if row.in_scope else "no",
        row.warranty_ends_on,
        row.end_of_life_on,
        row.ownership.label if row.ownership else None,
        row.duties,
    ]
