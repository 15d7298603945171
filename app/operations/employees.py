"""Employees, as the register of assets knows them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.models.employee import Employee
from app.models.organisation import Membership, Organisation, Site
from app.models.reconciliation import ReconciliationLine
from app.operations.conflict import refuse_if_changed
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeDetails:
    """What is said of an employee; `person_id` is the member that they are."""

    number: str
    name: str
    email: str = ""
    department: str = ""
    site_id: int | None = None
    person_id: int | None = None
    left_on: date | None = None


def create(work: Work, details: EmployeeDetails) -> Employee:
    """Record somebody who may hold assets and seats."""
    row = Employee(created_at=work.now)
    _tell(work, row, details)
    return work.add(row)


def edit(work: Work, row: Employee, details: EmployeeDetails, seen: int | None = None) -> None:
    """Change what is said of an employee that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(row, seen, row.name)
    _tell(work, row, details)
    work.flush()


def employee_named(work: Work, said: str, field: str, *, unless_left: int | None = None) -> Employee | None:
    """The employee of a number, or of a name that one alone has; None where nothing is said.

    Who has left takes nothing new; `unless_left` is who holds it already.
    """
    wanted = " ".join(said.split())
    if not wanted:
        return None
    with work.session.no_autoflush:
        found = work.all(select(Employee).where(Employee.number == wanted)) or work.all(
            select(Employee).where(func.lower(Employee.name) == wanted.lower()).limit(2)
        )
    if not found:
        raise RefusedError(f"No employee has the number or the name “{wanted}”. Record them first.", field)
    if len(found) > 1:
        raise RefusedError(f"Several employees are called {wanted}. Give the number.", field)
    if found[0].left_on is not None and found[0].left_on <= work.today and found[0].id != unless_left:
        raise RefusedError(f"{found[0].name} left on {say(found[0].left_on)}, and can take nothing over.", field)
    return found[0]


def forget(work: Work, person_id: int, email: str, label: str) -> None:
    """Blank the employee that a person was: the label stands in the place of the name, and what they hold stays.

    What another register said of them goes from the comparisons too.
    """
    # An erased person has no address any longer, and many employees have none.
    whose = [Employee.person_id == person_id, *([func.lower(Employee.email) == email.lower()] if email else [])]
    employees = work.all(select(Employee).where(or_(*whose)))
    for employee in employees:
        employee.name, employee.email = label, ""
    if employees:
        ids = [each.id for each in employees]
        for line in work.all(select(ReconciliationLine).where(ReconciliationLine.employee_id.in_(ids))):
            line.theirs, line.ours, line.differences, line.candidates = {}, {}, [], []
    work.flush()


def _tell(work: Work, row: Employee, details: EmployeeDetails) -> None:
    number, name = " ".join(details.number.split()), " ".join(details.name.split())
    if not number:
        raise RefusedError("Give the personnel number, or whatever tells people apart.", "number")
    if not name:
        raise RefusedError("Give the name.", "name")
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    with work.session.no_autoflush:
        taken = work.all(select(Employee).where(Employee.number == number, Employee.id != row.id))
        if taken:
            raise RefusedError(f"{number} is the number of {taken[0].name}.", "number")
        if details.site_id is not None and not work.all(select(Site.id).where(Site.id == details.site_id)):
            raise RefusedError("Choose a site from the list.", "site")
        if details.person_id is not None:
            _refuse_linked(work, row, details.person_id)
    row.number, row.name, row.email = number, name, details.email.strip()
    row.department, row.site_id = details.department.strip(), details.site_id
    row.person_id, row.left_on = details.person_id, details.left_on


def _refuse_linked(work: Work, row: Employee, person_id: int) -> None:
    if not work.all(select(Membership.id).where(Membership.person_id == person_id)):
        raise RefusedError("Choose a member from the list.", "person")
    other = work.all(select(Employee).where(Employee.person_id == person_id, Employee.id != row.id))
    if other:
        raise RefusedError(f"This member is {other[0].name} ({other[0].number}) already.", "person")
