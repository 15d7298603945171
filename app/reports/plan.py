"""A plan on paper: what was subscribed to, what is used of it, when it and the certificates end, what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dates import say
from app.domain.document import Column, Document, Noted, Notes, Shape, Table
from app.domain.explained import Explained, Reason
from app.domain.money import amount_of, say_money
from app.domain.permission import Permission
from app.domain.subscription.dues import total_of
from app.domain.subscription.invoicing import InvoiceStanding, percent
from app.domain.subscription.plan import Allowance, Ending, Use, order_by
from app.models.invoice import Invoice
from app.models.subscription import Subscription
from app.queries.invoices import account_of
from app.queries.not_owed import too_much_of
from app.queries.plan_page import LastDay, last_valid_days
from app.queries.plan_schedule import Scheduled, schedule_of
from app.queries.subscriptions import latest_of, seller_of, subscription_by, subscriptions_of, term_of, uses_of
from app.reports.report import SAID_OF_IT, Asked, Body, Choices, Option, Report, document_on
from app.work import Work

USES = (
    Column("Allowance", breadth=4),
    Column("Included", Shape.NUMBER),
    Column("Bought besides", Shape.NUMBER),
    Column("Used", Shape.NUMBER),
    Column("Planned", Shape.NUMBER),
    Column("Left", Shape.NUMBER),
    Column("Beyond the plan", Shape.NUMBER),
)
ENDS = (Column("What", breadth=3), Column("Standard", breadth=5), Column("Last day", Shape.DAY))
ORDER = Column("Order recertification by", Shape.DAY)
NOT_OWED = (Column("Invoice", breadth=3), Column("Without tax", Shape.MONEY), Column("Why", breadth=9))
NO_PLAN = "No plan is on record."


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the client's own records is told beside the plan; None where it is not for the reader."""

    uses: Mapping[Allowance, Use] | None
    certificates: Sequence[LastDay] | None


def tell(work: Work, asked: Asked) -> Body:
    """One subscription of the organisation: the one that is asked for, or the one in force."""
    chosen = asked.values["subscription"]
    row = subscription_by(work, int(chosen)) if chosen else None
    if row is None:
        return Body(NO_PLAN, (Table("What was subscribed to", SAID_OF_IT, [], NO_PLAN),))
    return plan_body(work, row, Seen(uses_of(work, row), last_valid_days(work)), asked.notes)


def plan_on(work: Work, made_by: str, row: Subscription, seen: Seen) -> Document:
    """The plan of a client as its seller hands it out, with what the client lets the seller see."""
    notes = Notes()
    body = plan_body(work, row, seen, notes)
    return document_on(
        work,
        f"plan-{row.reference.lower()}",
        f"Plan of {row.client.name}",
        made_by,
        says=body.says,
        tables=body.tables,
        narrowed=(("Client", row.client.name),),
        notes=notes.all(),
    )


def plan_body(work: Work, row: Subscription, seen: Seen, notes: Notes) -> Body:
    """What is told of a subscription, to either side."""
    schedule = schedule_of(work, row)
    tables = [Table("What was subscribed to", SAID_OF_IT, _facts(work, row, notes), NO_PLAN)]
    if seen.uses is not None:
        rows = [_use(what, use) for what, use in seen.uses.items()]
        tables.append(Table("What is promised, and what is used of it", USES, rows, "Nothing is promised."))
    if seen.certificates is not None:
        ends = _ends(work, row, seen.certificates, notes)
        if any(each[-1] for each in ends):
            tables.append(Table("When it ends", (*ENDS, ORDER), ends, ""))
        else:
            tables.append(Table("When it ends", ENDS, [each[:-1] for each in ends], ""))
    tables.append(_dues(work, row, schedule, notes))
    too_much = too_much_of(work, [row])
    if too_much:
        told = [(each.invoice, amount_of(each.amount, row.currency), _why(each.excess.why)) for each in too_much]
        tables.append(Table("Invoiced, and not owed", NOT_OWED, told, ""))
    return Body(_says(work, row, schedule), tuple(tables))


def _says(work: Work, row: Subscription, schedule: Sequence[Scheduled]) -> str:
    term, dues = term_of(row), [each.due for each in schedule]
    last = term.ends_on.value
    if row.accepted_at is None:
        stands = row.turned_down or "offered, not accepted yet"
    elif work.today > last:
        stands = f"ended on {say(last)}"
    elif work.today < term.starts_on:
        stands = f"begins on {say(term.starts_on)}"
    else:
        rests = ", paused" if term.rests_on(work.today) else ""
        stands = f"month {term.month_on(work.today)} of {row.months}{rests}, through {say(last)}"
    due, invoiced = total_of(dues, work.today), sum(each.invoiced for each in schedule)
    said = f"{row.name}, {row.reference}: {stands}; {say_money(due, row.currency)} of "
    said += f"{say_money(total_of(dues), row.currency)} without tax was due"
    return f"{said}, {say_money(invoiced, row.currency)} is invoiced."


