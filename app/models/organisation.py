"""Organisations, their sites, members and invitations, and the periods in which they want no audit."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.permission import Role
from app.models.base import Base, Owned, RoleSet, UtcDateTime
from app.models.person import Person


class Organisation(Base):
    """An organisation that keeps certificates; everything else belongs to one."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(60))
    requires_second_factor: Mapped[bool] = mapped_column(default=False)
    internal_plan_starts_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    expiry: Mapped[str] = mapped_column(String(20), default="day-before")
    audit_date: Mapped[str] = mapped_column(String(20), default="last-day")
    recertification_year: Mapped[str] = mapped_column(String(20), default="audit")
    second_surveillance: Mapped[str] = mapped_column(String(20), default="warning")
    max_early_months: Mapped[int] = mapped_column(default=6)
    suspension_months: Mapped[int] = mapped_column(default=6)
    restoration_months: Mapped[int] = mapped_column(default=6)
    restore_after_edition_deadline: Mapped[bool] = mapped_column(default=False)
    long_gap_months: Mapped[int] = mapped_column(default=18)
    stage_interval_months: Mapped[int] = mapped_column(default=6)
    late_stage_2: Mapped[str] = mapped_column(String(20), default="new-cycle")

    impartiality_months: Mapped[int] = mapped_column(default=24)
    """Nobody audits what they did within so many months before."""
    coverage_months: Mapped[int] = mapped_column(default=36)
    """Every clause is audited once within so many months."""
    major_answer_days: Mapped[int] = mapped_column(default=30)
    major_action_days: Mapped[int] = mapped_column(default=60)
    minor_answer_days: Mapped[int] = mapped_column(default=30)
    minor_action_days: Mapped[int] = mapped_column(default=90)
    effectiveness_days: Mapped[int] = mapped_column(default=30)
    """So long after the last action effectiveness is not judged yet."""
    competence_gap: Mapped[str] = mapped_column(String(20), default="refuse", server_default="refuse")
    """Whether a gap in competence refuses a place in an audit team, or is pointed out."""
    expiring_days: Mapped[int] = mapped_column(default=60, server_default="60")
    """So many days before its last valid day what was passed is said to expire soon."""

    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class Site(Owned, Base):
    """A place where the organisation works, with its own country, holidays and time zone."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(60))
    is_central: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class Membership(Owned, Base):
    """A person's roles in an organisation, from joining to leaving; an assessor's may end by itself."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    access_until: Mapped[date | None]
    owns_system: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they own the management system, and sign the reports of its audits."""

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)


class Invitation(Owned, Base):
    """A mail that offers a membership; accepted once, before it runs out."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), info={"personal": True})
    name: Mapped[str] = mapped_column(String(200), info={"personal": True})
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    access_until: Mapped[date | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"unjournalled": True})
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    audit_manager_seat: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether whoever accepts gets a seat of this kind."""
    lms_seat: Mapped[bool] = mapped_column(default=False, server_default=false())


class BlackoutPeriod(Owned, Base):
    """Days, both ends included, on which the organisation (or one site of it) wants no audit."""

    __tablename__ = "blackout_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))

    site: Mapped[Site | None] = relationship(lazy="raise")

    __table_args__ = (Index(None, "organisation_id", "starts_on"),)


class OwnEdition(Owned, Base):
    """An organisation's own word on an edition of a standard: a new one, or other deadlines than the catalogue's."""

    __tablename__ = "own_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(20))
    discipline: Mapped[str] = mapped_column(String(120), default="")
    deadline: Mapped[date | None]
    no_new_or_recert_after: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("organisation_id", "standard", "edition"),)

    @property
    def full_name(self) -> str:
        return f"{self.standard}:{self.edition}"
