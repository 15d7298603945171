"""What a visitor may do with one request, beyond what their role grants."""

from flask import abort
from flask_login import current_user

from app.domain.itam.change import ChangeNow, Step, may_decide, may_follow
from app.domain.permission import Permission
from app.models.change_request import ChangeRequest
from app.queries.changes import change_by
from app.web.gate import may
from app.work import Work


def change_or_404(work: Work, reference: str) -> ChangeRequest:
    """The request, for who sees assets or has asked for it; for everybody else there is none."""
    change = change_by(work, reference)
    if change is None or not (may(Permission.SEE_ASSETS) or change.requested_by_id == current_user.id):
        abort(404)
    return change


def steps_for(now: ChangeNow) -> tuple[Step, ...]:
    """Which steps the visitor may take now, with this request."""
    return tuple(step for step in may_follow(now) if may_take(step, now))


def may_take(step: Step, now: ChangeNow) -> bool:
    """Whether the visitor may take a step at all: who decides neither asked nor did it; who asked carries it on."""
    if step in (Step.AUTHORISE, Step.REFUSE):
        return may(Permission.AUTHORISE_CHANGE) and may_decide(now, current_user.id).value
    if may(Permission.MANAGE_ASSETS) or current_user.id == now.requested_by:
        return True
    return step is not Step.WITHDRAW and (may(Permission.AUTHORISE_CHANGE) or current_user.id == now.done_by)
