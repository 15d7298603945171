"""What a visitor may do with one action, beyond what their role grants."""

from flask_login import current_user

from app.domain.findings.corrective_action import Stage
from app.domain.permission import Permission
from app.models.corrective_action import Action
from app.web.gate import may


def sees(action: Action) -> bool:
    """Who sees the programme sees every action; everybody else their own, and those of what they answer for."""
    if may(Permission.SEE_PROGRAMME):
        return True
    answers = action.case is not None and action.case.owner_id == current_user.id
    return may(Permission.SEE_OWN_WORK) and (answers or action.owner_id == current_user.id)


def does(action: Action) -> bool:
    """Whether the visitor may record it as done and add what proves it: its owner, who answers for the case, or who
    has the programme; nobody any more once the case is closed."""
    if action.case is not None and action.case.stage is Stage.CLOSED:
        return False
    answers = action.case is not None and action.case.owner_id == current_user.id
    return may(Permission.MANAGE_PROGRAMME) or answers or action.owner_id == current_user.id


def drops(action: Action) -> bool:
    """Whether the visitor may take it off its plan: not once the plan is sent or accepted, nor once it is done."""
    case = action.case
    if case is None or action.done_on is not None or case.accepted_on is not None or case.answered_on is not None:
        return False
    return case.stage is not Stage.CLOSED and (may(Permission.MANAGE_PROGRAMME) or case.owner_id == current_user.id)
