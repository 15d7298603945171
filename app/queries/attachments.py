"""Files by what they belong to."""

from collections.abc import Collection

from sqlalchemy import or_, select

from app.models.attachment import Attachment
from app.work import Work


def attachment_of(work: Work, attachment_id: int) -> Attachment | None:
    """One file of the organisation."""
    return work.one_or_none(select(Attachment).where(Attachment.id == attachment_id))


def attachments_on(
    work: Work,
    *,
    certificate_id: int | None = None,
    decision_ids: Collection[int] = (),
    audit_id: int | None = None,
    nonconformity_id: int | None = None,
) -> list[Attachment]:
    """The files of these places, in the order in which they came."""
    places = []
    if certificate_id is not None:
        places.append(Attachment.certificate_id == certificate_id)
    if decision_ids:
        places.append(Attachment.decision_id.in_(decision_ids))
    if audit_id is not None:
        places.append(Attachment.audit_id == audit_id)
    if nonconformity_id is not None:
        places.append(Attachment.nonconformity_id == nonconformity_id)
    if not places:
        return []
    return work.all(select(Attachment).where(or_(*places)).order_by(Attachment.id))
