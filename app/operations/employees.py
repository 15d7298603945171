"""Employees, as the register of assets knows them."""

from sqlalchemy import func, or_, select

from app.models.employee import Employee
from app.models.reconciliation import ReconciliationLine
from app.work import Work


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
            line.theirs, line.ours, line.differences = {}, {}, []
    work.flush()
