"""The organisation's own judgement of the process areas of IT asset management."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.itam.tier import Attainment
from app.models.base import Base, Owned, words


class ProcessAssessment(Owned, Base):
    """How far a process area had come on a day; the newest counts, and the earlier ones show the way."""

    __tablename__ = "process_assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_area: Mapped[str] = mapped_column(String(10))
    """By its number in the catalogue: F1."""
    attainment: Mapped[Attainment] = mapped_column(words(Attainment))
    evidence: Mapped[str] = mapped_column(Text, default="")
    assessed_on: Mapped[date]
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (Index(None, "organisation_id", "process_area", "assessed_on"),)
