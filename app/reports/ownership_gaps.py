"""Assets that somebody should own or answer for, and nobody does."""

from collections.abc import Iterator
from typing import Any

from app.domain.document import Column, Noted, Table
from app.domain.itam.asset import AssetKind, Criticality
from app.domain.itam.ownership import Gap
from app.queries.asset_gaps import all_gaps
from app.queries.assets import AssetFilters
from app.reports.report import Asked, Body, Option, Report, say_count, words_of
from app.work import Work

COLUMNS = (
    Column("Tag"),
    Column("Name", breadth=6),
    Column("Kind"),
    Column("Status"),
    Column("Site"),
    Column("Custodian", breadth=4),
    Column("Criticality"),
    Column("Ownership"),
    Column("Gap", breadth=4),
)


def tell(work: Work, asked: Asked) -> Body:
    """One line for each gap of each asset, by tag."""
    said = asked.values
    wanted = AssetFilters(
        gap=said["gap"] or "any",
        kind=AssetKind(said["kind"]) if said["kind"] else None,
        criticality=Criticality(said["criticality"]) if said["criticality"] else None,
    )
    rows = asked.take(_lines(work, asked, wanted))
    assets = len({row[0] for row in rows})
    says = (
        f"{say_count(len(rows), 'gap')} on {say_count(assets, 'asset')}."
        if rows
        else "No asset in scope has a gap in who owns it or answers for it."
    )
    return Body(says, (Table("Gaps", COLUMNS, rows, "There is no gap."),))


def _lines(work: Work, asked: Asked, wanted: AssetFilters) -> Iterator[tuple[Any, ...]]:
    for row in all_gaps(work, wanted):
        asset = row.asset
        for gap in row.gaps:
            yield (
                asset.tag,
                asset.name,
                asset.kind.label,
                asset.status.label,
                asset.site,
                asset.custodian,
                asset.criticality.label,
                asset.ownership.label if asset.ownership else None,
                Noted(gap.value.label, (asked.notes.on(gap.value.label, gap.why),)),
            )


REPORT = Report(
    "ownership-gaps",
    "Ownership gaps",
    "Shows what nobody owns or answers for: security, patching, licensing, disposal; cloud and own devices too.",
    (4,),
    tell,
    (
        Option("gap", "Assets with the gap", words_of(Gap)),
        Option("kind", "Kind", words_of(AssetKind)),
        Option("criticality", "Criticality", words_of(Criticality)),
    ),
)
