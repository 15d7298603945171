"""What changes a subscription, each shown before it is done: more is bought, it rests, it ends, it is renewed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_days, say
from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.queries.plan_page import suspended_names
from app.queries.subscriptions import dues_of, subscription_by, term_of
from app.web.forms import PageForm, show_refusal
from app.web.plan.area import area
from app.web.plan.forms import AddForm, AgreedForm, EndForm, PauseForm, UpgradeForm
from app.web.plan.overview import own_or_404
from app.work import Work

Done = tuple[str, int]
"""What is said of what was done, and the subscription that is shown then."""


@area.form("/<int:subscription_id>/add", needs=Permission.MANAGE_PLAN)
def add(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Buy seats or more of what is counted."""
    row = own_or_404(work, subscription_id)
    form = AddForm()
    if request.method == "GET":
        form.starts_on.data = max(work.today, row.starts_on)

    def act() -> Done:
        details = form.details(row.currency)
        operation.add(work, row.id, details)
        return f"{details.quantity} × {details.what.one} more from {say(details.starts_on)}.", row.id

    return _shown_first(work, row, form, "Buy more", "Buy", act)


@area.form("/<int:subscription_id>/pause", needs=Permission.MANAGE_PLAN)
def pause(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Let it rest for whole months."""
    row = own_or_404(work, subscription_id)
    form = PauseForm()

    def act() -> Done:
        operation.pause(work, row.id, form.starts_on.data, form.months.data, form.reason.data)
        return f"{row.reference} rests from {say(form.starts_on.data)}.", row.id

    return _shown_first(work, row, form, "Pause", "Pause", act)


@area.form("/<int:subscription_id>/end", needs=Permission.MANAGE_PLAN)
def end(work: Work, subscription_id: int) -> ResponseReturnValue:
    """End it before its term."""
    row = own_or_404(work, subscription_id)
    form = EndForm()

    def act() -> Done:
        operation.end(work, row.id, form.ended_on.data, form.reason.data)
        return f"{row.reference} ends on {say(form.ended_on.data)}.", row.id

    return _shown_first(work, row, form, "End", "End it", act)


@area.form("/<int:subscription_id>/renew", needs=Permission.MANAGE_PLAN)
def renew(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Another term from the day after this one ends: of what the organisation keeps itself."""
    row = own_or_404(work, subscription_id)

    def act() -> Done:
        again = operation.renew_own(work, row.id)
        return f"{again.reference} begins on {say(again.starts_on)}.", again.id

    return _shown_first(work, row, AgreedForm(), "Renew", "Renew it", act)


@area.form("/<int:subscription_id>/upgrade", needs=Permission.MANAGE_PLAN)
def upgrade(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Other terms from a day within this one: of what the organisation keeps itself."""
    row = own_or_404(work, subscription_id)
    form = UpgradeForm()
    if request.method == "GET":
        form.tell(row)
        form.starts_on.data = add_days(work.today, 1)

    def act() -> Done:
        other = operation.upgrade_own(work, row.id, form.details, form.start)
        return f"{other.reference} takes its place on {say(other.starts_on)}.", other.id

    return _shown_first(work, row, form, "Change to other terms", "Change", act)


def _shown_first(
    work: Work, row: Subscription, form: PageForm, title: str, verb: str, act: Callable[[], Done]
) -> ResponseReturnValue:
    """The form; what it would do, done and undone again; and, once that was seen, the act itself."""
    page: dict[str, Any] = {"row": row, "form": form, "title": title, "verb": verb, "say_money": say_money}
    if request.method == "GET":
        return render_template("plan/act.html", **page)
    if not form.validate():
        return render_template("plan/act.html", **page), 422
    stamp = "|".join(f"{name}={value}" for name, value in form.data.items() if name not in ("agreed", "csrf_token"))
    before = _standing(work, row)
    try:
        said, shown_id = act()
    except RefusedError as refusal:
        return render_template("plan/act.html", **page, refused=show_refusal(form, refusal)), 422
    if form["agreed"].data == stamp:
        flash(said, "success")
        return redirect(url_for("plan.one", subscription_id=shown_id), 303)
    changed = subscription_by(work, shown_id)
    form["agreed"].data = stamp
    # 422 undoes it again: what stands on the page is what it would be, to the day and the minor unit.
    after = _standing(work, changed or row)
    return render_template("plan/act.html", **page, before=before, after=after), 422


def _standing(work: Work, row: Subscription) -> dict[str, Any]:
    dues = dues_of(row)
    return {
        "row": row,
        "reference": row.reference,
        "ends_on": term_of(row).ends_on,
        "dues": dues,
        "total": sum(each.amount.value for each in dues),
        "suspended": suspended_names(work),
    }
