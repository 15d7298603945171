"""Who is to take which course: by a rule or by name, by when and when again; and who need not, and why."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.permission import Role
from app.domain.training.due import EARLY_DAYS, Refreshing
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.course import Course, LearningPath
from app.models.organisation import Site
from app.models.person import Person


class TrainingRule(Owned, Base):
    """A course or a path for all who have a role or work at a site, those who join later included.

    Without a role and a site it is for everybody; with both, for who has the role and works there.
    """

    __tablename__ = "training_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    role: Mapped[Role | None] = mapped_column(words(Role))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    path_id: Mapped[int | None] = mapped_column(ForeignKey("learning_path.id"))
    due_on: Mapped[date | None]
    due_days: Mapped[int | None]
    """So many days after joining, or after the rule was made for who was there before."""
    refreshing: Mapped[Refreshing] = mapped_column(words(Refreshing), default=Refreshing.NEVER)
    months: Mapped[int | None]
    anchor: Mapped[date | None]
    early_days: Mapped[int] = mapped_column(default=EARLY_DAYS)
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    """From this day it catches nobody any more; what it assigned stays."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()

    site: Mapped[Site | None] = relationship(lazy="raise")
    course: Mapped[Course | None] = relationship(lazy="raise")
    path: Mapped[LearningPath | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("(course_id IS NULL) <> (path_id IS NULL)", name="course_or_path"),
    )
    __mapper_args__ = {"version_id_col": version}


class TrainingAssignment(Owned, Base):
    """A course that a person is to take; one row for the two of them, whatever assigned it."""

    __tablename__ = "training_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("training_rule.id"))
    assigned_on: Mapped[date]
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    """By when it is passed for the first time."""
    refreshing: Mapped[Refreshing] = mapped_column(words(Refreshing), default=Refreshing.NEVER)
    months: Mapped[int | None]
    anchor: Mapped[date | None]
    early_days: Mapped[int] = mapped_column(default=EARLY_DAYS)
    withdrawn_on: Mapped[date | None]
    """Taken back: no rule assigns it again."""

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    course: Mapped[Course] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "course_id"),
        Index(None, "organisation_id", "course_id"),
        Index(None, "organisation_id", "rule_id"),
    )


class TrainingExemption(Owned, Base):
    """Somebody need not take a course for a time, or for good, and why."""

    __tablename__ = "training_exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    until: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    course: Mapped[Course] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "person_id", "course_id"),
        Index(None, "organisation_id", "course_id"),
    )
