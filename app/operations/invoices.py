"""Invoices: issued once and never changed, credited, paid. The seller keeps them; both journals tell of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.money import currency_of, say_money
from app.domain.subscription import invoicing
from app.domain.subscription.invoicing import InvoiceKind, Line
from app.models.invoice import Invoice, InvoiceLine, InvoiceSeries, Payment
from app.models.organisation import Organisation
from app.models.subscription import Subscription
from app.operations.invoice_mail import tell_client
from app.queries.invoices import account_of, clients_of, credited_before, invoice_by, left_to_credit, left_to_invoice
from app.work import Work

MOST_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands on an invoice besides its lines: when it is due, who and whom it is from, how to pay."""

    due_on: date
    sender: str = ""
    recipient: str = ""
    terms: str = ""
    note: str = ""


def issue_dues(
    work: Work, subscription: Subscription, keys: Sequence[str], paper: Paper, own: Sequence[Line] = ()
) -> Invoice:
    """Invoice amounts of a subscription that are not invoiced yet, each in a line of its own; and further lines.

    Of two who invoice the same amount at once the second is refused.
    """
    if subscription.organisation_id != work.home or subscription.accepted_at is None:
        raise LookupError(f"there is no subscription {subscription.id} to invoice")
    _hold(work)
    left = {due.key: (due, amount) for due, amount in left_to_invoice(work, subscription)}
    if missing := [key for key in keys if key not in left]:
        raise RefusedError(f"{len(missing)} of the amounts were invoiced meanwhile. Look at what is left.", "dues")
    lines = [
        (
            Line(
                f"{subscription.name}, {subscription.reference}: {due.on_paper}"
                + ("" if amount == due.amount.value else ", what is left of it"),
                amount,
                subscription.tax_rate,
            ),
            due.key,
        )
        for key in keys
        for due, amount in [left[key]]
    ]
    return _issue(
        work,
        subscription.client_id,
        subscription.currency,
        [*lines, *((each, "") for each in own)],
        paper,
        subscription.id,
    )


def issue_own(work: Work, client_id: int, currency: str, lines: Sequence[Line], paper: Paper) -> Invoice:
    """Invoice a client for lines of one's own."""
    if all(each.id != client_id for each in clients_of(work)):
        raise RefusedError("An invoice is issued to a client.", "client")
    if not currency_of(currency):
        raise RefusedError("Give the currency as three letters, such as EUR.", "currency")
    _hold(work)
    return _issue(work, client_id, currency_of(currency), [(each, "") for each in lines], paper, None)


def credit(work: Work, invoice_id: int, amounts: Mapping[int, int], reason: str) -> Invoice:
    """Credit an invoice in part or whole, line by line; what is credited of an instalment can be invoiced again."""
    _hold(work)
    row = _of_seller(work, invoice_id)
    if row.is_credit:
        raise RefusedError("A credit note is not credited: issue an invoice.")
    if not reason.strip():
        raise RefusedError("Say why it is credited.", "reason")
    _refuse_long(reason, "reason")
    invoicing.refuse_credit(left_to_credit(row), amounts, row.currency)
    taken = [each for each in row.lines if amounts.get(each.id)]
    lines = [Line(each.label, amounts[each.id], each.tax_rate) for each in taken]
    totals = invoicing.totals_of(lines, row.currency, *credited_before(row.credits))
    note = Invoice(
        **_numbered(work),
        kind=InvoiceKind.CREDIT_NOTE,
        client_id=row.client_id,
        subscription_id=row.subscription_id,
        of_id=row.id,
        due_on=work.today,
        currency=row.currency,
        net_minor=totals.net,
        tax_minor=totals.tax,
        taxes=[[each.rate, each.net, each.tax.value, each.tax.why[0].says] for each in totals.taxes],
        line_count=len(lines),
        seller_name=row.seller_name,
        client_name=row.client_name,
        sender=row.sender,
        recipient=row.recipient,
        note=reason.strip(),
    )
    work.add(note)
    for place, (each, line) in enumerate(zip(taken, lines, strict=True), start=1):
        _write(work, note, place, line, each.due_key, each.id)
    work.flush()
    _tell(work, note, "credited", {"of": row.reference})
    tell_client(work, note)
    return note


