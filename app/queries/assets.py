"""The register of assets in columns: filtered, sorted, a page at a time, and whole for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.domain.dates import add_days
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import POINTLESS, Duty, Gap, OwnershipKind
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.employee import Employee
from app.models.organisation import Site
from app.work import Work
from app.work.question import TODAY, Question, at_home

PAGE = 50
COUNTED = 1_000
"""Up to so many are counted; more are “more than 1,000”: nobody reads them one by one, and counting takes its time."""
AT_ONCE = 1000


class place_of(GenericFunction[int]):
    """Where a text begins in another, from 1; 0 where it does not. Exact, and quicker than LIKE."""

    type = Integer()
    inherit_cache = True


@compiles(place_of, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_of)
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@dataclass(frozen=True, slots=True)
class AssetFilters:
    """What the register is asked for; None is everything."""

    text: str | None = None
    kind: AssetKind | None = None
    status: AssetStatus | None = None
    site_id: int | None = None
    custodian_id: int | None = None
    criticality: Criticality | None = None
    in_scope: bool | None = None
    ownership: OwnershipKind | None = None
    keyword: str | None = None
    warranty_within: int | None = None
    """Days until the warranty ends, from today on."""
    end_of_life_within: int | None = None
    """Days until the end of support; one that is past counts too."""
    gap: str | None = None
    """`any`, or the word of one gap."""
    order: str = "tag"
    """One of `ORDERS`."""
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any(
            getattr(self, each.name) is not None for each in fields(self) if each.name not in ("order", "descending")
        )


class AssetRow(NamedTuple):
    """One line of the register."""

    id: int
    tag: str
    name: str
    kind: AssetKind
    status: AssetStatus
    serial: str
    maker: str
    model: str
    site: str | None
    custodian: str | None
    criticality: Criticality
    in_scope: bool
    warranty_ends_on: date | None
    end_of_life_on: date | None
    ownership: OwnershipKind | None
    duties: int
    """For how many of the duties somebody answers."""


@dataclass(frozen=True, slots=True)
class AssetPage:
    """A page of the register; `total` is None where there are more than are counted."""

    rows: list[AssetRow]
    total: int | None
    page: int
    has_more: bool
    is_searched: bool = False
    """Whether words were looked for: then the lines beyond the page are not counted."""


def in_force(asset_id: Any = Asset.id) -> Any:
    """The condition on an ownership that is in force today."""
    return and_(
        *at_home(AssetOwnership),
        AssetOwnership.asset_id == asset_id,
        AssetOwnership.starts_on <= TODAY,
        or_(AssetOwnership.ends_on.is_(None), AssetOwnership.ends_on >= TODAY),
    )


def held(duty: Duty) -> Any:
    """Whether somebody answers for a duty on the asset of the row."""
    return exists().where(*at_home(AssetDuty), AssetDuty.asset_id == Asset.id, AssetDuty.duty == duty)


def _unheld(duty: Duty) -> Any:
    """Whether nobody answers for a duty that the kind of the asset needs somebody for."""
    return and_(~held(duty), Asset.kind.not_in(POINTLESS[duty])) if duty in POINTLESS else ~held(duty)


_GONE = (AssetStatus.DISPOSED, AssetStatus.LOST)
_CUSTODIAN_LEFT = exists().where(*at_home(Employee), Employee.id == Asset.custodian_id, Employee.left_on <= TODAY)
_HOLDER_LEFT = (
    exists()
    .where(*at_home(AssetDuty, Employee), AssetDuty.asset_id == Asset.id, AssetDuty.employee_id == Employee.id)
    .where(Employee.left_on <= TODAY)
)
_NO_AGREEMENT = exists().where(
    in_force(),
    AssetOwnership.kind == OwnershipKind.OWN_DEVICE,
    or_(AssetOwnership.agreement_signed_on.is_(None), AssetOwnership.may_wipe == ""),
)
GAPS: dict[Gap, Any] = {
    Gap.OWNERSHIP: ~exists().where(in_force()),
    Gap.AGREEMENT: _NO_AGREEMENT,
    **{Gap(duty.value): _unheld(duty) for duty in Duty},
    Gap.HOLDER_LEFT: _HOLDER_LEFT,
    Gap.CUSTODIAN_LEFT: _CUSTODIAN_LEFT,
}
"""The gaps of `domain/itam/ownership.py` as the database finds them."""
SUBJECT = (Asset.in_scope.is_(True), Asset.status.not_in(_GONE))
"""Which assets can have a gap."""

_CONDITIONS: dict[str, Any] = {
    "kind": Asset.kind == bindparam("kind"),
    "status": Asset.status == bindparam("status"),
    "site_id": Asset.site_id == bindparam("site_id"),
    "custodian_id": Asset.custodian_id == bindparam("custodian_id"),
    "criticality": Asset.criticality == bindparam("criticality"),
    "in_scope": Asset.in_scope == bindparam("in_scope"),
    "ownership": exists().where(in_force(), AssetOwnership.kind == bindparam("ownership")),
    "keyword": place_of(Asset.keywords, bindparam("keyword", type_=String)) > 0,
    "warranty": Asset.warranty_ends_on.between(TODAY, bindparam("warranty", type_=Date)),
    "end_of_life": Asset.end_of_life_on <= bindparam("end_of_life", type_=Date),
}
_COLUMNS: dict[str, Any] = {
    "tag": Asset.tag,
    "name": Asset.name,
    "status": Asset.status,
    "kind": Asset.kind,
    "warranty": Asset.warranty_ends_on,
    "end_of_life": Asset.end_of_life_on,
}
ORDERS = tuple(_COLUMNS)
WORDS = 6
"""So many words of a free search count."""

_OWNERSHIP = select(func.min(AssetOwnership.kind)).where(in_force()).correlate(Asset).scalar_subquery()
_DUTIES = (
    select(func.count(AssetDuty.id))
    .where(*at_home(AssetDuty), AssetDuty.asset_id == Asset.id)
    .correlate(Asset)
    .scalar_subquery()
)

_LINE_COLUMNS: Any = (
    Asset.id,
    Asset.tag,
    Asset.name,
    Asset.kind,
    Asset.status,
    Asset.serial,
    Asset.maker,
    Asset.model,
    Site.name,
    Employee.name,
    Asset.criticality,
    Asset.in_scope,
    Asset.warranty_ends_on,
    Asset.end_of_life_on,
    _OWNERSHIP,
    _DUTIES,
)


def _asked(names: frozenset[str], words: int) -> list[Any]:
    conditions = [*at_home(Asset), *(_CONDITIONS[name] for name in sorted(names) if name in _CONDITIONS)]
    gaps = sorted(name.removeprefix("gap:") for name in names if name.startswith("gap:"))
    for gap in gaps:
        conditions += [*SUBJECT, or_(*GAPS.values()) if gap == "any" else GAPS[Gap(gap)]]
    conditions += [place_of(Asset.found_by, bindparam(f"word_{each}", type_=String)) > 0 for each in range(words)]
    return conditions


def _order(order: str, descending: bool) -> list[Any]:
    column = _COLUMNS[order]
    tag = Asset.tag.desc() if descending else Asset.tag
    if order == "tag":
        return [tag]
    first = column.desc() if descending else column
    # Only days may be missing; what has none comes last either way.
    return [first.nulls_last() if order in ("warranty", "end_of_life") else first, tag]


@lru_cache(maxsize=512)
def _lines(names: frozenset[str], words: int, order: str, descending: bool) -> Question:
    """So many lines from one on; the page is found by the index first, and what else a line says is joined to it."""
    ids = (
        select(Asset.id)
        .where(*_asked(names, words))
        .order_by(*_order(order, descending))
        .offset(bindparam("skip", type_=Integer))
        .limit(bindparam("most", type_=Integer))
        .cte("found")
    )
    return Question(
        select(*_LINE_COLUMNS)
        .join(ids, ids.c.id == Asset.id)
        .outerjoin(Site, and_(Asset.site_id == Site.id, *at_home(Site)))
        .outerjoin(Employee, and_(Asset.custodian_id == Employee.id, *at_home(Employee)))
        .where(*at_home(Asset))
        .order_by(*_order(order, descending))
    )


@lru_cache(maxsize=512)
def _count(names: frozenset[str]) -> Question:
    some = select(literal_column("1")).select_from(Asset).where(*_asked(names, 0)).limit(COUNTED + 1).subquery()
    return Question(select(func.count()).select_from(some))


def _values(work: Work, wanted: AssetFilters) -> tuple[frozenset[str], list[str], dict[str, Any]]:
    """The names of the conditions, the words, and what the conditions are given."""
    plain = ("kind", "status", "site_id", "custodian_id", "criticality", "in_scope", "ownership")
    given: dict[str, Any] = {name: value for name in plain if (value := getattr(wanted, name)) is not None}
    if wanted.keyword:
        given["keyword"] = f" {wanted.keyword.strip().casefold()} "
    if wanted.warranty_within is not None:
        given["warranty"] = add_days(work.today, wanted.warranty_within)
    if wanted.end_of_life_within is not None:
        given["end_of_life"] = add_days(work.today, wanted.end_of_life_within)
    names = set(given) | ({f"gap:{wanted.gap}"} if wanted.gap else set())
    words = (wanted.text or "").casefold().split()[:WORDS]
    return frozenset(names), words, given | {f"word_{number}": word for number, word in enumerate(words)}


def asset_register(work: Work, wanted: AssetFilters, page: int = 1) -> AssetPage:
    """A page of the register in two queries however many there are; one where words are searched for.

    What holds some words is found one by one, in order, and not counted beyond the page: only the last page knows.
    """
    names, words, given = _values(work, wanted)
    skip = (page - 1) * PAGE
    found = _lines(names, len(words), wanted.order, wanted.descending).ask(work, **given, skip=skip, most=PAGE + 1)
    rows = [_row(each) for each in found[:PAGE]]
    has_more = len(found) > PAGE
    if not has_more and (rows or page == 1):
        total: int | None = skip + len(rows)
    elif words:
        total = None
    else:
        counted = _count(names).ask(work, **given)[0][0]
        total = counted if counted <= COUNTED else None
    return AssetPage(rows, total, page, has_more, bool(words))


def _row(values: Any) -> AssetRow:
    row = AssetRow(*values)
    return row if row.ownership is None else row._replace(ownership=OwnershipKind(row.ownership))


def all_assets(work: Work, wanted: AssetFilters) -> Iterator[AssetRow]:
    """Every line that the filters ask for, in order, some at a time."""
    names, words, given = _values(work, wanted)
    question, skip = _lines(names, len(words), wanted.order, wanted.descending), 0
    while True:
        found = question.ask(work, **given, skip=skip, most=AT_ONCE)
        yield from map(_row, found)
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


@dataclass(frozen=True, slots=True)
class AssetChoices:
    """What the filters of the register offer."""

    sites: list[tuple[int, str]]


_SITES = Question(select(Site.id, Site.name).where(*at_home(Site)).order_by(Site.name))


def choices(work: Work) -> AssetChoices:
    """What there is to filter by."""
    return AssetChoices([(row[0], row[1]) for row in _SITES.ask(work)])


_SOME = Question(
    select(*_LINE_COLUMNS)
    .outerjoin(Site, and_(Asset.site_id == Site.id, *at_home(Site)))
    .outerjoin(Employee, and_(Asset.custodian_id == Employee.id, *at_home(Employee)))
    .where(*at_home(Asset), Asset.id.in_(bindparam("ids", expanding=True)))
    .order_by(Asset.tag)
)


def assets_of(work: Work, ids: Sequence[int]) -> list[AssetRow]:
    """The lines of some assets by tag; of ids that the organisation does not have, none."""
    return [_row(each) for each in _SOME.ask(work, ids=list(ids))] if ids else []
