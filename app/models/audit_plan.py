"""What is meant to be audited: the programme of a period, and of one audit its criteria, scope and agenda."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.programme.agenda import AgendaSide
from app.models.audit import Audit, TeamMember
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.organisation import Site
from app.models.person import Person
from app.models.process import Process


class AuditProgramme(Owned, Base):
    """The audits of a period, and why and how they are held. [ISO 19011, 5]"""

    __tablename__ = "audit_programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    objectives: Mapped[str] = mapped_column(Text, default="")
    risks: Mapped[str] = mapped_column(Text, default="")
    opportunities: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    methods: Mapped[str] = mapped_column(Text, default="")
    resources: Mapped[str] = mapped_column(Text, default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_on: Mapped[date | None]
    review_note: Mapped[str] = mapped_column(Text, default="")
    """What monitoring and review of the programme found."""
    version: Mapped[int] = mapped_column()

    responsible: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "ends_on"),
    )
    __mapper_args__ = {"version_id_col": version}


class AuditCriterion(Owned, Base):
    """A standard that an audit is held against."""

    __tablename__ = "audit_criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    standard: Mapped[str] = mapped_column(String(120))
    """By name and edition: ISO/IEC 27001:2022."""

    audit: Mapped[Audit] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("audit_id", "standard"),
        Index(None, "organisation_id", "audit_id"),
    )


class AuditClause(Owned, Base):
    """A clause, a control or a process area within the scope of an audit."""

    __tablename__ = "audit_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    standard: Mapped[str] = mapped_column(String(120))
    clause: Mapped[str] = mapped_column(String(40))

    audit: Mapped[Audit] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("audit_id", "standard", "clause"),
        Index(None, "organisation_id", "standard", "clause"),
    )


class AuditProcess(Owned, Base):
    """A process within the scope of an audit."""

    __tablename__ = "audit_process"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))

    audit: Mapped[Audit] = relationship(lazy="raise")
    process: Mapped[Process] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("audit_id", "process_id"),
        Index(None, "organisation_id", "process_id"),
    )


class AgendaItem(Owned, Base):
    """One entry of the agenda: when, where, what about."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    held_on: Mapped[date]
    starts_at: Mapped[time]
    """In the time zone of the audit."""
    ends_at: Mapped[time]
    title: Mapped[str] = mapped_column(String(200))
    covers: Mapped[str] = mapped_column(Text, default="")
    """Clauses, processes and samples that it takes up."""
    place: Mapped[str] = mapped_column(String(200), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    version: Mapped[int] = mapped_column()

    audit: Mapped[Audit] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    people: Mapped[list["AgendaPerson"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AgendaPerson.id", back_populates="item"
    )

    __table_args__ = (Index(None, "organisation_id", "audit_id", "held_on", "starts_at"),)
    __mapper_args__ = {"version_id_col": version}


class AgendaPerson(Owned, Base):
    """Who is at an item: an auditor of the team, or an auditee, who confirms it with a click."""

    __tablename__ = "agenda_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), info={"unjournalled": True})
    side: Mapped[AgendaSide] = mapped_column(words(AgendaSide))
    team_member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outside_name: Mapped[str] = mapped_column(String(200), default="", info={"personal": True})
    outside_email: Mapped[str] = mapped_column(String(254), default="", info={"personal": True})
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info={"unjournalled": True})
    """Of the address in the mail by which it is confirmed."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[AgendaItem] = relationship(lazy="raise", back_populates="people")
    team_member: Mapped[TeamMember | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The name; person and team member must be loaded."""
        if self.team_member is not None:
            return self.team_member.label
        return self.person.label if self.person is not None else self.outside_name

    @property
    def email(self) -> str:
        """Where they are reached; empty where they are not."""
        if self.team_member is not None:
            person = self.team_member.person
            return (person.email if person is not None else self.team_member.outside_email) or ""
        return (self.person.email if self.person is not None else self.outside_email) or ""

    @property
    def key(self) -> str:
        """Tells one person from another, on whichever side and however they are named."""
        return self.email.lower() or f"{self.person_id or ''} {self.label.casefold()}"

    __table_args__ = (
        Index(None, "organisation_id", "item_id"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "organisation_id", "team_member_id"),
    )