def pay(work: Work, invoice_id: int, amount: int, received_on: date, note: str = "") -> Payment:
    """Record what came in for an invoice, in part or whole; where more was paid than is owed, what was paid back."""
    _hold(work)
    row = _of_seller(work, invoice_id)
    if row.is_credit:
        raise RefusedError("A credit note is not paid: it takes from its invoice.")
    account = account_of(row)
    invoicing.refuse_payment(account, amount, received_on, row.issued_on, work.today)
    if len(note) > 200:
        raise RefusedError("At most 200 characters.", "note")
    payment = work.add(
        Payment(
            invoice_id=row.id,
            received_on=received_on,
            amount_minor=amount if account.open > 0 else -amount,
            note=note.strip(),
            recorded_by_id=work.actor_id,
            recorded_at=work.now,
        )
    )
    said = {"amount": say_money(payment.amount_minor, row.currency), "received_on": received_on.isoformat()}
    _tell(work, row, "paid", said)
    return payment


def take_back(work: Work, payment: Payment, reason: str) -> None:
    """Take back a payment that was recorded by mistake; it stays on record, and counts no more."""
    if payment.taken_back_at is not None:
        raise RefusedError("It was taken back already.")
    if not reason.strip():
        raise RefusedError("Say why it is taken back.", "reason")
    if len(reason.strip()) > 200:
        raise RefusedError("At most 200 characters.", "reason")
    payment.taken_back_at, payment.taken_back_on, payment.taken_back_by_id = work.now, work.today, work.actor_id
    payment.take_back_reason = reason.strip()
    work.flush()
    row = _of_seller(work, payment.invoice_id)
    _tell(work, row, "payment taken back", {"amount": say_money(payment.amount_minor, row.currency)})


def _issue(
    work: Work,
    client_id: int,
    currency: str,
    lines: Sequence[tuple[Line, str]],
    paper: Paper,
    subscription_id: int | None,
) -> Invoice:
    invoicing.refuse_lines([line for line, _ in lines])
    invoicing.refuse_due(work.today, paper.due_on)
    for name in ("sender", "recipient", "terms", "note"):
        _refuse_long(getattr(paper, name), name)
    totals = invoicing.totals_of([line for line, _ in lines], currency)
    client = work.session.scalars(select(Organisation).where(Organisation.id == client_id)).one()
    row = Invoice(
        **_numbered(work),
        kind=InvoiceKind.INVOICE,
        client_id=client_id,
        subscription_id=subscription_id,
        due_on=paper.due_on,
        currency=currency,
        net_minor=totals.net,
        tax_minor=totals.tax,
        taxes=[[each.rate, each.net, each.tax.value, each.tax.why[0].says] for each in totals.taxes],
        line_count=len(lines),
        seller_name=work.organisation.name,
        client_name=client.name,
        sender=paper.sender.strip(),
        recipient=paper.recipient.strip(),
        terms=paper.terms.strip(),
        note=paper.note.strip(),
    )
    work.add(row)
    for place, (line, key) in enumerate(lines, start=1):
        _write(work, row, place, line, key, None)
    work.flush()
    _tell(work, row, "issued", {"due_on": row.due_on.isoformat()})
    tell_client(work, row)
    return row


def _hold(work: Work) -> None:
    """Whoever issues, credits or takes a payment comes one at a time, until the work ends."""
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))


def _numbered(work: Work) -> dict[str, object]:
    """The next number of the year; it is nobody's again if the work is undone, so that no gap is left."""
    year = work.today.year
    statement = select(InvoiceSeries).where(InvoiceSeries.year == year).with_for_update()
    series = work.one_or_none(statement.execution_options(populate_existing=True))
    if series is None:
        series = work.add(InvoiceSeries(year=year, last_number=0))
    series.last_number += 1
    work.flush()
    serial = series.last_number
    return {
        "reference": invoicing.number_of(year, serial),
        "year": year,
        "serial": serial,
        "issued_on": work.today,
        "issued_by_id": work.actor_id,
        "issued_at": work.now,
    }


def _write(work: Work, row: Invoice, place: int, line: Line, due_key: str, of_line_id: int | None) -> None:
    work.session.add(
        InvoiceLine(
            invoice_id=row.id,
            place=place,
            label=line.label.strip()[:300],
            amount_minor=line.amount,
            tax_rate=line.tax_rate,
            due_key=due_key,
            of_line_id=of_line_id,
        )
    )


def _of_seller(work: Work, invoice_id: int) -> Invoice:
    row = invoice_by(work, invoice_id, fresh=True)
    if row is None:
        raise LookupError(f"there is no invoice {invoice_id}")
    return row


def _refuse_long(text: str, field: str) -> None:
    if len(text.strip()) > MOST_TEXT:
        raise RefusedError(f"At most {MOST_TEXT:,} characters.", field)


def _tell(work: Work, row: Invoice, action: str, said: dict[str, str]) -> None:
    """Write in the client's own journal what the seller did."""
    told = {"total": say_money(row.gross_minor, row.currency), **said}
    with work.within(row.client_id) as theirs:
        theirs.record(action, "invoice", row.id, told, reference=row.reference)
