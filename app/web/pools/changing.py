"""Pools recorded, changed and taken away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import pools as operation
from app.queries.pools import products_to_cover, sites_named
from app.web.certificates.forms import ReasonForm
from app.web.editing import unless_saved
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.pools.area import area, pool_or_404
from app.web.pools.forms import PoolForm
from app.work import Work


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record a pool."""
    form = PoolForm()
    products = products_to_cover(work)
    form.offer(products, sites_named(work))
    page: dict[str, Any] = {"form": form, "products": products, "pool": None}
    if request.method == "GET":
        form.cover(request.args.get("product", type=row_id))
        return render_template("pools/edit.html", **page)
    if not form.validate():
        return render_template("pools/edit.html", **page), 422
    try:
        pool = operation.create(work, form.details)
    except RefusedError as refusal:
        return render_template("pools/edit.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{pool.reference} is recorded.", "success")
    return redirect(url_for("pools.show", reference=pool.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_ASSETS)
def change(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of a pool."""
    pool = pool_or_404(work, reference, for_update=request.method == "POST")
    products, sites = products_to_cover(work), sites_named(work)
    shown = unless_saved(
        "pools/edit.html",
        {"products": products, "pool": pool.reference},
        pool,
        PoolForm,
        lambda form: operation.edit(work, pool, form.details, form.seen),
        offered=(products, sites),
    )
    if shown is not None:
        return shown
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("pools.show", reference=reference), 303)


@area.form("/<reference>/delete", needs=Permission.MANAGE_ASSETS)
def delete(work: Work, reference: str) -> ResponseReturnValue:
    """Take away a pool that was recorded by mistake, as long as nothing points at it."""
    pool = pool_or_404(work, reference, for_update=request.method == "POST")
    form = ReasonForm()
    page: dict[str, Any] = {"form": form, "reference": reference, "name": pool.name}
    if request.method == "GET":
        return render_template("pools/delete.html", **page)
    refused: Any = None
    if form.validate():
        try:
            operation.remove(work, pool, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} is removed.", "success")
            return redirect(url_for("pools.index"), 303)
    return render_template("pools/delete.html", **page, refused=refused), 422
