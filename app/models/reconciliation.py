"""Comparisons with other registers: what was found, and what a person decided of each difference."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.reconciliation import Finding, MatchedBy, Settlement, SinceLast, SourceKind
from app.models.asset import Asset
from app.models.base import Base, JsonValue, Owned, UtcDateTime, words
from app.models.employee import Employee
from app.models.licence import Entitlement
from app.models.person import Person


class Reconciliation(Owned, Base):
    """One comparison of our register with a file of another; kept for good."""

    __tablename__ = "reconciliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    kind: Mapped[SourceKind] = mapped_column(words(SourceKind))
    source: Mapped[str] = mapped_column(String(120))
    """The name of the other register: runs of one name are compared with each other."""
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation.id"))
    """The run before it of the same source."""
    asked: Mapped[JsonValue] = mapped_column(JSON)
    """How the file was read and compared: threshold, tolerance, currency, words for a status."""
    totals: Mapped[JsonValue] = mapped_column(JSON)
    """How many lines of each finding, what became of them since the run before, and what was not expected there."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list["ReconciliationLine"]] = relationship(
        lazy="raise", back_populates="run", foreign_keys="ReconciliationLine.run_id"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "kind", "source", "run_at"),
    )


class ReconciliationLine(Owned, Base):
    """One thing that is in either register or in both."""

    __tablename__ = "reconciliation_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation.id"))
    key: Mapped[str] = mapped_column(String(200))
    """Tells the same thing again in the next run."""
    finding: Mapped[Finding] = mapped_column(words(Finding))
    matched_by: Mapped[MatchedBy | None] = mapped_column(words(MatchedBy))
    """Of what was not told apart: the identifier that several share."""
    similarity: Mapped[int | None]
    """Percent, where likeness had a say."""
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    row: Mapped[int | None]
    """The line of their file."""
    theirs: Mapped[JsonValue] = mapped_column(JSON, info={"personal": True})
    """Their row as it was read, field to text: it may name people, so the journal keeps only that it was there."""
    ours: Mapped[JsonValue] = mapped_column(JSON, info={"personal": True})
    differences: Mapped[JsonValue] = mapped_column(JSON, info={"personal": True})
    """Each as `[field, ours, theirs]`."""
    candidates: Mapped[JsonValue] = mapped_column(JSON, info={"personal": True})
    """What it may be on the other side: labels of ours, or lines of their file."""
    since: Mapped[SinceLast | None] = mapped_column(words(SinceLast))
    """What became of it since the run before; none in a first run."""
    settlement: Mapped[Settlement | None] = mapped_column(words(Settlement))
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_in_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation.id"))
    """The earlier run in which the same difference was settled already."""

    run: Mapped[Reconciliation] = relationship(lazy="raise", back_populates="lines", foreign_keys=[run_id])
    asset: Mapped[Asset | None] = relationship(lazy="raise")
    entitlement: Mapped[Entitlement | None] = relationship(lazy="raise")
    employee: Mapped[Employee | None] = relationship(lazy="raise")
    settled_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("run_id", "key"),
        Index(None, "organisation_id", "run_id", "finding"),
        Index(None, "organisation_id", "asset_id"),
        Index(None, "organisation_id", "entitlement_id"),
        Index(None, "organisation_id", "employee_id"),
    )
