"""Support: who gives it and when, the sessions that clients book, and what is to be done after them.

All of it belongs to whoever sells the support; a session names the client that it is for.
"""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned, UtcDateTime
from app.models.organisation import Organisation
from app.models.person import Person


class SupportPerson(Owned, Base):
    """Somebody who gives support sessions, by the clock of their own time zone."""

    __tablename__ = "support_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    time_zone: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int]
    """How long a session is."""
    buffer_minutes: Mapped[int]
    """What is kept free before and after each session."""
    notice_hours: Mapped[int]
    """How long before its beginning a session is booked, moved or cancelled at the latest."""
    link: Mapped[str] = mapped_column(String(500), default="")
    """Where their sessions take place online, if always at the same address."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    """Nothing more is booked with them; what is booked stays."""
    version: Mapped[int] = mapped_column()

    person: Mapped[Person] = relationship(lazy="raise")
    hours: Mapped[list["SupportHours"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="SupportHours.weekday, SupportHours.starts_at"
    )
    absences: Mapped[list["SupportAbsence"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="SupportAbsence.first_on, SupportAbsence.id"
    )

    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)
    __mapper_args__ = {"version_id_col": version}


class SupportHours(Owned, Base):
    """On each such day of the week from a time to a time; a time that is not later is of the next day."""

    __tablename__ = "support_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    support_person_id: Mapped[int] = mapped_column(ForeignKey("support_person.id"))
    weekday: Mapped[int]
    """0 is Monday."""
    starts_at: Mapped[time]
    ends_at: Mapped[time]

    __table_args__ = (
        Index(None, "organisation_id", "support_person_id"),
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
    )


class SupportAbsence(Owned, Base):
    """Whole days on which somebody gives no support."""

    __tablename__ = "support_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    support_person_id: Mapped[int] = mapped_column(ForeignKey("support_person.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        Index(None, "organisation_id", "support_person_id"),
        CheckConstraint("last_on >= first_on", name="order"),
    )


class SupportBooking(Owned, Base):
    """A session of a client with a support person. One that was cancelled stays as a record and frees its slot."""

    __tablename__ = "support_booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    support_person_id: Mapped[int] = mapped_column(ForeignKey("support_person.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agenda: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(80))
    """Its name in calendars, for ever."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts what calendars are told."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    support_person: Mapped[SupportPerson] = relationship(lazy="raise")
    client: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=client_id)
    booked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=booked_by_id)
    actions: Mapped[list["SupportAction"]] = relationship(lazy="raise", order_by="SupportAction.id")

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        UniqueConstraint("organisation_id", "uid"),
        Index(None, "organisation_id", "support_person_id", "starts_at"),
        Index(None, "organisation_id", "client_id", "starts_at"),
        Index(None, "client_id", "starts_at"),
        CheckConstraint("ends_at >= starts_at", name="order"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class SupportAction(Owned, Base):
    """What somebody of either side is to do after a session."""

    __tablename__ = "support_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("support_booking.id"))
    says: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=owner_id)
    booking: Mapped[SupportBooking] = relationship(lazy="raise", back_populates="actions")

    __table_args__ = (
        Index(None, "organisation_id", "booking_id"),
        Index(None, "owner_id", "done_on"),
    )
