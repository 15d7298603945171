"""What is due of a subscription, and what of each amount is invoiced, by which invoices."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.explained import Explained
from app.domain.subscription.dues import Due
from app.domain.subscription.invoicing import InvoiceStanding, Uninvoiced, with_tax
from app.models.invoice import Invoice
from app.models.subscription import Subscription
from app.queries.invoices import left_to_credit, standing_of, whole_invoices
from app.queries.subscriptions import dues_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An amount that is due, with what of it is invoiced and not credited, by which invoices, and how they stand."""

    due: Due
    with_tax: int
    invoiced: int
    invoices: tuple[tuple[Invoice, Explained[InvoiceStanding]], ...]
    uninvoiced: Uninvoiced | None
    """How it stands where nothing of it is invoiced; None where something is, and of what is not invoiced here."""

    @property
    def left(self) -> int:
        """What of it is not invoiced, where something of it is."""
        return max(0, self.due.amount.value - self.invoiced) if self.invoices else 0


def schedule_of(work: Work, row: Subscription) -> list[Scheduled]:
    """All that is due of a subscription, the earliest first, as its seller and its client read it alike."""
    found: defaultdict[str, list[tuple[int, Invoice]]] = defaultdict(list)
    for invoice in whole_invoices(work, row.id):
        for key, amount in _charged(invoice):
            found[key].append((amount, invoice))
    return [
        Scheduled(
            due,
            with_tax(due.amount.value, row.tax_rate),
            sum(amount for amount, _ in mine),
            tuple((each, said) for each in dict.fromkeys(one for _, one in mine) if (said := standing_of(work, each))),
            None if mine or not is_invoiced(row) else _uninvoiced(work, due),
        )
        for due in dues_of(row)
        for mine in [found.get(due.key, [])]
    ]


def is_invoiced(row: Subscription) -> bool:
    """Whether invoices are issued of it: it was accepted, and is not kept by the client in its own books."""
    return row.accepted_at is not None and row.organisation_id != row.client_id


def _uninvoiced(work: Work, due: Due) -> Uninvoiced:
    return Uninvoiced.DUE if due.due_on <= work.today else Uninvoiced.NOT_YET_DUE


def _charged(invoice: Invoice) -> Iterable[tuple[str, int]]:
    """What each line of an invoice charges still, by what it is due as."""
    left = left_to_credit(invoice)
    return [(line.due_key, left[line.id]) for line in invoice.lines if line.due_key and left[line.id]]
