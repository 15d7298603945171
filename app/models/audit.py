"""Audits on the programme: whose they are, which certificates they serve, when, where and with whom."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.programme.mode import AuditMode
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import TeamRole
from app.models.asset import Asset
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.certificate import Certificate
from app.models.organisation import Site
from app.models.person import Person


class Audit(Owned, Base):
    """One audit: of the certification body, or our own internal one. It may serve several certificates at once."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    kind: Mapped[AuditKind] = mapped_column(words(AuditKind))
    title: Mapped[str] = mapped_column(String(200), default="")
    progress: Mapped[AuditProgress] = mapped_column(words(AuditProgress), default=AuditProgress.PLANNED)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at: Mapped[time | None]
    """Local time on the first day in `time_zone`; without times the audit takes whole days."""
    ends_at: Mapped[time | None]
    time_zone: Mapped[str] = mapped_column(String(60))
    mode: Mapped[AuditMode] = mapped_column(words(AuditMode), default=AuditMode.ON_SITE)
    remote_agreement: Mapped[str] = mapped_column(Text, default="")
    """What both sides agreed for the remote part: means, confidentiality, risk. Needed for remote and hybrid audits."""
    remote_percent: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    objectives: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[str] = mapped_column(Text, default="")
    """What it is held against beside the standards it names: policies, contracts, laws."""
    scope: Mapped[str] = mapped_column(Text, default="")
    """Locations, functions, activities and the period looked at, in words."""
    methods: Mapped[str] = mapped_column(Text, default="")
    body_reference: Mapped[str] = mapped_column(String(80), default="")
    """Of a certification body's audit: how the body calls it."""
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While its newest report is signed nothing of the audit changes: it is taken back first, or gets a new version."""
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    """Of its calendar event: never changes."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of its calendar event: rises with each change that an attendee should hear of."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    audit_certificates: Mapped[list["AuditCertificate"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="audit"
    )
    audit_sites: Mapped[list["AuditSite"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="audit"
    )
    team: Mapped[list["TeamMember"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="audit", order_by="TeamMember.id"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "ends_on"),
        Index(None, "organisation_id", "progress", "ends_on"),
    )
    __mapper_args__ = {"version_id_col": version}


class AuditCertificate(Owned, Base):
    """What an audit is to one certificate, and what the team concluded on it.

    In an integrated audit a surveillance of one certificate may be the recertification of another.
    """

    __tablename__ = "audit_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[AuditKind] = mapped_column(words(AuditKind))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    counts_as_surveillance: Mapped[bool] = mapped_column(default=False)

    audit: Mapped[Audit] = relationship(lazy="raise", back_populates="audit_certificates")
    certificate: Mapped[Certificate] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "certificate_id"),
        UniqueConstraint("audit_id", "certificate_id"),
    )


class AuditSite(Owned, Base):
    """A site that an audit visits."""

    __tablename__ = "audit_site"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))

    audit: Mapped[Audit] = relationship(lazy="raise", back_populates="audit_sites")
    site: Mapped[Site] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "site_id"),
        UniqueConstraint("audit_id", "site_id"),
    )


class AuditAsset(Owned, Base):
    """An asset that an audit looked at, and what was looked at on it."""

    __tablename__ = "audit_asset"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    audit: Mapped[Audit] = relationship(lazy="raise")
    asset: Mapped[Asset] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "asset_id"),
        UniqueConstraint("audit_id", "asset_id"),
    )


class TeamMember(Owned, Base):
    """A person in the audit team: a member of the organisation, or somebody outside it by name and mail."""

    __tablename__ = "team_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    role: Mapped[TeamRole] = mapped_column(words(TeamRole))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outside_name: Mapped[str] = mapped_column(String(200), default="", info={"personal": True})
    outside_email: Mapped[str] = mapped_column(String(254), default="", info={"personal": True})

    audit: Mapped[Audit] = relationship(lazy="raise", back_populates="team")
    person: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "person_id"),
    )

    @property
    def label(self) -> str:
        return self.person.label if self.person_id is not None and self.person is not None else self.outside_name


__all__ = [
    "Audit",
    "AuditAsset",
    "AuditCertificate",
    "AuditMode",
    "AuditProgress",
    "AuditSite",
    "TeamMember",
    "TeamRole",
]
