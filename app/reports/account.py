"""The statement of account of a client, and the list of invoices for the accountant."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from app.domain.document import Column, Document, Shape, Table
from app.domain.money import amount_of
from app.models.invoice import Invoice
from app.queries.invoices import account_of, entries_of, open_by_currency, say_open, standing_of, totals_kept
from app.reports.report import document_on
from app.work import Work

COLUMNS = (
    Column("Day", Shape.DAY),
    Column("What", breadth=6),
    Column("Amount", Shape.MONEY),
    Column("Owed after it", Shape.MONEY),
)
HEAD = ("Number", "Kind", "Of invoice", "Client", "Issued on", "Due on", "Currency", "Tax rate in %", "Without tax",
        "Tax", "With tax", "Open of the invoice", "Standing")  # fmt: skip


def account_on(work: Work, made_by: str, client: str, seller: str, rows: Sequence[Invoice]) -> Document:
    """What was charged, credited and paid between a seller and a client, by day, in a table for each currency."""
    sums = [say_open(*each) for each in open_by_currency(work, rows)]
    tables = tuple(
        Table(
            f"Account in {currency}",
            COLUMNS,
            [
                (each.entry.on, each.entry.what, amount_of(each.entry.amount, currency), amount_of(each.owed, currency))
                for each in told
            ],
            "Nothing was charged.",
        )
        for currency, told in entries_of(rows).items()
    )
    return document_on(
        work,
        "statement-of-account",
        "Statement of account",
        made_by,
        says=f"{'; '.join(sums)}." if sums else "Nothing was invoiced yet.",
        tables=tables or (Table("Account", COLUMNS, [], "Nothing was charged."),),
        narrowed=(("Seller", seller), ("Client", client)),
    )


def accountant_rows(work: Work, rows: Iterable[Invoice]) -> Iterator[tuple[object, ...]]:
    """A line for each invoice and rate; amounts of credit notes are positive: their kind says that they take away."""
    for row in rows:
        standing = standing_of(work, row)
        for each in totals_kept(row).taxes:
            yield (
                row.reference,
                row.kind.label,
                row.of.reference if row.of else "",
                row.client_name,
                row.issued_on,
                row.due_on,
                row.currency,
                Decimal(each.rate) / 100,
                amount_of(each.net, row.currency),
                amount_of(each.tax.value, row.currency),
                amount_of(each.net + each.tax.value, row.currency),
                "" if row.is_credit else amount_of(account_of(row).open, row.currency),
                standing.value.label if standing else "",
            )
