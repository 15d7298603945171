"""What was invoiced of subscriptions and is not owed any more, as the seller and the client alike read it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.domain.explained import Explained
from app.domain.subscription.not_owed import Charged, Excess, Sold, not_owed
from app.models.invoice import Invoice, InvoiceLine
from app.models.subscription import Subscription
from app.queries.invoices import TWO_SIDES
from app.queries.subscriptions import bought_of, payment_of, term_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class TooMuch:
    """What of an invoice is to be credited, and of which subscription."""

    invoice_id: int
    invoice: str
    subscription: Subscription
    excess: Explained[Excess]

    @property
    def amount(self) -> int:
        """Minor units, without tax."""
        return self.excess.value.amount


def too_much_of(work: Work, rows: Sequence[Subscription]) -> list[TooMuch]:
    """What was invoiced of these and is not owed, the first invoice first; two questions however many they are."""
    charged, references = _charged(work, [each.id for each in rows])
    found = [
        TooMuch(each.value.invoice, references[each.value.invoice], row, each)
        for row in rows
        if charged[row.id]
        for each in not_owed(
            Sold(payment_of(row), term_of(row), bought_of(row), row.currency), charged[row.id], work.today
        )
    ]
    return sorted(found, key=lambda each: each.invoice_id)


def _charged(work: Work, ids: Sequence[int]) -> tuple[defaultdict[int, list[Charged]], dict[int, str]]:
    """What is charged of each subscription, line by line, the first invoice first; and the numbers of the invoices."""
    found: defaultdict[int, list[Charged]] = defaultdict(list)
    references: dict[int, str] = {}
    if not ids:
        return found, references
    ours = ((Invoice.organisation_id == work.home) | (Invoice.client_id == work.home), Invoice.subscription_id.in_(ids))
    takes: Any = (
        select(InvoiceLine.of_line_id, func.sum(InvoiceLine.amount_minor))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(*ours, InvoiceLine.of_line_id.is_not(None))
        .group_by(InvoiceLine.of_line_id)
        .execution_options(**TWO_SIDES)
    )
    credited = {line: int(amount) for line, amount in work.execute(takes)}
    lines: Any = (
        select(
            Invoice.subscription_id,
            Invoice.id,
            Invoice.reference,
            InvoiceLine.id,
            InvoiceLine.due_key,
            InvoiceLine.amount_minor,
            Invoice.issued_on,
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(*ours, InvoiceLine.of_line_id.is_(None), InvoiceLine.due_key != "")
        .order_by(Invoice.id, InvoiceLine.place)
        .execution_options(**TWO_SIDES)
    )
    for subscription, invoice, reference, line, key, amount, issued_on in work.execute(lines):
        references[invoice] = reference
        left = amount - credited.get(line, 0)
        if left:
            found[subscription].append(Charged(invoice, line, key, left, issued_on))
    return found, references
