"""Records of use by hand: recorded, corrected, and taken away with a reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import normal_tag
from app.domain.itam.usage import Measurement, UsageMetric, refuse_measurement, refuse_same_use
from app.models.asset import Asset
from app.models.capacity import UsageRecord
from app.models.organisation import Organisation
from app.models.software import Product
from app.operations.conflict import refuse_if_restamped
from app.work import Work

STAMPED = ("product_id", "asset_id", "metric", "unit", "value", "starts_on", "ends_on", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDetails:
    """What is said of a use."""

    product_id: int | None
    asset: str = ""
    """A tag; empty for the whole organisation."""
    metric: UsageMetric
    unit: str = ""
    value: Decimal | None = None
    starts_on: date
    ends_on: date
    source: str = ""


def record(work: Work, details: UsageDetails) -> UsageRecord:
    """Record what was measured in a period. [ISO/IEC 19770-4:2017]"""
    row = UsageRecord()
    _tell(work, row, details)
    return work.add(row)


def correct(work: Work, row: UsageRecord, details: UsageDetails, seen: str | None = None) -> None:
    """Correct a record that was loaded for update; where it came from stays."""
    refuse_if_restamped(row, seen, STAMPED, "This record of use")
    _tell(work, row, details)
    work.flush()


def remove(work: Work, row: UsageRecord, reason: str) -> None:
    """Take away a record that should not be there; the journal keeps what it said, and why it went."""
    if not reason.strip():
        raise RefusedError("Say why: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    work.session.delete(row)
    work.flush()


def _tell(work: Work, row: UsageRecord, details: UsageDetails) -> None:
    # One at a time: of two who record the same period at once, the second is told.
    work.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    product = work.one_or_none(select(Product.id).where(Product.id == (details.product_id or 0)))
    if product is None:
        raise RefusedError("Choose a product from the list.", "product")
    asset_id = _asset(work, details.asset)
    measured = Measurement(
        metric=details.metric, value=details.value, starts_on=details.starts_on, ends_on=details.ends_on
    )
    value = refuse_measurement(measured, work.today)
    unit, source = " ".join(details.unit.split()), " ".join(details.source.split())
    same = select(UsageRecord.unit).where(
        UsageRecord.product_id == product,
        UsageRecord.asset_id == asset_id if asset_id is not None else UsageRecord.asset_id.is_(None),
        UsageRecord.metric == details.metric,
        UsageRecord.starts_on == details.starts_on,
        UsageRecord.ends_on == details.ends_on,
        UsageRecord.source == source,
        UsageRecord.id != (row.id or 0),
    )
    refuse_same_use(unit, work.all(same))
    row.product_id, row.asset_id, row.metric, row.unit = product, asset_id, details.metric, unit
    row.value, row.starts_on, row.ends_on, row.source = value, details.starts_on, details.ends_on, source


def _asset(work: Work, tag: str) -> int | None:
    wanted = normal_tag(tag)
    if not wanted:
        return None
    found = work.one_or_none(select(Asset.id).where(Asset.tag == wanted))
    if found is None:
        raise RefusedError(f"The register has no asset {wanted}.", "asset")
    return found
