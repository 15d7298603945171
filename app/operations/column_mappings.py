"""Remember which column means what in the files of a source."""

from sqlalchemy import select

from app.domain.itam.mapping import Columns
from app.models.import_batch import ColumnMapping
from app.work import Work


def remember(work: Work, purpose: str, source: str, columns: Columns) -> ColumnMapping:
    """Keep the columns of a source for its next file; the same again changes nothing."""
    source = source.strip()
    wanted = {name: column for name, column in sorted(columns.items()) if column}
    statement = select(ColumnMapping).where(ColumnMapping.purpose == purpose, ColumnMapping.source == source)
    found = work.one_or_none(statement)
    if found is None:
        return work.add(ColumnMapping(purpose=purpose, source=source, columns=wanted, changed_at=work.now))
    if dict(found.columns) != wanted:
        found.columns, found.changed_at = wanted, work.now
        work.flush()
    return found
