"""Completions: that a person passed a course on a day, here or elsewhere, and until when it counts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned, UtcDateTime
from app.models.course import Course
from app.models.enrolment import Enrolment
from app.models.person import Person


class Completion(Owned, Base):
    """A course passed: by an enrolment, or elsewhere with a certificate that proves it. One that is revoked counts no
    more, and stays."""

    __tablename__ = "completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    completed_on: Mapped[date]
    valid_until: Mapped[date | None]
    """Its last valid day; None where it does not run out."""
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    """None where it was taken elsewhere."""
    number: Mapped[str | None] = mapped_column(String(40))
    """Of our own certificate, by which anybody verifies it; None where it was taken elsewhere."""
    provider: Mapped[str] = mapped_column(String(200), default="")
    """Who gave the training, where it was taken elsewhere."""
    evidence: Mapped[str] = mapped_column(Text, default="")
    """What proves it in words, such as the number of the provider's certificate; its files lie on the completion."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who recorded it; the learner themselves where they passed it here."""
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    course: Mapped[Course] = relationship(lazy="raise")
    enrolment: Mapped[Enrolment | None] = relationship(lazy="raise")
    revoked_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=revoked_by_id)

    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        UniqueConstraint("number"),
        Index(None, "organisation_id", "person_id", "course_id"),
        Index(None, "organisation_id", "course_id", "completed_on"),
        Index(None, "organisation_id", "enrolment_id"),
    )
    __mapper_args__ = {"version_id_col": version}
