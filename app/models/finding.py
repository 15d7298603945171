"""What audits found, and what each finding concerns."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.findings.grading import FindingGrade
from app.models.asset import Asset
from app.models.audit import Audit
from app.models.base import Base, Owned, words
from app.models.change_request import ChangeRequest
from app.models.checklist import ChecklistItem
from app.models.licence import Entitlement, LicencePool
from app.models.organisation import Site
from app.models.person import Person
from app.models.process import Process
from app.models.software import Installation


class Finding(Owned, Base):
    """A finding of our own: at an audit, or outside one, where an everyday screen showed it."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    """A nonconformity counts as NC-2026-014, together with those of the body; every other as F-2026-001."""
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))
    """None where it was raised outside an audit."""
    item_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    grade: Mapped[FindingGrade] = mapped_column(words(FindingGrade))
    title: Mapped[str] = mapped_column(String(200))
    standard: Mapped[str] = mapped_column(String(120), default="")
    clause: Mapped[str] = mapped_column(String(40), default="")
    requirement: Mapped[str] = mapped_column(Text, default="")
    """What was required, in the auditor's words."""
    statement: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    body_reference: Mapped[str] = mapped_column(String(80), default="")
    """Of a finding that a certification body wrote down: how the body calls it."""
    raised_on: Mapped[date]
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    """The earlier finding of which this one is the same again."""
    version: Mapped[int] = mapped_column()

    audit: Mapped[Audit | None] = relationship(lazy="raise")
    item: Mapped[ChecklistItem | None] = relationship(lazy="raise")
    raised_by: Mapped[Person | None] = relationship(lazy="raise")
    repeats: Mapped["Finding | None"] = relationship(lazy="raise", remote_side=[id])
    links: Mapped[list["FindingLink"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="FindingLink.id", back_populates="finding"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "item_id"),
        Index(None, "organisation_id", "grade", "raised_on"),
        Index(None, "organisation_id", "standard", "clause"),
    )
    __mapper_args__ = {"version_id_col": version}


CONCERNS = (
    "asset_id",
    "entitlement_id",
    "pool_id",
    "installation_id",
    "site_id",
    "process_id",
    "change_id",
)
"""What a finding may concern: of one link exactly one of these."""


class FindingLink(Owned, Base):
    """One thing that a finding concerns."""

    __tablename__ = "finding_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("licence_pool.id"))
    installation_id: Mapped[int | None] = mapped_column(ForeignKey("installation.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))

    finding: Mapped[Finding] = relationship(lazy="raise", back_populates="links")
    asset: Mapped[Asset | None] = relationship(lazy="raise")
    entitlement: Mapped[Entitlement | None] = relationship(lazy="raise")
    pool: Mapped[LicencePool | None] = relationship(lazy="raise")
    installation: Mapped[Installation | None] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    process: Mapped[Process | None] = relationship(lazy="raise")
    change: Mapped[ChangeRequest | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "finding_id"),
        *(Index(None, "organisation_id", concern) for concern in CONCERNS),
        *(UniqueConstraint("finding_id", concern) for concern in CONCERNS),
        CheckConstraint(
            " + ".join(f"CASE WHEN {concern} IS NULL THEN 0 ELSE 1 END" for concern in CONCERNS) + " = 1",
            name="one_concern",
        ),
    )
