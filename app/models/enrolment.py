"""Enrolments: who takes which version of a course, how far they are, and their attempts at its quizzes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned, UtcDateTime
from app.models.course import Course, CourseVersion, Lesson
from app.models.person import Person
from app.models.question import Question


class Enrolment(Owned, Base):
    """A person takes a version of a course, from its beginning to its completion; one at a time of each course.

    The version begun is the version finished. Whoever takes the course again enrols again.
    """

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its last lesson was done; until then it is in progress."""
    more_attempts: Mapped[int] = mapped_column(default=0)
    """So many further attempts at each quiz were granted, beyond what the lesson allows."""

    person: Mapped[Person] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise")
    course_version: Mapped[CourseVersion] = relationship(lazy="raise")
    progress: Mapped[list["LessonProgress"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="LessonProgress.id", back_populates="enrolment"
    )

    __table_args__ = (
        Index(None, "organisation_id", "person_id", "course_id"),
        Index(None, "organisation_id", "course_id", "completed_at"),
        Index(
            "uq_enrolment_in_progress",
            "organisation_id",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("completed_at IS NULL"),
            postgresql_where=text("completed_at IS NULL"),
        ),
    )


class LessonProgress(Owned, Base):
    """A lesson that is done: read and said so, or its quiz passed."""

    __tablename__ = "lesson_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)

    enrolment: Mapped[Enrolment] = relationship(lazy="raise", back_populates="progress")

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id"),
        Index(None, "organisation_id", "enrolment_id"),
        Index(None, "organisation_id", "lesson_id"),
    )


class QuizAttempt(Owned, Base):
    """One try at a quiz: the questions drawn for it, and how it was marked once it was over."""

    __tablename__ = "quiz_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    """1 for the first try at this quiz."""
    seed: Mapped[str] = mapped_column(String(32))
    """By which its questions were drawn and their lines shuffled."""
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when answers are taken, by the clock of the server; None without end."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was handed in, or its time was up."""
    is_late: Mapped[bool] = mapped_column(default=False)
    """Whether its time was up before it was handed in: what was saved until then was marked."""
    points: Mapped[int | None]
    out_of: Mapped[int | None]
    has_passed: Mapped[bool | None]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    lesson: Mapped[Lesson] = relationship(lazy="raise")
    answers: Mapped[list["AttemptAnswer"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AttemptAnswer.place", back_populates="attempt"
    )

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "number"),
        Index(None, "organisation_id", "enrolment_id"),
        Index(None, "organisation_id", "lesson_id"),
    )


class AttemptAnswer(Owned, Base):
    """A question that was drawn for an attempt, and what was answered; no other question is marked."""

    __tablename__ = "attempt_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    place: Mapped[int]
    """From 1, as it was put."""
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """As `app/domain/training/marking.py` has it: numbers of lines as their author wrote them, or what was typed."""
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[int | None]
    """What it was given; None before it was marked."""

    attempt: Mapped[QuizAttempt] = relationship(lazy="raise", back_populates="answers")
    question: Mapped[Question] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        Index(None, "organisation_id", "attempt_id"),
        Index(None, "organisation_id", "question_id"),
    )
