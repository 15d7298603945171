"""Requests for a change: the register, one of them with its whole trail, and what waits for somebody."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.explained import Explained
from app.domain.itam.change import BRINGS, ChangeAction, ChangeNow, ChangeStatus, Standing, standing_of, what_to_do
from app.domain.permission import Permission, granted
from app.models.asset import Asset
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.organisation import Membership
from app.models.person import Person
from app.models.software import Installation, Product, Publisher
from app.queries.members import lasting
from app.work import Work

PAGE = 50
C = ChangeRequest
OUTSTANDING = and_(C.done_on.is_not(None), C.decided_by_id.is_(None))
"""Done in an emergency, and nobody has said yes or no."""
WITHOUT = and_(C.status == ChangeStatus.REFUSED, C.done_on.is_not(None), C.undone_on.is_(None))
"""Done, refused afterwards, and not undone yet."""
EMERGENCIES: dict[str, Any] = {"any": C.is_emergency.is_(True), "outstanding": OUTSTANDING, "without": WITHOUT}
"""What the filter of emergencies may ask for."""
SORTS: dict[str, Any] = {
    "reference": C.id,
    "title": C.title,
    "action": C.action,
    "status": C.status,
    "wanted": C.wanted_by,
    "done": C.done_on,
}
"""By which column the register may be sorted; references rise with their number."""


@dataclass(frozen=True, slots=True)
class ChangeFilters:
    """What the register is asked for; None is everything."""

    status: ChangeStatus | None = None
    action: ChangeAction | None = None
    emergency: str | None = None
    requested_by: int | None = None
    product_id: int | None = None
    tag: str | None = None
    words: str = ""
    sort: str = "reference"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the register."""

    id: int
    reference: str
    action: ChangeAction
    title: str
    product: str
    version: str
    wanted_by: date | None
    requested_by: str
    now: ChangeNow
    standing: Explained[Standing]
    tags: tuple[str, ...] = ()


def change_register(work: Work, wanted: ChangeFilters, page: int = 1) -> tuple[list[ChangeRow], int]:
    """A page of the register, and how many there are; the same number of queries however many."""
    total = count_of(work, wanted)
    statement = _ordered(_narrowed(_columns(), wanted), wanted)
    return _rows(work, statement.limit(PAGE).offset((page - 1) * PAGE)), total


def count_of(work: Work, wanted: ChangeFilters) -> int:
    """How many there are of what is asked for."""
    return work.session.scalar(_narrowed(select(func.count(C.id)), wanted)) or 0


