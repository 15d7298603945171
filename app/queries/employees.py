"""Employees: the list, one of them with what they hold, and whom forms propose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.itam.asset import AssetStatus
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.employee import Employee
from app.models.organisation import Membership, Site
from app.models.person import Person
from app.queries.seats import SeatRow, seats_of_holder
from app.work import Work

PAGE = 50
PROPOSED = 500
"""So many employees are proposed while one is typed; the others are found by their number."""
_GONE = (AssetStatus.DISPOSED, AssetStatus.LOST)
_HELD = (
    select(func.count(Asset.id))
    .where(
        Asset.custodian_id == Employee.id,
        Asset.status.not_in(_GONE),
        Asset.organisation_id == Employee.organisation_id,
    )
    .correlate(Employee)
    .scalar_subquery()
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (Employee.name, Employee.id),
    "number": (Employee.number, Employee.id),
    "department": (func.lower(Employee.department), Employee.id),
    "site": (func.lower(func.coalesce(Site.name, "")), Employee.id),
    "left": (func.coalesce(Employee.left_on, date(9999, 12, 31)), Employee.id),
    "assets": (_HELD, Employee.id),
}


@dataclass(frozen=True, slots=True)
class EmployeeFilters:
    """Whom the list is asked for; None is everybody."""

    text: str | None = None
    standing: str | None = None
    """`here` or `left`."""
    site_id: int | None = None
    holds: bool = False
    """Only those who hold assets."""
    order: str = "name"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return self.holds or any(each is not None for each in (self.text, self.standing, self.site_id))


class EmployeeRow(NamedTuple):
    """One line of the list."""

    id: int
    number: str
    name: str
    email: str
    department: str
    site: str | None
    left_on: date | None
    assets: int
    """How many they are the custodian of, without what is gone."""


def employee_list(work: Work, wanted: EmployeeFilters, page: int = 1) -> tuple[list[EmployeeRow], int]:
    """A page of the list, and how many there are; two queries however many."""
    lines = _lines(work, wanted).offset((page - 1) * PAGE).limit(PAGE)
    counted: Any = select(func.count(Employee.id)).where(*_asked(work, wanted))
    return [EmployeeRow(*each) for each in work.execute(lines)], work.session.scalar(counted) or 0


def all_employees(work: Work, wanted: EmployeeFilters) -> Iterator[EmployeeRow]:
    """Every line that the filters ask for."""
    return (EmployeeRow(*each) for each in work.execute(_lines(work, wanted)))


def _lines(work: Work, wanted: EmployeeFilters) -> Select[Any]:
    columns: Any = (
        Employee.id,
        Employee.number,
        Employee.name,
        Employee.email,
        Employee.department,
        Site.name,
        Employee.left_on,
        _HELD,
    )
    order = ORDERS[wanted.order]
    lines: Select[Any] = (
        select(*columns)
        .outerjoin(Site, Employee.site_id == Site.id)
        .where(*_asked(work, wanted))
        .order_by(*(each.desc() if wanted.descending else each for each in order))
    )
    return lines


def _asked(work: Work, wanted: EmployeeFilters) -> list[Any]:
    asked: list[Any] = []
    for word in (wanted.text or "").split()[:6]:
        columns = (Employee.name, Employee.number, Employee.email, Employee.department)
        asked.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if wanted.standing == "left":
        asked.append(Employee.left_on <= work.today)
    elif wanted.standing == "here":
        asked.append(or_(Employee.left_on.is_(None), Employee.left_on > work.today))
    if wanted.site_id is not None:
        asked.append(Employee.site_id == wanted.site_id)
    if wanted.holds:
        held = select(Asset.custodian_id).where(
            Asset.custodian_id.is_not(None), Asset.status.not_in(_GONE), Asset.organisation_id == work.home
        )
        asked.append(Employee.id.in_(held))
    return asked


def employee_by_id(work: Work, employee_id: int, *, for_update: bool = False) -> Employee | None:
    """One employee with their site and member, locked until the end where they will be changed."""
    statement = (
        select(Employee)
        .where(Employee.id == employee_id)
        .options(joinedload(Employee.site), joinedload(Employee.person))
    )
    if for_update:
        statement = statement.with_for_update(of=Employee).execution_options(populate_existing=True)
    return work.one_or_none(statement)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an employee holds and answers for."""

    assets: list[Asset]
    own_devices: list[AssetOwnership]
    duties: list[AssetDuty]
    seats: list[SeatRow]

    @property
    def is_empty(self) -> bool:
        return not (self.assets or self.own_devices or self.duties or self.seats)


def holdings_of(work: Work, employee_id: int) -> Holdings:
    """What an employee holds today: assets, own devices in use here, duties, and seats; the first 500 of each."""
    still = or_(AssetOwnership.ends_on.is_(None), AssetOwnership.ends_on >= work.today)
    duty, owned = AssetDuty, AssetOwnership
    return Holdings(
        assets=work.all(
            select(Asset)
            .where(Asset.custodian_id == employee_id, Asset.status.not_in(_GONE))
            .order_by(Asset.tag)
            .limit(PROPOSED)
        ),
        own_devices=work.all(
            select(owned)
            .where(owned.employee_id == employee_id, owned.starts_on <= work.today, still)
            .options(joinedload(owned.asset))
            .order_by(owned.id)
            .limit(PROPOSED)
        ),
        duties=work.all(
            select(duty)
            .join(Asset, duty.asset_id == Asset.id)
            .where(duty.employee_id == employee_id, Asset.status.not_in(_GONE))
            .options(joinedload(duty.asset))
            .order_by(Asset.tag, duty.id)
            .limit(PROPOSED)
        ),
        seats=seats_of_holder(work, employee_id=employee_id),
    )


def proposed(work: Work) -> list[tuple[str, str]]:
    """Whom a form proposes: number and name of those who work here, by name."""
    here = or_(Employee.left_on.is_(None), Employee.left_on > work.today)
    statement: Any = select(Employee.number, Employee.name).where(here).order_by(Employee.name).limit(PROPOSED)
    return [(number, name) for number, name in work.execute(statement)]


def linkable(work: Work, also: int | None = None) -> list[tuple[int, str]]:
    """The members that no employee is linked to yet, and the one who is."""
    taken = select(Employee.person_id).where(Employee.person_id.is_not(None), Employee.organisation_id == work.home)
    statement: Any = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.erased_at.is_(None), or_(Membership.ended_at.is_(None), Person.id == also))
        .where(or_(Person.id.not_in(taken), Person.id == also))
        .order_by(Person.name)
    )
    return [(id_, name) for id_, name in work.execute(statement)]
