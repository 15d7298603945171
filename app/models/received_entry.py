"""Entries that a page sent with an id of its own making: one that comes twice is made once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Owned, UtcDateTime


class ReceivedEntry(Owned, Base):
    """That an entry came, and what came of it; the change itself is in the journal."""

    __tablename__ = "received_entry"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    """The id that the page made."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deed: Mapped[str] = mapped_column(String(60))
    """What was asked for: the endpoint."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """The hash of what was sent: the same id with another content is refused."""
    result: Mapped[str] = mapped_column(String(80), default="")
    """The reference or the id of what was made or changed."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "key"),
        Index(None, "organisation_id", "received_at"),
    )
