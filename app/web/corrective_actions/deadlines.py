"""More time: asked for by who answers for it, approved or refused by another."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from app.domain.findings.corrective_action import DueKind
from app.domain.permission import Permission
from app.operations import case_deadlines as operation
from app.queries.corrective_actions import due_of, limits_for, now_of
from app.web.corrective_actions.access import carried_or_403, case_or_404, judged_or_403
from app.web.corrective_actions.area import area
from app.web.corrective_actions.forms import ExtendForm, NoteForm
from app.web.corrective_actions.steps import page_of
from app.web.corrective_actions.taking import take
from app.work import Work


@area.form("/<reference>/more-time", needs=Permission.SEE_OWN_WORK)
def extend(work: Work, reference: str) -> ResponseReturnValue:
    """Ask for a later day, with the reason."""
    case = case_or_404(work, reference)
    carried_or_403(case)
    now = now_of(case)
    due = DueKind.ACTION if now.answered_on is not None else DueKind.ANSWER
    form = ExtendForm(data={"due": due.value})
    limits = limits_for(work, case.nonconformity)

    def act() -> str:
        operation.ask(work, reference, form.seen_version, form.kind, form.to_on.data, form.reason.data or "")
        return reference

    return take(
        work,
        form,
        "corrective_actions/extend.html",
        act,
        version=case.version,
        done="More time is asked for. Another person decides.",
        to=page_of,
        case=case,
        now=now,
        dues=[(each, due_of(case, each, limits), limits.of(each)) for each in DueKind],
    )


@area.form("/<reference>/more-time/<int:extension_id>", needs=Permission.WORK_ON_AUDIT)
def decide_extension(work: Work, reference: str, extension_id: int) -> ResponseReturnValue:
    """Approve the later day or refuse it, with a note."""
    case = case_or_404(work, reference)
    judged_or_403(case)
    asked = next((each for each in case.extensions if each.id == extension_id), None)
    if asked is None:
        abort(404)
    form = NoteForm()
    approve = request.form.get("decision") != "refuse"

    def act() -> str:
        return operation.decide(work, reference, extension_id, form.note.data or "", approve=approve).reference

    return take(
        work,
        form,
        "corrective_actions/decide_extension.html",
        act,
        version=case.version,
        done=f"The later day is {'approved' if approve else 'refused'}.",
        to=page_of,
        case=case,
        now=now_of(case),
        asked=asked,
    )
