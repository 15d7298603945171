"""The assets that an audit looked at."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.models.asset import Asset
from app.models.audit import AuditAsset
from app.work import Work


def assets_at(work: Work, audit_id: int) -> list[AuditAsset]:
    """All of them, by tag."""
    statement = (
        select(AuditAsset)
        .join(Asset, AuditAsset.asset_id == Asset.id)
        .where(AuditAsset.audit_id == audit_id)
        .options(joinedload(AuditAsset.asset))
        .order_by(Asset.tag)
    )
    return work.all(statement)
