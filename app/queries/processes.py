"""Processes: the list, one of them, and what points at it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.permission import Role
from app.models.audit import Audit
from app.models.audit_plan import AuditProcess
from app.models.finding import Finding, FindingLink
from app.models.organisation import Membership
from app.models.person import Person
from app.models.process import Process, ProcessPerformer
from app.work import Work

PAGE = 50
ASSESSORS = frozenset({Role.ASSESSOR})
"""The roles of who looks in from outside and nothing else."""


def process_list(work: Work, page: int = 1) -> tuple[list[Process], int]:
    """A page of the processes by name, with owner, people and clauses; and how many there are."""
    total = work.session.scalar(select(func.count(Process.id))) or 0
    page = max(1, min(page, -(-total // PAGE)))
    return work.all(_whole().order_by(Process.name).limit(PAGE).offset((page - 1) * PAGE)), total


def process_by(work: Work, reference: str, *, for_update: bool = False) -> Process | None:
    """One process with owner, people and clauses; for update, it is held until the work is done."""
    statement = _whole().where(Process.reference == reference)
    if for_update:
        statement = statement.with_for_update(of=Process).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def _whole() -> Any:
    return select(Process).options(
        joinedload(Process.owner),
        selectinload(Process.performers).joinedload(ProcessPerformer.person),
        selectinload(Process.clauses),
    )


def audits_of(work: Work, process_id: int) -> list[Audit]:
    """The audits with the process in their scope, the latest first."""
    named = select(AuditProcess.audit_id).where(AuditProcess.process_id == process_id)
    return work.all(select(Audit).where(Audit.id.in_(named)).order_by(Audit.ends_on.desc(), Audit.id))


def pointers_at(work: Work, process_id: int) -> dict[str, list[str]]:
    """What names the process, by kind: the references of audits and findings."""
    linked = select(FindingLink.finding_id).where(FindingLink.process_id == process_id)
    found = {
        "Audits": [audit.reference for audit in audits_of(work, process_id)],
        "Findings": work.all(select(Finding.reference).where(Finding.id.in_(linked)).order_by(Finding.reference)),
    }
    return {noun: names for noun, names in found.items() if names}


def people_to_choose(work: Work, also: frozenset[int] = frozenset()) -> list[tuple[int, str]]:
    """The members by name but external assessors, and whoever of `also` has left since."""
    people = (
        select(Membership.ended_at, Membership.roles, Person)
        .join(Person, Membership.person_id == Person.id)
        .order_by(Person.name, Person.id)
    )
    return [
        (person.id, person.label if ended_at is None else f"{person.label} (left)")
        for ended_at, roles, person in work.execute(people)
        if (ended_at is None and roles != ASSESSORS) or person.id in also
    ]
