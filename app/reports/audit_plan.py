"""The plan of an audit on paper: what it is held against and takes up, its team, and the agenda of its days."""

from collections.abc import Iterable
from typing import Any

from app.domain.dates import say
from app.domain.document import Column, Document, Shape, Table
from app.domain.programme.agenda import AgendaSide
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AgendaPerson
from app.queries.audit_plan import Plan, agenda_of, plan_of
from app.queries.audits import audit_of
from app.queries.members import is_live, members_of
from app.reports.report import SAID_OF_IT, document_on, say_count
from app.work import Work

AGENDA = (
    Column("Day", Shape.DAY),
    Column("Time"),
    Column("Item", breadth=5),
    Column("Takes up", breadth=5),
    Column("Where"),
    Column("Auditors", breadth=4),
    Column("Auditees", breadth=5),
)


def plan_for(work: Work, reference: str, email: str, person_id: int | None) -> Document | None:
    """The plan as it goes to an auditee; who is no member sees their own items, and nobody else who is audited."""
    audit = audit_of(work, reference)
    if audit is None or audit.progress.is_over:
        return None
    is_member = any(each.person_id == person_id and is_live(work, each) for each in members_of(work))
    return plan_document(work, audit, work.organisation.name, only="" if is_member else email.lower())


def plan_document(work: Work, audit: Audit, made_by: str, *, only: str = "") -> Document:
    """The plan of an audit as a document, or what is of one auditee; certificates, sites and team must be loaded."""
    plan, agenda = plan_of(work, audit.id), agenda_of(work, audit.id)
    if only:
        agenda = [each for each in agenda if any(_is_theirs(person, only) for person in each.people)]
    days = (
        say(audit.starts_on) if audit.starts_on == audit.ends_on else f"{say(audit.starts_on)} to {say(audit.ends_on)}"
    )
    return document_on(
        work,
        f"audit-plan-{audit.reference}",
        f"Audit plan {audit.reference}",
        made_by,
        says=f"{_kind(audit)}, {days}: {say_count(len(agenda), 'item') if agenda else 'nothing yet'} on the agenda.",
        tables=(
            Table("Plan", SAID_OF_IT, _facts(audit, plan), ""),
            Table("Team", (Column("Name"), Column("Role")), _team(audit), "Nobody is named yet."),
            Table("Agenda", AGENDA, [_line(each, only) for each in agenda], "Nothing is on the agenda yet."),
        ),
        narrowed=(("Days", days), ("Times in", audit.time_zone)),
    )


def _kind(audit: Audit) -> str:
    return f"{audit.kind.label}: {audit.title}" if audit.title else audit.kind.label


def _facts(audit: Audit, plan: Plan) -> list[tuple[Any, ...]]:
    points: dict[str, list[str]] = {}
    for standard, clause in sorted(plan.points):
        points.setdefault(standard, []).append(clause)
    said = (
        ("Reference of the body", audit.body_reference),
        ("Objectives", audit.objectives),
        ("Criteria", _joined([*plan.standards, audit.criteria])),
        ("Scope", audit.scope),
        ("Clauses", _joined(f"{standard}: {', '.join(each)}" for standard, each in points.items())),
        ("Processes", _joined(f"{each.reference} {each.name}" for each in plan.processes)),
        ("Sites", _joined(each.site.name for each in audit.audit_sites)),
        ("Methods", audit.methods),
    )
    return [each for each in said if each[1] or each[0] != "Reference of the body"]


def _team(audit: Audit) -> list[tuple[Any, ...]]:
    return [(each.label, each.role.label) for each in audit.team]


def _line(item: AgendaItem, only: str) -> tuple[Any, ...]:
    auditors = [each for each in item.people if each.side is AgendaSide.AUDITOR]
    auditees = [each for each in item.people if each.side is AgendaSide.AUDITEE]
    if only:
        auditees = [each for each in auditees if _is_theirs(each, only)]
    return (
        item.held_on,
        f"{item.starts_at:%H:%M} to {item.ends_at:%H:%M}",
        item.title,
        item.covers,
        _joined([item.place, item.site.name if item.site is not None else ""]),
        ", ".join(each.label for each in auditors),
        ", ".join(map(_auditee, auditees)),
    )


def _is_theirs(person: AgendaPerson, email: str) -> bool:
    return person.side is AgendaSide.AUDITEE and person.email.lower() == email


def _auditee(person: AgendaPerson) -> str:
    return f"{person.label} (confirmed)" if person.confirmed_at is not None else person.label


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(each for each in parts if each)
