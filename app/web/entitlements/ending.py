"""Entitlements given up, taken back into the count, and taken away."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import entitlements as operation
from app.web.certificates.forms import ReasonForm
from app.web.entitlements.area import area, entitlement_or_404
from app.web.entitlements.forms import RetireForm
from app.web.forms import PageForm, show_refusal
from app.work import Work


@area.form("/<reference>/retire", needs=Permission.MANAGE_ASSETS)
def retire(work: Work, reference: str) -> ResponseReturnValue:
    """Give it up from a day on."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    form = RetireForm(data={"retired_on": work.today})

    def act() -> str:
        operation.retire(work, row, form.retired_on.data, form.reason.data)
        return url_for("entitlements.show", reference=reference)

    return _save(form, "entitlements/retire.html", act, f"{reference} is given up.", reference)


@area.form("/<reference>/reinstate", needs=Permission.MANAGE_ASSETS)
def reinstate(work: Work, reference: str) -> ResponseReturnValue:
    """Take back that it was given up."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    if row.retired_on is None:
        abort(404)
    form = ReasonForm()

    def act() -> str:
        operation.reinstate(work, row, form.reason.data)
        return url_for("entitlements.show", reference=reference)

    done = f"{reference} is not given up any more."
    return _save(form, "entitlements/reinstate.html", act, done, reference, retired_on=row.retired_on)


@area.form("/<reference>/delete", needs=Permission.MANAGE_ASSETS)
def delete(work: Work, reference: str) -> ResponseReturnValue:
    """Take away what was recorded by mistake, as long as nothing points at it."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    form = ReasonForm()

    def act() -> str:
        operation.remove(work, row, form.reason.data)
        return url_for("entitlements.index")

    return _save(form, "entitlements/delete.html", act, f"{reference} is removed.", reference)


def _save(
    form: PageForm, template: str, act: Callable[[], str], done: str, reference: str, **more: Any
) -> ResponseReturnValue:
    """Show the form, or do what it asks and go where that leads."""
    page: dict[str, Any] = {"form": form, "reference": reference, **more}
    if request.method == "GET":
        return render_template(template, **page)
    if not form.validate():
        return render_template(template, **page), 422
    try:
        where = act()
    except RefusedError as refusal:
        return render_template(template, **page, refused=show_refusal(form, refusal)), 422
    flash(done, "success")
    return redirect(where, 303)
