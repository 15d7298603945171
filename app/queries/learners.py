"""Who may take training: the members of an organisation but for external assessors, with the site where they work.

A member works at the site of the employee they are linked to in the register of employees.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, func, select, type_coerce

from app.domain.permission import Role
from app.models.employee import Employee
from app.models.organisation import Membership, Site
from app.models.person import Person
from app.queries.members import lasting
from app.work import Work

PAGE = 50
_ASSESSOR_ALONE = Role.ASSESSOR.value


@dataclass(frozen=True, slots=True)
class Learner:
    """A member who may take training; `joined_on` by the organisation's own calendar."""

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    site_id: int | None
    site: str
    joined_on: date


@dataclass(frozen=True, slots=True)
class LearnerFilters:
    """Which learners: by a part of their name, a role, a site."""

    text: str = ""
    role: Role | None = None
    site_id: int | None = None
    people: frozenset[int] | None = None


def learners(work: Work, wanted: LearnerFilters = LearnerFilters(), page: int | None = None) -> list[Learner]:
    """The learners by name, all or one page of them; one query."""
    sites = _sites(work)
    statement: Any = (
        select(Person.id, Person.name, Person.email, Membership.roles, Membership.joined_at, Site.id, Site.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(sites, sites.c.person_id == Person.id)
        .outerjoin(Site, Site.id == sites.c.site_id)
        .where(*_conditions(work, wanted, sites))
        .order_by(func.lower(Person.name), Person.id)
    )
    if page is not None:
        statement = statement.limit(PAGE).offset((page - 1) * PAGE)
    zone = ZoneInfo(work.organisation.time_zone)
    return [
        Learner(id_, name, email or "", roles, site_id, site or "", joined_at.astimezone(zone).date())
        for id_, name, email, roles, joined_at, site_id, site in work.execute(statement)
    ]


def count_learners(work: Work, wanted: LearnerFilters = LearnerFilters()) -> int:
    """How many there are."""
    sites = _sites(work)
    statement: Any = (
        select(func.count(Person.id))
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(sites, sites.c.person_id == Person.id)
        .where(*_conditions(work, wanted, sites))
    )
    return int(work.session.scalar(statement) or 0)


def learner(work: Work, person_id: int) -> Learner | None:
    """One of them; None for who is no learner of this organisation."""
    return next(iter(learners(work, LearnerFilters(people=frozenset({person_id})))), None)


def takes_training(day: date) -> list[Any]:
    """The conditions by which a membership and its person are those of a learner on a day."""
    return [
        *lasting(day),
        type_coerce(Membership.roles, String) != _ASSESSOR_ALONE,
        Person.erased_at.is_(None),
    ]


def _sites(work: Work) -> Any:
    return (
        select(Employee.person_id, func.min(Employee.site_id).label("site_id"))
        .where(Employee.person_id.is_not(None), Employee.organisation_id == work.home)
        .group_by(Employee.person_id)
        .subquery()
    )


def _conditions(work: Work, wanted: LearnerFilters, sites: Any) -> list[ColumnElement[bool]]:
    roles = type_coerce(Membership.roles, String)
    found = takes_training(work.today)
    if wanted.text:
        found.append(Person.name.icontains(wanted.text, autoescape=True))
    if wanted.role is not None:
        # No role's word stands within another's.
        found.append(roles.contains(wanted.role.value))
    if wanted.site_id is not None:
        found.append(sites.c.site_id == wanted.site_id)
    if wanted.people is not None:
        found.append(Person.id.in_(wanted.people))
    return found
