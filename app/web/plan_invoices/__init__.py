"""The invoices that the organisation was issued, by whomever: its own alone."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.models.invoice import Invoice
from app.outputs.invoice import invoice_as_pdf
from app.queries.invoices import (
    open_by_currency,
    own_invoice,
    own_invoices,
    say_open,
    sellers_of,
    standing_of,
    totals_kept,
)
from app.queries.not_owed import too_much_of
from app.queries.subscriptions import subscriptions_of
from app.web.exporting import file_response
from app.web.gate import Area
from app.web.invoices.area import told, words
from app.web.invoices.statement import stated
from app.work import Work

area = Area("plan_invoices", __name__, url_prefix="/plan/invoices")


@area.get("", needs=Permission.SEE_PLAN)
def index(work: Work) -> ResponseReturnValue:
    """What was issued to the organisation, the latest first."""
    rows = own_invoices(work)
    return render_template(
        "invoices/own.html",
        rows=rows,
        sellers=sellers_of(rows),
        stands={each.id: standing_of(work, each) for each in rows},
        sums=[say_open(*each) for each in open_by_currency(work, rows)],
        today=work.today,
        **words(),
    )


@area.get("/<int:invoice_id>", needs=Permission.SEE_PLAN)
def show(work: Work, invoice_id: int) -> ResponseReturnValue:
    """One invoice or credit note."""
    return render_template("invoices/show.html", sells=False, **told(work, _or_404(work, invoice_id)))


@area.get("/<int:invoice_id>/pdf", needs=Permission.SEE_PLAN)
def paper(work: Work, invoice_id: int) -> Response:
    """The invoice on paper."""
    row = _or_404(work, invoice_id)
    return file_response(invoice_as_pdf(row, totals_kept(row)), f"{row.reference}.pdf")


@area.get("/statement", needs=Permission.SEE_PLAN)
def statement(work: Work) -> ResponseReturnValue:
    """The account with one seller: all that was charged, credited and paid, and what is owed after each."""
    everything = own_invoices(work)
    sellers = sellers_of(everything)
    asked = request.args.get("seller", "")
    seller = int(asked) if asked.isdecimal() and len(asked) < 10 else next(iter(sellers), 0)
    if asked and seller not in sellers:
        abort(404)
    rows = [each for each in everything if each.organisation_id == seller]
    name = sellers.get(seller, "")
    too_much = too_much_of(work, [each for each in subscriptions_of(work) if each.organisation_id == seller])
    between = work.organisation.name, name
    return stated(work, between, rows, sells=False, seller_id=seller, seller=name, too_much=too_much)


def _or_404(work: Work, invoice_id: int) -> Invoice:
    row = own_invoice(work, invoice_id)
    if row is None:
        abort(404)
    return row
