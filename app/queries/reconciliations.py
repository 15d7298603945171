"""Comparisons with other registers: the list of runs, one of them with its lines, what is gone since the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.domain.itam.reconciliation import Finding, Settlement, SinceLast, SourceKind
from app.models.attachment import Attachment
from app.models.person import Person
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.work import Work

PAGE = 50
ORDERS = ("thing", "finding", "row")
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class RunFilters:
    """Which runs; None is all."""

    kind: SourceKind | None = None
    source: str | None = None
    open: bool = False
    """Only those that are not closed."""


class RunRow(NamedTuple):
    """One line of the list of runs."""

    reference: str
    kind: SourceKind
    source: str
    run_at: datetime
    person_name: str | None
    totals: Any
    closed_at: datetime | None
    undecided: int
    later: str | None
    """The run that follows on it."""


@dataclass(frozen=True, slots=True)
class LineFilters:
    """Which lines of a run; None is all."""

    finding: Finding | None = None
    since: SinceLast | None = None
    settlement: str | None = None
    """A settlement, or `undecided`."""
    field: str | None = None
    """Only those that differ in it."""
    text: str | None = None
    order: str = ORDERS[0]
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any((self.finding, self.since, self.settlement, self.field, self.text))


def _undecided(work: Work) -> ColumnElement[bool]:
    line = ReconciliationLine
    return (line.finding != Finding.MATCHED) & line.settlement.is_(None) & ~_is_carried(work)


def _is_carried(work: Work) -> ColumnElement[bool]:
    """Whether a later run of the same source has the line too: what it says is decided there."""
    line, mine, later, its = ReconciliationLine, aliased(Reconciliation), *_later()
    return (
        select(its.id)
        .select_from(mine)
        .join(later, _follows(later, mine))
        .join(its, its.run_id == later.id)
        .where(mine.id == line.run_id, its.key == line.key)
        .where(*(each.organisation_id == work.home for each in (mine, later, its)))
        .correlate(line)
        .exists()
    )


def _later() -> tuple[Any, Any]:
    return aliased(Reconciliation), aliased(ReconciliationLine)


def _follows(later: Any, run: Any) -> Any:
    # Runs of one source are made one at a time, so that their numbers say which came first.
    return (later.kind == run.kind) & (later.source == run.source) & (later.id > run.id)


def run_list(work: Work, wanted: RunFilters, page: int = 1) -> tuple[list[RunRow], int]:
    """A page of the runs, the latest first, and how many there are; two queries however many."""
    run, line = Reconciliation, ReconciliationLine
    conditions: list[Any] = []
    if wanted.kind is not None:
        conditions.append(run.kind == wanted.kind)
    if wanted.source is not None:
        conditions.append(run.source == wanted.source)
    if wanted.open:
        conditions.append(run.closed_at.is_(None))
    waiting = (
        select(func.count(line.id))
        .where(line.run_id == run.id, line.organisation_id == work.home, _undecided(work))
        .correlate(run)
        .scalar_subquery()
    )
    later, _ = _later()
    next_one = (
        select(later.reference)
        .where(_follows(later, run), later.organisation_id == work.home)
        .order_by(later.id)
        .limit(1)
        .correlate(run)
        .scalar_subquery()
    )
    about = (run.reference, run.kind, run.source, run.run_at, Person.name, run.totals, run.closed_at)
    columns: Any = (*about, waiting, next_one)
    rows = work.execute(
        select(*columns)
        .outerjoin(Person, run.run_by_id == Person.id)
        .where(*conditions)
        .order_by(run.run_at.desc(), run.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return [RunRow(*each) for each in rows], work.session.scalar(select(func.count(run.id)).where(*conditions)) or 0


def sources(work: Work) -> list[tuple[SourceKind, str]]:
    """The other registers that were compared with before, by kind and name."""
    rows: Any = work.execute(
        select(Reconciliation.kind, Reconciliation.source)
        .distinct()
        .order_by(Reconciliation.source, Reconciliation.kind)
    )
    return [(kind, source) for kind, source in rows]


def run_by(work: Work, reference: str, *, for_update: bool = False) -> Reconciliation | None:
    """One run, locked until the work is done where it will be changed."""
    statement = select(Reconciliation).where(Reconciliation.reference == reference)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def latest_run(work: Work, kind: SourceKind, source: str) -> Reconciliation | None:
    """The run of a source that the next one is compared with."""
    return work.one_or_none(
        select(Reconciliation)
        .where(Reconciliation.kind == kind, Reconciliation.source == source)
        .order_by(Reconciliation.run_at.desc(), Reconciliation.id.desc())
        .limit(1)
    )


def later_run(work: Work, run: Reconciliation) -> Reconciliation | None:
    """The latest run of the same source, where one came after this."""
    latest = latest_run(work, run.kind, run.source)
    return latest if latest is not None and latest.id > run.id else None


def carried_in(work: Work, run: Reconciliation, keys: Sequence[str] | None = None) -> dict[str, str]:
    """By the key of a line of a run: the latest run of the same source that has it too; of these keys, or of all."""
    later, its = _later()
    found: Any = (
        select(its.key, func.max(later.id))
        .join(later, its.run_id == later.id)
        .where(later.kind == run.kind, later.source == run.source, later.id > run.id)
        .where(later.organisation_id == work.home, its.organisation_id == work.home)
        .group_by(its.key)
    )
    if keys is not None:
        found = found.where(its.key.in_(keys))
    runs: dict[str, int] = dict(iter(work.execute(found)))
    references = references_of(work, list(set(runs.values())))
    return {key: references[number] for key, number in runs.items()}


class KeptFile(NamedTuple):
    """The file of the latest run of a source, kept with it."""

    attachment_id: int
    file_name: str
    kind: SourceKind
    source: str
    reference: str


def latest_files(work: Work) -> list[KeptFile]:
    """Of each source the file that its latest run compared, in the order of the names."""
    run, kept = Reconciliation, Attachment
    latest = (
        select(func.max(run.id).label("id"))
        .where(run.organisation_id == work.home)
        .group_by(run.kind, run.source)
        .subquery()
    )
    rows: Any = work.execute(
        select(func.min(kept.id), kept.file_name, run.kind, run.source, run.reference)
        .join(latest, latest.c.id == run.id)
        .join(kept, (kept.reconciliation_id == run.id) & (kept.sha256 == run.sha256))
        .group_by(kept.file_name, run.kind, run.source, run.reference)
        .order_by(run.source, run.kind)
    )
    return [KeptFile(*row) for row in rows]


def references_of(work: Work, ids: Sequence[int | None]) -> dict[int, str]:
    """What runs are called."""
    wanted = {each for each in ids if each is not None}
    rows: Any = work.execute(select(Reconciliation.id, Reconciliation.reference).where(Reconciliation.id.in_(wanted)))
    return dict(iter(rows))


def undecided(work: Work, run: Reconciliation) -> int:
    """How many differences of a run still wait for somebody's decision."""
    return (
        work.session.scalar(
            select(func.count(ReconciliationLine.id)).where(ReconciliationLine.run_id == run.id, _undecided(work))
        )
        or 0
    )


