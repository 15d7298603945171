"""Courses: their versions with sections and lessons, what they cover and require, and the paths that join them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.training.course import Standing
from app.models.base import Base, Owned, UtcDateTime, words

if TYPE_CHECKING:
    from app.models.question import Question


class Course(Owned, Base):
    """A course, whatever its version. Its files are kept on it; its lessons name them."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    standing: Mapped[Standing] = mapped_column(words(Standing), default=Standing.DRAFT)
    self_enrolment: Mapped[bool] = mapped_column(default=False)
    """Whether a member may begin it without being told to."""
    valid_months: Mapped[int | None]
    """So long what was learnt counts; None for ever."""
    # By another name in the table: with it an update of a course would read as if it named the table of versions.
    version: Mapped[int] = mapped_column("revision")

    versions: Mapped[list["CourseVersion"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="CourseVersion.number", back_populates="course"
    )
    clauses: Mapped[list["CourseClause"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="CourseClause.id", back_populates="course"
    )
    prerequisites: Mapped[list["CoursePrerequisite"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="CoursePrerequisite.id",
        back_populates="course",
        foreign_keys="CoursePrerequisite.course_id",
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "standing"),
    )
    __mapper_args__ = {"version_id_col": version}


class CourseVersion(Owned, Base):
    """A version of a course: a draft while it is written; once published it never changes.

    A learner finishes the version begun. A course has one draft at most.
    """

    __tablename__ = "course_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    """What is new in it."""
    minutes: Mapped[int] = mapped_column(default=0)
    """How long its lessons take together."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(lazy="raise", back_populates="versions")
    sections: Mapped[list["CourseSection"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="CourseSection.place, CourseSection.id",
        back_populates="version",
    )

    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        Index(None, "organisation_id", "course_id", "number"),
    )


class CourseSection(Owned, Base):
    """A part of a version, with its lessons."""

    __tablename__ = "course_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))

    version: Mapped[CourseVersion] = relationship(lazy="raise", back_populates="sections")
    lessons: Mapped[list["Lesson"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Lesson.place, Lesson.id", back_populates="section"
    )

    __table_args__ = (Index(None, "organisation_id", "version_id", "place"),)


class Lesson(Owned, Base):
    """A lesson: of a kind from the register in `app/domain/training/course.py`."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("course_section.id"))
    place: Mapped[int]
    lasting_key: Mapped[str] = mapped_column(String(32))
    """The same from version to version, so that results can be compared over them."""
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    """Markdown; of a quiz the words before it."""
    file_name: Mapped[str] = mapped_column(String(200), default="")
    """The file or the video, by its name among the files of the course; empty without one."""
    link: Mapped[str] = mapped_column(String(500), default="")
    pass_mark: Mapped[int | None]
    """Of a quiz: in per cent."""
    drawn: Mapped[int | None]
    """Of a quiz: so many questions of its bank are put; None puts all."""
    shuffled: Mapped[bool] = mapped_column(default=True)
    attempts: Mapped[int | None]
    """Of a quiz: how often it may be tried; None without end."""
    quiz_minutes: Mapped[int | None]
    """Of a quiz: the time for one attempt; None without end."""
    version: Mapped[int] = mapped_column()

    section: Mapped[CourseSection] = relationship(lazy="raise", back_populates="lessons")
    questions: Mapped[list["Question"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Question.place, Question.id", back_populates="lesson"
    )

    __table_args__ = (Index(None, "organisation_id", "section_id", "place"),)
    __mapper_args__ = {"version_id_col": version}


class CourseClause(Owned, Base):
    """A clause that a course covers; an empty one is the standard as a whole."""

    __tablename__ = "course_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    standard: Mapped[str] = mapped_column(String(120))
    """By name and edition: ISO/IEC 27001:2022."""
    clause: Mapped[str] = mapped_column(String(40), default="")

    course: Mapped[Course] = relationship(lazy="raise", back_populates="clauses")

    __table_args__ = (
        UniqueConstraint("course_id", "standard", "clause"),
        Index(None, "organisation_id", "course_id"),
    )


class CoursePrerequisite(Owned, Base):
    """A course that is completed before another is begun."""

    __tablename__ = "course_prerequisite"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    required_id: Mapped[int] = mapped_column(ForeignKey("course.id"))

    course: Mapped[Course] = relationship(lazy="raise", back_populates="prerequisites", foreign_keys=course_id)
    required: Mapped[Course] = relationship(lazy="raise", foreign_keys=required_id)

    __table_args__ = (
        UniqueConstraint("course_id", "required_id"),
        Index(None, "organisation_id", "required_id"),
    )


class LearningPath(Owned, Base):
    """Courses that are taken one after another."""

    __tablename__ = "learning_path"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    courses: Mapped[list["PathCourse"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PathCourse.place, PathCourse.id", back_populates="path"
    )

    __table_args__ = (UniqueConstraint("organisation_id", "title"),)
    __mapper_args__ = {"version_id_col": version}


class PathCourse(Owned, Base):
    """A course on a learning path."""

    __tablename__ = "path_course"

    id: Mapped[int] = mapped_column(primary_key=True)
    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    place: Mapped[int]

    path: Mapped[LearningPath] = relationship(lazy="raise", back_populates="courses")
    course: Mapped[Course] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("path_id", "course_id"),
        Index(None, "organisation_id", "course_id"),
    )
