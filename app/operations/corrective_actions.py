"""The case of a nonconformity: what the organisation does about it."""

from app.domain.dates import add_days
from app.domain.findings.corrective_action import Stage, StepKind
from app.domain.findings.grading import FindingGrade
from app.models.corrective_action import CorrectiveAction, CorrectiveStep
from app.models.finding import Finding
from app.work import Work


def open_case(work: Work, finding: Finding) -> CorrectiveAction:
    """Open the case of a nonconformity of our own, under its reference, due by the organisation's days of its grade."""
    here = work.organisation
    major = finding.grade is FindingGrade.MAJOR
    answer = here.major_answer_days if major else here.minor_answer_days
    action = here.major_action_days if major else here.minor_action_days
    case = CorrectiveAction(
        reference=finding.reference,
        finding_id=finding.id,
        grade=finding.grade,
        stage=Stage.RAISED,
        raised_on=finding.raised_on,
        answer_due_on=add_days(finding.raised_on, answer),
        action_due_on=add_days(finding.raised_on, action),
        steps=[CorrectiveStep(kind=StepKind.RAISED, at=work.now, by_id=work.actor_id)],
    )
    return work.add(case)
