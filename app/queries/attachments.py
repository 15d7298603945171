"""Files by what they belong to."""

from collections.abc import Collection

from sqlalchemy import or_, select

from app.models.attachment import Attachment
from app.models.checklist import ChecklistItem
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
    asset_id: int | None = None,
    entitlement_id: int | None = None,
    change_id: int | None = None,
    reconciliation_id: int | None = None,
    finding_id: int | None = None,
    item_id: int | None = None,
    case_id: int | None = None,
    action_id: int | None = None,
    review_id: int | None = None,
    evidence_id: int | None = None,
    course_id: int | None = None,
    completion_id: int | None = None,
    document_id: int | None = None,
) -> list[Attachment]:
    """The files of these places, in the order in which they came."""
    named = {
        Attachment.certificate_id: certificate_id,
        Attachment.audit_id: audit_id,
        Attachment.nonconformity_id: nonconformity_id,
        Attachment.asset_id: asset_id,
        Attachment.entitlement_id: entitlement_id,
        Attachment.change_id: change_id,
        Attachment.reconciliation_id: reconciliation_id,
        Attachment.finding_id: finding_id,
        Attachment.item_id: item_id,
        Attachment.case_id: case_id,
        Attachment.action_id: action_id,
        Attachment.review_id: review_id,
        Attachment.evidence_id: evidence_id,
        Attachment.course_id: course_id,
        Attachment.completion_id: completion_id,
        Attachment.document_id: document_id,
    }
    places = [column == wanted for column, wanted in named.items() if wanted is not None]
    if decision_ids:
        places.append(Attachment.decision_id.in_(decision_ids))
    if not places:
        return []
    return work.all(select(Attachment).where(or_(*places)).order_by(Attachment.id))


def files_of_actions(work: Work, action_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """The files of several actions, by action."""
    found: dict[int, list[Attachment]] = {each: [] for each in action_ids}
    if found:
        for file in work.all(select(Attachment).where(Attachment.action_id.in_(found)).order_by(Attachment.id)):
            if file.action_id is not None:
                found[file.action_id].append(file)
    return found


def files_of_items(work: Work, audit_id: int) -> dict[int, list[tuple[int, str]]]:
    """The files on the questions of an audit, by question: the id and the name of each."""
    found: dict[int, list[tuple[int, str]]] = {}
    statement = (
        select(Attachment.item_id, Attachment.id, Attachment.file_name)
        .join(ChecklistItem, Attachment.item_id == ChecklistItem.id)
        .where(ChecklistItem.audit_id == audit_id)
        .order_by(Attachment.id)
    )
    for item_id, file_id, name in work.execute(statement):
        found.setdefault(item_id, []).append((file_id, name))
    return found
