"""What changes a subscription, each shown before it is done: more is bought, it rests, it ends, it is renewed."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_days, say
from app.domain.permission import Permission
from app.operations import subscriptions as operation
from app.web.plan.area import area
from app.web.plan.forms import AddForm, AgreedForm, EndForm, PauseForm, UpgradeForm
from app.web.plan.overview import own_or_404
from app.web.plan.shown_first import Done, shown_first
from app.work import Work


def _address(subscription_id: int) -> str:
    return url_for("plan.one", subscription_id=subscription_id)


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

    return shown_first(work, row, form, ("Buy more", "Buy"), act, _address)


@area.form("/<int:subscription_id>/pause", needs=Permission.MANAGE_PLAN)
def pause(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Let it rest for whole months."""
    row = own_or_404(work, subscription_id)
    form = PauseForm()

    def act() -> Done:
        operation.pause(work, row.id, form.starts_on.data, form.months.data, form.reason.data)
        return f"{row.reference} rests from {say(form.starts_on.data)}.", row.id

    return shown_first(work, row, form, ("Pause", "Pause"), act, _address)


@area.form("/<int:subscription_id>/end", needs=Permission.MANAGE_PLAN)
def end(work: Work, subscription_id: int) -> ResponseReturnValue:
    """End it before its term."""
    row = own_or_404(work, subscription_id)
    form = EndForm()

    def act() -> Done:
        operation.end(work, row.id, form.ended_on.data, form.reason.data)
        return f"{row.reference} ends on {say(form.ended_on.data)}.", row.id

    return shown_first(work, row, form, ("End", "End it"), act, _address)


@area.form("/<int:subscription_id>/renew", needs=Permission.MANAGE_PLAN)
def renew(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Another term from the day after this one ends: of what the organisation keeps itself."""
    row = own_or_404(work, subscription_id)

    def act() -> Done:
        again = operation.renew_own(work, row.id)
        return f"{again.reference} begins on {say(again.starts_on)}.", again.id

    return shown_first(work, row, AgreedForm(), ("Renew", "Renew it"), act, _address)


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

    return shown_first(work, row, form, ("Change to other terms", "Change"), act, _address)
