"""Inventory checks: the list, one of them with how far it is, and its lines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.inventory import COUNTED_KINDS, THERE, Difference, Resolution
from app.models.asset import Asset
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.organisation import Site
from app.models.person import Person
from app.work import Work

PAGE = 50
LATEST = 20
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check is."""

    expected: int = 0
    found: int = 0
    """All that was found, expected or not."""
    found_expected: int = 0
    differences: int = 0
    resolved: int = 0

    @property
    def open(self) -> int:
        """The differences that nobody has resolved yet."""
        return self.differences - self.resolved


def _line_sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_FIGURES: tuple[Any, ...] = (
    _line_sum(InventoryLine.is_expected.is_(True)),
    _line_sum(InventoryLine.found_at.is_not(None)),
    _line_sum(and_(InventoryLine.is_expected.is_(True), InventoryLine.found_at.is_not(None))),
    _line_sum(InventoryLine.difference.is_not(None)),
    _line_sum(InventoryLine.resolution.is_not(None)),
)


def _figure(index: int) -> Any:
    """One of the figures of a check, to put a list in order by."""
    of_the_check = (
        InventoryLine.check_id == InventoryCheck.id,
        InventoryLine.organisation_id == InventoryCheck.organisation_id,
    )
    return select(_FIGURES[index]).where(*of_the_check).correlate(InventoryCheck).scalar_subquery()


ORDERS: dict[str, tuple[Any, ...]] = {
    "started": (InventoryCheck.started_at, InventoryCheck.id),
    "reference": (InventoryCheck.reference, InventoryCheck.id),
    "place": (func.lower(func.coalesce(Site.name, "")), InventoryCheck.id),
    "standing": (
        case((InventoryCheck.counted_at.is_(None), 0), (InventoryCheck.closed_at.is_(None), 1), else_=2),
        InventoryCheck.id,
    ),
    "expected": (_figure(0), InventoryCheck.id),
    "found": (_figure(1), InventoryCheck.id),
    "differences": (_figure(3), InventoryCheck.id),
    "resolved": (_figure(4), InventoryCheck.id),
}
STANDINGS = (("counting", "Being counted"), ("resolving", "To resolve or to close"), ("closed", "Closed"))
"""How far a check may be, for the filter of the list."""


@dataclass(frozen=True, slots=True)
class CheckFilters:
    """Which checks a list shows; None is everything."""

    text: str | None = None
    site_id: int | None = None
    kind: AssetKind | None = None
    standing: str | None = None
    order: str = "started"
    descending: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any(each is not None for each in (self.text, self.site_id, self.kind, self.standing))


def check_list(
    work: Work, wanted: CheckFilters, page: int | None = 1
) -> tuple[list[tuple[InventoryCheck, Progress]], int]:
    """A page of the checks, or all, with how far each is, and how many there are; three queries."""
    asked = _asked(wanted)
    order = ORDERS[wanted.order]
    statement = select(InventoryCheck).outerjoin(InventoryCheck.site)
    statement = statement.options(contains_eager(InventoryCheck.site), joinedload(InventoryCheck.started_by))
    statement = statement.where(*asked).order_by(*(each.desc() if wanted.descending else each for each in order))
    figures: Any = select(InventoryLine.check_id, *_FIGURES).group_by(InventoryLine.check_id)
    if page is not None:
        statement = statement.offset((page - 1) * PAGE).limit(PAGE)
    checks = work.all(statement)
    if page is not None:
        figures = figures.where(InventoryLine.check_id.in_([each.id for each in checks]))
    found = {row[0]: Progress(*row[1:]) for row in work.execute(figures)} if checks else {}
    total = work.session.scalar(select(func.count(InventoryCheck.id)).where(*asked)) or 0
    return [(each, found.get(each.id, Progress())) for each in checks], total


