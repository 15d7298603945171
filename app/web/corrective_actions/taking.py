"""What every step of a case does alike: taken once, however often it is sent, or back with what is wrong."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from app.domain.explained import Reason, RefusedError
from app.operations.conflict import ConflictError
from app.operations.received import once
from app.web.fields import seen_version
from app.web.forms import PageForm, show_refusal
from app.work import Work

UNSAID = ("csrf_token", "entry_key", "seen")


class StepForm(PageForm):
    """What every step carries: the version that the visitor saw, and the number of the entry."""

    seen = HiddenField()
    entry_key = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version of the row that the visitor saw."""
        return seen_version(self.seen.data)


def take(
    work: Work,
    form: StepForm,
    template: str,
    act: Callable[[], str],
    *,
    version: int,
    done: str,
    to: Callable[[str], str],
    **page: Any,
) -> ResponseReturnValue:
    """Show the form, or take the step that it asks for; `act` gives the reference to which `to` leads afterwards."""
    if request.method == "GET":
        form.seen.data, form.entry_key.data = str(version), str(uuid4())
        return render_template(template, form=form, **page)
    if not form.validate():
        return render_template(template, form=form, **page), 422
    try:
        came = once(work, form.entry_key.data or "", str(request.endpoint), _said(), act)
    except ConflictError as conflict:
        # Both see the same rows now: sending once more is a fresh try at what stands there.
        form.seen.data = str(conflict.now.version)
        told = (*conflict.why, Reason("Look at how it stands now; send it once more if you still mean it."))
        return render_template(template, form=form, **page, refused=told), 422
    except RefusedError as refusal:
        return render_template(template, form=form, **page, refused=show_refusal(form, refusal)), 422
    flash(done, "success")
    return redirect(to(came.result), 303)


def _said() -> dict[str, Any]:
    """What the entry says, and of what: the same words on another row are another entry."""
    said: dict[str, Any] = {name: values for name, values in request.form.lists() if name not in UNSAID}
    return {"": request.view_args or {}, **said}
