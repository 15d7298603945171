"""The steps of who answers for a nonconformity: named, contained, explained, similar cases, planned, answered."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.corrective_action import ActionKind
from app.domain.findings.stages import missing_for_answer
from app.domain.permission import Permission
from app.models.corrective_action import CorrectiveAction
from app.operations import actions as action_operation
from app.operations import corrective_actions as operation
from app.operations.corrective_actions import Looked
from app.queries.corrective_actions import now_of
from app.queries.similar_cases import Proposal, proposals
from app.web.corrective_actions.access import carried_or_403, case_or_404
from app.web.corrective_actions.area import area
from app.web.corrective_actions.forms import (
    AssignForm,
    CauseForm,
    ContainForm,
    LookForm,
    PlanForm,
    people,
)
from app.web.corrective_actions.taking import StepForm, take
from app.work import Work

MOST_LOOKED = 200


def page_of(reference: str) -> str:
    """Where a step leads back to."""
    return url_for("corrective_actions.show", reference=reference)


@area.form("/<reference>/owner", needs=Permission.WORK_ON_AUDIT)
def assign(work: Work, reference: str) -> ResponseReturnValue:
    """Name who answers for it."""
    case = case_or_404(work, reference)
    form = AssignForm(data={"owner": str(case.owner_id or "")})
    form.owner.choices = people(work)

    def act() -> str:
        return operation.assign(work, reference, form.seen_version, form.owner_id).reference

    return _take(work, case, form, "assign", act, f"Who answers for {reference} is named, and was told.")


@area.form("/<reference>/containment", needs=Permission.SEE_OWN_WORK)
def contain(work: Work, reference: str) -> ResponseReturnValue:
    """Record the containment."""
    case = _carried(work, reference)
    form = ContainForm(data={"contained_on": work.today})

    def act() -> str:
        needed = not form.not_needed.data
        says = form.containment.data or ""
        return operation.contain(
            work, reference, form.seen_version, says=says, on=form.contained_on.data, needed=needed
        ).reference

    return _take(work, case, form, "contain", act, "The containment is recorded.")


@area.form("/<reference>/cause", needs=Permission.SEE_OWN_WORK)
def explain(work: Work, reference: str) -> ResponseReturnValue:
    """Record how the cause was found, and what it is."""
    case = _carried(work, reference)
    form = CauseForm()
    if request.method == "GET":
        form.tell(case)

    def act() -> str:
        return operation.explain(work, reference, form.seen_version, form.said).reference

    return _take(work, case, form, "explain", act, "The cause is recorded.")


@area.form("/<reference>/similar-cases", needs=Permission.SEE_OWN_WORK)
def look(work: Work, reference: str) -> ResponseReturnValue:
    """Say of each thing that could have the same fault whether it has."""
    case = _carried(work, reference)
    form = LookForm(data={"note": case.similar_note})
    lines = _lines(work, case)

    def act() -> str:
        return operation.look(work, reference, form.seen_version, _looked(form, lines), form.note.data or "").reference

    return _take(work, case, form, "look", act, "What was looked at is recorded.", lines=lines)


@area.form("/<reference>/actions/new", needs=Permission.SEE_OWN_WORK)
def plan(work: Work, reference: str) -> ResponseReturnValue:
    """Add an action to the plan."""
    case = _carried(work, reference)
    kind = ActionKind.CORRECTIVE if case.root_cause else ActionKind.CORRECTION
    form = PlanForm(data={"kind": kind.value, "owner": str(case.owner_id or "")})
    form.owner.choices = people(work)

    def act() -> str:
        action_operation.plan(work, reference, form.seen_version, form.planned)
        return reference

    return _take(work, case, form, "plan", act, "The action is planned, and whoever does it was told.")


@area.form("/<reference>/answer", needs=Permission.SEE_OWN_WORK)
def answer(work: Work, reference: str) -> ResponseReturnValue:
    """Send cause and plan to be accepted."""
    case = _carried(work, reference)
    form = StepForm()
    missing = missing_for_answer(now_of(case))

    def act() -> str:
        return operation.answer(work, reference, form.seen_version).reference

    return _take(
        work, case, form, "answer", act, "The answer is sent. Another person accepts or refuses it.", missing=missing
    )


def _carried(work: Work, reference: str) -> CorrectiveAction:
    case = case_or_404(work, reference)
    carried_or_403(case)
    return case


def _take(
    work: Work, case: CorrectiveAction, form: StepForm, template: str, act: Any, done: str, **more: Any
) -> ResponseReturnValue:
    return take(
        work,
        form,
        f"corrective_actions/{template}.html",
        act,
        version=case.version,
        done=done,
        to=page_of,
        case=case,
        now=now_of(case),
        **more,
    )


def _lines(work: Work, case: CorrectiveAction) -> list[dict[str, Any]]:
    """The lines of the table: what was looked at before, then what is proposed; what was typed stays."""
    known = {(each.noun, each.name) for each in case.similar_cases}
    found: list[tuple[Proposal, str, str]] = [
        (Proposal(each.noun, each.name, each.because), "yes" if each.is_affected else "no", each.note)
        for each in case.similar_cases
    ]
    found += [(each, "", "") for each in proposals(work, case) if (each.noun, each.name) not in known]
    return [
        {
            "proposal": proposal,
            "verdict": request.form.get(f"looked-{at}", verdict),
            "note": request.form.get(f"note-{at}", note)[:2000],
            "at": at,
        }
        for at, (proposal, verdict, note) in enumerate(found[:MOST_LOOKED])
    ]


def _looked(form: LookForm, lines: list[dict[str, Any]]) -> list[Looked]:
    """What was said of the things, found by their marks: the list may have changed since the page was made."""
    by_mark = {line["proposal"].mark: line["proposal"] for line in lines}
    found = []
    for at in range(MOST_LOOKED):
        verdict, mark = request.form.get(f"looked-{at}", ""), request.form.get(f"mark-{at}", "")
        if verdict in ("yes", "no") and mark in by_mark:
            each = by_mark[mark]
            note = request.form.get(f"note-{at}", "")[:2000]
            found.append(Looked(each.noun, each.name, each.because, verdict == "yes", note))
    other = (form.other.data or "").strip()
    if other:
        found.append(
            Looked("other", other, "Named by hand", bool(form.other_affected.data), form.other_note.data or "")
        )
    return found
