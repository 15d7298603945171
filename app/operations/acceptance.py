"""Accept software that was found with nothing behind it, or record that it was removed."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.explained import RefusedError
from app.domain.itam.acceptance import refuse_acceptance, refuse_removal
from app.domain.itam.change import Authorisation
from app.models.software import Installation
from app.operations.installations import recount
from app.work import Work


def accept(work: Work, installation_ids: Collection[int], reason: str) -> list[Installation]:
    """Accept what was found, with a reason; all of it or none. [ISO/IEC 19770-1:2017, 7.6.3]"""
    rows = _held(work, installation_ids)
    for row in rows:
        refuse_acceptance(row.authorisation, row.removed_on, _name(row), reason)
        row.authorisation, row.accepted_by_id = Authorisation.ACCEPTED, work.actor_id
        row.accepted_on, row.accepted_reason = work.today, reason.strip()
    work.flush()
    return rows


def remove(work: Work, installation_ids: Collection[int], on: date) -> list[Installation]:
    """Record that what nothing stood behind is gone since a day; all of it or none. [ISO/IEC 19770-1:2017, 8.2]"""
    rows = _held(work, installation_ids)
    for row in rows:
        seen_on = max(row.found_on, row.last_seen_on or row.found_on)
        refuse_removal(row.authorisation, seen_on, row.removed_on, _name(row), on, work.today)
        row.removed_on = on
    recount(work, [(row.asset_id, row.product_id) for row in rows])
    return rows


def _held(work: Work, installation_ids: Collection[int]) -> list[Installation]:
    statement = (
        select(Installation)
        .where(Installation.id.in_(installation_ids))
        .options(joinedload(Installation.asset), joinedload(Installation.product))
        .order_by(Installation.id)
        .with_for_update(of=Installation)
        .execution_options(populate_existing=True)
    )
    rows = work.all(statement)
    if not rows or len(rows) != len(set(installation_ids)):
        raise RefusedError("Choose installations of this organisation.", "installations")
    return rows


def _name(row: Installation) -> str:
    return f"{row.product.label} on {row.asset.tag}"
