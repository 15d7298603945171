"""One installation, and the way to what stands behind it: its asset and the owner, its authorisation, its file."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.asset import Asset, AssetOwnership
from app.models.change_request import ChangeRequest
from app.models.import_batch import ImportBatch
from app.models.person import Person
from app.models.software import Installation
from app.queries.asset_page import asset_by_id, ownership_on
from app.work import Work


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an installation."""

    asset: Asset
    owner: AssetOwnership | None
    change: ChangeRequest | None
    """The request that brought it, or that authorised it afterwards."""
    accepted_by: Person | None
    batch: ImportBatch | None
    """The file that it came with."""


def behind(work: Work, row: Installation) -> Behind:
    """What stands behind an installation, in a fixed number of queries."""
    asset = asset_by_id(work, row.asset_id)
    if asset is None:
        raise LookupError(f"installation {row.id} is on no asset")
    change = batch = accepted_by = None
    if row.change_id is not None:
        change = work.one_or_none(select(ChangeRequest).where(ChangeRequest.id == row.change_id))
    if row.batch_id is not None:
        batch = work.one_or_none(select(ImportBatch).where(ImportBatch.id == row.batch_id))
    if row.accepted_by_id is not None:
        accepted_by = work.one_or_none(select(Person).where(Person.id == row.accepted_by_id))
    return Behind(asset, ownership_on(asset, work.today), change, accepted_by, batch)
