"""What a role or a place in an audit team asks of a person, and what shows that somebody has it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.permission import Role
from app.domain.programme.team import TeamRole
from app.domain.training.competence import EvidenceKind
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.course import Course
from app.models.person import Person


class CompetenceRequirement(Owned, Base):
    """What is asked of who has a role, or of who audits in a place of the team; there perhaps by one standard alone."""

    __tablename__ = "competence_requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role | None] = mapped_column(words(Role))
    team_role: Mapped[TeamRole | None] = mapped_column(words(TeamRole))
    standard: Mapped[str] = mapped_column(String(120), default="")
    """By name without edition: ISO/IEC 27001; empty for every audit."""
    audits_witnessed: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[str] = mapped_column(String(200), default="")
    """The document that is asked for, in words; empty for none."""
    retired_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    courses: Mapped[list["RequiredCourse"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="RequiredCourse.id", back_populates="requirement"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("(role IS NULL) <> (team_role IS NULL)", name="one_subject"),
    )
    __mapper_args__ = {"version_id_col": version}


class RequiredCourse(Owned, Base):
    """A course that a requirement asks for."""

    __tablename__ = "required_course"

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("competence_requirement.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))

    requirement: Mapped[CompetenceRequirement] = relationship(lazy="raise", back_populates="courses")
    course: Mapped[Course] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("requirement_id", "course_id"),
        Index(None, "organisation_id", "course_id"),
    )


class CompetenceEvidence(Owned, Base):
    """An audit that somebody witnessed, or a document that shows what they can do; its file lies on it."""

    __tablename__ = "competence_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("competence_requirement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[EvidenceKind] = mapped_column(words(EvidenceKind))
    says: Mapped[str] = mapped_column(String(200))
    """Which audit, or which document."""
    from_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    requirement: Mapped[CompetenceRequirement] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)

    __table_args__ = (
        Index(None, "organisation_id", "requirement_id", "person_id"),
        Index(None, "organisation_id", "person_id"),
    )