def _facts(work: Work, row: Subscription, notes: Notes) -> list[tuple[Any, ...]]:
    term = term_of(row)
    said: list[tuple[Any, ...]] = [("Plan", f"{row.name}, {row.reference}"), ("Client", row.client.name)]
    if row.organisation_id != row.client_id:
        said.append(("Sold by", seller_of(work, row)))
    said += [
        ("First day", say(row.starts_on)),
        ("Last day", Noted(say(term.ends_on.value), (notes.on("Last day", term.ends_on.why),))),
    ]
    for each in row.pauses:
        months = f"{each.months} month{'' if each.months == 1 else 's'}"
        said.append(("Rests", f"{months} from {say(each.starts_on)}: {each.reason}"))
    if row.end_reason:
        said.append(("Why it ended", row.end_reason))
    tax = f", {percent(row.tax_rate)} tax on top" if row.tax_rate else ""
    said.append(("Price", f"{say_money(row.price_minor, row.currency)} without tax{tax}"))
    if row.deposit_minor:
        said.append(("Deposit", say_money(row.deposit_minor, row.currency)))
    if row.first_due_on is not None:
        said.append(("First instalment", say(row.first_due_on)))
    if row.additions:
        more = "; ".join(f"{each.quantity} × {each.what.one} from {say(each.starts_on)}" for each in row.additions)
        said.append(("Bought besides", more))
    return said


def _use(what: Allowance, use: Use) -> tuple[Any, ...]:
    included = "as wanted" if use.included is None else use.included
    left = "as wanted" if use.left is None else use.left
    return what.label, included, use.added, use.used, use.planned, left, use.beyond


def _ends(work: Work, row: Subscription, certificates: Sequence[LastDay], notes: Notes) -> list[tuple[Any, ...]]:
    """The plan first, and each certificate beside it."""
    last = term_of(row).ends_on.value
    told: list[tuple[Any, ...]] = [(f"Plan {row.reference}", row.name, last, None)]
    for each in certificates:
        order = order_by(Ending(last, each.valid_through), work.today)
        by = Noted(order.value, (notes.on(f"Recertification of {each.reference}", order.why),)) if order else None
        told.append((each.reference, each.standard, each.valid_through, by))
    return told


def _dues(work: Work, row: Subscription, schedule: Sequence[Scheduled], notes: Notes) -> Table:
    """What is due when, and in all; how the instalments and whole months of seats were reckoned is said once each."""
    parts = [each.due.amount.why for each in schedule if _is_instalment(each)]
    columns = (
        Column("What", breadth=5),
        Column("Due on", Shape.DAY),
        Column("Without tax", Shape.MONEY, (notes.on("Instalments", parts[0]),) if parts else ()),
        Column("With tax", Shape.MONEY),
        Column("Invoiced", Shape.MONEY),
        Column("Invoice", breadth=3),
        Column("How the invoice stands", breadth=5),
    )
    rows = [_scheduled(row, each, notes) for each in schedule]
    sums = (
        total_of(each.due for each in schedule),
        sum(each.with_tax for each in schedule),
        sum(each.invoiced for each in schedule),
    )
    total = ("Together", None, *(amount_of(each, row.currency) for each in sums), None, None)
    return Table(f"What is due when, in {row.currency}", columns, rows, "Nothing is due.", total)


def _is_instalment(each: Scheduled) -> bool:
    return each.due.key.startswith("instalment-") and each.due.key != "instalment-0"


def _scheduled(row: Subscription, each: Scheduled, notes: Notes) -> tuple[Any, ...]:
    amount: Any = amount_of(each.due.amount.value, row.currency)
    if not _is_instalment(each):
        whole = each.due.whole_month
        why = (Reason(f"{whole}, for each whole month."),) if whole else each.due.amount.why
        amount = Noted(amount, (notes.on(each.due.label, why),))
    return (
        each.due.label,
        each.due.due_on,
        amount,
        amount_of(each.with_tax, row.currency),
        amount_of(each.invoiced, row.currency) if each.invoiced else None,
        ", ".join(invoice.reference for invoice, _ in each.invoices),
        each.uninvoiced.label if each.uninvoiced else "; ".join(_stands(*one) for one in each.invoices),
    )


def _stands(invoice: Invoice, standing: Explained[InvoiceStanding]) -> str:
    said, account = standing.value.label, account_of(invoice)
    if account.paid and standing.value is not InvoiceStanding.PAID:
        paid, gross = say_money(account.paid, invoice.currency), say_money(account.gross, invoice.currency)
        said += f": {paid} of {gross} with tax"
    return said


def _why(why: Sequence[Reason]) -> str:
    return " ".join(each.says for each in why)


def _subscriptions(work: Work) -> Choices:
    """What was subscribed to or is offered, with the one in force, or the last that was, at the head."""
    current = latest_of(work)
    rows = sorted(subscriptions_of(work), key=lambda row: current is None or row.id != current.id)
    return [(str(each.id), f"{each.reference} {each.name}") for each in rows]


REPORT = Report(
    "plan",
    "Plan",
    "Shows what was subscribed to, what of it is used, when it ends beside the certificates, and what is due, invoiced "
    "and paid.",
    (),
    tell,
    (Option("subscription", "Subscription", _subscriptions, all=""),),
    needs=Permission.SEE_PLAN,
)
