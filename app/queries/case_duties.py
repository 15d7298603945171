"""What waits for a person: cases and actions, answers to accept, verifications, later days, reports to approve."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, not_, or_, select

from app.domain.findings.corrective_action import DueKind, Stage, StepKind
from app.domain.findings.grading import FindingGrade
from app.domain.findings.reminding import MARKS
from app.domain.programme.reporting import ReportState
from app.domain.programme.team import TeamRole
from app.models.audit import Audit, TeamMember
from app.models.audit_report import AuditReport, ReportSignature
from app.models.certificate import BodyNonconformity
from app.models.corrective_action import Action, CorrectiveAction, CorrectiveStep, DeadlineExtension
from app.models.finding import Finding
from app.queries.case_register import WAITS
from app.work import Work

C = CorrectiveAction
TO_DO = {
    Stage.RAISED: "Name the responsible person",
    Stage.CONTAINMENT: "Record the containment",
    Stage.ROOT_CAUSE: "Find the root cause",
    Stage.ACTION_PLAN: "Plan the actions, and send the answer",
    Stage.IMPLEMENTATION: "See that the actions are done",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that waits for somebody: where it is done, what it is about, what to do, by when."""

    endpoint: str
    reference: str
    says: str
    to_do: str
    due_on: date | None
    grade: FindingGrade | None = None
    part: str = ""
    """Which of several things that wait under one reference; each is reminded of by itself."""
    marks: tuple[int, ...] = MARKS
    """Days that are left when its person is reminded."""
    among_others: bool = False
    """Whether its page is one of all that is theirs, rather than of it alone."""

    @property
    def arguments(self) -> dict[str, str]:
        """What the address of its page asks for."""
        return {} if self.among_others else {"reference": self.reference}

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


def duties_of(work: Work, person_id: int, *, verifies: bool, manages: bool) -> list[Duty]:
    """All that waits for a person, what is due first on top; a fixed number of queries.

    `verifies`: whether they may judge effectiveness at all; `manages`: whether every answer is theirs to accept, and
    every report of audits that they neither led nor signed for is theirs to approve.
    """
    found = [*_own_cases(work, person_id), *_own_actions(work, person_id)]
    if verifies:
        found += _verifications(work, person_id)
        found += _answers(work, person_id, manages=manages)
        found += _extensions(work, person_id, manages=manages)
    if manages:
        found += _unowned(work)
        found += _reports(work, person_id)
    return sorted(found, key=lambda each: (each.due_on or date.max, each.reference))


def _columns() -> Any:
    return (
        select(
            C.reference,
            C.stage,
            C.grade,
            func.coalesce(Finding.title, BodyNonconformity.statement).label("says"),
            C.answer_due_on,
            C.action_due_on,
            C.answered_on,
            C.verify_from,
        )
        .outerjoin(Finding, C.finding_id == Finding.id)
        .outerjoin(BodyNonconformity, C.nonconformity_id == BodyNonconformity.id)
        .order_by(C.id)
    )


def _own_cases(work: Work, person_id: int) -> list[Duty]:
    statement = _columns().where(
        C.owner_id == person_id, C.stage.not_in((Stage.VERIFICATION, Stage.CLOSED)), not_(WAITS)
    )
    return [
        _duty(row, TO_DO[row.stage], row.action_due_on if row.stage is Stage.IMPLEMENTATION else row.answer_due_on)
        for row in work.execute(statement)
    ]


def _unowned(work: Work) -> list[Duty]:
    statement = _columns().where(C.owner_id.is_(None), C.stage == Stage.RAISED)
    return [_duty(row, TO_DO[Stage.RAISED], row.answer_due_on) for row in work.execute(statement)]


def _answers(work: Work, person_id: int, *, manages: bool) -> list[Duty]:
    did = exists().where(
        Action.case_id == C.id, Action.organisation_id == C.organisation_id, Action.done_by_id == person_id
    )
    statement = _columns().where(WAITS, or_(C.owner_id.is_(None), C.owner_id != person_id), ~_sent_by(person_id), ~did)
    if not manages:
        statement = statement.where(_judged_by(person_id))
    return [_duty(row, "Accept the answer, or refuse it", None) for row in work.execute(statement)]


def _sent_by(person_id: int) -> Any:
    """Whether they sent its answer: then they judge nothing of it."""
    return exists().where(
        CorrectiveStep.case_id == C.id,
        CorrectiveStep.organisation_id == C.organisation_id,
        CorrectiveStep.kind == StepKind.ANSWERED,
        CorrectiveStep.by_id == person_id,
    )


