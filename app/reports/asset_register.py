"""Every asset as the register has it today."""

from typing import Any

from app.domain.document import Column, Shape, Table
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty
from app.queries.assets import AssetFilters, AssetRow, all_assets, choices
from app.reports.report import Asked, Body, Choices, Option, Report, say_count, words_of
from app.work import Work

COLUMNS = (
    Column("Tag"),
    Column("Name", breadth=5),
    Column("Kind"),
    Column("Status"),
    Column("Serial", breadth=4),
    Column("Site"),
    Column("Custodian", breadth=4),
    Column("Criticality"),
    Column("In scope", breadth=2),
    Column("Ownership"),
    Column("Duties held", breadth=2),
    Column("Warranty ends", Shape.DAY),
    Column("End of support", Shape.DAY),
)


def sites(work: Work) -> Choices:
    """The sites of the organisation."""
    return [(str(id_), name) for id_, name in choices(work).sites]


def _filters(asked: Asked) -> AssetFilters:
    said = asked.values
    return AssetFilters(
        kind=AssetKind(said["kind"]) if said["kind"] else None,
        status=AssetStatus(said["status"]) if said["status"] else None,
        site_id=int(said["site"]) if said["site"] else None,
        criticality=Criticality(said["criticality"]) if said["criticality"] else None,
        in_scope={"yes": True, "no": False}.get(said["scope"]),
    )


def _cells(row: AssetRow) -> tuple[Any, ...]:
    return (
        row.tag,
        row.name,
        row.kind.label,
        row.status.label,
        row.serial,
        row.site,
        row.custodian,
        row.criticality.label,
        "Yes" if row.in_scope else "No",
        row.ownership.label if row.ownership else None,
        f"{row.duties} of {len(Duty)}",
        row.warranty_ends_on,
        row.end_of_life_on,
    )


def tell(work: Work, asked: Asked) -> Body:
    """One line an asset, by tag."""
    rows: list[AssetRow] = asked.take(all_assets(work, _filters(asked)))
    in_scope = [row for row in rows if row.in_scope and not row.status.is_gone]
    owned = sum(row.ownership is not None for row in in_scope)
    says = f"{say_count(len(rows), 'asset')}. Of {len(in_scope):,} in scope and not gone, {owned:,} have an owner."
    return Body(says, (Table("Assets", COLUMNS, list(map(_cells, rows)), "No asset is recorded that is like that."),))


REPORT = Report(
    "asset-register",
    "Asset register",
    "Shows what IT assets there are, where, in whose hands and whose they are.",
    (4, 5),
    tell,
    (
        Option("kind", "Kind", words_of(AssetKind)),
        Option("status", "Status", words_of(AssetStatus)),
        Option("site", "Site", sites),
        Option("criticality", "Criticality", words_of(Criticality)),
        Option("scope", "In scope", lambda work: [("yes", "Yes"), ("no", "No")]),
    ),
)
