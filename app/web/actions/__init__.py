"""Actions: one's own and all, one of them with its evidence, done, or taken off a plan."""

from collections.abc import Iterator
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permission import Permission
from app.models.corrective_action import Action
from app.operations import actions as operation
from app.queries.actions import PAGE, SORTS, STANDINGS, ActionFilters, action_by, action_register
from app.queries.attachments import attachments_on
from app.queries.corrective_actions import case_by, now_of
from app.web.actions.access import does, drops, sees
from app.web.corrective_actions.forms import DoneForm
from app.web.corrective_actions.taking import StepForm, take
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.gate import Area, may
from app.work import Work

area = Area("actions", __name__, url_prefix="/actions")
ASKED = ("mine", "standing", "sort", "order")
HEAD = ("Reference", "Kind", "What", "Owner", "Due on", "Done on", "Done by", "Nonconformity", "Management review")


@area.get("", needs=Permission.SEE_OWN_WORK)
def index(work: Work) -> ResponseReturnValue:
    """Fifty a page; who does not see the programme sees their own."""
    asked = _asked()
    wanted = _wanted(asked)
    page = asked_page()
    rows, total = action_register(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = action_register(work, wanted, page)
    narrowing = {name: value for name, value in asked.items() if name not in ("sort", "order")}

    def sorted_by(column: str) -> str:
        down = wanted.sort == column and not wanted.descending
        return url_for("actions.index", **narrowing, sort=column, order="down" if down else "up")

    def order_of(column: str) -> str | None:
        return ("descending" if wanted.descending else "ascending") if wanted.sort == column else None

    return render_template(
        "actions/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        asked=asked,
        filtered=bool(narrowing),
        standings=STANDINGS,
        sees_all=may(Permission.SEE_PROGRAMME),
        link=lambda number: url_for("actions.index", **asked, page=number),
        sorted_by=sorted_by,
        order_of=order_of,
        export=lambda kind: url_for("actions.export", kind=kind, **asked),
    )


@area.get("/export/<kind>", needs=Permission.SEE_OWN_WORK)
def export(work: Work, kind: str) -> ResponseReturnValue:
    """What is filtered, all of it, as CSV or as a workbook."""
    return sheet_response(work, "actions", kind, "Actions", HEAD, _lines(work, _wanted(_asked())))


@area.get("/<reference>", needs=Permission.SEE_OWN_WORK)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One of them: what is to be done, by whom, by when, what was done, and the files that prove it."""
    action = _seen(work, reference)
    return render_template(
        "actions/show.html",
        action=action,
        may_do=does(action) and action.done_on is None,
        may_drop=drops(action),
        files_change=does(action),
        attachments=attachments_on(work, action_id=action.id),
        sees_case=may(Permission.SEE_PROGRAMME) or action.case is not None,
    )


@area.form("/<reference>/done", needs=Permission.SEE_OWN_WORK)
def do(work: Work, reference: str) -> ResponseReturnValue:
    """Say what was done, and when."""
    action = _seen(work, reference)
    if not does(action):
        abort(403)
    form = DoneForm(data={"done_on": work.today})

    def act() -> str:
        done = operation.do(work, reference, form.seen_version, on=form.done_on.data, note=form.note.data or "")
        return done.reference

    return take(
        work,
        form,
        "actions/do.html",
        act,
        version=action.version,
        done=f"{reference} is done. Add the files that prove it.",
        to=lambda done: url_for("actions.show", reference=done),
        action=action,
        case=_case_of(work, action),
    )


@area.form("/<reference>/remove", needs=Permission.SEE_OWN_WORK)
def drop(work: Work, reference: str) -> ResponseReturnValue:
    """Take it off a plan that is not accepted yet, asked once."""
    action = _seen(work, reference)
    if not drops(action):
        abort(403)
    form = StepForm()
    return take(
        work,
        form,
        "actions/remove.html",
        lambda: operation.drop(work, reference),
        version=action.version,
        done=f"{reference} is taken off the plan.",
        to=lambda case: url_for("corrective_actions.show", reference=case),
        action=action,
    )


def _seen(work: Work, reference: str) -> Action:
    action = action_by(work, reference)
    if action is None or not sees(action):
        abort(404)
    return action


def _case_of(work: Work, action: Action) -> Any:
    case = case_by(work, action.case.reference) if action.case is not None else None
    return now_of(case) if case is not None else None


def _asked() -> dict[str, Any]:
    found = {name: request.args.get(name, "").strip()[:80] for name in ASKED}
    return {name: value for name, value in found.items() if value}


def _wanted(asked: dict[str, Any]) -> ActionFilters:
    own = asked.get("mine") == "yes" or not may(Permission.SEE_PROGRAMME)
    sort = asked.get("sort", "")
    return ActionFilters(
        owner_id=current_user.id if own else None,
        standing=asked["standing"] if asked.get("standing") in dict(STANDINGS) else None,
        sort=sort if sort in SORTS else "due",
        descending=asked.get("order") == "down",
    )


def _lines(work: Work, wanted: ActionFilters) -> Iterator[tuple[Any, ...]]:
    rows, _ = action_register(work, wanted, None)
    for row in rows:
        yield (
            row.reference,
            row.kind.label,
            row.says,
            row.owner,
            row.due_on,
            row.done_on,
            row.done_by or "",
            row.case or "",
            row.review or "",
        )
