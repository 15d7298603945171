"""The files that were imported, the latest first."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.domain.itam.batch import BatchKind
from app.models.import_batch import ImportBatch
from app.models.person import Person
from app.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One file that was imported."""

    id: int
    kind: BatchKind
    source: str
    file_name: str
    sha256: str
    added: int
    changed: int
    left: int
    imported_at: datetime
    by: str


def batches(work: Work, page: int = 1) -> tuple[list[BatchRow], int]:
    """A page of them, and how many there are in all."""
    total = work.session.scalar(select(func.count(ImportBatch.id))) or 0
    columns = (
        select(
            ImportBatch.id,
            ImportBatch.kind,
            ImportBatch.source,
            ImportBatch.file_name,
            ImportBatch.sha256,
            ImportBatch.added,
            ImportBatch.changed,
            ImportBatch.left,
            ImportBatch.imported_at,
            func.coalesce(Person.name, ""),
        )
        .outerjoin(Person, ImportBatch.imported_by_id == Person.id)
        .order_by(ImportBatch.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    zone = ZoneInfo(work.organisation.time_zone)
    rows = [BatchRow(*row) for row in work.execute(columns)]
    return [_local(row, zone) for row in rows], total


def _local(row: BatchRow, zone: ZoneInfo) -> BatchRow:
    return replace(row, imported_at=row.imported_at.astimezone(zone))
