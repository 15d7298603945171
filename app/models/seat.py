"""Seats of the subscription: what was bought or is included, who has one, and who waits for one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.subscription.seats import PoolSource, SeatKind
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.person import Person


class SeatPool(Owned, Base):
    """So many seats of a kind from a first to a last day. None is deleted: from the first on the kind is counted."""

    __tablename__ = "seat_pool"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SeatKind] = mapped_column(words(SeatKind))
    source: Mapped[PoolSource] = mapped_column(words(PoolSource))
    quantity: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day on which they count; none: without end."""
    note: Mapped[str] = mapped_column(String(200), default="")
    subscription_id: Mapped[int | None]
    """The subscription it came with, a row of the seller's: there is no key to lead there."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index(None, "organisation_id", "kind"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )
    __mapper_args__ = {"version_id_col": version}


class SeatAssignment(Owned, Base):
    """A person's seat from a day until its release; kept as history. The lower the rank, the longer it stays."""

    __tablename__ = "seat_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SeatKind] = mapped_column(words(SeatKind))
    from_on: Mapped[date]
    released_on: Mapped[date | None]
    """The first day on which it is free again; the day it begins: it was never held."""
    rank: Mapped[int]
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_suspended_on: Mapped[date | None] = mapped_column(info={"unjournalled": True})
    """The first day of the suspension that its holder was told of."""

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    assigned_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=assigned_by_id)

    __table_args__ = (
        Index(None, "organisation_id", "kind", "released_on"),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint("released_on IS NULL OR released_on >= from_on", name="order"),
    )


class SeatWaiting(Owned, Base):
    """A person's place on the waiting list for a kind of seat, from asking until they have one or leave the list."""

    __tablename__ = "seat_waiting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SeatKind] = mapped_column(words(SeatKind))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (Index(None, "organisation_id", "kind", "ended_at"),)
