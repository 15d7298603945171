"""Checklists: the questions of an audit with what was found on each, and the organisation's own templates."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.programme.checklist import ClauseResult, ItemSource
from app.models.audit import Audit
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.person import Person


class ChecklistTemplate(Owned, Base):
    """Questions that the organisation asks again and again."""

    __tablename__ = "checklist_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    standard: Mapped[str] = mapped_column(String(120), default="")
    """The standard that its clauses are of; empty where it asks without one."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    questions: Mapped[list["TemplateQuestion"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="TemplateQuestion.position, TemplateQuestion.id",
        back_populates="template",
    )

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)
    __mapper_args__ = {"version_id_col": version}


class TemplateQuestion(Owned, Base):
    """A question of a template."""

    __tablename__ = "template_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("checklist_template.id"))
    position: Mapped[int]
    clause: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(Text)
    guidance: Mapped[str] = mapped_column(Text, default="")

    template: Mapped[ChecklistTemplate] = relationship(lazy="raise", back_populates="questions")

    __table_args__ = (Index(None, "organisation_id", "template_id", "position"),)


class ChecklistItem(Owned, Base):
    """A question of an audit's checklist, and what was found on it."""

    __tablename__ = "checklist_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    position: Mapped[int]
    source: Mapped[ItemSource] = mapped_column(words(ItemSource))
    standard: Mapped[str] = mapped_column(String(120), default="")
    clause: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(Text)
    guidance: Mapped[str] = mapped_column(Text, default="")
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    result: Mapped[ClauseResult] = mapped_column(words(ClauseResult), default=ClauseResult.NOT_ASSESSED)
    evidence: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    people_met: Mapped[str] = mapped_column(Text, default="")
    documents_seen: Mapped[str] = mapped_column(Text, default="")
    samples: Mapped[str] = mapped_column(Text, default="")
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    audit: Mapped[Audit] = relationship(lazy="raise")
    assessed_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (Index(None, "organisation_id", "audit_id", "position"),)
    __mapper_args__ = {"version_id_col": version}
