"""People of the organisation as the register of assets knows them: they hold assets and seats, and need no account."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned, UtcDateTime
from app.models.organisation import Site
from app.models.person import Person


class Employee(Owned, Base):
    """Somebody who may hold an asset or a seat of a licence; one who also signs in is linked to their person."""

    __tablename__ = "employee"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    """The personnel number, or whatever tells people apart in the other registers."""
    name: Mapped[str] = mapped_column(String(200), info={"personal": True})
    email: Mapped[str] = mapped_column(String(254), default="", info={"personal": True})
    department: Mapped[str] = mapped_column(String(120), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    left_on: Mapped[date | None]
    """The first day on which they no longer work here."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    site: Mapped[Site | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        Index(None, "organisation_id", "name"),
        Index(None, "organisation_id", "person_id"),
    )
    __mapper_args__ = {"version_id_col": version}
