"""The files that were imported, the latest first, and what each brought: the entries of the journal that it made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.itam.batch import BatchKind
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.import_batch import ImportBatch
from app.models.journal import JournalEntry
from app.models.licence import Entitlement
from app.models.person import Person
from app.models.software import Installation, Product
from app.queries.journal import Line, lines_of
from app.work import Work
from app.work.journal import chain_of

PAGE = 50
_BATCH = "import_batch"
_PAGED: dict[str, Any] = {
    "asset": Asset.id,
    "employee": Employee.id,
    "installation": Installation.id,
    "product": Product.id,
    "entitlement": Entitlement.id,
}
"""What an import brings and a page shows."""


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


@dataclass(frozen=True, slots=True)
class BatchFilters:
    """Which imports a list shows; None is everything."""

    text: str | None = None
    """Of the file's name, its source, or the beginning of its hash."""
    kind: BatchKind | None = None
    person_id: int | None = None
    order: str = "when"
    descending: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any(each is not None for each in (self.text, self.kind, self.person_id))


BATCH_ORDERS: dict[str, tuple[Any, ...]] = {
    "when": (ImportBatch.imported_at, ImportBatch.id),
    "file": (func.lower(ImportBatch.file_name), ImportBatch.id),
    "source": (func.lower(ImportBatch.source), ImportBatch.id),
    "added": (ImportBatch.added, ImportBatch.id),
}
"""By what a list may be sorted."""


def batches(work: Work, wanted: BatchFilters, page: int | None = 1) -> tuple[list[BatchRow], int]:
    """A page of them, or all of them, and how many there are as asked."""
    conditions = _asked(wanted)
    total = work.session.scalar(select(func.count(ImportBatch.id)).where(*conditions)) or 0
    order = [each.desc() if wanted.descending else each for each in BATCH_ORDERS[wanted.order]]
    columns = _columns().where(*conditions).order_by(*order)
    if page is not None:
        columns = columns.limit(PAGE).offset((page - 1) * PAGE)
    zone = ZoneInfo(work.organisation.time_zone)
    rows = [BatchRow(*row) for row in work.execute(columns)]
    return [_local(row, zone) for row in rows], total


def importers(work: Work) -> list[tuple[int, str]]:
    """Who ever imported a file, by name."""
    did = select(ImportBatch.imported_by_id).where(ImportBatch.imported_by_id.is_not(None)).distinct()
    people = work.all(select(Person).where(Person.id.in_(did)))
    return sorted(((each.id, each.label) for each in people), key=lambda each: each[1].casefold())


def _asked(wanted: BatchFilters) -> list[Any]:
    asked: list[Any] = []
    if wanted.kind is not None:
        asked.append(ImportBatch.kind == wanted.kind)
    if wanted.person_id is not None:
        asked.append(ImportBatch.imported_by_id == wanted.person_id)
    for word in (wanted.text or "").split()[:6]:
        named = (ImportBatch.file_name, ImportBatch.source)
        is_named = [column.icontains(word, autoescape=True) for column in named]
        asked.append(or_(*is_named, ImportBatch.sha256.startswith(word.lower(), autoescape=True)))
    return asked


def batch_row(work: Work, batch_id: int) -> BatchRow | None:
    """One file that was imported."""
    zone = ZoneInfo(work.organisation.time_zone)
    found = list(work.execute(_columns().where(ImportBatch.id == batch_id)))
    return _local(BatchRow(*found[0]), zone) if found else None


def _columns() -> Any:
    return select(
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
    ).outerjoin(Person, ImportBatch.imported_by_id == Person.id)


@dataclass(frozen=True, slots=True)
class Brought:
    """A page of what a file brought, in the order in which it was written, and how many entries there are in all."""

    lines: list[Line]
    total: int
    there: frozenset[tuple[str, str]]
    """The noun and the id of those that the register still has."""


def brought_by(work: Work, batch_id: int, unseen: frozenset[str], page: int = 1) -> Brought:
    """The entries that an import made, one a row that it added or changed.

    They follow its own entry without a gap, because all of a work is chained at once.
    """
    chain = JournalEntry.chain == chain_of(work.home)
    own = and_(chain, JournalEntry.noun == _BATCH, JournalEntry.noun_id == str(batch_id))
    first = list(work.execute(select(JournalEntry.number, JournalEntry.at).where(own).order_by(JournalEntry.number)))
    if not first:
        return Brought([], 0, frozenset())
    number, at = first[0]
    others: Any = (
        select(JournalEntry.number)
        .where(chain, JournalEntry.number > number, or_(JournalEntry.at != at, JournalEntry.noun == _BATCH))
        .order_by(JournalEntry.number)
        .limit(1)
    )
    last = select(func.max(JournalEntry.number) + 1).where(chain)
    end = work.session.scalar(select(func.coalesce(others.scalar_subquery(), last.scalar_subquery()))) or number + 1
    start = number + (page - 1) * PAGE
    entries = work.all(
        select(JournalEntry)
        .where(chain, JournalEntry.number > start, JournalEntry.number < min(end, start + PAGE + 1))
        .order_by(JournalEntry.number)
    )
    return Brought(lines_of(work, entries, unseen), end - number - 1, _there(work, entries))


def _there(work: Work, entries: Sequence[JournalEntry]) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for noun, column in _PAGED.items():
        ids = [int(entry.noun_id) for entry in entries if entry.noun == noun]
        if ids:
            found.update((noun, str(row_id)) for row_id in work.all(select(column).where(column.in_(ids))))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Came:
    """An import that added or changed a row."""

    batch_id: int
    file_name: str
    imported_at: datetime
    action: str


def imports_of(work: Work, noun: str, row_id: int) -> list[Came]:
    """The imports that added or changed a row, the latest first: those in whose work its entries were made."""
    row, own = aliased(JournalEntry), aliased(JournalEntry)
    chain = chain_of(work.home)
    statement: Any = (
        select(own.noun_id, row.action)
        .join(own, (own.chain == row.chain) & (own.at == row.at) & (own.noun == _BATCH))
        .where(row.chain == chain, row.noun == noun, row.noun_id == str(row_id))
        .order_by(row.number.desc())
        .limit(PAGE)
    )
    did = {int(batch_id): action for batch_id, action in work.execute(statement)}
    zone = ZoneInfo(work.organisation.time_zone)
    found = work.all(select(ImportBatch).where(ImportBatch.id.in_(did)).order_by(ImportBatch.id.desc())) if did else []
    return [Came(each.id, each.file_name, each.imported_at.astimezone(zone), did[each.id]) for each in found]


def _local(row: BatchRow, zone: ZoneInfo) -> BatchRow:
    return replace(row, imported_at=row.imported_at.astimezone(zone))
