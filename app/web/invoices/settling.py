"""What comes after an invoice: a credit note, payments, and payments taken back."""

from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.invoice import Invoice
from app.operations import invoices as operation
from app.operations.received import once
from app.queries.invoices import account_of, left_to_credit, payment_by
from app.queries.not_owed import TooMuch, too_much_of
from app.queries.subscriptions import subscription_by
from app.web.forms import show_refusal
from app.web.invoices.area import area, or_404, told, words
from app.web.invoices.forms import CreditForm, PayForm, TakeBackForm
from app.web.invoices.issuing import seen_first
from app.web.licence_fields import amount_shown, minor_of
from app.work import Work


@area.form("/<int:invoice_id>/credit", needs=Permission.SELL_PLANS)
def credit(work: Work, invoice_id: int) -> ResponseReturnValue:
    """Credit an invoice line by line: no more of each than is left."""
    row = or_404(work, invoice_id)
    form = CreditForm()
    left = left_to_credit(row)
    typed = {each.id: request.form.get(f"line-{each.id}", "").strip()[:40] for each in row.lines}
    if request.method == "GET":
        typed = {key: amount_shown(amount, row.currency) for key, amount in left.items()}
        if request.args.get("of") == "not-owed":
            _ask_what_is_not_owed(work, row, form, typed)

    def act() -> Invoice:
        amounts = {key: minor_of(said, row.currency, "lines") or 0 for key, said in typed.items()}
        return operation.credit(work, row.id, amounts, form.reason.data or "")

    return seen_first(work, form, "invoices/credit.html", act, left=left, typed=typed, row=row, lines=list(row.lines))


def _ask_what_is_not_owed(work: Work, row: Invoice, form: CreditForm, typed: dict[int, str]) -> None:
    """Fill in what of an invoice is not owed any more, and why; all of it where that is nothing."""
    sold = subscription_by(work, row.subscription_id) if row.subscription_id is not None else None
    rows: list[TooMuch] = too_much_of(work, [sold]) if sold is not None else []
    found = next((each.excess for each in rows if each.invoice_id == row.id), None)
    if found is not None:
        taken = dict(found.value.lines)
        typed.update({key: amount_shown(taken.get(key, 0), row.currency) for key in typed})
        form.reason.data = " ".join(reason.says for reason in found.why)


@area.form("/<int:invoice_id>/pay", needs=Permission.SELL_PLANS)
def pay(work: Work, invoice_id: int) -> ResponseReturnValue:
    """Record a payment, in part or whole; where more was paid than is owed, what was paid back."""
    row = or_404(work, invoice_id)
    form = PayForm()
    page = {"form": form, **told(work, row)}
    if request.method == "GET":
        form.amount.data = amount_shown(abs(account_of(row).open), row.currency)
        form.received_on.data, form.entry_key.data = work.today, str(uuid4())
        return render_template("invoices/pay.html", **page)
    if not form.validate():
        return render_template("invoices/pay.html", **page), 422
    try:
        amount = minor_of(form.amount.data, row.currency, "amount") or 0
        day, note = form.received_on.data, form.note.data or ""

        def do() -> str:
            return str(operation.pay(work, row.id, amount, day, note).id)

        deed = {"invoice": row.id, "amount": amount, "on": day.isoformat(), "note": note}
        once(work, form.entry_key.data or "", str(request.endpoint), deed, do)
    except RefusedError as refusal:
        return render_template("invoices/pay.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The payment is recorded.", "success")
    return redirect(url_for("invoices.show", invoice_id=row.id), 303)


@area.form("/payments/<int:payment_id>/take-back", needs=Permission.SELL_PLANS)
def take_back(work: Work, payment_id: int) -> ResponseReturnValue:
    """Take back a payment that was recorded by mistake."""
    payment = payment_by(work, payment_id, lock=request.method == "POST")
    if payment is None:
        abort(404)
    row = or_404(work, payment.invoice_id)
    form = TakeBackForm()
    page = {"form": form, "payment": payment, "row": row, **words()}
    if request.method == "GET":
        return render_template("invoices/take_back.html", **page)
    if not form.validate():
        return render_template("invoices/take_back.html", **page), 422
    try:
        operation.take_back(work, payment, form.reason.data or "")
    except RefusedError as refusal:
        return render_template("invoices/take_back.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The payment counts no more.", "success")
    return redirect(url_for("invoices.show", invoice_id=row.id), 303)
