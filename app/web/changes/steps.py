"""The steps of a request: authorised or refused, done, checked, undone, withdrawn."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.itam.change import ChangeNow, CheckKind, Step, standing_of
from app.domain.permission import Permission
from app.models.change_request import ChangeRequest
from app.operations import changes
from app.operations.conflict import ConflictError
from app.queries.changes import now_of
from app.web.changes.access import change_or_404, may_take
from app.web.changes.area import area
from app.web.changes.forms import CheckForm, DecideForm, DoForm, StepForm, UndoForm
from app.web.fields import seen_version
from app.web.forms import show_refusal
from app.work import Work

Act = Callable[[], ChangeRequest]


@area.form("/<reference>/decide", needs=Permission.AUTHORISE_CHANGE)
def decide(work: Work, reference: str) -> ResponseReturnValue:
    """Authorise or refuse; the second of two who decide is told."""
    change, now = _change(work, reference)
    form = DecideForm()
    refuses = request.form.get("decision") == "refuse"

    def act() -> ChangeRequest:
        seen, note = form.seen_version, form.note.data or ""
        if refuses:
            return changes.refuse(work, reference, seen, note)
        return changes.authorise(work, reference, seen, note)

    done = f"{reference} is refused." if refuses else f"{reference} is authorised."
    return _take(work, change, now, form, "changes/decide.html", act, done)


@area.form("/<reference>/done", needs=Permission.REQUEST_CHANGE)
def do(work: Work, reference: str) -> ResponseReturnValue:
    """Record that it was done, by whom and when; the register then says so too."""
    change, now = _change(work, reference, Step.DO)
    form = DoForm(data={"done_on": work.today, "done_by": str(current_user.id)})
    form.offer(work, now)

    def act() -> ChangeRequest:
        by = seen_version(form.done_by.data)
        if by is None:
            raise RefusedError("Choose a member of this organisation.", "done_by")
        return changes.do(work, reference, form.seen_version, on=form.done_on.data, by=by, note=form.note.data or "")

    return _take(work, change, now, form, "changes/do.html", act, f"{reference} is recorded as done.")


@area.form("/<reference>/check", needs=Permission.REQUEST_CHANGE)
def check(work: Work, reference: str) -> ResponseReturnValue:
    """Record what was read afterwards."""
    change, now = _change(work, reference, Step.CHECK)
    form = CheckForm(data={"checked_on": work.today})
    form.offer(now)
    reads = "check_value" in form

    def act() -> ChangeRequest:
        kind = form.kind
        if kind is None:
            raise RefusedError("Choose by what it was checked.", "check_kind")
        value = form.check_value.data or "" if reads and kind is not CheckKind.SIGHT else ""
        return changes.check(
            work,
            reference,
            form.seen_version,
            on=form.checked_on.data,
            kind=kind,
            value=value,
            note=form.note.data or "",
        )

    return _take(work, change, now, form, "changes/check.html", act, f"{reference} is checked.")


@area.form("/<reference>/undo", needs=Permission.REQUEST_CHANGE)
def undo(work: Work, reference: str) -> ResponseReturnValue:
    """Record that a refused emergency change was taken back."""
    change, now = _change(work, reference, Step.UNDO)
    form = UndoForm(data={"undone_on": work.today})

    def act() -> ChangeRequest:
        return changes.undo(work, reference, form.seen_version, on=form.undone_on.data, note=form.note.data or "")

    return _take(work, change, now, form, "changes/undo.html", act, f"{reference} is recorded as undone.")


@area.form("/<reference>/withdraw", needs=Permission.REQUEST_CHANGE)
def withdraw(work: Work, reference: str) -> ResponseReturnValue:
    """Take a request back, asked once."""
    change, now = _change(work, reference, Step.WITHDRAW)
    form = StepForm()
    done = f"{reference} is withdrawn."
    return _take(
        work,
        change,
        now,
        form,
        "changes/withdraw.html",
        lambda: changes.withdraw(work, reference, form.seen_version),
        done,
    )


def _change(work: Work, reference: str, step: Step | None = None) -> tuple[ChangeRequest, ChangeNow]:
    """The request; 403 for a member who may not take this step with it, whatever its turn."""
    change = change_or_404(work, reference)
    now = now_of(work, change)
    if step is not None and not may_take(step, now):
        abort(403)
    return change, now


def _take(
    work: Work, change: ChangeRequest, now: ChangeNow, form: StepForm, template: str, act: Act, done: str
) -> ResponseReturnValue:
    page: dict[str, Any] = {"change": change, "now": now, "form": form, "standing": standing_of(now, work.today)}
    if request.method == "GET":
        form.seen.data = str(change.row_version)
        return render_template(template, **page)
    if not form.validate():
        return render_template(template, **page), 422
    try:
        act()
    except ConflictError as conflict:
        # Who decided first, and what: the page shows it as it is now, and sending once more is a fresh try.
        current = now_of(work, conflict.now)
        form.seen.data = str(conflict.now.row_version)
        stands = standing_of(current, work.today)
        told = (*conflict.why, Reason(f"It is {conflict.now.status.label.lower()} now."), *stands.why)
        page |= {"change": conflict.now, "now": current, "standing": stands}
        return render_template(template, **page, refused=told), 422
    except RefusedError as refusal:
        return render_template(template, **page, refused=show_refusal(form, refusal)), 422
    flash(done, "success")
    return redirect(url_for("changes.show", reference=change.reference), 303)
