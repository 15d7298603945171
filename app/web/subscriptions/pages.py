"""What was sold, one by one, and what changes it: each shown before it is done."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.permission import Permission
from app.domain.subscription.agreement import Share
from app.domain.subscription.dues import total_of
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.queries.agreements import passage_to
from app.queries.not_owed import too_much_of
from app.queries.plan_page import last_valid_days
from app.queries.plan_schedule import schedule_of
from app.queries.subscriptions import sold_by, subscription_by, term_of, uses_of
from app.reports.plan import Seen, plan_on
from app.web.clients.door import client_view
from app.web.invoices.area import SHAPES
from app.web.invoices.statement import statement_response
from app.web.plan import shown_first
from app.web.subscriptions.area import area
from app.web.terms_fields import percent_shown
from app.work import Work


@area.get("", needs=Permission.SELL_PLANS)
def index(work: Work) -> ResponseReturnValue:
    """All that was sold to clients, the newest first."""
    rows = [each for each in sold_by(work) if each.client_id != work.home]
    return render_template("subscriptions/index.html", rows=rows, term_of=term_of, say_money=say_money)


@area.get("/<int:subscription_id>", needs=Permission.SELL_PLANS)
def show(work: Work, subscription_id: int) -> ResponseReturnValue:
    """One of them: its term, and what is due when."""
    row = _sold_or_404(work, subscription_id)
    term, schedule = term_of(row), schedule_of(work, row)
    dues = [each.due for each in schedule]
    return render_template(
        "subscriptions/show.html",
        row=row,
        ends_on=term.ends_on,
        month=term.month_on(work.today),
        rests=term.rests_on(work.today),
        schedule=schedule,
        shapes=SHAPES,
        total=total_of(dues),
        due_so_far=total_of(dues, work.today),
        too_much=too_much_of(work, [row]),
        percent=percent_shown,
        say_money=say_money,
        today=work.today,
    )


@area.get("/<int:subscription_id>/report/<form>", needs=Permission.SELL_PLANS)
def report(work: Work, subscription_id: int, form: str) -> Response:
    """The plan of a client on paper or as a workbook, with what the client shares of what is used and certified."""
    row = _sold_or_404(work, subscription_id)
    slug = row.client.slug
    passage = passage_to(work, slug)
    shares = passage.shares if passage is not None else frozenset()
    uses = certificates = None
    if Share.ALLOWANCES in shares:
        with client_view(work, slug, Share.ALLOWANCES) as theirs:
            uses = uses_of(theirs, row)
    if Share.PROGRAMME in shares:
        with client_view(work, slug, Share.PROGRAMME) as theirs:
            certificates = last_valid_days(theirs)
    return statement_response(plan_on(work, current_user.name, row, Seen(uses, certificates)), form)


@area.form("/<int:subscription_id>/add", needs=Permission.SELL_PLANS)
def add(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Sell seats, or more of what is counted."""
    return shown_first.add(work, _sold_or_404(work, subscription_id), ("Sell more", "Sell"), _address)


@area.form("/<int:subscription_id>/pause", needs=Permission.SELL_PLANS)
def pause(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Let it rest for whole months."""
    return shown_first.pause(work, _sold_or_404(work, subscription_id), _address)


@area.form("/<int:subscription_id>/end", needs=Permission.SELL_PLANS)
def end(work: Work, subscription_id: int) -> ResponseReturnValue:
    """End it before its term."""
    return shown_first.end(work, _sold_or_404(work, subscription_id), _address)


@area.post("/<int:subscription_id>/withdraw", needs=Permission.SELL_PLANS)
def withdraw(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Take an offer back that is not answered yet."""
    row = _sold_or_404(work, subscription_id)
    try:
        operation.withdraw(work, row.id)
    except RefusedError as refusal:
        flash(refusal.why[0].says, "warning")
    else:
        flash(f"{row.reference} is not offered any more.", "success")
    return redirect(_address(row.id), 303)


def _sold_or_404(work: Work, subscription_id: int) -> Subscription:
    row = subscription_by(work, subscription_id)
    if row is None or row.organisation_id != work.home or row.client_id == work.home:
        abort(404)
    return row


def _address(subscription_id: int) -> str:
    return url_for("subscriptions.show", subscription_id=subscription_id)