def all_changes(work: Work, wanted: ChangeFilters) -> Iterator[ChangeRow]:
    """All that is asked for, for a file."""
    yield from _rows(work, _ordered(_narrowed(_columns(), wanted), wanted))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for somebody, and for what."""

    row: ChangeRow
    to_do: str


def waiting_for(work: Work, person_id: int, *, decides: bool, sees_all: bool) -> list[Waiting]:
    """What waits for a person: to be decided on by who may, to be carried on by who asked or did it."""
    own = or_(C.requested_by_id == person_id, C.done_by_id == person_id) if sees_all else C.requested_by_id == person_id
    to_carry_on = and_(
        own,
        or_(
            C.status.in_((ChangeStatus.AUTHORISED, ChangeStatus.DONE)),
            and_(C.status == ChangeStatus.REQUESTED, C.is_emergency.is_(True)),
            WITHOUT,
        ),
    )
    asked: Any = to_carry_on
    if decides:
        to_decide = and_(C.requested_by_id != person_id, or_(C.status == ChangeStatus.REQUESTED, OUTSTANDING))
        asked = or_(to_carry_on, to_decide)
    # What cannot wait stands first.
    order = (C.is_emergency.desc(), C.wanted_by.is_(None), C.wanted_by, C.id)
    rows = _rows(work, _columns().where(asked).order_by(*order).limit(200))
    found = (Waiting(row, what_to_do(row.now, person_id, decides)) for row in rows)
    return [each for each in found if each.to_do]


def change_by(work: Work, reference: str, *, for_update: bool = False) -> ChangeRequest | None:
    """One request with everybody and everything it names, locked until the work is done where it will be changed."""
    people = (C.requested_by, C.decided_by, C.done_by, C.checked_by, C.undone_by)
    statement = (
        select(C)
        .where(C.reference == reference)
        .options(
            joinedload(C.product).joinedload(Product.publisher),
            joinedload(C.to_site),
            *(joinedload(each) for each in people),
            selectinload(C.assets).options(
                joinedload(ChangeAsset.asset).joinedload(Asset.site), joinedload(ChangeAsset.from_site)
            ),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=C).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def installations_of(work: Work, change_id: int) -> list[Installation]:
    """The installations that a change stands behind, or would if it were authorised."""
    statement = (
        select(Installation)
        .where(Installation.change_id == change_id)
        .options(joinedload(Installation.asset), joinedload(Installation.product))
        .order_by(Installation.id)
        .limit(1000)
    )
    return work.all(statement)


def now_of(work: Work, change: ChangeRequest) -> ChangeNow:
    """What the steps ask of a request."""
    return _now(ZoneInfo(work.organisation.time_zone), change)


def doers(work: Work) -> list[tuple[int, str]]:
    """Who may have done it: the members who may ask for a change, by name; who only looks in changes nothing."""
    statement = (
        select(Person.id, Person.name, Membership.roles)
        .join(Membership, Membership.person_id == Person.id)
        .where(*lasting(work.today), Person.erased_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in work.execute(statement) if Permission.REQUEST_CHANGE in granted(row[2])]


@dataclass(frozen=True, slots=True)
class Software:
    """A product of the catalogue, as a request names it."""

    id: int
    publisher: str
    label: str

    @property
    def names(self) -> tuple[str, str]:
        """What it may be called: with its publisher, or without."""
        return (f"{self.publisher} {self.label}", self.label)


def software(work: Work, limit: int | None = None, product_id: int | None = None) -> list[Software]:
    """The products of the catalogue, by name; or one of them."""
    statement = (
        select(Product.id, Publisher.name, Product.name, Product.edition)
        .join(Publisher, Product.publisher_id == Publisher.id)
        .order_by(Product.name, Product.edition, Product.id)
        .limit(limit)
    )
    if product_id is not None:
        statement = statement.where(Product.id == product_id)
    return [Software(row[0], row[1], f"{row[2]} {row[3]}".strip()) for row in work.execute(statement)]


def software_by(work: Work, product_id: int) -> Software | None:
    """One product of the catalogue."""
    return next((each for each in software(work, product_id=product_id)), None)


def _columns() -> Any:
    return (
        select(C, Product.name, Product.edition, Person.id, Person.name, Person.erased_at)
        .join(Person, C.requested_by_id == Person.id)
        .outerjoin(Product, C.product_id == Product.id)
    )


def _narrowed(statement: Any, wanted: ChangeFilters) -> Any:
    asked: list[Any] = []
    if wanted.status is not None:
        asked.append(C.status == wanted.status)
    if wanted.action is not None:
        asked.append(C.action == wanted.action)
    if wanted.emergency is not None:
        asked.append(EMERGENCIES[wanted.emergency])
    if wanted.requested_by is not None:
        asked.append(C.requested_by_id == wanted.requested_by)
    if wanted.product_id is not None:
        asked.append(C.product_id == wanted.product_id)
    if wanted.tag is not None:
        touching = select(ChangeAsset.change_id).join(Asset, ChangeAsset.asset_id == Asset.id)
        asked.append(C.id.in_(touching.where(Asset.tag == wanted.tag)))
    for word in wanted.words.split()[:6]:
        asked.append(or_(*(column.icontains(word, autoescape=True) for column in (C.reference, C.title, C.reason))))
    return statement.where(*asked)


def _ordered(statement: Any, wanted: ChangeFilters) -> Any:
    column = SORTS.get(wanted.sort, C.id)
    first = column.desc() if wanted.descending else column.asc()
    return statement.order_by(column.is_(None), first, C.id.desc())


def _rows(work: Work, statement: Any) -> list[ChangeRow]:
    """The lines with the tags that they touch."""
    zone, today = ZoneInfo(work.organisation.time_zone), work.today
    found = []
    for change, name, edition, person_id, person, erased_at in work.execute(statement):
        now = _now(zone, change)
        found.append(
            ChangeRow(
                change.id,
                change.reference,
                change.action,
                change.title,
                f"{name or ''} {edition or ''}".strip(),
                change.version,
                change.wanted_by,
                person if erased_at is None else f"Erased person {person_id}",
                now,
                standing_of(now, today),
            )
        )
    tags: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(found), 5000):
        ids = [row.id for row in found[start : start + 5000]]
        touched = (
            select(ChangeAsset.change_id, Asset.tag)
            .join(Asset, ChangeAsset.asset_id == Asset.id)
            .where(ChangeAsset.change_id.in_(ids))
            .order_by(Asset.tag)
        )
        for change_id, tag in work.execute(touched):
            tags[change_id].append(tag)
    return [replace(row, tags=tuple(tags[row.id])) for row in found]


def _now(zone: ZoneInfo, change: ChangeRequest) -> ChangeNow:
    brings = change.action in BRINGS
    return ChangeNow(
        reference=change.reference,
        status=change.status,
        requested_by=change.requested_by_id,
        requested_on=_day(change.requested_at, zone),
        is_emergency=change.is_emergency,
        decided_by=change.decided_by_id,
        decided_on=_day(change.decided_at, zone) if change.decided_at is not None else None,
        done_by=change.done_by_id,
        done_on=change.done_on,
        checked_by=change.checked_by_id,
        checked_on=change.checked_on,
        undone_by=change.undone_by_id,
        undone_on=change.undone_on,
        version=change.version if brings else "",
        sha256=change.expected_sha256,
    )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
