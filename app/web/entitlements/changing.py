"""Record an entitlement, change it, give it up, take that back, and take it away."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.licensing.entitlement import Term
from app.domain.permission import Permission
from app.models.licence import LicencePool
from app.operations import entitlements as operation
from app.operations.conflict import ConflictError
from app.queries.entitlements import references_known
from app.web.certificates.forms import ReasonForm
from app.web.entitlements.area import area, entitlement_or_404
from app.web.entitlements.forms import EntitlementForm, GiveUpForm, slug_of
from app.web.forms import show_refusal
from app.web.pools.area import pool_or_404
from app.work import Work

_TERMS = [(term, slug_of(term)) for term in Term]


def _page(work: Work, pool: LicencePool) -> dict[str, Any]:
    return {"pool": pool, "terms": _TERMS, "known": references_known(work, pool.id)}


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record what was bought into a pool that the address names."""
    reference = request.args.get("pool", "")
    if not reference:
        return redirect(url_for("pools.index"), 303)
    pool = pool_or_404(work, reference)
    form = EntitlementForm()
    form.offer(work)
    page = _page(work, pool)
    if request.method == "GET":
        return render_template("entitlements/edit.html", form=form, row=None, **page)
    refused = None
    if form.validate():
        try:
            row = operation.create(work, pool.id, form.details)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{row.reference} is recorded.", "success")
            return redirect(url_for("entitlements.show", reference=row.reference), 303)
    return render_template("entitlements/edit.html", form=form, row=None, **page, refused=refused), 422


@area.form("/<reference>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of an entitlement."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    form = EntitlementForm()
    form.offer(work)
    page = _page(work, row.pool)
    if request.method == "GET":
        form.tell(row)
        return render_template("entitlements/edit.html", form=form, row=row, **page)
    refused, kept = None, None
    if form.validate():
        try:
            operation.edit(work, row, form.details, form.seen)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            refused, kept = conflict.why, conflict.now
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{row.reference} is saved.", "success")
            return redirect(url_for("entitlements.show", reference=reference), 303)
    return render_template("entitlements/edit.html", form=form, row=row, **page, refused=refused, kept=kept), 422


@area.form("/<reference>/give-up", needs=Permission.MANAGE_ASSETS)
def give_up(work: Work, reference: str) -> ResponseReturnValue:
    """Say from when it was sold or given up."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    form = GiveUpForm()
    refused = None
    if request.method == "GET":
        form.retired_on.data = work.today
        return render_template("entitlements/give_up.html", form=form, row=row)
    if form.validate():
        try:
            operation.retire(work, row, form.retired_on.data, form.reason.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} is given up.", "success")
            return redirect(url_for("entitlements.show", reference=reference), 303)
    return render_template("entitlements/give_up.html", form=form, row=row, refused=refused), 422


@area.form("/<reference>/take-back", needs=Permission.MANAGE_ASSETS)
def take_back(work: Work, reference: str) -> ResponseReturnValue:
    """Take back that it was given up, where that was recorded by mistake."""
    return _with_reason(work, reference, "take_back", operation.reinstate, "counts again")


@area.form("/<reference>/remove", needs=Permission.MANAGE_ASSETS)
def remove(work: Work, reference: str) -> ResponseReturnValue:
    """Take away an entitlement that was recorded by mistake."""
    return _with_reason(work, reference, "remove", operation.remove, "is removed")


def _with_reason(work: Work, reference: str, name: str, deed: Any, done: str) -> ResponseReturnValue:
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    if name == "take_back" and row.retired_on is None:
        abort(404)
    form = ReasonForm()
    refused = None
    if request.method == "GET":
        return render_template(f"entitlements/{name}.html", form=form, row=row)
    if form.validate():
        pool = row.pool.reference
        try:
            deed(work, row, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} {done}.", "success")
            url = url_for("pools.show", reference=pool)
            return redirect(url if name == "remove" else url_for("entitlements.show", reference=reference), 303)
    return render_template(f"entitlements/{name}.html", form=form, row=row, refused=refused), 422
