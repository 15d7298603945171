"""Files that prove something: the letter of a decision, the report of an audit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Owned, UtcDateTime


class Attachment(Owned, Base):
    """A file on a certificate, a decision, an audit or a nonconformity; kept by the hash of what is in it."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))
    nonconformity_id: Mapped[int | None] = mapped_column(ForeignKey("body_nonconformity.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        Index(None, "organisation_id", "certificate_id"),
        Index(None, "organisation_id", "decision_id"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "nonconformity_id"),
        Index(None, "organisation_id", "sha256"),
        CheckConstraint(
            " + ".join(
                f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END"
                for place in ("certificate_id", "decision_id", "audit_id", "nonconformity_id")
            )
            + " = 1",
            name="one_place",
        ),
    )
