"""Seats of licences: the pools that give them out, who can have one, and the list of seats over all pools."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.licensing.metric import Metric
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import LicencePool, LicenceSeat
from app.models.organisation import Site
from app.models.person import Person
from app.work import Work

PAGE = 50
ORDERS = ("holder", "pool", "since", "until")
HELD, COMING, ENDED, LOOSE, ALL = "held", "to-come", "ended", "to-check-in", "all"
STANDINGS = (
    (HELD, "Held on the day"),
    (COMING, "To come"),
    (ENDED, "Ended"),
    (LOOSE, "To be checked in"),
    (ALL, "All"),
)
GONE = tuple(status for status in AssetStatus if status.is_gone or status is AssetStatus.RETIRED)
SEATABLE = (AssetKind.HARDWARE, AssetKind.VIRTUAL_MACHINE)
"""What is a device: on a document or a medium nothing is used, and a cloud service is nobody's device."""
_SEATED = tuple(metric for metric in Metric if metric.seats_people or metric.seats_devices)


@dataclass(frozen=True, slots=True)
class SeatFilters:
    """Which seats; None is all."""

    day: date
    standing: str = HELD
    pool_id: int | None = None
    site_id: int | None = None
    text: str | None = None
    order: str = ORDERS[0]
    descending: bool = False


class SeatRow(NamedTuple):
    """One line of the list of seats."""

    id: int
    pool_reference: str
    pool: str
    employee_id: int | None
    asset_id: int | None
    holder: str
    known_as: str
    """The personnel number or the tag."""
    site: str | None
    starts_on: date
    ends_on: date | None
    by: str | None
    note: str
    left_on: date | None
    status: AssetStatus | None

    def is_loose(self, today: date) -> bool:
        """Whether it runs on although its holder has left, or is retired or gone."""
        if self.ends_on is not None and self.ends_on < today:
            return False
        if self.status is not None:
            return self.status in GONE
        return self.left_on is not None and (self.ends_on is None or self.ends_on >= self.left_on)


class HolderRow(NamedTuple):
    """Somebody, or a device, that a seat can be checked out to."""

    key: str
    name: str
    known_as: str
    says: str
    site: str | None
    held_until: date | None


def pool_for_seats(work: Work, pool_id: int) -> LicencePool | None:
    """One pool, locked until the work is done: nobody else gives out its seats meanwhile."""
    statement = select(LicencePool).where(LicencePool.id == pool_id)
    return work.one_or_none(statement.with_for_update().execution_options(populate_existing=True))


def pools_with_seats(work: Work, *, people: bool = False, devices: bool = False) -> list[LicencePool]:
    """The pools that give out seats, to people or devices where that is asked, by name."""
    metrics = [each for each in _SEATED if (each.seats_people or not people) and (each.seats_devices or not devices)]
    return work.all(select(LicencePool).where(LicencePool.metric.in_(metrics)).order_by(LicencePool.name))


_known_as: Any = func.coalesce(Employee.number, Asset.tag)
_row_columns: Any = (
    LicenceSeat.id,
    LicencePool.reference,
    LicencePool.name,
    LicenceSeat.employee_id,
    LicenceSeat.asset_id,
    func.coalesce(Employee.name, Asset.name),
    _known_as,
    Site.name,
    LicenceSeat.starts_on,
    LicenceSeat.ends_on,
    Person.name,
    LicenceSeat.note,
    Employee.left_on,
    Asset.status,
)


def _with_holders(statement: Any) -> Any:
    return (
        statement.select_from(LicenceSeat)
        .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
        .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
    )


def _rows(statement: Any) -> Any:
    return (
        _with_holders(statement)
        .join(LicencePool, LicencePool.id == LicenceSeat.pool_id)
        .outerjoin(Site, Site.id == func.coalesce(Employee.site_id, Asset.site_id))
        .outerjoin(Person, Person.id == LicenceSeat.checked_out_by_id)
    )


def seat_page(work: Work, wanted: SeatFilters, page: int = 1) -> tuple[list[SeatRow], int]:
    """A page of the seats over all pools, and how many there are; two queries however many."""
    asked = _asked(work, wanted)
    statement = _ordered(wanted).where(*asked).offset((page - 1) * PAGE).limit(PAGE)
    total = work.session.scalar(_rows(select(func.count(LicenceSeat.id))).where(*asked)) or 0
    return [SeatRow(*row) for row in work.execute(statement)], total


def all_seats(work: Work, wanted: SeatFilters) -> Iterator[SeatRow]:
    """Every seat that the filters ask for."""
    for row in work.execute(_ordered(wanted).where(*_asked(work, wanted))):
        yield SeatRow(*row)


def has_seats(work: Work) -> bool:
    """Whether any seat was ever checked out."""
    return work.session.scalar(select(LicenceSeat.id).limit(1)) is not None


def seats_by(work: Work, ids: Collection[int]) -> list[SeatRow]:
    """Some seats, by their ids."""
    return [SeatRow(*row) for row in work.execute(_ordered().where(LicenceSeat.id.in_(ids)))]


def seats_of_holder(work: Work, *, employee_id: int | None = None, asset_id: int | None = None) -> list[SeatRow]:
    """The seats that an employee or a device holds today or will hold; the first 500."""
    whose = LicenceSeat.employee_id == employee_id if employee_id else LicenceSeat.asset_id == asset_id
    runs = or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= work.today)
    statement = _rows(select(*_row_columns)).where(whose, runs).order_by(LicencePool.name, LicenceSeat.starts_on)
    return [SeatRow(*row) for row in work.execute(statement.limit(500))]


