"""What changes a subscription, each shown before it is done: more is bought, it rests, it ends, it is renewed."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_days, say
from app.domain.permission import Permission
from app.domain.subscription.foreseen import Line, of_begun
from app.operations import subscriptions as operation
from app.queries.plan_preview import Stands, stands
from app.queries.subscriptions import subscription_by
from app.web.plan import shown_first
from app.web.plan.area import area
from app.web.plan.forms import AgreedForm, UpgradeForm
from app.web.plan.overview import own_or_404
from app.web.plan.shown_first import Act, Done
from app.work import Work


def _address(subscription_id: int) -> str:
    return url_for("plan.one", subscription_id=subscription_id)


@area.form("/<int:subscription_id>/accept", needs=Permission.MANAGE_PLAN)
def accept(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Accept an offer, once it was seen what that brings."""
    row = own_or_404(work, subscription_id)

    replaced = subscription_by(work, row.renews_id) if row.renews_id is not None else None

    def do() -> Done:
        operation.accept(work, row.id)
        return f"{row.reference} is accepted.", row.id

    def brings(_: Stands, after: Stands) -> list[Line]:
        runs = [stands(work, replaced).sold] if replaced is not None else []
        return of_begun(after.sold, runs)

    act = Act(f"Accept {row.reference}", "Accept it", do, brings)
    return shown_first.shown_first(work, row, AgreedForm(), act, _address)


@area.form("/<int:subscription_id>/add", needs=Permission.MANAGE_PLAN)
def add(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Buy seats or more of what is counted."""
    return shown_first.add(work, own_or_404(work, subscription_id), ("Buy more", "Buy"), _address)


@area.form("/<int:subscription_id>/pause", needs=Permission.MANAGE_PLAN)
def pause(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Let it rest for whole months."""
    return shown_first.pause(work, own_or_404(work, subscription_id), _address)


@area.form("/<int:subscription_id>/end", needs=Permission.MANAGE_PLAN)
def end(work: Work, subscription_id: int) -> ResponseReturnValue:
    """End it before its term."""
    return shown_first.end(work, own_or_404(work, subscription_id), _address)


@area.form("/<int:subscription_id>/renew", needs=Permission.MANAGE_PLAN)
def renew(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Another term from the day after this one ends: of what the organisation keeps itself."""
    row = own_or_404(work, subscription_id)

    def do() -> Done:
        again = operation.renew_own(work, row.id)
        return f"{again.reference} begins on {say(again.starts_on)}.", again.id

    def brings(before: Stands, after: Stands) -> list[Line]:
        return of_begun(after.sold, [before.sold])

    return shown_first.shown_first(work, row, AgreedForm(), Act("Renew", "Renew it", do, brings), _address)


@area.form("/<int:subscription_id>/upgrade", needs=Permission.MANAGE_PLAN)
def upgrade(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Other terms from a day within this one: of what the organisation keeps itself."""
    row = own_or_404(work, subscription_id)
    form = UpgradeForm()
    if request.method == "GET":
        form.tell(row)
        form.starts_on.data = add_days(work.today, 1)

    def do() -> Done:
        other = operation.upgrade_own(work, row.id, form.details, form.start)
        return f"{other.reference} takes its place on {say(other.starts_on)}.", other.id

    def brings(_: Stands, after: Stands) -> list[Line]:
        return of_begun(after.sold, [stands(work, row).sold])

    return shown_first.shown_first(work, row, form, Act("Change to other terms", "Change", do, brings), _address)
