"""The plan of an audit: what it is held against, what it takes up, and the agenda of its days."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import audited_standards
from app.domain.programme.agenda import AgendaSide, Slot
from app.domain.programme.scope import Numbered
from app.models.audit import Audit, TeamMember
from app.models.audit_plan import AgendaItem, AgendaPerson, AuditClause, AuditCriterion, AuditProcess
from app.models.person import Person
from app.models.process import Process
from app.queries.members import is_live, members_of
from app.queries.settings import own_editions
from app.work import Work


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit is held against and takes up."""

    standards: tuple[str, ...]
    points: frozenset[Numbered]
    processes: tuple[Process, ...]


@dataclass(frozen=True, slots=True)
class Auditee:
    """Whom an audit wants at items, and what they say of them."""

    whom: str
    """The number of the person, or the address of somebody from outside."""
    label: str
    email: str
    person_id: int | None
    at: tuple[tuple[AgendaItem, AgendaPerson], ...]

    @property
    def open(self) -> list[AgendaPerson]:
        """Their places at items that they have not confirmed."""
        return [person for _, person in self.at if person.confirmed_at is None]

    def to_come(self, today: date) -> list[AgendaPerson]:
        """Their places at items that they have not confirmed and that are not past."""
        return [person for item, person in self.at if person.confirmed_at is None and item.held_on >= today]


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


def agenda_item_of(work: Work, audit_id: int, item_id: int) -> AgendaItem | None:
    """One item of the agenda of an audit."""
    return next((each for each in agenda_of(work, audit_id) if each.id == item_id), None)


def auditees_on_offer(work: Work, there: Collection[int] = ()) -> list[Person]:
    """Who may be audited: those who belong today, and whoever is named already, by name."""
    known = [each.person for each in members_of(work) if is_live(work, each) or each.person_id in there]
    return sorted(dict.fromkeys(known), key=lambda each: each.label.casefold())


def auditees_of(items: Iterable[AgendaItem]) -> list[Auditee]:
    """Everybody who is audited, by name, with their items in the order of the agenda."""
    found: dict[str, list[tuple[AgendaItem, AgendaPerson]]] = defaultdict(list)
    for item in items:
        for person in item.people:
            if person.side is AgendaSide.AUDITEE:
                found[person.key].append((item, person))
    everybody = []
    for at in found.values():
        first = at[0][1]
        whom = str(first.person_id) if first.person_id is not None else first.key
        everybody.append(Auditee(whom, first.label, first.email, first.person_id, tuple(at)))
    return sorted(everybody, key=lambda each: each.label.casefold())


def slots_of(items: Iterable[AgendaItem]) -> list[Slot]:
    """The items as the rule of conflicts sees them."""
    return [
        Slot(
            each.id,
            each.title,
            each.held_on,
            each.starts_at,
            each.ends_at,
            tuple((person.key, person.label) for person in each.people),
        )
        for each in items
    ]
