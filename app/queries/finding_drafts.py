"""Findings filled in from an everyday screen: what it shows, as of today, with its numbers and references."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.findings import draft
from app.domain.findings.draft import Draft
from app.domain.itam.change import Authorisation, ChangeStatus
from app.domain.itam.inventory import Difference
from app.domain.itam.ownership import gaps_of
from app.domain.money import say_money
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.inventory_check import InventoryLine
from app.models.software import Installation
from app.queries.asset_page import asset_by_id, gap_facts
from app.queries.finding_concerns import installation_name
from app.queries.pools import pool_by
from app.queries.positions import positions_on
from app.work import Work

LONGEST_ID = 9


def draft_from(work: Work, said: str) -> Draft | None:
    """The draft that an address asks for, such as `installation:12`; None where there is nothing to find fault with.

    `installation:` and `gap:` (an asset) and `missing:` (a line of an inventory check) take an id, `pool:` and
    `change:` a reference.
    """
    noun, _, key = said.partition(":")
    if noun == "pool":
        return _shortfall(work, key)
    if noun == "change":
        return _refused_emergency(work, key)
    if not (key.isascii() and key.isdecimal() and len(key) <= LONGEST_ID):
        return None
    by_id = {"installation": _unauthorised, "gap": _gap, "missing": _not_found}
    return by_id[noun](work, int(key)) if noun in by_id else None


def _unauthorised(work: Work, installation_id: int) -> Draft | None:
    statement = (
        select(Installation)
        .where(Installation.id == installation_id)
        .options(joinedload(Installation.asset), joinedload(Installation.product))
    )
    row = work.one_or_none(statement)
    if row is None or row.authorisation is not Authorisation.UNAUTHORISED:
        return None
    label = f"{row.product.label} {row.version}".strip()
    link = installation_name(row.product.label, row.version, row.asset.tag)
    return draft.unauthorised(label, row.asset.tag, row.asset.name, row.source.label, row.found_on, work.today, link)


def _shortfall(work: Work, reference: str) -> Draft | None:
    pool = pool_by(work, reference)
    line = next((each for each in positions_on(work, work.today, pool.id)), None) if pool else None
    if pool is None or line is None or not line.position.shortfall:
        return None
    at = line.position
    cost = say_money(at.cost_minor, pool.currency) if at.cost_minor else ""
    return draft.shortfall(
        pool.reference, pool.name, pool.metric.unit, at.entitled, at.demand, at.shortfall, work.today, cost
    )


def _gap(work: Work, asset_id: int) -> Draft | None:
    asset = asset_by_id(work, asset_id)
    if asset is None:
        return None
    gaps = tuple(each.why[0].says for each in gaps_of(gap_facts(asset, work.today)))
    return draft.ownership_gap(asset.tag, asset.name, gaps, work.today) if gaps else None


def _not_found(work: Work, line_id: int) -> Draft | None:
    statement = (
        select(InventoryLine)
        .where(InventoryLine.id == line_id, InventoryLine.difference == Difference.MISSING)
        .options(joinedload(InventoryLine.asset), joinedload(InventoryLine.check))
    )
    line = work.one_or_none(statement)
    if line is None or line.check.counted_at is None:
        return None
    counted = line.check.counted_at.astimezone(ZoneInfo(work.organisation.time_zone)).date()
    name = line.asset.name if line.asset else ""
    resolution = line.resolution.label if line.resolution else ""
    return draft.not_found(line.tag, name, line.check.reference, counted, resolution, work.today)


def _refused_emergency(work: Work, reference: str) -> Draft | None:
    statement = (
        select(ChangeRequest)
        .where(ChangeRequest.reference == reference, ChangeRequest.status == ChangeStatus.REFUSED)
        .options(selectinload(ChangeRequest.assets).joinedload(ChangeAsset.asset))
    )
    row = work.one_or_none(statement)
    if row is None or row.done_on is None or row.decided_at is None:
        return None
    refused = row.decided_at.astimezone(ZoneInfo(work.organisation.time_zone)).date()
    tags = tuple(each.asset.tag for each in row.assets)
    return draft.refused_emergency(row.reference, row.title, row.done_on, refused, row.undone_on, work.today, tags[:50])
