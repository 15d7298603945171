"""Reports of audits: versions, the paper of each, and who approved it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.programme.reporting import ReportState, SignatureRole
from app.models.audit import Audit
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.person import Person


class AuditReport(Owned, Base):
    """One version of the report of an audit; the newest counts."""

    __tablename__ = "audit_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    number: Mapped[int]
    """1 for the first version."""
    state: Mapped[ReportState] = mapped_column(words(ReportState), default=ReportState.DRAFT)
    summary: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    confidential: Mapped[str] = mapped_column(Text, default="")
    """Statement of confidentiality and distribution."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why there is another version after an approved one."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the newest paper: the one that is signed, then the one that names who approved it; none before any."""
    size: Mapped[int | None]
    printed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    @property
    def is_being_printed(self) -> bool:
        """Whether the lead auditor has signed, and the paper that carries the signature is not there yet."""
        return self.state is ReportState.IN_APPROVAL and self.sha256 is None

    @property
    def lacks_approved_paper(self) -> bool:
        """Whether it is approved, and its newest paper is still the signed one; the signatures are loaded."""
        return self.state is ReportState.APPROVED and any(each.sha256 == self.sha256 for each in self.signatures)

    @property
    def signed_sha256(self) -> str | None:
        """Of the paper that was signed and approved, which is kept beside the one that says so."""
        return self.signatures[0].sha256 if self.signatures else None

    def signature(self, role: SignatureRole) -> "ReportSignature | None":
        """The signature of who signed as this; the signatures are loaded."""
        return next((each for each in self.signatures if each.role is role), None)

    audit: Mapped[Audit] = relationship(lazy="raise")
    signatures: Mapped[list["ReportSignature"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ReportSignature.id", back_populates="report"
    )

    __table_args__ = (
        UniqueConstraint("audit_id", "number"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "sha256"),
    )
    __mapper_args__ = {"version_id_col": version}


class ReportSignature(Owned, Base):
    """That a person approved the paper with this hash."""

    __tablename__ = "report_signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("audit_report.id"))
    role: Mapped[SignatureRole] = mapped_column(words(SignatureRole))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sha256: Mapped[str] = mapped_column(String(64))

    report: Mapped[AuditReport] = relationship(lazy="raise", back_populates="signatures")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("report_id", "role"),
        Index(None, "organisation_id", "report_id"),
    )