def _asked(work: Work, wanted: SeatFilters) -> list[Any]:
    seat, day = LicenceSeat, wanted.day
    asked: list[Any] = []
    if wanted.standing == HELD:
        asked += [seat.starts_on <= day, or_(seat.ends_on.is_(None), seat.ends_on >= day)]
    elif wanted.standing == COMING:
        asked.append(seat.starts_on > day)
    elif wanted.standing == ENDED:
        asked.append(seat.ends_on < day)
    elif wanted.standing == LOOSE:
        asked.append(or_(seat.ends_on.is_(None), seat.ends_on >= work.today))
        leaves = or_(seat.ends_on.is_(None), seat.ends_on >= Employee.left_on)
        asked.append(or_(Employee.left_on.is_not(None) & leaves, Asset.status.in_(GONE)))
    if wanted.pool_id is not None:
        asked.append(seat.pool_id == wanted.pool_id)
    if wanted.site_id is not None:
        asked.append(func.coalesce(Employee.site_id, Asset.site_id) == wanted.site_id)
    for word in (wanted.text or "").split()[:6]:
        asked.append(or_(*(column.icontains(word, autoescape=True) for column in _searched)))
    return asked


_searched: Any = (Employee.name, Employee.number, Asset.name, Asset.tag)


def _ordered(wanted: SeatFilters | None = None) -> Select[Any]:
    columns: dict[str, Any] = {
        "holder": func.lower(func.coalesce(Employee.name, Asset.name)),
        "pool": LicencePool.name,
        "since": LicenceSeat.starts_on,
        "until": LicenceSeat.ends_on,
    }
    column = columns[wanted.order if wanted else ORDERS[0]]
    # A seat without a last day ends last.
    first = column.desc().nulls_first() if wanted and wanted.descending else column.nulls_last()
    statement: Select[Any] = _rows(select(*_row_columns))
    return statement.order_by(first, LicencePool.reference, LicenceSeat.id)


def holders_for(
    work: Work, pool: LicencePool, text: str, site_id: int | None, ticked: Sequence[str], *, most: int = 100
) -> tuple[list[HolderRow], int]:
    """Whom a seat of the pool can be checked out to, those who are ticked first, and how many there are.

    Who holds one without a last day is left out, and who is at another site than the pool's.
    """
    kinds = [_people] if pool.metric.seats_people else []
    kinds += [_devices] if pool.metric.seats_devices else []
    site = pool.site_id or site_id
    rows: list[HolderRow] = []
    total = 0
    for each in kinds:
        some, count = each(work, pool, text.split()[:6], site, ticked, most)
        rows, total = rows + some, total + count
    rows.sort(key=lambda row: row.key not in ticked)
    return rows, total


def _people(
    work: Work, pool: LicencePool, words: Sequence[str], site: int | None, ticked: Sequence[str], most: int
) -> tuple[list[HolderRow], int]:
    here = [or_(Employee.left_on.is_(None), Employee.left_on > work.today)]
    found = [or_(*(column.icontains(word, autoescape=True) for column in _person_words)) for word in words]
    return _picked(
        work, pool, Employee, "person", Employee.number, Employee.department, here, found, site, ticked, most
    )


def _devices(
    work: Work, pool: LicencePool, words: Sequence[str], site: int | None, ticked: Sequence[str], most: int
) -> tuple[list[HolderRow], int]:
    here = [Asset.status.not_in(GONE), Asset.kind.in_(SEATABLE)]
    found = [or_(*(column.icontains(word, autoescape=True) for column in (Asset.tag, Asset.name))) for word in words]
    return _picked(work, pool, Asset, "device", Asset.tag, Asset.kind, here, found, site, ticked, most)


_person_words: Any = (Employee.name, Employee.number, Employee.department)


def _picked(
    work: Work,
    pool: LicencePool,
    model: Any,
    kind: str,
    known_as: Any,
    says: Any,
    here: list[Any],
    found: list[Any],
    site: int | None,
    ticked: Sequence[str],
    most: int,
) -> tuple[list[HolderRow], int]:
    column = LicenceSeat.employee_id if model is Employee else LicenceSeat.asset_id
    held = (
        select(column.label("holder_id"), func.max(LicenceSeat.ends_on).label("until"))
        .where(
            LicenceSeat.organisation_id == work.home,
            LicenceSeat.pool_id == pool.id,
            column.is_not(None),
            LicenceSeat.ends_on >= work.today,
        )
        .group_by(column)
        .subquery()
    )
    for_good = select(column).where(
        LicenceSeat.organisation_id == work.home,
        LicenceSeat.pool_id == pool.id,
        column.is_not(None),
        LicenceSeat.ends_on.is_(None),
    )
    ids = [int(key.partition("-")[2]) for key in ticked if key.startswith(f"{kind}-")]
    free = [*here, model.id.not_in(for_good)]
    narrow = [*found, *([model.site_id == site] if site is not None else [])]
    statement = (
        select(model.id, model.name, known_as, says, Site.name, held.c.until)
        .outerjoin(Site, Site.id == model.site_id)
        .outerjoin(held, held.c.holder_id == model.id)
    )
    first = statement.where(model.id.in_(ids)).order_by(model.name, model.id)
    rest = statement.where(*free, *narrow, model.id.not_in(ids)).order_by(model.name, model.id).limit(most)
    total = work.session.scalar(select(func.count(model.id)).where(*free, *narrow)) or 0
    rows = [*(work.execute(first) if ids else ()), *work.execute(rest)]
    return [
        HolderRow(f"{kind}-{id_}", name, known, getattr(said, "label", said), at, until)
        for id_, name, known, said, at, until in rows
    ], total