def line_page(
    work: Work, run: Reconciliation, wanted: LineFilters, page: int = 1
) -> tuple[list[ReconciliationLine], int]:
    """A page of the lines of a run, and how many there are; two queries however many."""
    conditions = _asked(work, run, wanted)
    statement = _ordered(wanted).where(*conditions).offset((page - 1) * PAGE).limit(PAGE)
    total = work.session.scalar(select(func.count(ReconciliationLine.id)).where(*conditions)) or 0
    return work.all(statement.options(joinedload(ReconciliationLine.settled_by))), total


def all_lines(work: Work, run: Reconciliation, wanted: LineFilters) -> Iterator[ReconciliationLine]:
    """Every line that the filters ask for, some at a time."""
    at, step = 0, 2000
    while True:
        statement = _ordered(wanted).where(*_asked(work, run, wanted)).offset(at).limit(step)
        lines = work.all(statement.options(joinedload(ReconciliationLine.settled_by)))
        yield from lines
        if len(lines) < step:
            return
        at += step


def lines_to_decide(
    work: Work, run: Reconciliation, ids: Sequence[int] | None, wanted: LineFilters, *, most: int, for_update: bool
) -> list[ReconciliationLine]:
    """The differences that were ticked, or, where `ids` is None, all that the filters ask for.

    None of them is carried by a later run of the same source: it is decided there.
    """
    line = ReconciliationLine
    conditions = [line.run_id == run.id, line.id.in_(ids)] if ids is not None else _asked(work, run, wanted)
    open_here = (line.finding != Finding.MATCHED, ~_is_carried(work))
    statement = _ordered(wanted).where(*conditions, *open_here).limit(most)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.all(statement)


def gone_page(work: Work, run: Reconciliation, page: int = 1) -> tuple[list[ReconciliationLine], int]:
    """What the run before had and this one has not: a page of it, and how many there are."""
    earlier, now = ReconciliationLine, aliased(ReconciliationLine)
    still = exists().where(now.run_id == run.id, now.key == earlier.key, now.organisation_id == work.home)
    conditions = (earlier.run_id == run.previous_id, ~still)
    statement = select(earlier).where(*conditions).order_by(earlier.key).offset((page - 1) * PAGE).limit(PAGE)
    return work.all(statement), work.session.scalar(select(func.count(earlier.id)).where(*conditions)) or 0


def _asked(work: Work, run: Reconciliation, wanted: LineFilters) -> list[Any]:
    line = ReconciliationLine
    asked: list[Any] = [line.run_id == run.id]
    if wanted.finding is not None:
        asked.append(line.finding == wanted.finding)
    if wanted.since is not None:
        asked.append(line.since == wanted.since)
    if wanted.settlement == UNDECIDED:
        asked.append(_undecided(work))
    elif wanted.settlement is not None:
        asked.append(line.settlement == Settlement(wanted.settlement))
    if wanted.field is not None:
        asked.append(cast(line.differences, String).contains(f'["{wanted.field}",', autoescape=True))
    if wanted.text:
        words = (line.key, cast(line.ours, String), cast(line.theirs, String))
        asked += [
            or_(*(column.icontains(word, autoescape=True) for column in words)) for word in wanted.text.split()[:6]
        ]
    return asked


def _ordered(wanted: LineFilters) -> Select[ReconciliationLine]:
    line = ReconciliationLine
    columns: dict[str, Any] = {"thing": line.key, "finding": line.finding, "row": line.row}
    column = columns[wanted.order]
    first = column.desc().nulls_last() if wanted.descending else column.nulls_last()
    return select(line).order_by(first, line.key)
