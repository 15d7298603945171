"""Processes of the organisation: who owns them, who works in them, which clauses they serve."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Owned
from app.models.person import Person


class Process(Owned, Base):
    """A process that is audited. Who owns it or works in it does not audit it."""

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()

    owner: Mapped[Person | None] = relationship(lazy="raise")
    performers: Mapped[list["ProcessPerformer"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ProcessPerformer.id", back_populates="process"
    )
    clauses: Mapped[list["ProcessClause"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ProcessClause.id", back_populates="process"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        UniqueConstraint("organisation_id", "name"),
        Index(None, "organisation_id", "owner_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class ProcessPerformer(Owned, Base):
    """A person who works in a process."""

    __tablename__ = "process_performer"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    process: Mapped[Process] = relationship(lazy="raise", back_populates="performers")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("process_id", "person_id"),
        Index(None, "organisation_id", "person_id"),
    )


class ProcessClause(Owned, Base):
    """A clause that a process serves; its owner answers for it."""

    __tablename__ = "process_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    standard: Mapped[str] = mapped_column(String(120))
    """By name and edition: ISO/IEC 27001:2022."""
    clause: Mapped[str] = mapped_column(String(40))

    process: Mapped[Process] = relationship(lazy="raise", back_populates="clauses")

    __table_args__ = (
        UniqueConstraint("process_id", "standard", "clause"),
        Index(None, "organisation_id", "standard", "clause"),
    )
