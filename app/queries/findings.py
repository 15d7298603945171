"""Findings: the register, one of them with what it concerns, and those of one audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.domain.findings.case import due_now
from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.models.asset import Asset
from app.models.audit import Audit, AuditCertificate, TeamMember
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding, FindingLink
from app.models.licence import Entitlement, LicencePool
from app.models.organisation import Site
from app.models.person import Person
from app.models.process import Process
from app.models.software import Installation, Product
from app.queries.case_register import overdue
from app.work import Work

PAGE = 50
F = Finding
RANK = {grade: number for number, grade in enumerate(FindingGrade)}


@dataclass(frozen=True, slots=True)
class FindingFilters:
    """Which findings a list shows; None is everything."""

    text: str = ""
    grade: FindingGrade | None = None
    audit: str | None = None
    """Its reference; `none` for those outside an audit."""
    standard: str | None = None
    clause: str | None = None
    """With all that is below it."""
    standing: str | None = None
    tag: str | None = None
    site_id: int | None = None
    order: str = "raised"
    descending: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        asked = (self.grade, self.audit, self.standard, self.clause, self.standing, self.tag, self.site_id)
        return bool(self.text) or any(each is not None for each in asked)


class FindingRow(NamedTuple):
    """A line of the register."""

    id: int
    reference: str
    grade: FindingGrade
    title: str
    standard: str
    clause: str
    raised_on: date
    audit: str | None
    repeats: str | None
    stage: Stage | None
    """How far its case is; None of what has no case."""
    answered_on: date | None
    answer_due_on: date | None
    action_due_on: date | None
    raised_by: str | None
    links: int

    def is_late(self, today: date) -> bool:
        """Whether the day that counts now has passed: of cause and plan, or of the actions."""
        if self.stage is None:
            return False
        due_on = due_now(self.stage, self.answered_on, self.answer_due_on, self.action_due_on)
        return due_on is not None and due_on < today


ORDERS: dict[str, Any] = {
    "raised": (F.raised_on, F.id),
    "reference": (F.reference,),
    "grade": (case(RANK, value=F.grade), F.raised_on, F.id),
    "clause": (F.standard, F.clause, F.id),
    "audit": (Audit.reference, F.id),
    "title": (func.lower(F.title), F.id),
}
STANDINGS = (("open", "Open"), ("closed", "Closed"), ("late", "Overdue"), ("no-case", "Needs no action"))
"""A nonconformity is open until its case is closed; what is no nonconformity needs no action."""


def finding_list(work: Work, wanted: FindingFilters, page: int = 1) -> tuple[list[FindingRow], int]:
    """A page of the register, and how many there are; two queries however many."""
    total = work.session.scalar(_joined(select(func.count(F.id))).where(*_asked(wanted, work.today))) or 0
    found = _rows(wanted, work.today).offset((page - 1) * PAGE).limit(PAGE)
    return [FindingRow(*row) for row in work.execute(found)], total


def all_findings(work: Work, wanted: FindingFilters) -> Iterator[FindingRow]:
    """All that is asked for, for a file."""
    for row in work.execute(_rows(wanted, work.today)):
        yield FindingRow(*row)


def findings_at(work: Work, audit_id: int) -> list[FindingRow]:
    """The findings of one audit, the gravest first."""
    rows = [FindingRow(*row) for row in work.execute(_columns().where(F.audit_id == audit_id).order_by(F.id))]
    return sorted(rows, key=lambda row: RANK[row.grade])


def raised_at(work: Work, audit_id: int) -> list[Any]:
    """The findings of an audit in short: what they weigh, against which clause, from which question."""
    columns = (Finding.reference, Finding.grade, Finding.standard, Finding.clause, Finding.item_id)
    return list(work.execute(select(*columns).where(Finding.audit_id == audit_id).order_by(Finding.reference)))


def finding_by(work: Work, reference: str, *, for_update: bool = False) -> Finding | None:
    """One finding with its audit, the team and all that it concerns; locked until the end where it will be changed."""
    statement = select(F).where(F.reference == reference).options(*whole())
    if for_update:
        statement = statement.with_for_update(of=F).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def whole() -> tuple[Any, ...]:
    """What is loaded with a finding: its audit, the team, and all that it concerns."""
    audit = joinedload(F.audit)
    link = selectinload(F.links)
    return (
        audit.selectinload(Audit.team).joinedload(TeamMember.person),
        audit.selectinload(Audit.audit_certificates).joinedload(AuditCertificate.certificate),
        joinedload(F.item),
        joinedload(F.raised_by),
        joinedload(F.repeats).joinedload(Finding.audit),
        link.joinedload(FindingLink.asset).selectinload(Asset.ownerships),
        link.joinedload(FindingLink.entitlement).joinedload(Entitlement.pool),
        link.joinedload(FindingLink.pool).joinedload(LicencePool.publisher),
        link.joinedload(FindingLink.installation).joinedload(Installation.asset),
        link.joinedload(FindingLink.installation).joinedload(Installation.product).joinedload(Product.publisher),
        link.joinedload(FindingLink.site),
        link.joinedload(FindingLink.process).joinedload(Process.owner),
        link.joinedload(FindingLink.change),
    )


def case_of(work: Work, finding_id: int) -> CorrectiveAction | None:
    """The case of a nonconformity of our own."""
    statement = (
        select(CorrectiveAction)
        .where(CorrectiveAction.finding_id == finding_id)
        .options(joinedload(CorrectiveAction.owner))
    )
    return work.one_or_none(statement)


def repeated_by(work: Work, finding_id: int) -> list[tuple[str, str]]:
    """The later findings that say of themselves that they are this one again: reference and title."""
    statement = select(F.reference, F.title).where(F.repeats_id == finding_id).order_by(F.raised_on, F.id).limit(PAGE)
    return [(row[0], row[1]) for row in work.execute(statement)]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters of the register offer."""

    audits: list[str]
    standards: list[str]
    sites: list[tuple[int, str]]


