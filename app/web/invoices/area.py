"""The address under which a seller's invoices stand, and the words that their pages share."""

from typing import Any

from flask import abort

from app.domain.money import say_money
from app.domain.subscription.invoicing import InvoiceStanding, percent
from app.models.invoice import Invoice
from app.models.organisation import Organisation
from app.queries.invoices import account_of, clients_of, invoice_by, standing_of, totals_kept
from app.web.gate import Area
from app.work import Work

area = Area("invoices", __name__, url_prefix="/invoices")

SHAPES = {
    InvoiceStanding.OPEN: "todo",
    InvoiceStanding.PARTLY_PAID: "progress",
    InvoiceStanding.PAID: "done",
    InvoiceStanding.CREDITED: "cancelled",
    InvoiceStanding.OVERDUE: "late",
    InvoiceStanding.OWED_BACK: "warning",
}


def words() -> dict[str, Any]:
    """What every page of invoices says its amounts with."""
    return {"say_money": say_money, "percent": percent, "shapes": SHAPES, "account_of": account_of}


def told(work: Work, row: Invoice) -> dict[str, Any]:
    """What the page and the paper of one invoice hold."""
    return {
        "row": row,
        "totals": totals_kept(row),
        "account": account_of(row),
        "standing": standing_of(work, row),
        "today": work.today,
        **words(),
    }


def or_404(work: Work, invoice_id: int) -> Invoice:
    """An invoice that the organisation issued."""
    row = invoice_by(work, invoice_id)
    if row is None:
        abort(404)
    return row


def client_or_404(work: Work, slug: str) -> Organisation:
    """A client that invoices are issued to."""
    found = next((each for each in clients_of(work) if each.slug == slug), None)
    if found is None:
        abort(404)
    return found
