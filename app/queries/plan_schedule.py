"""What is due of a subscription, and what of each amount is invoiced, by which invoices."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.subscription.dues import Due
from app.models.invoice import Invoice
from app.models.subscription import Subscription
from app.queries.invoices import left_to_credit, whole_invoices
from app.queries.subscriptions import dues_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An amount that is due, with what of it is invoiced and not credited, and by which invoices."""

    due: Due
    invoiced: int
    invoices: tuple[Invoice, ...]


def schedule_of(work: Work, row: Subscription) -> list[Scheduled]:
    """All that is due of a subscription, the earliest first, as its seller and its client read it alike."""
    found: defaultdict[str, list[tuple[int, Invoice]]] = defaultdict(list)
    for invoice in whole_invoices(work, row.id):
        for key, amount in _charged(invoice):
            found[key].append((amount, invoice))
    return [
        Scheduled(due, sum(amount for amount, _ in mine), tuple(dict.fromkeys(invoice for _, invoice in mine)))
        for due in dues_of(row)
        for mine in [found.get(due.key, [])]
    ]


def _charged(invoice: Invoice) -> Iterable[tuple[str, int]]:
    """What each line of an invoice charges still, by what it is due as."""
    left = left_to_credit(invoice)
    return [(line.due_key, left[line.id]) for line in invoice.lines if line.due_key and left[line.id]]
