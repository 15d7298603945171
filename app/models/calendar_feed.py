"""Personal addresses by which a calendar program subscribes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Owned, UtcDateTime


class CalendarFeed(Owned, Base):
    """A secret address of one person for one organisation; only the hash of its secret is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), info={"personal": True})
    """In the person's own words, in which their name may stand."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"unjournalled": True})
    only_mine: Mapped[bool] = mapped_column(default=False)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    with_limits: Mapped[bool] = mapped_column(default=True)
    with_alarms: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