def _asked(wanted: CheckFilters) -> list[Any]:
    asked: list[Any] = []
    if wanted.site_id is not None:
        asked.append(InventoryCheck.site_id == wanted.site_id)
    if wanted.kind is not None:
        asked.append(InventoryCheck.kind == wanted.kind)
    if wanted.standing == "counting":
        asked.append(InventoryCheck.counted_at.is_(None))
    elif wanted.standing == "resolving":
        asked += [InventoryCheck.counted_at.is_not(None), InventoryCheck.closed_at.is_(None)]
    elif wanted.standing == "closed":
        asked.append(InventoryCheck.closed_at.is_not(None))
    for word in (wanted.text or "").split()[:6]:
        named = (InventoryCheck.reference, InventoryCheck.title)
        asked.append(or_(*(column.icontains(word, autoescape=True) for column in named)))
    return asked


def check_by(work: Work, reference: str, *, for_update: bool = False) -> InventoryCheck | None:
    """One check; locked until the end where it will be changed, so that two who count wait for each other."""
    statement = (
        select(InventoryCheck)
        .where(InventoryCheck.reference == reference)
        .options(joinedload(InventoryCheck.site), joinedload(InventoryCheck.started_by))
    )
    if for_update:
        statement = statement.with_for_update(of=InventoryCheck).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def sites_counted(work: Work) -> list[tuple[int, str]]:
    """The sites of which there is a check, by name."""
    counted = select(InventoryCheck.site_id).where(InventoryCheck.site_id.is_not(None)).distinct()
    return [(each.id, each.name) for each in work.all(select(Site).where(Site.id.in_(counted)).order_by(Site.name))]


def progress_of(work: Work, check: InventoryCheck) -> Progress:
    """How far a check is."""
    statement: Any = select(*_FIGURES).where(InventoryLine.check_id == check.id)
    return Progress(*work.execute(statement).one())


def expected_assets(work: Work, site_id: int | None, kind: AssetKind | None) -> list[tuple[int, str]]:
    """Id and tag of what the register has at a place, of one kind or of all that can be counted."""
    kinds = [kind] if kind is not None else list(COUNTED_KINDS)
    statement: Any = select(Asset.id, Asset.tag).where(Asset.kind.in_(kinds), Asset.status.in_(THERE))
    if site_id is not None:
        statement = statement.where(Asset.site_id == site_id)
    return [(id_, tag) for id_, tag in work.execute(statement.order_by(Asset.tag))]


def lines_of_tags(work: Work, check: InventoryCheck, tags: Collection[str]) -> dict[str, InventoryLine]:
    """The lines of these tags, by tag."""
    found: dict[str, InventoryLine] = {}
    wanted = sorted(tags)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = work.all(
            select(InventoryLine)
            .where(InventoryLine.check_id == check.id, InventoryLine.tag.in_(some))
            .execution_options(populate_existing=True)
        )
        found |= {each.tag: each for each in rows}
    return found


def assets_of_tags(work: Work, tags: Collection[str]) -> dict[str, int]:
    """The ids of the assets of these tags, by tag."""
    found: dict[str, int] = {}
    wanted = sorted(tags)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        statement: Any = select(Asset.tag, Asset.id).where(Asset.tag.in_(some))
        found |= {row[0]: row[1] for row in work.execute(statement)}
    return found


def tags_in_other_letters(work: Work, tags: Collection[str]) -> dict[str, tuple[str, int]]:
    """Tag and id of the assets that have one of these tags in other letters, large or small; by what was typed."""
    if not tags:
        return {}
    by_small = {tag.casefold(): tag for tag in tags}
    found: dict[str, tuple[str, int]] = {}
    wanted = sorted(by_small)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        statement: Any = select(Asset.tag, Asset.id).where(func.lower(Asset.tag).in_(some))
        found |= {by_small[tag.casefold()]: (tag, id_) for tag, id_ in work.execute(statement)}
    return found


class FoundLine(NamedTuple):
    """What was found last, as the page of counting lists it."""

    tag: str
    name: str | None
    is_expected: bool
    found_at: datetime
    by: str | None


