"""A nonconformity's case with all that belongs to it, and what its deadlines rest on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import NonconformityFact
from app.domain.certification.nonconformity import Endangered, endangered_by
from app.domain.explained import Explained
from app.domain.findings.case import ActionNow, CaseNow, corrective_clause
from app.domain.findings.corrective_action import DueKind, Effectiveness, Stage, StepKind
from app.domain.findings.deadlines import DueDays, Extension, GradeDays, Limits, due_days, limits_of, why_due
from app.domain.findings.grading import FindingGrade
from app.domain.permission import Permission, Role, granted
from app.models.audit import Audit
from app.models.certificate import BodyNonconformity
from app.models.corrective_action import Action, CorrectiveAction, CorrectiveStep, DeadlineExtension
from app.models.finding import Finding, FindingLink
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.models.software import Installation
from app.queries.facts import facts_of
from app.queries.members import lasting
from app.work import Work


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """How far our work behind a nonconformity of the body is, and who answers for it."""

    stage: Stage
    owner: str
    awaits_acceptance: bool


_ALL = (
    joinedload(CorrectiveAction.nonconformity).joinedload(BodyNonconformity.certificate),
    joinedload(CorrectiveAction.owner),
    joinedload(CorrectiveAction.accepted_by),
    joinedload(CorrectiveAction.verified_by),
    joinedload(CorrectiveAction.finding).joinedload(Finding.audit).selectinload(Audit.team),
    selectinload(CorrectiveAction.causes),
    selectinload(CorrectiveAction.actions).options(joinedload(Action.owner), joinedload(Action.done_by)),
    selectinload(CorrectiveAction.similar_cases),
    selectinload(CorrectiveAction.extensions).options(
        joinedload(DeadlineExtension.asked_by), joinedload(DeadlineExtension.decided_by)
    ),
    selectinload(CorrectiveAction.steps).joinedload(CorrectiveStep.by),
)


def case_by(work: Work, reference: str, *, for_update: bool = False) -> CorrectiveAction | None:
    """One case with everything on its page, locked until the work is done where it will be changed."""
    statement = select(CorrectiveAction).where(CorrectiveAction.reference == reference).options(*_ALL)
    if for_update:
        statement = statement.with_for_update(of=CorrectiveAction).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def case_behind(work: Work, nonconformity_id: int) -> CorrectiveAction | None:
    """The case that stands behind a nonconformity of the certification body."""
    statement = select(CorrectiveAction).where(CorrectiveAction.nonconformity_id == nonconformity_id)
    return work.one_or_none(statement.options(*_ALL))


def case_of_finding(work: Work, finding_id: int) -> CorrectiveAction | None:
    """The case of a finding of our own."""
    statement = select(CorrectiveAction).where(CorrectiveAction.finding_id == finding_id)
    return work.one_or_none(statement.options(*_ALL))


def standard_of(case: CorrectiveAction) -> str:
    """The standard against which it was raised, with its edition."""
    if case.finding is not None:
        return case.finding.standard
    return case.nonconformity.certificate.full_standard if case.nonconformity is not None else ""


def now_of(case: CorrectiveAction) -> CaseNow:
    """How a case stands, as the rules read it."""
    return CaseNow(
        reference=case.reference,
        grade=case.grade,
        clause=corrective_clause(standard_of(case)),
        stage=case.stage,
        raised_on=case.raised_on,
        answer_due_on=case.answer_due_on,
        action_due_on=case.action_due_on,
        owner=case.owner_id,
        contained_on=case.contained_on,
        root_cause=case.root_cause,
        similar_on=case.similar_on,
        answered_on=case.answered_on,
        accepted_on=case.accepted_on,
        accepted_by=case.accepted_by_id,
        answered_by=frozenset(
            each.by_id for each in case.steps if each.kind is StepKind.ANSWERED and each.by_id is not None
        ),
        actions=tuple(action_now(each) for each in case.actions),
        implemented_on=case.implemented_on,
        verify_from=case.verify_from,
        effectiveness=case.effectiveness,
        verified_on=case.verified_on,
        verified_by=case.verified_by_id,
        closed_on=case.closed_on,
    )


def action_now(action: Action) -> ActionNow:
    """An action, as the rules read it."""
    return ActionNow(action.id, action.kind, action.owner_id, action.due_on, action.done_on, action.done_by_id)


def grade_days(organisation: Organisation, grade: FindingGrade) -> GradeDays:
    """How many days the organisation gives a grade."""
    if grade is FindingGrade.MAJOR:
        return GradeDays(organisation.major_answer_days, organisation.major_action_days)
    return GradeDays(organisation.minor_answer_days, organisation.minor_action_days)


def endangered_of(work: Work, row: BodyNonconformity) -> tuple[Endangered, ...]:
    """What an open nonconformity of the body endangers; its certificate is loaded."""
    reference = work.one_or_none(select(Audit.reference).where(Audit.id == row.audit_id)) or ""
    fact = NonconformityFact(row.reference, reference, row.grade, row.plan_accepted_on, row.verified_on)
    return endangered_by(facts_of(work, [row.certificate_id])[row.certificate_id], fact, work.today)


def limits_for(work: Work, row: BodyNonconformity | None) -> Limits:
    """What the body and the rules allow; nothing binds a nonconformity of our own."""
    return Limits() if row is None else limits_of(row.response_due_on, endangered_of(work, row))


def days_from(work: Work, case: CorrectiveAction, limits: Limits) -> DueDays:
    """Both deadlines counted anew from today: after an ineffective action."""
    return due_days(case.grade, work.today, grade_days(work.organisation, case.grade), limits)


def due_of(case: CorrectiveAction, due: DueKind, limits: Limits) -> Explained[date]:
    """A deadline of the case with its reasons."""
    reopened = case.verified_on if case.effectiveness is Effectiveness.INEFFECTIVE else None
    put_off = [
        Extension(
            each.due,
            each.from_on,
            each.to_on,
            each.reason,
            each.decided_by.label if each.decided_by is not None else "",
        )
        for each in case.extensions
        if each.is_approved and (reopened is None or each.asked_on >= reopened)
    ]
    kept = case.answer_due_on if due is DueKind.ANSWER else case.action_due_on
    return why_due(case.grade, reopened or case.raised_on, due, kept, limits, put_off)


def pending_extension(case: CorrectiveAction, due: DueKind) -> DeadlineExtension | None:
    """What was asked about a deadline, and nobody has decided."""
    return next((each for each in case.extensions if each.due is due and each.is_approved is None), None)


def finding_links(work: Work, finding_id: int) -> list[FindingLink]:
    """What a finding concerns, each with what names it."""
    statement = (
        select(FindingLink)
        .where(FindingLink.finding_id == finding_id)
        .options(
            joinedload(FindingLink.asset),
            joinedload(FindingLink.entitlement),
            joinedload(FindingLink.pool),
            joinedload(FindingLink.installation).options(
                joinedload(Installation.asset), joinedload(Installation.product)
            ),
            joinedload(FindingLink.site),
            joinedload(FindingLink.process),
            joinedload(FindingLink.change),
        )
        .order_by(FindingLink.id)
    )
    return work.all(statement)


def owners(work: Work) -> list[tuple[int, str]]:
    """Who can answer for a nonconformity or do an action: the members, by name; who only looks in does neither."""
    statement = (
        select(Person.id, Person.name, Membership.roles)
        .join(Membership, Membership.person_id == Person.id)
        .where(*lasting(work.today), Person.erased_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [
        (row[0], row[1])
        for row in work.execute(statement)
        if Permission.SEE_OWN_WORK in granted(row[2]) and row[2] != frozenset({Role.ASSESSOR})
    ]


def limits_of_case(case: CorrectiveAction, endangered: tuple[Endangered, ...]) -> Limits:
    """The same as `limits_for`, where what it endangers is known already."""
    return Limits() if case.nonconformity is None else limits_of(case.nonconformity.response_due_on, endangered)


def cases_behind(work: Work, nonconformity_ids: Collection[int]) -> dict[int, CaseBehind]:
    """How far the cases behind several nonconformities of the body are; one query."""
    if not nonconformity_ids:
        return {}
    statement: Any = (
        select(
            CorrectiveAction.nonconformity_id,
            CorrectiveAction.stage,
            CorrectiveAction.answered_on,
            Person.name,
        )
        .outerjoin(Person, CorrectiveAction.owner_id == Person.id)
        .where(CorrectiveAction.nonconformity_id.in_(nonconformity_ids))
    )
    return {
        row[0]: CaseBehind(row.stage, row.name or "", row.stage is Stage.ACTION_PLAN and row.answered_on is not None)
        for row in work.execute(statement)
    }
