"""The statement of account of a client, and the list of invoices for the accountant."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.domain.dates import say
from app.domain.document import Column, Document, Shape, Table
from app.domain.money import amount_of
from app.domain.permission import Permission
from app.domain.subscription.invoicing import EVER, Period, Stated
from app.models.invoice import Invoice
from app.queries.invoices import (
    account_of,
    entries_of,
    open_by_currency,
    own_invoices,
    say_open,
    sellers_of,
    standing_of,
    totals_kept,
)
from app.reports.report import Asked, Body, Choices, Option, Report, document_on
from app.work import Work

COLUMNS = (
    Column("Day", Shape.DAY),
    Column("What", breadth=6),
    Column("Amount", Shape.MONEY),
    Column("Owed after it", Shape.MONEY),
)
OPENING, CLOSING = "Opening balance", "Closing balance"
ACCOUNT_HEAD = ("Currency", *(each.label for each in COLUMNS))
HEAD = ("Number", "Kind", "Of invoice", "Client", "Issued on", "Due on", "Currency", "Tax rate in %", "Without tax",
        "Tax", "With tax", "Open of the invoice", "Standing")  # fmt: skip


def account_on(
    work: Work, made_by: str, client: str, seller: str, rows: Sequence[Invoice], period: Period = EVER
) -> Document:
    """What was charged, credited and paid between a seller and a client in a period, as a document."""
    body = account_body(work, rows, period)
    days = [("From", period.since), ("Until", period.until)]
    return document_on(
        work,
        REPORT.name,
        REPORT.title,
        made_by,
        says=body.says,
        tables=body.tables,
        narrowed=(("Seller", seller), ("Client", client), *((label, say(day)) for label, day in days if day)),
    )


def account_rows(rows: Iterable[Invoice], period: Period = EVER) -> Iterator[tuple[object, ...]]:
    """The account as a sheet: what was owed before the period, where it has a first day, and then each entry."""
    for currency, told in entries_of(rows, period).items():
        for line in _lines(currency, told, period):
            yield (currency, *line)


def _lines(currency: str, told: Stated, period: Period) -> list[tuple[Any, ...]]:
    opening = [(period.since, OPENING, None, amount_of(told.opening, currency))] if period.since else []
    return opening + [
        (each.entry.on, each.entry.what, amount_of(each.entry.amount, currency), amount_of(each.owed, currency))
        for each in told.lines
    ]


def account_body(work: Work, rows: Sequence[Invoice], period: Period = EVER) -> Body:
    """What was charged, credited and paid between a seller and a client, by day, in a table for each currency."""
    sums = [say_open(*each) for each in open_by_currency(work, rows)]
    tables = tuple(
        Table(
            f"Account in {currency}",
            COLUMNS,
            _lines(currency, told, period),
            "Nothing was charged.",
            (CLOSING, None, None, amount_of(told.closing, currency)),
        )
        for currency, told in entries_of(rows, period).items()
    )
    says = f"{'; '.join(sums)}." if sums else "Nothing was invoiced yet."
    return Body(says, tables or (Table("Account", COLUMNS, [], "Nothing was charged."),))


def tell(work: Work, asked: Asked) -> Body:
    """The account of the organisation with the seller that is asked for, or with the one that invoiced last."""
    seller = asked.values["seller"]
    return account_body(work, [each for each in own_invoices(work) if str(each.organisation_id) == seller])


def _sellers(work: Work) -> Choices:
    """Who issued invoices to the organisation."""
    return [(str(id_), name) for id_, name in sellers_of(own_invoices(work)).items()]


def accountant_rows(work: Work, rows: Iterable[Invoice]) -> Iterator[tuple[object, ...]]:
    """A line for each invoice and rate, of which each column of amounts sums up: what a credit note takes is negative,
    and what is open of an invoice stands in the first of its lines alone.
    """
    for row in rows:
        standing, sign = standing_of(work, row), -1 if row.is_credit else 1
        for place, each in enumerate(totals_kept(row).taxes):
            yield (
                row.reference,
                row.kind.label,
                row.of.reference if row.of else "",
                row.client_name,
                row.issued_on,
                row.due_on,
                row.currency,
                Decimal(each.rate) / 100,
                amount_of(sign * each.net, row.currency),
                amount_of(sign * each.tax.value, row.currency),
                amount_of(sign * (each.net + each.tax.value), row.currency),
                None if row.is_credit or place else amount_of(account_of(row).open, row.currency),
                standing.value.label if standing else "",
            )


REPORT = Report(
    "statement-of-account",
    "Statement of account",
    "Shows what was charged, credited and paid of the plan, day by day, and what is owed after each.",
    (),
    tell,
    (Option("seller", "Seller", _sellers, all=""),),
    needs=Permission.SEE_PLAN,
)