def found_last(work: Work, check: InventoryCheck) -> list[FoundLine]:
    """The latest that were found."""
    statement: Any = (
        select(InventoryLine.tag, Asset.name, InventoryLine.is_expected, InventoryLine.found_at, Person.name)
        .outerjoin(Asset, InventoryLine.asset_id == Asset.id)
        .outerjoin(Person, InventoryLine.found_by_id == Person.id)
        .where(InventoryLine.check_id == check.id, InventoryLine.found_at.is_not(None))
        .order_by(InventoryLine.found_at.desc(), InventoryLine.id.desc())
        .limit(LATEST)
    )
    return [FoundLine(*row) for row in work.execute(statement)]


class LineRow(NamedTuple):
    """One line of a check as lists show it."""

    id: int
    tag: str
    asset_id: int | None
    name: str | None
    status: AssetStatus | None
    site: str | None
    is_expected: bool
    found_at: datetime | None
    difference: Difference | None
    resolution: Resolution | None
    note: str
    by: str | None
    """Who resolved it."""


def check_lines(
    work: Work, check: InventoryCheck, which: str, difference: Difference | None = None, page: int | None = 1
) -> tuple[list[LineRow], int]:
    """A page of the lines by tag, and how many there are; all of them where no page is named.

    `which`: `open` or `resolved` differences, `differences`, what is `missing` while counting, or `all`.
    """
    line = InventoryLine
    asked: list[Any] = [line.check_id == check.id]
    if which in ("open", "resolved", "differences"):
        asked.append(line.difference.is_not(None))
    if which == "open":
        asked.append(line.resolution.is_(None))
    elif which == "resolved":
        asked.append(line.resolution.is_not(None))
    elif which == "missing":
        asked += [line.is_expected.is_(True), line.found_at.is_(None)]
    if difference is not None:
        asked.append(line.difference == difference)
    statement: Any = (
        select(
            line.id,
            line.tag,
            line.asset_id,
            Asset.name,
            Asset.status,
            Site.name,
            line.is_expected,
            line.found_at,
            line.difference,
            line.resolution,
            line.resolution_note,
            Person.name,
        )
        .outerjoin(Asset, line.asset_id == Asset.id)
        .outerjoin(Site, Asset.site_id == Site.id)
        .outerjoin(Person, line.resolved_by_id == Person.id)
        .where(*asked)
        .order_by(line.tag, line.id)
    )
    if page is not None:
        statement = statement.offset((page - 1) * PAGE).limit(PAGE)
    rows = [LineRow(*row) for row in work.execute(statement)]
    if page is None:
        return rows, len(rows)
    return rows, work.session.scalar(select(func.count(line.id)).where(*asked)) or 0


def line_of(work: Work, check: InventoryCheck, line_id: int, *, for_update: bool = False) -> InventoryLine | None:
    """One line with its asset, locked until the end where it will be resolved."""
    statement = (
        select(InventoryLine)
        .where(InventoryLine.check_id == check.id, InventoryLine.id == line_id)
        .options(joinedload(InventoryLine.asset).joinedload(Asset.site))
    )
    if for_update:
        statement = statement.with_for_update(of=InventoryLine).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def lines_of(
    work: Work, check: InventoryCheck, ids: Collection[int], *, for_update: bool = False
) -> list[InventoryLine]:
    """The lines of these ids that differ, with their assets, locked until the end where they will be resolved."""
    statement = (
        select(InventoryLine)
        .where(InventoryLine.check_id == check.id, InventoryLine.id.in_(ids), InventoryLine.difference.is_not(None))
        .options(joinedload(InventoryLine.asset).joinedload(Asset.site))
        .order_by(InventoryLine.tag)
    )
    if for_update:
        statement = statement.with_for_update(of=InventoryLine).execution_options(populate_existing=True)
    return work.all(statement)


def lines_to_judge(work: Work, check: InventoryCheck) -> list[InventoryLine]:
    """Every line with its asset as it is now, for when counting ends."""
    return work.all(
        select(InventoryLine)
        .where(InventoryLine.check_id == check.id)
        .options(joinedload(InventoryLine.asset).joinedload(Asset.site))
        .order_by(InventoryLine.id)
        .execution_options(populate_existing=True)
    )
