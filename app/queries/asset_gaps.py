"""Assets that somebody should own or answer for, and nobody does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.explained import Explained
from app.domain.itam.ownership import Gap, gaps_of
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.queries.asset_page import gap_facts
from app.queries.assets import AssetFilters, AssetPage, AssetRow, all_assets, asset_register
from app.work import Work

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class GapRow:
    """An asset with what is missing on it."""

    asset: AssetRow
    gaps: tuple[Explained[Gap], ...]


def gap_page(work: Work, wanted: AssetFilters, page: int = 1) -> tuple[AssetPage, list[GapRow]]:
    """A page of the assets with a gap, each with all of its gaps; a fixed number of queries."""
    found = asset_register(work, replace(wanted, gap=wanted.gap or "any"), page)
    return found, list(_with_gaps(work, found.rows))


def all_gaps(work: Work, wanted: AssetFilters) -> Iterator[GapRow]:
    """Every asset with a gap, some at a time."""
    some: list[AssetRow] = []
    for row in all_assets(work, replace(wanted, gap=wanted.gap or "any")):
        some.append(row)
        if len(some) == AT_ONCE:
            yield from _with_gaps(work, some)
            some = []
    yield from _with_gaps(work, some)


def _with_gaps(work: Work, rows: Iterable[AssetRow]) -> Iterator[GapRow]:
    rows = list(rows)
    if not rows:
        return
    loaded = work.all(
        select(Asset)
        .where(Asset.id.in_([row.id for row in rows]))
        .options(
            joinedload(Asset.custodian),
            selectinload(Asset.ownerships).load_only(
                AssetOwnership.kind,
                AssetOwnership.starts_on,
                AssetOwnership.ends_on,
                AssetOwnership.agreement_signed_on,
                AssetOwnership.may_wipe,
            ),
            selectinload(Asset.duties).joinedload(AssetDuty.employee),
        )
    )
    by_id = {asset.id: asset for asset in loaded}
    for row in rows:
        yield GapRow(row, gaps_of(gap_facts(by_id[row.id], work.today)))
    for asset in loaded:
        work.session.expunge(asset)
