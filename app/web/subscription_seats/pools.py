"""Pools recorded and changed; whom a change suspends is shown before it is saved."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.seats import SeatKind
from app.operations import seat_pools as operation
from app.operations.conflict import ConflictError
from app.operations.seat_pools import SuspendsError
from app.queries.seat_pages import pool_by
from app.queries.subscription_seats import pool_rows
from app.queries.subscriptions import seller_of, sold_to, subscription_by
from app.web.forms import PageForm, show_refusal
from app.web.subscription_seats.area import area
from app.web.subscription_seats.forms import TYPED, PoolForm
from app.work import Work


@area.form("/pools/new", needs=Permission.MANAGE_SEATS)
def create_pool(work: Work) -> ResponseReturnValue:
    """Record seats that were bought or are included."""
    form = PoolForm()
    del form.counts_from
    uncounted = [kind for kind in SeatKind if not pool_rows(work, kind)]
    page: dict[str, Any] = {"form": form, "pool": None, "uncounted": uncounted, "sold": sold_to(work)}
    if request.method == "GET":
        form.starts_on.data = work.today
        form.kind.data = next((each.value for each in SeatKind if each.value == request.args.get("kind")), None)
        return render_template("subscription_seats/pool.html", **page)
    if not form.validate():
        return render_template("subscription_seats/pool.html", **page), 422
    try:
        row = operation.record(work, form.details())
    except RefusedError as refusal:
        return render_template("subscription_seats/pool.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The pool is recorded.", "success")
    return redirect(url_for("subscription_seats.show", word=row.kind.value), 303)


@area.form("/pools/<int:pool_id>", needs=Permission.MANAGE_SEATS)
def change_pool(work: Work, pool_id: int) -> ResponseReturnValue:
    """Change a pool; where that leaves too few, whom it suspends is shown first."""
    pool = pool_by(work, pool_id)
    if pool is None:
        abort(404)
    page: dict[str, Any]
    kind = pool.kind
    if pool.subscription_id is not None:
        follows = subscription_by(work, pool.subscription_id)
        page = {"pool": pool, "kind": kind, "follows": follows, "seller": seller_of(work, follows) if follows else ""}
        refused = (Reason(operation.FOLLOWS),) if request.method == "POST" else ()
        shown = render_template("subscription_seats/pool_sold.html", form=PageForm(), **page, refused=refused)
        return shown, 422 if refused else 200
    form = PoolForm()
    del form.kind
    page = {"form": form, "pool": pool, "kind": kind, "uncounted": ()}
    if request.method == "GET":
        form.tell(pool)
        if "quantity" in request.args:
            # Back from the order of suspension: what was typed stands there as it did.
            form.process(MultiDict({name: request.args.get(name, "") for name in TYPED}))
        return render_template("subscription_seats/pool.html", **page)
    if not form.validate():
        return render_template("subscription_seats/pool.html", **page), 422
    try:
        operation.change(work, pool_id, form.details(kind), form.seen, form.agreed.data or "")
    except SuspendsError as suspends:
        # What would be suspended stands on the page; saving just this once more agrees to it.
        form.agreed.data = suspends.stamp
        typed: dict[str, Any] = {name: request.form.get(name, "") for name in TYPED}
        page["order"] = url_for("subscription_seats.order", word=kind.value, pool=pool_id, **typed)
        return render_template("subscription_seats/pool.html", **page, suspends=suspends.whom), 422
    except ConflictError as conflict:
        form.version.data = str(conflict.now.version)
        return render_template("subscription_seats/pool.html", **page, refused=conflict.why), 422
    except RefusedError as refusal:
        return render_template("subscription_seats/pool.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The pool is saved.", "success")
    return redirect(url_for("subscription_seats.show", word=kind.value), 303)
