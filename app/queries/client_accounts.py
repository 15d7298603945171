"""What the clients of a provider owe: overdue by invoice, and due without one; as many questions for many clients."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.domain.subscription.invoicing import InvoiceKind
from app.models.invoice import Invoice, InvoiceLine, Payment
from app.models.subscription import Subscription
from app.queries.subscriptions import dues_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Owed:
    """So much in a currency, in minor units, the earliest of it from a day on, and of how many invoices or dues."""

    currency: str
    amount: int
    since: date
    count: int


@dataclass(frozen=True, slots=True)
class ClientAccount:
    """What one client owes, by currency."""

    overdue: tuple[Owed, ...] = ()
    """Open of invoices whose day has passed, with tax; `since` is the day on which the first of them was due."""
    to_invoice: tuple[Owed, ...] = ()
    """Due by today and not invoiced, without tax."""


def client_accounts(work: Work, sold: Iterable[Subscription]) -> dict[int, ClientAccount]:
    """What each client owes the organisation of this work: by its invoices, and by what it sold, loaded whole."""
    overdue, to_invoice = _overdue(work), _to_invoice(work, sold)
    return {
        client: ClientAccount(_together(overdue.get(client, ())), _together(to_invoice.get(client, ())))
        for client in overdue.keys() | to_invoice.keys()
    }


Amounts = Mapping[int, list[tuple[str, int, date]]]


def _overdue(work: Work) -> Amounts:
    late = (Invoice.kind == InvoiceKind.INVOICE, Invoice.due_on < work.today)
    credited: dict[int, int] = {}
    takes = select(Invoice.of_id, func.sum(Invoice.net_minor + Invoice.tax_minor)).where(Invoice.of_id.is_not(None))
    for key, amount in work.execute(takes.group_by(Invoice.of_id)):
        credited[key] = int(amount)
    paid: dict[int, int] = {}
    payments = (
        select(Payment.invoice_id, func.sum(Payment.amount_minor))
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(*late, Payment.taken_back_at.is_(None))
        .group_by(Payment.invoice_id)
    )
    for key, amount in work.execute(payments):
        paid[key] = int(amount)
    found: defaultdict[int, list[tuple[str, int, date]]] = defaultdict(list)
    columns = Invoice.id, Invoice.client_id, Invoice.currency, Invoice.net_minor + Invoice.tax_minor, Invoice.due_on
    for key, client, currency, gross, due_on in work.execute(select(*columns).where(*late)):
        left = gross - credited.get(key, 0) - paid.get(key, 0)
        if left > 0:
            found[client].append((currency, left, due_on))
    return found


def _to_invoice(work: Work, sold: Iterable[Subscription]) -> Amounts:
    invoiced: defaultdict[tuple[int, str], int] = defaultdict(int)
    lines = (
        select(Invoice.subscription_id, Invoice.kind, InvoiceLine.due_key, func.sum(InvoiceLine.amount_minor))
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(Invoice.subscription_id.is_not(None), InvoiceLine.due_key != "")
        .group_by(Invoice.subscription_id, Invoice.kind, InvoiceLine.due_key)
    )
    for subscription, kind, key, amount in work.execute(lines):
        invoiced[subscription, key] += int(amount) * (-1 if kind is InvoiceKind.CREDIT_NOTE else 1)
    found: defaultdict[int, list[tuple[str, int, date]]] = defaultdict(list)
    for row in sold:
        if row.accepted_at is None or row.client_id == work.home:
            continue
        for due in dues_of(row):
            left = due.amount.value - invoiced[row.id, due.key]
            if due.due_on <= work.today and left > 0:
                found[row.client_id].append((row.currency, left, due.due_on))
    return found


def _together(amounts: Iterable[tuple[str, int, date]]) -> tuple[Owed, ...]:
    by_currency: defaultdict[str, list[tuple[int, date]]] = defaultdict(list)
    for currency, amount, day in amounts:
        by_currency[currency].append((amount, day))
    return tuple(
        Owed(currency, sum(amount for amount, _ in each), min(day for _, day in each), len(each))
        for currency, each in sorted(by_currency.items())
    )
