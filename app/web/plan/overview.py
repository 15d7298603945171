"""The plan of the organisation as it stands, one it was offered, and one it keeps itself."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.permission import Permission
from app.domain.subscription.dues import total_of
from app.domain.subscription.plan import Ending, order_by
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.queries.consent import why_not
from app.queries.not_owed import too_much_of
from app.queries.plan_page import last_valid_days
from app.queries.plan_schedule import schedule_of
from app.queries.sellers import seller_to_ask
from app.queries.subscriptions import (
    latest_of,
    subscription_by,
    subscriptions_of,
    term_of,
    uses_of,
)
from app.queries.support import has_support
from app.web.forms import show_refusal
from app.web.invoices.area import SHAPES
from app.web.plan.area import area
from app.web.plan.forms import OwnForm
from app.web.terms_fields import percent_shown
from app.work import Work


@area.get("", needs=Permission.SEE_PLAN)
def show(work: Work) -> ResponseReturnValue:
    """What the organisation lives by, or lived by last, with what is offered to it and what was."""
    current = latest_of(work)
    others = [each for each in subscriptions_of(work) if current is None or each.id != current.id]
    page = _told(work, current) if current is not None else {"row": None}
    return render_template("plan/show.html", **page, others=others, term_of=term_of, say_money=say_money)


@area.get("/<int:subscription_id>", needs=Permission.SEE_PLAN)
def one(work: Work, subscription_id: int) -> ResponseReturnValue:
    """One subscription: offered, running, ahead or past."""
    row = own_or_404(work, subscription_id)
    return render_template("plan/show.html", **_told(work, row), others=[], term_of=term_of, say_money=say_money)


@area.form("/new", needs=Permission.MANAGE_PLAN)
def create(work: Work) -> ResponseReturnValue:
    """Record what the organisation subscribed to outside of any agreement."""
    form = OwnForm()
    if request.method == "GET":
        form.currency.data, form.months.data, form.starts_on.data = "EUR", 36, work.today
        return render_template("plan/form.html", form=form)
    if not form.validate():
        return render_template("plan/form.html", form=form), 422
    try:
        row = operation.record_own(work, form.details, form.start)
    except RefusedError as refusal:
        return render_template("plan/form.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{row.reference} is recorded.", "success")
    return redirect(url_for("plan.one", subscription_id=row.id), 303)


@area.post("/<int:subscription_id>/decline", needs=Permission.MANAGE_PLAN)
def decline(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Decline an offer."""
    row = own_or_404(work, subscription_id)
    try:
        operation.decline(work, row.id)
    except RefusedError as refusal:
        return _refused(work, row.id, refusal)
    flash(f"{row.reference} is declined.", "success")
    return redirect(url_for("plan.show"), 303)


def own_or_404(work: Work, subscription_id: int) -> Subscription:
    """A subscription of the organisation of this work."""
    row = subscription_by(work, subscription_id)
    if row is None or row.client_id != work.home:
        abort(404)
    return row


def _refused(work: Work, subscription_id: int, refusal: RefusedError) -> ResponseReturnValue:
    page = _told(work, own_or_404(work, subscription_id))
    shown = {**page, "others": [], "refused": refusal.every_reason, "term_of": term_of, "say_money": say_money}
    return render_template("plan/show.html", **shown), 422


def _told(work: Work, row: Subscription) -> dict[str, Any]:
    term = term_of(row)
    schedule = schedule_of(work, row)
    dues = [each.due for each in schedule]
    ends_on = term.ends_on
    days = last_valid_days(work)
    return {
        "row": row,
        "both_agree": why_not(work, row.organisation_id, Permission.MANAGE_PLAN),
        "seller": seller_to_ask(work, row),
        "supported": has_support(work),
        "term": term,
        "ends_on": ends_on,
        "month": term.month_on(work.today),
        "rests": term.rests_on(work.today),
        "uses": uses_of(work, row),
        "schedule": schedule,
        "shapes": SHAPES,
        "total": total_of(dues),
        "due_so_far": total_of(dues, work.today),
        "too_much": too_much_of(work, [row]),
        "certificates": [(each, order_by(Ending(ends_on.value, each.valid_through), work.today)) for each in days],
        "today": work.today,
        "percent": percent_shown,
    }
