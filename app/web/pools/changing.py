"""Record a pool, change it, and take it away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import pools as operation
from app.operations.conflict import ConflictError
from app.web.certificates.forms import ReasonForm
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.pools.area import area, pool_or_404
from app.web.pools.forms import PoolForm
from app.work import Work


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record what is counted together."""
    form = PoolForm()
    form.offer(work)
    if request.method == "GET":
        product = request.args.get("product", type=row_id)
        form.products.data = [str(product)] if product else []
        return render_template("pools/edit.html", form=form, pool=None)
    refused = None
    if form.validate():
        try:
            pool = operation.create(work, form.details)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{pool.reference} {pool.name} is recorded.", "success")
            return redirect(url_for("pools.show", reference=pool.reference), 303)
    return render_template("pools/edit.html", form=form, pool=None, refused=refused), 422


@area.form("/<reference>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of a pool."""
    pool = pool_or_404(work, reference, for_update=request.method == "POST")
    form = PoolForm()
    form.offer(work)
    if request.method == "GET":
        form.tell(pool)
        return render_template("pools/edit.html", form=form, pool=pool)
    refused, kept = None, None
    if form.validate():
        try:
            operation.edit(work, pool, form.details, form.seen)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            refused, kept = conflict.why, conflict.now
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{pool.reference} {pool.name} is saved.", "success")
            return redirect(url_for("pools.show", reference=pool.reference), 303)
    return render_template("pools/edit.html", form=form, pool=pool, refused=refused, kept=kept), 422


@area.form("/<reference>/remove", needs=Permission.MANAGE_ASSETS)
def remove(work: Work, reference: str) -> ResponseReturnValue:
    """Take away a pool that was recorded by mistake."""
    pool = pool_or_404(work, reference, for_update=request.method == "POST")
    form = ReasonForm()
    refused = None
    if request.method == "GET":
        return render_template("pools/remove.html", form=form, pool=pool)
    if form.validate():
        try:
            operation.remove(work, pool, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} is removed.", "success")
            return redirect(url_for("pools.index"), 303)
    return render_template("pools/remove.html", form=form, pool=pool, refused=refused), 422
