"""Certificates, the decisions of the certification body on them, and what else the cycle is judged by."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.certification.facts import AuditKind, DecisionKind, Grade, State
from app.domain.certification.verdict import Rule, Standing
from app.models.base import Base, JsonValue, Owned, UtcDateTime, words
from app.models.organisation import Site


class CertificationBody(Owned, Base):
    """The body that audits and decides, and the accreditation it does so under."""

    __tablename__ = "certification_body"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    accreditation_body: Mapped[str] = mapped_column(String(200), default="")
    accreditation_number: Mapped[str] = mapped_column(String(80), default="")
    contact: Mapped[str] = mapped_column(Text, default="", info={"personal": True})

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class Certificate(Owned, Base):
    """A certification to one standard: applied for, granted, kept, and sometimes lost."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    standard: Mapped[str] = mapped_column(String(80))
    """Without its edition: ISO/IEC 27001."""
    first_edition: Mapped[str] = mapped_column(String(20))
    """The edition first certified or applied for; later ones come by decisions of transition."""
    edition: Mapped[str] = mapped_column(String(20))
    """The edition in force today, kept with the verdict."""
    scope: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str] = mapped_column(String(80), default="")
    """The number the certification body printed on the certificate."""
    certification_body_id: Mapped[int | None] = mapped_column(ForeignKey("certification_body.id"))
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    certification_body: Mapped[CertificationBody | None] = relationship(lazy="raise")
    certificate_sites: Mapped[list["CertificateSite"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="certificate"
    )
    decisions: Mapped[list["Decision"]] = relationship(
        lazy="raise", order_by="Decision.decided_on, Decision.id", back_populates="certificate"
    )
    changes: Mapped[list["SignificantChange"]] = relationship(lazy="raise", order_by="SignificantChange.changed_on")
    deviations: Mapped[list["Deviation"]] = relationship(lazy="raise")
    verdict: Mapped["CertificateVerdict | None"] = relationship(lazy="raise", back_populates="certificate")

    __table_args__ = (
        Index(None, "organisation_id", "certification_body_id"),
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "standard", "id"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def full_standard(self) -> str:
        return f"{self.standard}:{self.edition}"


class CertificateSite(Owned, Base):
    """A site within the scope of a certificate."""

    __tablename__ = "certificate_site"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))

    certificate: Mapped[Certificate] = relationship(lazy="raise", back_populates="certificate_sites")
    site: Mapped[Site] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "certificate_id"),
        Index(None, "organisation_id", "site_id"),
        UniqueConstraint("certificate_id", "site_id"),
    )


class Decision(Owned, Base):
    """What the certification body decided, on which day; its written word overrides every computed date."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[DecisionKind] = mapped_column(words(DecisionKind))
    decided_on: Mapped[date]
    valid_through: Mapped[date | None]
    """The last valid day printed on the certificate; computed where it is not recorded."""
    to_edition: Mapped[str | None] = mapped_column(String(120))
    """Of a transition: the full name of the new edition."""
    decided_by: Mapped[str] = mapped_column(String(200), default="", info={"personal": True})
    """In the words of whoever recorded it: mostly a committee, sometimes a name, so the journal does not keep it."""
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    certificate: Mapped[Certificate] = relationship(lazy="raise", back_populates="decisions")

    __table_args__ = (Index(None, "organisation_id", "certificate_id"),)


class SignificantChange(Owned, Base):
    """A change to the organisation or its system that may call for stage 1 to be repeated."""

    __tablename__ = "significant_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    changed_on: Mapped[date]
    significant: Mapped[bool] = mapped_column(default=True)
    description: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "organisation_id", "certificate_id"),)


class Deviation(Owned, Base):
    """A recorded justification that turns the breach of a rule into a warning."""

    __tablename__ = "deviation"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    rule: Mapped[str] = mapped_column(String(40))
    year: Mapped[int | None]
    justification: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (Index(None, "organisation_id", "certificate_id"),)


class BodyNonconformity(Owned, Base):
    """A nonconformity that the certification body raised: closed by the body's dates, not by ours."""

    __tablename__ = "body_nonconformity"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    body_reference: Mapped[str] = mapped_column(String(80), default="")
    grade: Mapped[Grade] = mapped_column(words(Grade))
    clause: Mapped[str] = mapped_column(String(40), default="")
    statement: Mapped[str] = mapped_column(Text)
    raised_on: Mapped[date]
    response_due_on: Mapped[date | None]
    plan_accepted_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    certificate: Mapped[Certificate] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "certificate_id"),
        Index(None, "organisation_id", "audit_id"),
        UniqueConstraint("organisation_id", "reference"),
    )
    __mapper_args__ = {"version_id_col": version}


class CertificateVerdict(Owned, Base):
    """The judged answer for a certificate, kept until the day on which it changes by itself.

    It can always be computed anew from the facts, so the journal leaves it out.
    """

    __tablename__ = "certificate_verdict"
    journalled = False

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    judged_on: Mapped[date]
    next_change_on: Mapped[date | None]
    state: Mapped[State] = mapped_column(words(State))
    risk: Mapped[str] = mapped_column(String(20))
    """`safe`, `attention`, `at-risk` or `broken`."""
    risk_says: Mapped[str] = mapped_column(Text, default="")
    valid_through: Mapped[date | None]
    effective_valid_through: Mapped[date | None]
    next_kind: Mapped[str | None] = mapped_column(String(40))
    next_opens_on: Mapped[date | None]
    next_closes_on: Mapped[date | None]
    breach_count: Mapped[int] = mapped_column(default=0)
    warning_count: Mapped[int] = mapped_column(default=0)
    began_on: Mapped[date | None]
    """The first day of the current cycle."""
    detail: Mapped[JsonValue] = mapped_column(JSON)
    """Breaches and warnings in the contract's shape, without their reasons."""

    certificate: Mapped[Certificate] = relationship(lazy="raise", back_populates="verdict")

    __table_args__ = (
        Index(None, "organisation_id", "next_closes_on"),
        Index(None, "organisation_id", "next_change_on"),
        Index(None, "organisation_id", "risk", "next_closes_on"),
    )


class CertificateDeadline(Owned, Base):
    """A last day that a rule sets in the current cycle of a certificate: part of the kept verdict, by day."""

    __tablename__ = "certificate_deadline"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    rule: Mapped[Rule] = mapped_column(words(Rule))
    year: Mapped[int | None]
    audit_kind: Mapped[AuditKind | None] = mapped_column(words(AuditKind))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date]
    standing: Mapped[Standing] = mapped_column(words(Standing))
    met_by: Mapped[str | None] = mapped_column(String(40))
    """The reference of the audit that met it, or would."""
    met_on: Mapped[date | None]
    """The day on which an audit or a decision met it, in time or late."""
    hard: Mapped[bool] = mapped_column(default=True)
    """Whether missing it is a breach, not a warning."""
    why: Mapped[JsonValue] = mapped_column(JSON)
    """The reasons, each as `[sentence, clause or null]`."""
    key: Mapped[str] = mapped_column(String(120))
    """Tells it from the other limits of the certificate over all cycles; its calendar event is known by it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of its calendar event: rises when the day or the standing changes."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    certificate: Mapped[Certificate] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "certificate_id"),
        UniqueConstraint("certificate_id", "key"),
        Index(None, "organisation_id", "closes_on"),
        Index(None, "organisation_id", "standing", "closes_on"),
    )
