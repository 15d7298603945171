"""The way of a nonconformity to its end, and the actions that people own."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.findings.corrective_action import (
    ActionKind,
    CauseBranch,
    CauseMethod,
    DueKind,
    Effectiveness,
    Stage,
    StepKind,
)
from app.domain.findings.grading import FindingGrade
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.certificate import BodyNonconformity
from app.models.finding import Finding
from app.models.management_review import ManagementReview
from app.models.person import Person


class CorrectiveAction(Owned, Base):
    """What the organisation does about one nonconformity: of its own finding, or behind one of the body's."""

    __tablename__ = "corrective_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    """That of the nonconformity: NC-2026-014."""
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    nonconformity_id: Mapped[int | None] = mapped_column(ForeignKey("body_nonconformity.id"))
    grade: Mapped[FindingGrade] = mapped_column(words(FindingGrade))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who answers for it; somebody else verifies it."""
    stage: Mapped[Stage] = mapped_column(words(Stage), default=Stage.RAISED)
    raised_on: Mapped[date]
    answer_due_on: Mapped[date]
    """Cause and plan by then."""
    action_due_on: Mapped[date]
    """All actions done by then."""
    containment: Mapped[str] = mapped_column(Text, default="")
    contained_on: Mapped[date | None]
    cause_method: Mapped[CauseMethod | None] = mapped_column(words(CauseMethod))
    root_cause: Mapped[str] = mapped_column(Text, default="")
    similar_note: Mapped[str] = mapped_column(Text, default="")
    """What was found where similar cases were looked for."""
    similar_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    implemented_on: Mapped[date | None]
    verify_from: Mapped[date | None]
    """Effectiveness is not judged before."""
    effectiveness: Mapped[Effectiveness | None] = mapped_column(words(Effectiveness))
    verdict_note: Mapped[str] = mapped_column(Text, default="")
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    finding: Mapped[Finding | None] = relationship(lazy="raise")
    nonconformity: Mapped[BodyNonconformity | None] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    accepted_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[accepted_by_id])
    verified_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[verified_by_id])
    causes: Mapped[list["Cause"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Cause.position, Cause.id", back_populates="case"
    )
    actions: Mapped[list["Action"]] = relationship(lazy="raise", order_by="Action.id", back_populates="case")
    similar_cases: Mapped[list["SimilarCase"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="SimilarCase.id", back_populates="case"
    )
    extensions: Mapped[list["DeadlineExtension"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DeadlineExtension.id", back_populates="case"
    )
    steps: Mapped[list["CorrectiveStep"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="CorrectiveStep.id", back_populates="case"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        UniqueConstraint("finding_id"),
        UniqueConstraint("nonconformity_id"),
        Index(None, "organisation_id", "stage", "action_due_on"),
        Index(None, "organisation_id", "owner_id"),
        CheckConstraint("(finding_id IS NULL) <> (nonconformity_id IS NULL)", name="one_nonconformity"),
    )
    __mapper_args__ = {"version_id_col": version}


class Cause(Owned, Base):
    """A why, or a cause on a bone of the diagram."""

    __tablename__ = "cause"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("corrective_action.id"))
    branch: Mapped[CauseBranch] = mapped_column(words(CauseBranch))
    position: Mapped[int]
    says: Mapped[str] = mapped_column(Text)

    case: Mapped[CorrectiveAction] = relationship(lazy="raise", back_populates="causes")

    __table_args__ = (Index(None, "organisation_id", "case_id", "position"),)


class Action(Owned, Base):
    """Something that one person does by a day: about a nonconformity, or as a management review decided."""

    __tablename__ = "action"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("corrective_action.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("management_review.id"))
    kind: Mapped[ActionKind] = mapped_column(words(ActionKind))
    says: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_note: Mapped[str] = mapped_column(Text, default="")
    """What was done; the evidence lies beside it as files."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    case: Mapped[CorrectiveAction | None] = relationship(lazy="raise", back_populates="actions")
    review: Mapped[ManagementReview | None] = relationship(lazy="raise", back_populates="actions")
    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=[owner_id])
    done_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[done_by_id])

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "case_id"),
        Index(None, "organisation_id", "review_id"),
        Index(None, "organisation_id", "owner_id", "done_on", "due_on"),
        CheckConstraint("(case_id IS NULL) <> (review_id IS NULL)", name="one_origin"),
    )
    __mapper_args__ = {"version_id_col": version}


class SimilarCase(Owned, Base):
    """Something that could have the same fault, and whether it has."""

    __tablename__ = "similar_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("corrective_action.id"))
    noun: Mapped[str] = mapped_column(String(40))
    """What it is: an asset, a site, a finding."""
    name: Mapped[str] = mapped_column(String(200))
    """Its tag, name or reference."""
    because: Mapped[str] = mapped_column(String(200), default="")
    """Why it was looked at: the same product, the same site, the same clause."""
    is_affected: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    looked_on: Mapped[date]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    case: Mapped[CorrectiveAction] = relationship(lazy="raise", back_populates="similar_cases")

    __table_args__ = (
        UniqueConstraint("case_id", "noun", "name"),
        Index(None, "organisation_id", "case_id"),
    )


class DeadlineExtension(Owned, Base):
    """That a deadline was asked to be put off, why, and what another person decided."""

    __tablename__ = "deadline_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("corrective_action.id"))
    due: Mapped[DueKind] = mapped_column(words(DueKind))
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    is_approved: Mapped[bool | None]
    """None until somebody has decided."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    decision_note: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[CorrectiveAction] = relationship(lazy="raise", back_populates="extensions")
    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    __table_args__ = (Index(None, "organisation_id", "case_id"),)


class CorrectiveStep(Owned, Base):
    """Something that happened on the way: answered, refused, accepted, found effective."""

    __tablename__ = "corrective_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("corrective_action.id"))
    kind: Mapped[StepKind] = mapped_column(words(StepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    says: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[CorrectiveAction] = relationship(lazy="raise", back_populates="steps")
    by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (Index(None, "organisation_id", "case_id", "at"),)
