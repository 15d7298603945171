"""What another person does: accept or refuse the answer, and see whether the actions worked."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.findings.closing import why_not_closed, why_verify_from
from app.domain.permission import Permission
from app.models.corrective_action import CorrectiveAction
from app.operations import corrective_actions as operation
from app.queries.attachments import attachments_on, files_of_actions
from app.queries.corrective_actions import now_of
from app.web.corrective_actions.access import case_or_404, judged_or_403
from app.web.corrective_actions.area import area
from app.web.corrective_actions.forms import NoteForm, VerifyForm
from app.web.corrective_actions.steps import page_of
from app.web.corrective_actions.taking import take
from app.work import Work


@area.form("/<reference>/decide", needs=Permission.WORK_ON_AUDIT)
def decide(work: Work, reference: str) -> ResponseReturnValue:
    """Accept the answer or refuse it; the second of two who decide is told."""
    case = case_or_404(work, reference)
    judged_or_403(case)
    form = NoteForm()
    refuses = request.form.get("decision") == "refuse"

    def act() -> str:
        note = form.note.data or ""
        if refuses:
            return operation.refuse(work, reference, form.seen_version, note).reference
        return operation.accept(work, reference, form.seen_version, note).reference

    return take(
        work,
        form,
        "corrective_actions/decide.html",
        act,
        version=case.version,
        done=f"The answer on {reference} is {'refused' if refuses else 'accepted'}.",
        to=page_of,
        case=case,
        now=now_of(case),
        **_files(work, case),
    )


@area.form("/<reference>/verify", needs=Permission.WORK_ON_AUDIT)
def verify(work: Work, reference: str) -> ResponseReturnValue:
    """Judge whether it worked; what stands against that is said before anything is typed."""
    case = case_or_404(work, reference)
    form = VerifyForm()
    now = now_of(case)

    def act() -> str:
        return operation.verify(work, reference, form.seen_version, form.judged, form.note.data or "").reference

    return take(
        work,
        form,
        "corrective_actions/verify.html",
        act,
        version=case.version,
        done=f"{reference} is {'opened again' if form.verdict.data == 'ineffective' else 'closed'}.",
        to=page_of,
        case=case,
        now=now,
        against=why_not_closed(now, current_user.id, work.today),
        wait=why_verify_from(now),
        **_files(work, case),
    )


def _files(work: Work, case: CorrectiveAction) -> dict[str, Any]:
    """The evidence on which the decision rests."""
    return {
        "attachments": attachments_on(work, case_id=case.id),
        "action_files": files_of_actions(work, [each.id for each in case.actions]),
    }
