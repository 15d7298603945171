"""The list of invoices with its filters, one invoice on screen and on paper, and the account of a client."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.domain.subscription.invoicing import InvoiceKind, InvoiceStanding
from app.outputs.invoice import invoice_as_pdf
from app.queries.invoices import (
    Filters,
    clients_of,
    invoices_of,
    open_by_currency,
    say_open,
    standing_of,
    totals_kept,
)
from app.queries.not_owed import too_much_of
from app.queries.subscriptions import sold_by
from app.reports.account import HEAD, accountant_rows
from app.web.exporting import file_response, sheet_response
from app.web.invoices.area import area, client_or_404, or_404, told, words
from app.web.invoices.statement import stated
from app.work import Work


@area.get("", needs=Permission.SELL_PLANS)
def index(work: Work) -> ResponseReturnValue:
    """All that was issued, the latest first, narrowed as asked."""
    filters = _asked()
    everything = invoices_of(work)
    rows = invoices_of(work, filters)
    standings = [*InvoiceStanding, InvoiceKind.CREDIT_NOTE]
    return render_template(
        "invoices/index.html",
        rows=rows,
        filters=filters,
        any=bool(everything),
        clients=clients_of(work),
        years=sorted({each.year for each in everything}, reverse=True),
        standings=[(each.value, each.label) for each in standings],
        stands={each.id: standing_of(work, each) for each in rows},
        sums=[say_open(*each) for each in open_by_currency(work, everything)],
        today=work.today,
        given={name: value for name, value in request.args.items() if value},
        **words(),
    )


@area.get("/export/<kind>", needs=Permission.SELL_PLANS)
def export(work: Work, kind: str) -> Response:
    """The list for the accountant: a line for each invoice and rate of tax."""
    return sheet_response(work, "invoices", kind, "Invoices", HEAD, accountant_rows(work, invoices_of(work, _asked())))


@area.get("/<int:invoice_id>", needs=Permission.SELL_PLANS)
def show(work: Work, invoice_id: int) -> ResponseReturnValue:
    """One invoice or credit note, with what came of it."""
    return render_template("invoices/show.html", sells=True, **told(work, or_404(work, invoice_id)))


@area.get("/<int:invoice_id>/pdf", needs=Permission.SELL_PLANS)
def paper(work: Work, invoice_id: int) -> Response:
    """The invoice as it is sent."""
    row = or_404(work, invoice_id)
    return file_response(invoice_as_pdf(row, totals_kept(row)), f"{row.reference}.pdf")


@area.get("/statement", needs=Permission.SELL_PLANS)
def statement(work: Work) -> ResponseReturnValue:
    """The account of a client: all that was charged, credited and paid, and what is owed after each."""
    client = client_or_404(work, request.args.get("client", ""))
    rows = invoices_of(work, Filters(client=client.slug))
    too_much = too_much_of(work, sold_by(work, client.id))
    between = client.name, work.organisation.name
    return stated(work, between, rows, sells=True, client=client, too_much=too_much)


def _asked() -> Filters:
    said = {name: request.args.get(name, "").strip()[:60] for name in ("client", "standing", "year", "words")}
    return Filters(**said)
