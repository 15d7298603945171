"""What clients owe a provider and it owes them, by invoice, and what is due without one; as many questions for many."""

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
    """What one client owes and is owed, by currency; neither is set off against the other."""

    overdue: tuple[Owed, ...] = ()
    """Open of invoices whose day has passed, with tax; `since` is the day on which the first of them was due."""
    open: tuple[Owed, ...] = ()
    """Open of invoices whose day is still to come, with tax; `since` is the day on which the first of them is due."""
    in_favour: tuple[Owed, ...] = ()
    """What is owed back, with tax: more was paid of invoices than they come to after what was credited."""
    to_invoice: tuple[Owed, ...] = ()
    """Due by today and not invoiced, without tax."""


def client_accounts(work: Work, sold: Iterable[Subscription]) -> dict[int, ClientAccount]:
    """What each client and the organisation of this work owe: by its invoices, and by what it sold, loaded whole."""
    left, to_invoice = _left(work), _to_invoice(work, sold)
    return {
        client: ClientAccount(
            overdue=_together(each for each in left.get(client, ()) if each[1] > 0 and each[2] < work.today),
            open=_together(each for each in left.get(client, ()) if each[1] > 0 and each[2] >= work.today),
            in_favour=_together((currency, -back, on) for currency, back, on in left.get(client, ()) if back < 0),
            to_invoice=_together(to_invoice.get(client, ())),
        )
        for client in left.keys() | to_invoice.keys()
    }


Amounts = Mapping[int, list[tuple[str, int, date]]]


def _left(work: Work) -> Amounts:
    """Of each invoice that is not even: what is open, or below nothing what is owed back, and the day it is due."""
    credited: dict[int, int] = {}
    takes = select(Invoice.of_id, func.sum(Invoice.net_minor + Invoice.tax_minor)).where(Invoice.of_id.is_not(None))
    for key, amount in work.execute(takes.group_by(Invoice.of_id)):
        credited[key] = int(amount)
    paid: dict[int, int] = {}
    payments = (
        select(Payment.invoice_id, func.sum(Payment.amount_minor))
        .where(Payment.taken_back_at.is_(None))
        .group_by(Payment.invoice_id)
    )
    for key, amount in work.execute(payments):
        paid[key] = int(amount)
    found: defaultdict[int, list[tuple[str, int, date]]] = defaultdict(list)
    columns = Invoice.id, Invoice.client_id, Invoice.currency, Invoice.net_minor + Invoice.tax_minor, Invoice.due_on
    for key, client, currency, gross, due_on in work.execute(
        select(*columns).where(Invoice.kind == InvoiceKind.INVOICE)
    ):
        left = gross - credited.get(key, 0) - paid.get(key, 0)
        if left:
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
