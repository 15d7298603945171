"""Entitlements recorded and changed, each with its terms."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import entitlements as operation
from app.queries.entitlement_counts import pool_named, pools_named
from app.queries.entitlements import references_known
from app.queries.pools import sites_named
from app.web.editing import unless_saved
from app.web.entitlements.area import area, entitlement_or_404
from app.web.entitlements.forms import EntitlementForm, NewEntitlementForm
from app.web.forms import show_refusal
from app.work import Work

_FROM = ("pool", "supplier", "purchase_order", "invoice", "cost", "currency", "proof", "base", "kind")


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record what was bought, into a pool."""
    form = NewEntitlementForm()
    form.offer(sites_named(work))
    said = form.pool.data if request.method == "POST" else request.args.get("pool", "")[:40]
    pool_id = pool_named(work, said or "")
    page: dict[str, Any] = {
        "form": form,
        "pools": pools_named(work),
        "bases": references_known(work, pool_id or 0),
        "reference": None,
    }
    if request.method == "GET":
        for name in _FROM:
            if request.args.get(name):
                form[name].data = request.args[name][:200]
        return render_template("entitlements/edit.html", **page)
    if not form.validate():
        return render_template("entitlements/edit.html", **page), 422
    try:
        if pool_id is None:
            raise RefusedError(f"There is no pool “{(said or '').strip()}”. Make it first.", "pool")
        row = operation.create(work, pool_id, form.details)
    except RefusedError as refusal:
        return render_template("entitlements/edit.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{row.reference} is recorded.", "success")
    return redirect(url_for("entitlements.show", reference=row.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_ASSETS)
def change(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of an entitlement, and its terms."""
    row = entitlement_or_404(work, reference, for_update=request.method == "POST")
    sites = sites_named(work)
    page: dict[str, Any] = {
        "pool": (row.pool.reference, row.pool.name),
        "bases": [each for each in references_known(work, row.pool_id) if each[0] != reference],
        "reference": reference,
    }
    shown = unless_saved(
        "entitlements/edit.html",
        page,
        row,
        EntitlementForm,
        lambda form: operation.edit(work, row, form.details, form.seen),
        offered=(sites,),
    )
    if shown is not None:
        return shown
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("entitlements.show", reference=reference), 303)
