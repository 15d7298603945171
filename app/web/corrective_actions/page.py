"""The page of one case: the whole chain on one screen."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from app.domain.certification.risk import rule_name
from app.domain.findings.case import CaseNow
from app.domain.findings.closing import why_not_verified_by, why_verify_from
from app.domain.findings.corrective_action import CauseBranch, CauseMethod, DueKind, Stage
from app.domain.findings.stages import CaseStep, may_follow, what_to_do, why_not_judged_by
from app.domain.permission import Permission
from app.models.corrective_action import CorrectiveAction
from app.outputs.drawing.causes import draw_fishbone, draw_whys
from app.queries.attachments import attachments_on, files_of_actions
from app.queries.corrective_actions import due_of, endangered_of, finding_links, limits_of_case, now_of, standard_of
from app.web.corrective_actions.access import carries, case_or_404, judges
from app.web.corrective_actions.area import area
from app.web.gate import may
from app.work import Work

STAGES = tuple(Stage)
_CARRIED = (CaseStep.CONTAIN, CaseStep.EXPLAIN, CaseStep.LOOK, CaseStep.PLAN)
_OWN = (CaseStep.ANSWER, CaseStep.EXTEND)
_JUDGED = (CaseStep.ACCEPT, CaseStep.REFUSE)


@area.get("/<reference>", needs=Permission.SEE_OWN_WORK)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """Stage, statement, what it concerns, containment, cause, similar cases, actions, deadlines, history, files."""
    case = case_or_404(work, reference)
    now = now_of(case)
    body = case.nonconformity
    endangered = endangered_of(work, body) if body is not None else ()
    limits = limits_of_case(case, endangered)
    return render_template(
        "corrective_actions/show.html",
        case=case,
        now=now,
        stages=STAGES,
        standard=standard_of(case),
        links=finding_links(work, case.finding_id) if case.finding_id is not None else [],
        body=body,
        endangered=endangered,
        rule_name=rule_name,
        dues=[(each, due_of(case, each, limits)) for each in DueKind],
        wait=why_verify_from(now),
        steps=_steps(case, now),
        to_do=what_to_do(now),
        cannot_verify=_cannot_verify(now),
        drawn=_drawn(case),
        bones=_bones(case),
        whys=[each.says for each in case.causes if each.branch is CauseBranch.WHY],
        attachments=attachments_on(work, case_id=case.id),
        action_files=files_of_actions(work, [each.id for each in case.actions]),
        files_change=carries(case) and not now.is_closed,
        judges=judges(case),
    )


def _steps(case: CorrectiveAction, now: CaseNow) -> list[str]:
    """The steps that the visitor may take now."""
    found = []
    for step in may_follow(now):
        if step in _CARRIED:
            allowed = carries(case)
        elif step in _OWN:
            allowed = case.owner_id == current_user.id
        elif step in _JUDGED:
            allowed = judges(case) and not why_not_judged_by(now, current_user.id)
        elif step is CaseStep.VERIFY:
            allowed = may(Permission.WORK_ON_AUDIT) and not why_not_verified_by(now, current_user.id)
        elif step is CaseStep.ASSIGN:
            allowed = may(Permission.WORK_ON_AUDIT)
        else:
            allowed = False
        if allowed:
            found.append(step.value)
    return found


def _cannot_verify(now: CaseNow) -> tuple[Any, ...]:
    if now.stage is not Stage.VERIFICATION or not may(Permission.WORK_ON_AUDIT):
        return ()
    return why_not_verified_by(now, current_user.id)


def _bones(case: CorrectiveAction) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in case.causes:
        if each.branch is not CauseBranch.WHY:
            found.setdefault(each.branch.label, []).append(each.says)
    return list(found.items())


def _drawn(case: CorrectiveAction) -> Markup | None:
    """The cause as it was found; after an ineffective action the causes stay until they are recorded anew."""
    says = case.root_cause or "Not found yet: what was found before did not hold."
    if not case.causes:
        return None
    if case.cause_method is CauseMethod.CAUSE_AND_EFFECT:
        return draw_fishbone(_bones(case), says)
    return draw_whys([each.says for each in case.causes if each.branch is CauseBranch.WHY], says)