def _judged_by(person_id: int) -> Any:
    """An auditor judges the answers of the audits they lead, and those behind which no audit of ours stands."""
    leads = exists().where(
        TeamMember.audit_id == Finding.audit_id,
        TeamMember.person_id == person_id,
        TeamMember.role == TeamRole.LEAD,
        TeamMember.organisation_id == Finding.organisation_id,
    )
    return or_(Finding.audit_id.is_(None), leads)


def _verifications(work: Work, person_id: int) -> list[Duty]:
    """What may be verified by now, and in which they had no hand."""
    mine = exists().where(
        Action.case_id == C.id,
        Action.organisation_id == C.organisation_id,
        or_(Action.owner_id == person_id, Action.done_by_id == person_id),
    )
    statement = _columns().where(
        C.stage == Stage.VERIFICATION, C.verify_from <= work.today, C.owner_id != person_id, ~mine, ~_sent_by(person_id)
    )
    return [_duty(row, "Verify that the actions worked", None) for row in work.execute(statement)]


def _extensions(work: Work, person_id: int, *, manages: bool) -> list[Duty]:
    statement: Any = (
        select(C.reference, C.grade, DeadlineExtension.due, DeadlineExtension.from_on, DeadlineExtension.to_on)
        .join(C, DeadlineExtension.case_id == C.id)
        .outerjoin(Finding, C.finding_id == Finding.id)
        .where(DeadlineExtension.is_approved.is_(None), DeadlineExtension.asked_by_id != person_id)
        .where(or_(C.owner_id.is_(None), C.owner_id != person_id))
        .order_by(DeadlineExtension.id)
    )
    if not manages:
        statement = statement.where(_judged_by(person_id))
    return [
        Duty(
            "corrective_actions.show",
            row.reference,
            "More time is asked for " + ("the answer" if row.due is DueKind.ANSWER else "the actions"),
            "Approve or refuse the later day",
            row.from_on,
            row.grade,
        )
        for row in work.execute(statement)
    ]


def _reports(work: Work, person_id: int) -> list[Duty]:
    """The reports that are signed and printed, of audits that they neither led nor signed for."""
    leads = exists().where(
        TeamMember.audit_id == Audit.id,
        TeamMember.person_id == person_id,
        TeamMember.role == TeamRole.LEAD,
        TeamMember.organisation_id == Audit.organisation_id,
    )
    signed = exists().where(
        ReportSignature.report_id == AuditReport.id,
        ReportSignature.person_id == person_id,
        ReportSignature.organisation_id == AuditReport.organisation_id,
    )
    statement = (
        select(Audit.reference, AuditReport.number)
        .join(Audit, AuditReport.audit_id == Audit.id)
        .where(AuditReport.state == ReportState.IN_APPROVAL, AuditReport.sha256.is_not(None), ~leads, ~signed)
        .order_by(Audit.reference)
    )
    return [
        Duty(
            "audit_reports.report",
            row.reference,
            f"Version {row.number} of the report is signed",
            "Approve it as management-system owner",
            None,
        )
        for row in work.execute(statement)
    ]


def _own_actions(work: Work, person_id: int) -> list[Duty]:
    statement: Any = (
        select(Action.reference, Action.says, Action.due_on)
        .where(Action.owner_id == person_id, Action.done_on.is_(None))
        .order_by(Action.due_on, Action.id)
    )
    return [
        Duty("actions.show", row.reference, row.says, "Do it, and say what was done", row.due_on)
        for row in work.execute(statement)
    ]


def _duty(row: Any, to_do: str, due_on: date | None) -> Duty:
    return Duty("corrective_actions.show", row.reference, row.says, to_do, due_on, row.grade)


def action_overdue(today: Any) -> Any:
    """Whether an action is past its day and not done."""
    return and_(Action.done_on.is_(None), Action.due_on < today)


def dated_duties(work: Work, until: date) -> list[tuple[int, Duty]]:
    """What is due by a day, with whose it is: cases by who answers for them, actions by who does them. Two queries."""
    statement = (
        _columns()
        .add_columns(C.owner_id)
        .where(C.owner_id.is_not(None), C.stage.not_in((Stage.VERIFICATION, Stage.CLOSED)), not_(WAITS))
    )
    found = []
    for row in work.execute(statement):
        due_on = row.action_due_on if row.stage is Stage.IMPLEMENTATION else row.answer_due_on
        if due_on <= until:
            found.append((row.owner_id, _duty(row, TO_DO[row.stage], due_on)))
    actions: Any = (
        select(Action.owner_id, Action.reference, Action.says, Action.due_on)
        .where(Action.done_on.is_(None), Action.due_on <= until)
        .order_by(Action.due_on, Action.id)
    )
    found += [
        (
            row.owner_id,
            Duty("actions.show", row.reference, row.says, "Do it, and say what was done", row.due_on),
        )
        for row in work.execute(actions)
    ]
    return found
