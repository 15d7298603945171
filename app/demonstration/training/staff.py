"""Who came to Northwind after the first: they learn here, and sign in like everybody in the demonstration."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.domain.permission import Role
from app.models.employee import Employee
from app.models.person import Person
from app.operations import organisations

if TYPE_CHECKING:
    from app.demonstration.training import School

HAMBURG, LEIPZIG, ROTTERDAM = range(3)


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody who came, how long ago, to which site."""

    key: str
    name: str
    email: str
    role: Role
    department: str
    site: int
    months: int = 0
    days: int = 0


HIRES = (
    Hire("annika", "Annika Lindqvist", "annika", Role.AUDITOR, "Operations", HAMBURG, 16),
    Hire("diego", "Diego Fuentes", "diego", Role.STAFF, "Infrastructure", ROTTERDAM, 15),
    Hire("saskia", "Saskia de Groot", "saskia", Role.ASSET_MANAGER, "Infrastructure", ROTTERDAM, 10),
    Hire("marta", "Marta Kowalska", "marta", Role.STAFF, "Service desk", LEIPZIG, 9),
    Hire("samir", "Samir Haddad", "samir", Role.STAFF, "Service desk", LEIPZIG, 8),
    Hire("yuki", "Yuki Tanaka", "yuki", Role.STAFF, "Engineering", HAMBURG, 7),
    Hire("emilia", "Emília Nagy", "emilia", Role.STAFF, "Service desk", LEIPZIG, 6),
    Hire("chioma", "Chioma Okafor", "chioma", Role.STAFF, "Infrastructure", ROTTERDAM, 4),
    Hire("luca", "Luca Moretti", "luca", Role.STAFF, "Sales", HAMBURG, 0, 70),
    Hire("aoife", "Aoife Byrne", "aoife", Role.STAFF, "Engineering", HAMBURG, 0, 8),
)


def staff(school: "School") -> None:
    """Each comes on their day, and the rules of that day tell them what to take."""
    work = school.work
    rows = []
    for number, hire in enumerate(HIRES):
        email = f"{hire.email}@northwind.example"
        person = work.add(
            Person(
                email=email,
                name=hire.name,
                password_hash=school.cast["ingrid"].password_hash,
                password_changed_at=work.now,
                created_at=work.now,
            )
        )
        school.cast[hire.key] = person
        rows.append(
            {
                "number": f"P-{2001 + number}",
                "name": hire.name,
                "email": email,
                "department": hire.department,
                "site_id": school.sites[hire.site].id,
                "person_id": person.id,
                "left_on": None,
                "created_at": work.now,
                "version": 1,
            }
        )
        school.on(ago(school.today, months=hire.months, days=hire.days), "jonas", partial(_join, school, hire))
    work.insert_many(Employee, rows)


def _join(school: "School", hire: Hire) -> None:
    organisations.join(school.work, school.work.organisation, school.cast[hire.key], frozenset({hire.role}))
