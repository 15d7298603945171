"""Keep the case of a finding in step with its grade: opened, regraded, or taken back while nobody has answered."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.explained import RefusedError
from app.domain.findings.corrective_action import StepKind
from app.models.attachment import Attachment
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding
from app.operations.attachments import detach
from app.operations.corrective_actions import follow_finding, open_case
from app.work import Work


def fit_case(work: Work, finding: Finding) -> None:
    """Let the case follow the grade that a finding has now."""
    case = held_case(work, finding)
    if not finding.grade.is_nonconformity:
        if case is not None:
            take_back(work, case, "grade")
        return
    if case is None:
        open_case(work, finding)
        return
    follow_finding(work, finding)


def held_case(work: Work, finding: Finding) -> CorrectiveAction | None:
    """The case of a finding with all of its parts, locked until the work is done."""
    statement = (
        select(CorrectiveAction)
        .where(CorrectiveAction.finding_id == finding.id)
        .options(
            selectinload(CorrectiveAction.causes),
            selectinload(CorrectiveAction.actions),
            selectinload(CorrectiveAction.similar_cases),
            selectinload(CorrectiveAction.extensions),
            selectinload(CorrectiveAction.steps),
        )
        .with_for_update(of=CorrectiveAction)
        .execution_options(populate_existing=True)
    )
    return work.one_or_none(statement)


def take_back(work: Work, case: CorrectiveAction, field: str | None = None) -> None:
    """Take back a case that nobody has answered yet; the journal keeps it."""
    answered = any(step.kind is not StepKind.RAISED and step.kind is not StepKind.CONTAINED for step in case.steps)
    if answered or case.answered_on is not None or case.root_cause.strip() or case.actions:
        raise RefusedError(
            f"The case of {case.reference} was answered already: it stays, and the finding with it. "
            "Close the case instead.",
            field,
        )
    for file in work.all(select(Attachment).where(Attachment.case_id == case.id)):
        detach(work, file)
    work.session.delete(case)
    work.flush()
