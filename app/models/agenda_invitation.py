"""What an auditee was told of an item of an agenda, so that a change of it, or its end, can be told to them too."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Owned, UtcDateTime


class AgendaInvitation(Owned, Base):
    """That somebody has an item in their calendar, and in which version; it outlives the item and its people."""

    __tablename__ = "agenda_invitation"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    item_id: Mapped[int] = mapped_column()
    """Of the item, which may be gone since."""
    whom: Mapped[str] = mapped_column(String(254), info={"personal": True})
    """The number of a person, or the address of somebody from outside."""
    email: Mapped[str] = mapped_column(String(254), info={"personal": True})
    name: Mapped[str] = mapped_column(String(200), info={"personal": True})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    time_zone: Mapped[str] = mapped_column(String(60))
    said: Mapped[str] = mapped_column(String(64))
    """The hash of all that was said of the item."""
    sequence: Mapped[int] = mapped_column()
    """Of the calendar event: rises whenever something else is said of it. [RFC 5546, 2.1.4]"""
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they were told that nothing is wanted of them any longer."""
    stale_since: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the agenda last changed without their having been told."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "item_id", "whom"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "person_id"),
    )
