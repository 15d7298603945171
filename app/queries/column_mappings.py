"""Which column means what in the files of each source, as it was said last time."""

from sqlalchemy import select

from app.models.import_batch import ColumnMapping
from app.work import Work


def columns_of(work: Work, purpose: str, source: str) -> dict[str, str] | None:
    """What is remembered of a source; None where it sent nothing yet."""
    statement = select(ColumnMapping).where(ColumnMapping.purpose == purpose, ColumnMapping.source == source.strip())
    found = work.one_or_none(statement)
    return dict(found.columns) if found is not None else None


def sources_of(work: Work, purposes: list[str]) -> list[str]:
    """The names of the sources that sent something before, for whoever types one."""
    statement = (
        select(ColumnMapping.source)
        .where(ColumnMapping.purpose.in_(purposes))
        .distinct()
        .order_by(ColumnMapping.source)
        .limit(100)
    )
    return [source for (source,) in work.execute(statement)]
