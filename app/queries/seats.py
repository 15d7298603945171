"""Seats of licences: the list, and who may be given one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from app.domain.itam.asset import AssetStatus
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import LicencePool, LicenceSeat
from app.models.organisation import Site
from app.queries.pools import held_on
from app.work import Work

PAGE = 50
AT_ONCE = 1000
MOST_OFFERED = 200
STANDINGS = (
    ("held", "Held today"),
    ("leaving", "Held by who has left"),
    ("coming", "Begins later"),
    ("ended", "Ended"),
)
_holder = func.coalesce(Employee.name, Asset.tag)
_site_id = func.coalesce(Employee.site_id, Asset.site_id)
ORDERS: dict[str, tuple[Any, ...]] = {
    "holder": (func.lower(_holder), LicenceSeat.id),
    "pool": (func.lower(LicencePool.name), func.lower(_holder), LicenceSeat.id),
    "starts": (LicenceSeat.starts_on, LicenceSeat.id),
    "ends": (func.coalesce(LicenceSeat.ends_on, date(9999, 12, 31)), LicenceSeat.id),
}


@dataclass(frozen=True, slots=True)
class SeatFilters:
    """Which seats a list shows; None is everything."""

    text: str | None = None
    pool: str | None = None
    site_id: int | None = None
    standing: str | None = None
    employee_id: int | None = None
    asset_id: int | None = None
    order: str = "holder"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return any(each is not None for each in (self.text, self.pool, self.site_id, self.standing))


class SeatRow(NamedTuple):
    """A seat in a list."""

    id: int
    pool_reference: str
    pool: str
    employee_id: int | None
    asset_id: int | None
    holder: str
    holder_says: str
    """The personnel number, or the name of the device."""
    left_on: date | None
    site: str | None
    starts_on: date
    ends_on: date | None
    note: str

    def is_open(self, today: date) -> bool:
        """Whether it can still be checked in."""
        return self.ends_on is None or self.ends_on >= today

    def is_left(self, today: date) -> bool:
        """Whether who holds it is not here any longer."""
        return self.left_on is not None and self.left_on <= today and self.is_open(today)


def seat_list(work: Work, wanted: SeatFilters, page: int = 1) -> tuple[list[SeatRow], int]:
    """A page of seats, and how many there are; two queries however many."""
    total = work.session.scalar(_joined(select(func.count(LicenceSeat.id)), wanted, work.today)) or 0
    found = work.execute(_rows(wanted, work.today).offset((page - 1) * PAGE).limit(PAGE))
    return [SeatRow(*row) for row in found], total


def all_seats(work: Work, wanted: SeatFilters) -> Iterator[SeatRow]:
    """Every seat that is asked for, some at a time."""
    skip = 0
    while True:
        found = [SeatRow(*row) for row in work.execute(_rows(wanted, work.today).offset(skip).limit(AT_ONCE))]
        yield from found
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _joined(statement: Any, wanted: SeatFilters, today: date) -> Any:
    return (
        statement.join(LicencePool, LicencePool.id == LicenceSeat.pool_id)
        .outerjoin(Employee, Employee.id == LicenceSeat.employee_id)
        .outerjoin(Asset, Asset.id == LicenceSeat.asset_id)
        .outerjoin(Site, Site.id == _site_id)
        .where(*_asked(wanted, today))
    )


def _rows(wanted: SeatFilters, today: date) -> Any:
    columns = select(
        LicenceSeat.id,
        LicencePool.reference,
        LicencePool.name,
        LicenceSeat.employee_id,
        LicenceSeat.asset_id,
        _holder,
        func.coalesce(Employee.number, Asset.name),
        Employee.left_on,
        Site.name,
        LicenceSeat.starts_on,
        LicenceSeat.ends_on,
        LicenceSeat.note,
    )
    order = ORDERS[wanted.order]
    return _joined(columns, wanted, today).order_by(*(each.desc() if wanted.descending else each for each in order))


def _asked(wanted: SeatFilters, today: date) -> list[Any]:
    asked: list[Any] = []
    told = (Employee.name, Employee.number, Asset.tag, Asset.name, LicencePool.name, LicenceSeat.note)
    for word in (wanted.text or "").split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        asked.append(or_(*(func.lower(each).like(like) for each in told)))
    if wanted.pool is not None:
        asked.append(LicencePool.reference == wanted.pool)
    for column, value in (
        (_site_id, wanted.site_id),
        (LicenceSeat.employee_id, wanted.employee_id),
        (LicenceSeat.asset_id, wanted.asset_id),
    ):
        if value is not None:
            asked.append(column == value)
    if wanted.standing == "held":
        asked += held_on(today)
    elif wanted.standing == "leaving":
        asked += [Employee.left_on <= today, or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= today)]
    elif wanted.standing == "coming":
        asked.append(LicenceSeat.starts_on > today)
    elif wanted.standing == "ended":
        asked.append(LicenceSeat.ends_on < today)
    return asked


class Candidate(NamedTuple):
    """A person or a device that may be given a seat."""

    id: int
    name: str
    says: str
    site: str | None
    holds: bool
    """Whether they hold a seat of the pool already, now or later."""


def people_for(work: Work, pool_id: int, text: str = "", site_id: int | None = None) -> tuple[list[Candidate], int]:
    """People who are here, the first 200 of whom are asked for, and how many these are."""
    asked = [or_(Employee.left_on.is_(None), Employee.left_on > work.today)]
    asked += _like(text, Employee.name, Employee.number, Employee.department)
    if site_id is not None:
        asked.append(Employee.site_id == site_id)
    has = and_(LicenceSeat.employee_id == Employee.id, *_runs_on(pool_id, work.today))
    columns = (
        select(Employee.id, Employee.name, Employee.number, Site.name, select(LicenceSeat.id).where(has).exists())
        .outerjoin(Site, Site.id == Employee.site_id)
        .where(*asked)
        .order_by(func.lower(Employee.name), Employee.id)
    )
    total = work.session.scalar(select(func.count(Employee.id)).where(*asked)) or 0
    return [Candidate(*row) for row in work.execute(columns.limit(MOST_OFFERED))], total


def devices_for(work: Work, pool_id: int, text: str = "", site_id: int | None = None) -> tuple[list[Candidate], int]:
    """Devices in use, the first 200 of which are asked for, and how many these are."""
    gone = (AssetStatus.RETIRED, AssetStatus.DISPOSED, AssetStatus.LOST)
    asked = [Asset.status.not_in(gone), *_like(text, Asset.tag, Asset.name, Asset.serial)]
    if site_id is not None:
        asked.append(Asset.site_id == site_id)
    has = and_(LicenceSeat.asset_id == Asset.id, *_runs_on(pool_id, work.today))
    columns = (
        select(Asset.id, Asset.tag, Asset.name, Site.name, select(LicenceSeat.id).where(has).exists())
        .outerjoin(Site, Site.id == Asset.site_id)
        .where(*asked)
        .order_by(Asset.tag)
    )
    total = work.session.scalar(select(func.count(Asset.id)).where(*asked)) or 0
    return [Candidate(*row) for row in work.execute(columns.limit(MOST_OFFERED))], total


def _runs_on(pool_id: int, today: date) -> tuple[Any, ...]:
    return LicenceSeat.pool_id == pool_id, or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on >= today)


def _like(text: str, *columns: Any) -> list[Any]:
    found = []
    for word in text.split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        found.append(or_(*(func.lower(each).like(like) for each in columns)))
    return found