def offered(work: Work) -> Offered:
    """The audits, standards and sites of which there is a finding; three queries."""
    audits = (
        select(Audit.reference)
        .where(Audit.id.in_(select(F.audit_id).where(F.audit_id.is_not(None))))
        .order_by(Audit.ends_on.desc(), Audit.id.desc())
        .limit(200)
    )
    standards = select(F.standard).where(F.standard != "").distinct().order_by(F.standard)
    at_assets = select(Asset.site_id).where(Asset.id.in_(select(FindingLink.asset_id)))
    named = select(FindingLink.site_id).where(FindingLink.site_id.is_not(None))
    sites = select(Site.id, Site.name).where(or_(Site.id.in_(named), Site.id.in_(at_assets))).order_by(Site.name)
    return Offered(
        [row[0] for row in work.execute(audits)],
        [row[0] for row in work.execute(standards)],
        [(row[0], row[1]) for row in work.execute(sites)],
    )


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(F)
        .outerjoin(Audit, F.audit_id == Audit.id)
        .outerjoin(CorrectiveAction, CorrectiveAction.finding_id == F.id)
        .outerjoin(Person, F.raised_by_id == Person.id)
    )


def _columns() -> Any:
    earlier = aliased(Finding)
    again = select(earlier.reference).where(earlier.id == F.repeats_id).correlate(F).scalar_subquery()
    links = select(func.count(FindingLink.id)).where(FindingLink.finding_id == F.id).correlate(F).scalar_subquery()
    return _joined(
        select(
            F.id,
            F.reference,
            F.grade,
            F.title,
            F.standard,
            F.clause,
            F.raised_on,
            Audit.reference,
            again,
            CorrectiveAction.stage,
            CorrectiveAction.answered_on,
            CorrectiveAction.answer_due_on,
            CorrectiveAction.action_due_on,
            case((Person.erased_at.is_not(None), "Erased person"), else_=Person.name),
            links,
        )
    )


def _rows(wanted: FindingFilters, today: date) -> Any:
    order = ORDERS[wanted.order]
    ordered = [each.desc() if wanted.descending else each.asc() for each in order]
    return _columns().where(*_asked(wanted, today)).order_by(order[0].is_(None), *ordered)


def _asked(wanted: FindingFilters, today: date) -> list[Any]:
    asked: list[Any] = []
    if wanted.grade is not None:
        asked.append(F.grade == wanted.grade)
    if wanted.audit is not None:
        asked.append(F.audit_id.is_(None) if wanted.audit == "none" else Audit.reference == wanted.audit)
    if wanted.standard is not None:
        asked.append(F.standard == wanted.standard)
    if wanted.clause is not None:
        below = F.clause.startswith(f"{wanted.clause}.", autoescape=True)
        asked.append(or_(F.clause == wanted.clause, below, F.clause.startswith(f"{wanted.clause} ", autoescape=True)))
    if wanted.tag is not None:
        touching = select(FindingLink.finding_id).join(Asset, FindingLink.asset_id == Asset.id)
        asked.append(F.id.in_(touching.where(func.lower(Asset.tag) == wanted.tag.lower())))
    if wanted.site_id is not None:
        there = select(FindingLink.finding_id).outerjoin(Asset, FindingLink.asset_id == Asset.id)
        asked.append(F.id.in_(there.where(or_(FindingLink.site_id == wanted.site_id, Asset.site_id == wanted.site_id))))
    stage = CorrectiveAction.stage
    is_open = and_(stage.is_not(None), stage != Stage.CLOSED)
    if wanted.standing == "open":
        asked.append(is_open)
    elif wanted.standing == "closed":
        asked.append(stage == Stage.CLOSED)
    elif wanted.standing == "late":
        asked += [is_open, overdue(today)]
    elif wanted.standing == "no-case":
        asked.append(stage.is_(None))
    for word in wanted.text.split()[:6]:
        said = (F.reference, F.title, F.statement, F.evidence, F.requirement, F.body_reference)
        asked.append(or_(*(column.icontains(word, autoescape=True) for column in said)))
    return asked
