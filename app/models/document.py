"""Documents: their versions, what they speak of, whom they are for, and who has acknowledged which version."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.documents.version import Step
from app.domain.permission import Role
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.person import Person


class Document(Owned, Base):
    """A manual, procedure or policy, whatever its version. Its files are kept on it; its versions name them."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    review_months: Mapped[int]
    acknowledge_days: Mapped[int]
    """Within so many days each of its audience acknowledges a version."""
    reviewed_on: Mapped[date | None]
    """When it was last found to be right as it is."""
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_on: Mapped[date | None]
    # By another name in the table: with it an update of a document would read as if it named the table of versions.
    version: Mapped[int] = mapped_column("revision")

    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=owner_id)
    versions: Mapped[list["DocumentVersion"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DocumentVersion.number", back_populates="document"
    )
    clauses: Mapped[list["DocumentClause"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DocumentClause.id", back_populates="document"
    )
    audience: Mapped[list["DocumentAudience"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DocumentAudience.id", back_populates="document"
    )

    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)
    __mapper_args__ = {"version_id_col": version}


class DocumentVersion(Owned, Base):
    """A version of a document: changed while it is a draft, never once it is approved.

    A document has one version at most that is not approved.
    """

    __tablename__ = "document_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    step: Mapped[Step] = mapped_column(words(Step), default=Step.DRAFT)
    body: Mapped[str] = mapped_column(Text, default="")
    """Markdown; words beside the file where there is one."""
    file_name: Mapped[str] = mapped_column(String(200), default="")
    """What was uploaded, by its name among the files of the document; empty where it is written here."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What is new in it."""
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_back: Mapped[str] = mapped_column(Text, default="")
    """Why it was sent back last."""
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    document: Mapped[Document] = relationship(lazy="raise", back_populates="versions")
    written_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=written_by_id)
    approved_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=approved_by_id)

    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index(None, "organisation_id", "document_id", "number"),
    )
    __mapper_args__ = {"version_id_col": version}


class DocumentClause(Owned, Base):
    """A clause that a document speaks of."""

    __tablename__ = "document_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    standard: Mapped[str] = mapped_column(String(120))
    """By name and edition: ISO/IEC 27001:2022."""
    clause: Mapped[str] = mapped_column(String(40))

    document: Mapped[Document] = relationship(lazy="raise", back_populates="clauses")

    __table_args__ = (
        UniqueConstraint("document_id", "standard", "clause"),
        Index(None, "organisation_id", "document_id"),
        Index(None, "organisation_id", "standard"),
    )


class DocumentAudience(Owned, Base):
    """A role whose people read a document and acknowledge its versions."""

    __tablename__ = "document_audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    role: Mapped[Role] = mapped_column(words(Role))

    document: Mapped[Document] = relationship(lazy="raise", back_populates="audience")

    __table_args__ = (
        UniqueConstraint("document_id", "role"),
        Index(None, "organisation_id", "document_id"),
    )


class DocumentAcknowledgement(Owned, Base):
    """A person's word that they have read a version."""

    __tablename__ = "document_acknowledgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("document_version_id", "person_id"),
        Index(None, "organisation_id", "person_id"),
    )
