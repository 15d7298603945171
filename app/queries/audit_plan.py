"""The plan of an audit: what it is held against, what it takes up, and the agenda of its days."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import audited_standards
from app.domain.programme.scope import Numbered
from app.models.audit import Audit, TeamMember
from app.models.audit_plan import AgendaItem, AgendaPerson, AuditClause, AuditCriterion, AuditProcess
from app.models.process import Process
from app.queries.settings import own_editions
from app.work import Work


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit is held against and takes up."""

    standards: tuple[str, ...]
    points: frozenset[Numbered]
    processes: tuple[Process, ...]


def plan_of(work: Work, audit_id: int) -> Plan:
    """The criteria, points and processes of an audit, in three queries."""
    standards = select(AuditCriterion.standard).where(AuditCriterion.audit_id == audit_id)
    points = select(AuditClause.standard, AuditClause.clause).where(AuditClause.audit_id == audit_id)
    named = select(AuditProcess.process_id).where(AuditProcess.audit_id == audit_id)
    processes = (
        select(Process).where(Process.id.in_(named)).options(joinedload(Process.owner)).order_by(Process.reference)
    )
    return Plan(
        tuple(work.all(standards.order_by(AuditCriterion.standard))),
        frozenset((standard, clause) for standard, clause in work.execute(points)),
        tuple(work.all(processes)),
    )


def standards_on_offer(work: Work, audit: Audit, there: tuple[str, ...] = ()) -> list[str]:
    """Which standards may be criteria: those of its certificates first, then all that the organisation knows."""
    served = sorted({each.certificate.full_standard for each in audit.audit_certificates})
    own = sorted(each.full_name for each in own_editions(work))
    return list(dict.fromkeys([*served, *there, *audited_standards(), *own]))


def processes_on_offer(work: Work) -> list[Process]:
    """Every process, by name."""
    return work.all(select(Process).order_by(Process.name))


def agenda_of(work: Work, audit_id: int) -> list[AgendaItem]:
    """The items of the agenda with their people, by day and time."""
    statement = (
        select(AgendaItem)
        .where(AgendaItem.audit_id == audit_id)
        .options(
            joinedload(AgendaItem.site),
            selectinload(AgendaItem.people).options(
                joinedload(AgendaPerson.person), joinedload(AgendaPerson.team_member).joinedload(TeamMember.person)
            ),
        )
        .order_by(AgendaItem.held_on, AgendaItem.starts_at, AgendaItem.id)
    )
    return work.all(statement)
