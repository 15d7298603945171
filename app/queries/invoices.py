"""Invoices as their seller reads them and as the client does, what is open of them, and what is to be invoiced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from app.domain.explained import Explained, Reason
from app.domain.money import say_money
from app.domain.subscription.dues import Due
from app.domain.subscription.invoicing import (
    EVER,
    Account,
    Entry,
    InvoiceKind,
    InvoiceStanding,
    Line,
    Period,
    Stated,
    TaxSum,
    Totals,
    standing_on,
    stated_in,
    statement_of,
    totals_of,
)
from app.models.invoice import Invoice, InvoiceLine, Payment
from app.models.organisation import Organisation
from app.models.subscription import Subscription
from app.queries.agreements import passages_to_clients
from app.queries.subscriptions import dues_of, sold_by
from app.work import ACROSS, Work

TWO_SIDES = {ACROSS: "an invoice has two sides"}
WHOLE = (
    selectinload(Invoice.lines),
    selectinload(Invoice.payments),
    selectinload(Invoice.of),
    selectinload(Invoice.client),
    selectinload(Invoice.credits).selectinload(Invoice.lines),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which invoices a list shows: of one client, of one standing, of one year, whose number holds something."""

    client: str = ""
    standing: str = ""
    year: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A subscription with what of it is to be invoiced still, the earliest first: each due with what is left of it."""

    subscription: Subscription
    left: list[tuple[Due, int]]

    def due_by(self, day: date) -> int:
        """How much of it was due by a day."""
        return sum(amount for due, amount in self.left if due.due_on <= day)


def account_of(row: Invoice) -> Account:
    """What has come of an invoice that was loaded whole."""
    return Account(
        gross=row.gross_minor,
        credited=sum(each.gross_minor for each in row.credits),
        paid=sum(each.amount_minor for each in row.payments if each.taken_back_at is None),
        due_on=row.due_on,
        currency=row.currency,
    )


def standing_of(work: Work, row: Invoice) -> Explained[InvoiceStanding] | None:
    """How an invoice stands today; None for a credit note, which only takes from another."""
    return None if row.is_credit else standing_on(account_of(row), work.today)


def totals_kept(row: Invoice) -> Totals:
    """The totals of an invoice or a credit note as they were worked out when it was issued."""
    taxes = (TaxSum(rate, net, Explained(tax, (Reason(says),))) for rate, net, tax, says in row.taxes)
    return Totals(row.net_minor, tuple(taxes))


def credited_before(credits: Iterable[Invoice]) -> tuple[dict[int, int], dict[int, int]]:
    """What was credited without tax, and its tax, by rate."""
    nets: dict[int, int] = {}
    for each in credits:
        for line in each.lines:
            nets[line.tax_rate] = nets.get(line.tax_rate, 0) + line.amount_minor
    whole = totals_of([Line("", net, rate) for rate, net in nets.items()], "")
    return nets, {each.rate: each.tax.value for each in whole.taxes}


def left_to_credit(row: Invoice) -> dict[int, int]:
    """What of each line of an invoice is left to credit, by the id of the line."""
    left = {each.id: each.amount_minor for each in row.lines}
    for note in row.credits:
        for each in note.lines:
            if each.of_line_id is not None:
                left[each.of_line_id] -= each.amount_minor
    return left


def invoices_of(work: Work, filters: Filters = Filters()) -> list[Invoice]:
    """The invoices and credit notes that the organisation of this work issued, the latest first."""
    statement = select(Invoice).where(Invoice.organisation_id == work.home)
    if filters.client:
        statement = statement.join(Organisation, Organisation.id == Invoice.client_id)
        statement = statement.where(Organisation.slug == filters.client)
    if filters.year.isdecimal():
        statement = statement.where(Invoice.year == min(int(filters.year), 9999))
    if filters.words:
        statement = statement.where(Invoice.reference.icontains(filters.words, autoescape=True))
    rows = work.all(_latest(statement))
    if filters.standing == InvoiceKind.CREDIT_NOTE.value:
        return [each for each in rows if each.is_credit]
    if filters.standing:
        stands = {each.id: standing_of(work, each) for each in rows}
        return [each for each in rows if (said := stands[each.id]) and said.value.value == filters.standing]
    return rows


def overdue_invoices(work: Work) -> list[Invoice]:
    """The invoices of the organisation of this work that are overdue today, the one due first at the head."""
    late = (Invoice.kind == InvoiceKind.INVOICE, Invoice.due_on < work.today, Invoice.organisation_id == work.home)
    rows = work.all(select(Invoice).where(*late).options(*WHOLE).order_by(Invoice.due_on, Invoice.id))
    return [each for each in rows if account_of(each).open > 0]


def own_invoices(work: Work) -> list[Invoice]:
    """What was issued to the organisation of this work, by whomever, the latest first."""
    return work.all(_latest(select(Invoice).where(Invoice.client_id == work.home)).execution_options(**TWO_SIDES))


def whole_invoices(work: Work, subscription_id: int) -> list[Invoice]:
    """The invoices of a subscription that the organisation of this work sold or has, the first first."""
    both = (Invoice.client_id == work.home) | (Invoice.organisation_id == work.home)
    statement = select(Invoice).where(
        Invoice.subscription_id == subscription_id, Invoice.kind == InvoiceKind.INVOICE, both
    )
    return work.all(statement.options(*WHOLE).order_by(Invoice.id).execution_options(**TWO_SIDES))


def sellers_of(rows: Iterable[Invoice]) -> dict[int, str]:
    """Who issued these, by the name that stands on the latest; the rows are the latest first."""
    return {each.organisation_id: each.seller_name for each in reversed(list(rows))}


def _latest(statement: Select[Invoice]) -> Select[Invoice]:
    return statement.options(*WHOLE).order_by(Invoice.year.desc(), Invoice.serial.desc(), Invoice.id.desc())


def invoice_by(work: Work, invoice_id: int, *, fresh: bool = False) -> Invoice | None:
    """One invoice that the organisation of this work issued."""
    return _one(work, Invoice.organisation_id == work.home, invoice_id, fresh=fresh)


def own_invoice(work: Work, invoice_id: int) -> Invoice | None:
    """One invoice that was issued to the organisation of this work."""
    return _one(work, Invoice.client_id == work.home, invoice_id)


def _one(work: Work, whose: ColumnElement[bool], invoice_id: int, *, fresh: bool = False) -> Invoice | None:
    statement = select(Invoice).where(Invoice.id == invoice_id, whose)
    statement = statement.options(*WHOLE)
    return work.one_or_none(statement.execution_options(**TWO_SIDES, populate_existing=fresh))


def payment_by(work: Work, payment_id: int, *, lock: bool = False) -> Payment | None:
    """One payment that the organisation of this work recorded."""
    statement = select(Payment).where(Payment.id == payment_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def clients_of(work: Work) -> list[Organisation]:
    """Whom invoices are issued to, by name: who an agreement is live with, bought something, or has an account."""
    ids = {each.client_id for each in passages_to_clients(work)}
    ids |= set(work.all(select(Subscription.client_id).where(Subscription.accepted_at.is_not(None))))
    ids |= set(work.all(select(Invoice.client_id)))
    ids -= {work.home}
    return list(work.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)))


def sales_of(work: Work, client_id: int) -> list[Sale]:
    """What a client bought and accepted, with what of it is to be invoiced still."""
    return [
        Sale(each, left_to_invoice(work, each)) for each in sold_by(work, client_id) if each.accepted_at is not None
    ]


def left_to_invoice(work: Work, row: Subscription) -> list[tuple[Due, int]]:
    """What of the amounts of a subscription is to be invoiced still: not invoiced yet, or credited again."""
    signed = func.sum(InvoiceLine.amount_minor)
    statement = (
        select(Invoice.kind, InvoiceLine.due_key, signed)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(Invoice.subscription_id == row.id, InvoiceLine.due_key != "")
        .group_by(Invoice.kind, InvoiceLine.due_key)
    )
    invoiced: dict[str, int] = {}
    for kind, key, amount in work.execute(statement):
        invoiced[key] = invoiced.get(key, 0) + int(amount) * (-1 if kind is InvoiceKind.CREDIT_NOTE else 1)
    left = [(due, due.amount.value - invoiced.get(due.key, 0)) for due in dues_of(row)]
    return [(due, amount) for due, amount in left if amount > 0]


def entries_of(rows: Iterable[Invoice], period: Period = EVER) -> dict[str, Stated]:
    """The statement of account of these invoices in a period, by currency."""
    entries: dict[str, list[Entry]] = {}
    for row in rows:
        listed = entries.setdefault(row.currency, [])
        key = row.year * 100_000 + row.serial
        what = f"Credit note {row.reference}" if row.is_credit else f"Invoice {row.reference}"
        listed.append(Entry(row.issued_on, what, -row.gross_minor if row.is_credit else row.gross_minor, key))
        for each in row.payments:
            word = "Payment of" if each.amount_minor > 0 else "Repayment of"
            listed.append(Entry(each.received_on, f"{word} {row.reference}", -each.amount_minor, key))
            if each.taken_back_on is not None:
                back = max(each.taken_back_on, each.received_on)
                listed.append(Entry(back, f"{word} {row.reference} taken back", each.amount_minor, key))
    return {currency: stated_in(statement_of(listed), period) for currency, listed in sorted(entries.items())}


def open_by_currency(work: Work, rows: Iterable[Invoice]) -> list[tuple[str, int, int, int]]:
    """By currency: what is open of these invoices, what of that is overdue today, and besides what is owed back.

    What is owed back of one is never set off against what is open of another: they may be of two clients.
    """
    sums: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        if row.is_credit:
            continue
        account = account_of(row)
        owed, late, back = sums.get(row.currency, (0, 0, 0))
        overdue = account.open if standing_on(account, work.today).value is InvoiceStanding.OVERDUE else 0
        sums[row.currency] = (owed + max(0, account.open), late + overdue, back + max(0, -account.open))
    return [(currency, *each) for currency, each in sorted(sums.items())]


def latest_to(work: Work, client_id: int) -> Invoice | None:
    """The last invoice to a client, or else the last of all: what stood on it is offered for the next."""
    mine = (Invoice.client_id == client_id).desc()
    found = work.all(
        select(Invoice).where(Invoice.kind == InvoiceKind.INVOICE).order_by(mine, Invoice.id.desc()).limit(1)
    )
    return found[0] if found else None


def say_open(currency: str, owed: int, late: int, back: int) -> str:
    """What is open and what is owed back, in a sentence."""
    said = f"{say_money(owed, currency)} is open"
    said += f", {say_money(late, currency)} of it overdue" if late else ""
    if not back:
        return said
    returned = f"{say_money(back, currency)} is owed back"
    return f"{said}, and besides {returned}" if owed else returned
