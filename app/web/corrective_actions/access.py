"""What a visitor may do with one case, beyond what their role grants."""

from flask import abort
from flask_login import current_user

from app.domain.permission import Permission
from app.domain.programme.team import TeamRole
from app.models.corrective_action import CorrectiveAction
from app.queries.corrective_actions import case_by
from app.web.gate import may
from app.work import Work


def case_or_404(work: Work, reference: str) -> CorrectiveAction:
    """The case, for who may see the programme, answers for it or does one of its actions; for others there is none."""
    case = case_by(work, reference)
    if case is None or not sees(case):
        abort(404)
    return case


def sees(case: CorrectiveAction) -> bool:
    """Whether the visitor may read the case; its actions are loaded."""
    if may(Permission.SEE_PROGRAMME):
        return True
    mine = case.owner_id == current_user.id or any(each.owner_id == current_user.id for each in case.actions)
    return may(Permission.SEE_OWN_WORK) and mine


def carries(case: CorrectiveAction) -> bool:
    """Whether the visitor may record what is done about it: who answers for it, or with the programme."""
    return may(Permission.MANAGE_PROGRAMME) or case.owner_id == current_user.id


def judges(case: CorrectiveAction) -> bool:
    """Whether the visitor may say yes or no to its answer and to later days; that it is not their own, the rules say.

    With the programme, as lead of the audit that raised it, or as an auditor where no audit of ours stands behind it.
    """
    if may(Permission.MANAGE_PROGRAMME):
        return True
    if not may(Permission.WORK_ON_AUDIT):
        return False
    audit = case.finding.audit if case.finding is not None else None
    if audit is None:
        return True
    return any(each.person_id == current_user.id and each.role is TeamRole.LEAD for each in audit.team)


def carried_or_403(case: CorrectiveAction) -> None:
    """Stop who only reads."""
    if not carries(case):
        abort(403)


def judged_or_403(case: CorrectiveAction) -> None:
    """Stop who is not asked for a verdict."""
    if not judges(case):
        abort(403)
