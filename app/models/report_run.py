"""Reports that are printed in the background: what was asked, by whom, and the file that came of it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.printing import PrintState
from app.models.base import Base, JsonValue, Owned, UtcDateTime, words


class ReportRun(Owned, Base):
    """One print of a report. The row is the truth: the runner looks for those that wait."""

    __tablename__ = "report_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(String(60))
    """The name of the report in the register."""
    asked: Mapped[JsonValue] = mapped_column(JSON)
    """What the report was asked, by option."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[PrintState] = mapped_column(words(PrintState))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    """The content of the file, as the storage keeps it; none before it is printed."""
    size: Mapped[int | None]
    printed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be printed, in plain words."""
    pages: Mapped[int | None] = mapped_column(info={"unjournalled": True})
    """So many are laid out so far; none before it is begun."""
    tries: Mapped[int] = mapped_column(default=0, info={"unjournalled": True})
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info={"unjournalled": True})
    """Not begun before; a print that failed is put off."""
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"unjournalled": True})
    """A runner has it until then; a killed runner's claim runs out."""
    claimed_by: Mapped[str] = mapped_column(String(80), default="", info={"unjournalled": True})

    __table_args__ = (
        Index(None, "organisation_id", "asked_by_id", "asked_at"),
        Index(None, "organisation_id", "sha256"),
        # What is due is looked for over all organisations.
        Index(None, "state", "due_at"),
    )
