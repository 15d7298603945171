"""An invoice or a credit note on paper: what was kept when it was issued, so that it stays the same to the byte."""

from app.domain.dates import say
from app.domain.money import say_money
from app.domain.subscription.invoicing import Totals, percent
from app.models.invoice import Invoice
from app.outputs.pdf import paper


def invoice_as_pdf(row: Invoice, totals: Totals) -> bytes:
    """The paper of an invoice that was loaded whole, with its totals."""
    return paper("invoices/_invoice.html", row=row, totals=totals, say=say, say_money=say_money, percent=percent)
