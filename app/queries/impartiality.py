"""What a team would audit of its own: the scope of an internal audit as the rule of impartiality reads it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import AuditKind
from app.domain.explained import Reason
from app.domain.itam.change import ChangeStatus
from app.domain.programme.impartiality import (
    AssetFact,
    AuditedScope,
    Auditor,
    ChangeFact,
    Deed,
    Judges,
    ProcessFact,
    partialities,
)
from app.domain.programme.scope import Numbered
from app.domain.programme.team import Seat, TeamRole
from app.domain.programme.wish import Wish
from app.models.asset import Asset, AssetDuty
from app.models.audit import Audit, AuditAsset, TeamMember
from app.models.audit_plan import AuditClause, AuditCriterion, AuditProcess
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.employee import Employee
from app.models.person import Person
from app.models.process import Process, ProcessClause
from app.models.software import Installation
from app.work import Work

AUDITING = (TeamRole.LEAD, TeamRole.AUDITOR)


def partialities_at(work: Work, audit: Audit, wish: Wish | None = None) -> tuple[Reason, ...]:
    """What of an audit's scope is its auditors' own work; empty for the audits of a certification body.

    With a wish, its team and days stand in the place of those on record. Team and their persons must be loaded. A
    number of queries that does not depend on the scope.
    """
    if audit.kind is not AuditKind.INTERNAL:
        return ()
    work.flush()
    team: Iterable[TeamMember | Seat] = wish.team if wish is not None else audit.team
    auditors = _auditors(work, team)
    if not auditors:
        return ()
    people = frozenset(auditor.person_id for auditor in auditors)
    assets = work.all(select(AuditAsset.asset_id).where(AuditAsset.audit_id == audit.id))
    standards = work.all(select(AuditCriterion.standard).where(AuditCriterion.audit_id == audit.id))
    points = _points(work, audit.id)
    scope = AuditedScope(
        starts_on=(wish.when if wish is not None else audit).starts_on,
        ends_on=(wish.when if wish is not None else audit).ends_on,
        months=work.organisation.impartiality_months,
        standards=tuple(standards),
        points=points,
        processes=tuple(_processes(work, audit.id, people)),
        assets=tuple(_assets(work, assets)),
        changes=tuple(_changes(work, assets, people)),
    )
    return partialities(auditors, scope)


def judges_of(work: Work, audit: Audit, person_id: int | None = None) -> Judges:
    """Who of an internal audit could judge its questions, or a single person; its team is loaded.

    For the audits of a certification body nobody is asked. One query, and another where somebody owns something.
    """
    if audit.kind is not AuditKind.INTERNAL:
        return Judges()
    auditing = [each for each in audit.team if each.role in AUDITING]
    people = {each.person_id for each in auditing if each.person_id is not None}
    if person_id is not None:
        people = {person_id}
    rows = work.execute(
        select(Process.reference, Process.name, Process.owner_id, ProcessClause.standard, ProcessClause.clause)
        .join(ProcessClause, ProcessClause.process_id == Process.id)
        .where(Process.owner_id.in_(people))
        .order_by(Process.reference)
    )
    serves: dict[tuple[str, int | None], set[Numbered]] = defaultdict(set)
    for reference, name, owner_id, standard, clause in rows:
        serves[f"{reference} {name}", owner_id].add((standard, clause))
    if not serves:
        return Judges()
    named = work.all(select(Person).where(Person.id.in_(people)).order_by(Person.id))
    return Judges(
        tuple(Auditor(each.id, each.label) for each in named),
        tuple(ProcessFact(label, owner_id, serves=frozenset(points)) for (label, owner_id), points in serves.items()),
        person_id is None and any(each.person_id is None for each in auditing),
    )


def _auditors(work: Work, team: Iterable[TeamMember | Seat]) -> list[Auditor]:
    """The members among those who audit."""
    ids = [each.person_id for each in team if each.role in AUDITING and each.person_id is not None]
    return [Auditor(person.id, person.label) for person in work.all(select(Person).where(Person.id.in_(ids)))]


def _points(work: Work, audit_id: int) -> frozenset[Numbered]:
    rows = work.execute(select(AuditClause.standard, AuditClause.clause).where(AuditClause.audit_id == audit_id))
    return frozenset((standard, clause) for standard, clause in rows)


def _processes(work: Work, audit_id: int, people: Collection[int]) -> Iterable[ProcessFact]:
    in_scope = set(work.all(select(AuditProcess.process_id).where(AuditProcess.audit_id == audit_id)))
    statement = (
        select(Process)
        .where(or_(Process.id.in_(in_scope), Process.owner_id.in_(people)))
        .options(selectinload(Process.performers), selectinload(Process.clauses))
        .order_by(Process.reference)
    )
    for row in work.all(statement):
        yield ProcessFact(
            f"{row.reference} {row.name}",
            row.owner_id,
            frozenset(each.person_id for each in row.performers),
            frozenset((each.standard, each.clause) for each in row.clauses),
            row.id in in_scope,
        )


def _assets(work: Work, ids: Collection[int]) -> Iterable[AssetFact]:
    duties: dict[int, list[tuple[str, int]]] = defaultdict(list)
    held = (
        select(AssetDuty.asset_id, AssetDuty.duty, Employee.person_id)
        .join(Employee, AssetDuty.employee_id == Employee.id)
        .where(AssetDuty.asset_id.in_(ids), Employee.person_id.is_not(None))
        .order_by(AssetDuty.id)
    )
    for asset_id, duty, person_id in work.execute(held):
        duties[asset_id].append((duty.label.lower(), person_id))
    kept = (
        select(Asset.id, Asset.tag, Employee.person_id)
        .outerjoin(Employee, Asset.custodian_id == Employee.id)
        .where(Asset.id.in_(ids))
        .order_by(Asset.tag)
    )
    for asset_id, tag, person_id in work.execute(kept):
        yield AssetFact(tag, person_id, tuple(duties[asset_id]))


def _changes(work: Work, assets: Collection[int], people: Collection[int]) -> Iterable[ChangeFact]:
    """The changes of the auditors that touch these assets: by name, or a product on them as a whole."""
    columns = (
        ChangeRequest.requested_by_id,
        ChangeRequest.decided_by_id,
        ChangeRequest.done_by_id,
        ChangeRequest.checked_by_id,
        ChangeRequest.undone_by_id,
    )
    named = select(ChangeAsset.change_id).where(ChangeAsset.asset_id.in_(assets))
    names_none = ~select(ChangeAsset.id).where(ChangeAsset.change_id == ChangeRequest.id).exists()
    products = select(Installation.product_id).where(
        Installation.asset_id.in_(assets), Installation.removed_on.is_(None)
    )
    of_product = and_(names_none, ChangeRequest.product_id.in_(products))
    came_to_nothing = and_(
        ChangeRequest.status.in_((ChangeStatus.REFUSED, ChangeStatus.WITHDRAWN)), ChangeRequest.done_on.is_(None)
    )
    statement: Any = (
        select(ChangeRequest)
        .where(
            or_(ChangeRequest.id.in_(named), of_product),
            or_(*(column.in_(people) for column in columns)),
            ~came_to_nothing,
        )
        .options(selectinload(ChangeRequest.assets).joinedload(ChangeAsset.asset), joinedload(ChangeRequest.product))
        .order_by(ChangeRequest.reference)
    )
    wanted, zone = set(assets), ZoneInfo(work.organisation.time_zone)
    for change in work.all(statement):
        tags = sorted(each.asset.tag for each in change.assets if each.asset_id in wanted)
        touched = ", ".join(tags) or (change.product.name if change.product is not None else "")
        yield ChangeFact(change.reference, touched, tuple(_deeds(change, zone)))


def _deeds(change: ChangeRequest, zone: ZoneInfo) -> Iterable[Deed]:
    decided = "refused" if change.status is ChangeStatus.REFUSED else "authorised"
    told: tuple[tuple[int | None, str, date | datetime | None], ...] = (
        (change.requested_by_id, "asked for", change.requested_at),
        (change.decided_by_id, decided, change.decided_at),
        (change.done_by_id, "did", change.done_on),
        (change.checked_by_id, "checked", change.checked_on),
        (change.undone_by_id, "took back", change.undone_on),
    )
    for person_id, did, when in told:
        if person_id is not None and when is not None:
            on = when.astimezone(zone).date() if isinstance(when, datetime) else when
            yield Deed(person_id, did, on)
