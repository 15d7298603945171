"""Files that prove something: the letter of a decision, the report of an audit, the proof of a licence."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Owned, UtcDateTime

PLACES = (
    "certificate_id",
    "decision_id",
    "audit_id",
    "nonconformity_id",
    "asset_id",
    "entitlement_id",
    "change_id",
    "reconciliation_id",
    "finding_id",
    "item_id",
    "case_id",
    "action_id",
    "review_id",
    "course_id",
    "completion_id",
    "evidence_id",
    "document_id",
)
"""What a file may be on: exactly one of these."""


class Attachment(Owned, Base):
    """A file on one of the places; kept by the hash of what is in it."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))
    nonconformity_id: Mapped[int | None] = mapped_column(ForeignKey("body_nonconformity.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    reconciliation_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("corrective_action.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("management_review.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"))
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("competence_evidence.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    is_photograph: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is the photograph of an asset, shown on its page."""
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        *(Index(None, "organisation_id", place) for place in PLACES),
        Index(None, "organisation_id", "sha256"),
        CheckConstraint(
            " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in PLACES) + " = 1", name="one_place"
        ),
    )
