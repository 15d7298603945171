"""A learner who is out of attempts asks for another; who manages training grants it, or refuses it and says why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned, UtcDateTime
from app.models.course import Lesson
from app.models.enrolment import Enrolment
from app.models.person import Person


class AttemptRequest(Owned, Base):
    """A request for one more attempt at the quizzes of an enrolment; one that waits at a time."""

    __tablename__ = "attempt_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    """The quiz at which no attempt was left."""
    says: Mapped[str] = mapped_column(Text)
    """Why, in the learner's words."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_granted: Mapped[bool | None]
    """None while it waits."""
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was granted or refused."""

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    lesson: Mapped[Lesson] = relationship(lazy="raise")
    decided_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "enrolment_id"),
        Index(None, "organisation_id", "lesson_id"),
        Index(
            "uq_attempt_request_waiting",
            "organisation_id",
            "enrolment_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
