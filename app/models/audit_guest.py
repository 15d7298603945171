"""External assessors who were invited to one audit, for a time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.audit import Audit
from app.models.base import Base, Owned, UtcDateTime
from app.models.organisation import Invitation
from app.models.person import Person


class AuditGuest(Owned, Base):
    """One assessor at one audit: sees its scope alone, takes no seat, and nothing after the last day."""

    __tablename__ = "audit_guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None until the invitation is accepted."""
    since: Mapped[date | None]
    """The first day on which they see it; None: from the invitation on."""
    until: Mapped[date]
    """The last day on which they see it."""
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    audit: Mapped[Audit] = relationship(lazy="raise")
    invitation: Mapped[Invitation | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])

    __table_args__ = (
        UniqueConstraint("audit_id", "person_id"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "organisation_id", "invitation_id"),
    )
