"""Files that brought rows into the register, and how the columns of each source are read."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.itam.batch import BatchKind
from app.models.base import Base, JsonValue, Owned, UtcDateTime, words


class ImportBatch(Owned, Base):
    """One file that was imported: all of it or nothing."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BatchKind] = mapped_column(words(BatchKind))
    source: Mapped[str] = mapped_column(String(120), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it came."""
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    """Rows that said what the register knew already."""
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ColumnMapping(Owned, Base):
    """Which column of a source's files means what, remembered for the next file."""

    __tablename__ = "column_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    """A kind of import, or a kind of other register."""
    source: Mapped[str] = mapped_column(String(120))
    columns: Mapped[JsonValue] = mapped_column(JSON)
    """Our field to their column's head."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("organisation_id", "purpose", "source"),)
