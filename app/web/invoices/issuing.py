"""Issue an invoice: choose what is due or write lines, look at it as it would be, and issue it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_days, say
from app.domain.explained import RefusedError
from app.domain.money import currency_of, say_money
from app.domain.permission import Permission
from app.models.invoice import Invoice
from app.models.organisation import Organisation
from app.operations import invoices as operation
from app.operations.received import once
from app.queries.invoices import clients_of, invoice_by, latest_to, left_to_invoice, sales_of
from app.queries.subscriptions import subscription_by
from app.web.agreeing import key_of, to_agree
from app.web.forms import PageForm, show_refusal
from app.web.invoices.area import area, client_or_404, told, words
from app.web.invoices.forms import IssueForm
from app.work import Work

DAYS_TO_PAY = 14


@area.get("/new", needs=Permission.SELL_PLANS)
def choose(work: Work) -> ResponseReturnValue:
    """Whom to invoice, with what of each subscription was due by today and is not invoiced."""
    listed = [(client, sales_of(work, client.id)) for client in clients_of(work)]
    return render_template("invoices/choose.html", listed=listed, today=work.today, **words())


@area.form("/new/<int:subscription_id>", needs=Permission.SELL_PLANS)
def issue(work: Work, subscription_id: int) -> ResponseReturnValue:
    """Invoice amounts of a subscription, and further lines."""
    row = subscription_by(work, subscription_id)
    if row is None or row.organisation_id != work.home or row.client_id == work.home or row.accepted_at is None:
        abort(404)
    form = IssueForm()
    left = left_to_invoice(work, row)
    form.dues.choices = [
        (due.key, f"{due.label}, due on {say(due.due_on)}: {say_money(amount, row.currency)}") for due, amount in left
    ]
    if request.method == "GET":
        form.dues.data = [due.key for due, _ in left if due.due_on <= work.today]
        _prefill(work, form, row.client)

    def act() -> Invoice:
        own = form.own_lines(row.currency)
        return operation.issue_dues(work, row, form.dues.data or [], form.paper, own)

    return seen_first(work, form, "invoices/issue.html", act, client=row.client, subscription=row)


@area.form("/new/own", needs=Permission.SELL_PLANS)
def issue_own(work: Work) -> ResponseReturnValue:
    """Invoice a client for lines of one's own."""
    client = client_or_404(work, request.args.get("client", ""))
    form = IssueForm()
    form.dues.choices = []
    if request.method == "GET":
        latest = _prefill(work, form, client)
        form.currency.data = latest.currency if latest else "EUR"

    def act() -> Invoice:
        currency = currency_of(form.currency.data)
        return operation.issue_own(work, client.id, currency, form.own_lines(currency), form.paper)

    return seen_first(work, form, "invoices/issue.html", act, client=client, subscription=None)


def _prefill(work: Work, form: IssueForm, client: Organisation) -> Invoice | None:
    latest = latest_to(work, client.id)
    form.due_on.data = add_days(work.today, DAYS_TO_PAY)
    form.recipient.data = client.name
    form.sender.data = work.organisation.name
    if latest is not None:
        form.sender.data, form.terms.data = latest.sender, latest.terms
        form.recipient.data = latest.recipient if latest.client_id == client.id else client.name
    return latest


def seen_first(
    work: Work, form: PageForm, template: str, act: Callable[[], Invoice], **page: Any
) -> ResponseReturnValue:
    """The form; what it would issue, undone again; and, once that was seen, the act itself."""
    shown = {"form": form, **page, **words()}
    if request.method == "GET":
        return render_template(template, **shown)
    if not form.validate():
        return render_template(template, **shown), 422
    skipped = ("agreed", "csrf_token")
    stamp = "|".join(f"{key}={request.form.getlist(key)}" for key in sorted(request.form) if key not in skipped)
    key = key_of(form["agreed"].data, stamp)
    try:
        if key:
            deed = {"path": request.full_path, "shown": stamp}
            issued_id = int(once(work, key, str(request.endpoint), deed, lambda: str(act().id)).result)
        else:
            issued_id = act().id
    except RefusedError as refusal:
        return render_template(template, **shown, refused=show_refusal(form, refusal)), 422
    seen = invoice_by(work, issued_id, fresh=True)
    if key:
        flash(f"{seen.reference if seen else 'It'} is issued.", "success")
        return redirect(url_for("invoices.show", invoice_id=issued_id), 303)
    form["agreed"].data = to_agree(stamp)
    # 422 undoes it again: what stands on the page is what would be issued next.
    return render_template(template, **shown, preview=told(work, seen) if seen else None), 422
