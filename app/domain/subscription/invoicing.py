"""Invoices and credit notes: their totals and tax, their numbers, what is open of them on a day, and the account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.dates import days_between, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.money import say_money
from app.domain.subscription.instalments import half_up
from app.domain.words import Word

MOST = 10**15
"""Minor units; more is surely a slip of the hand."""
MOST_LINES = 100
STEM = "RE"
OVERDUE_MARKS = (14, 1)
"""So many days after its day it is said that an invoice is overdue."""


class InvoiceKind(Word):
    """What a number was given to; both are counted in one series."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


class InvoiceStanding(Word):
    """How an invoice stands on a day."""

    OPEN = "open"
    PARTLY_PAID = "partly-paid"
    PAID = "paid"
    CREDITED = "credited"
    OVERDUE = "overdue"
    OWED_BACK = "owed-back"


class Uninvoiced(Word):
    """How an amount stands that no invoice charges."""

    NOT_YET_DUE = "not-yet-due"
    DUE = "due"

    @property
    def label(self) -> str:
        return {"not-yet-due": "Not yet due", "due": "Due, not invoiced"}[self.value]


@dataclass(frozen=True, slots=True)
class Line:
    """What is charged: an amount in minor units without tax, and the rate of its tax in hundredths of a per cent."""

    label: str
    amount: int
    tax_rate: int = 0


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What all lines of one rate come to."""

    rate: int
    net: int
    tax: Explained[int]


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to: without tax, the tax of each rate, and with it."""

    net: int
    taxes: tuple[TaxSum, ...]

    @property
    def tax(self) -> int:
        """All tax together."""
        return sum(each.tax.value for each in self.taxes)

    @property
    def gross(self) -> int:
        """What is to be paid."""
        return self.net + self.tax


def number_of(year: int, serial: int) -> str:
    """The number of an invoice: RE-2026-0001, counted by each seller from 1 in each year, without a gap."""
    return f"{STEM}-{year}-{serial:04}"


def percent(rate: int) -> str:
    """A rate as it is written: 1900 is 19 %, 810 is 8.1 %."""
    whole, rest = divmod(rate, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + " %" if rest else f"{whole} %"


def totals_of(
    lines: Sequence[Line],
    currency: str,
    credited: Mapping[int, int] | None = None,
    taxed: Mapping[int, int] | None = None,
) -> Totals:
    """Tax is worked out once for each rate, on the sum of its lines, and a half of a minor unit is rounded up.

    A credit note says besides what was `credited` without tax and `taxed` before, by rate: its tax is what the tax of
    all credit together exceeds that by, so that many credits in part come to the very tax of the invoice.
    """
    nets: dict[int, int] = {}
    for each in lines:
        nets[each.tax_rate] = nets.get(each.tax_rate, 0) + each.amount
    taxes = [
        _tax(rate, nets[rate], currency, (credited or {}).get(rate, 0), (taxed or {}).get(rate, 0))
        for rate in sorted(nets)
    ]
    return Totals(sum(nets.values()), tuple(taxes))


def _tax(rate: int, net: int, currency: str, before: int, taxed: int) -> TaxSum:
    tax = half_up(Fraction((before + net) * rate, 10_000)) - taxed
    says = f"{percent(rate)} of {say_money(before + net, currency)}, rounded once: {say_money(tax + taxed, currency)}"
    says += f", less {say_money(taxed, currency)} credited before." if before else "."
    if rate == 0:
        says = "No tax is charged on these lines."
    return TaxSum(rate, net, Explained(tax, (Reason(says),)))


def with_tax(amount: int, rate: int) -> int:
    """An amount with its tax, as if it were invoiced alone; a half of a minor unit is rounded up."""
    return amount + half_up(Fraction(amount * rate, 10_000))


def refuse_lines(lines: Sequence[Line]) -> None:
    """An invoice has at least one line; each says what it is for, and together they come to more than nothing."""
    if not lines:
        raise RefusedError("Choose or write at least one line.", "lines")
    if len(lines) > MOST_LINES:
        raise RefusedError(f"At most {MOST_LINES} lines.", "lines")
    for each in lines:
        if not each.label.strip():
            raise RefusedError("Say what each line is for.", "lines")
        if each.amount < 0:
            raise RefusedError("A line is not negative: credit what was charged too much.", "lines")
        if not 0 <= each.tax_rate < 10_000:
            raise RefusedError("A rate from 0 to 99.99 %.", "lines")
    if not 0 < sum(each.amount for each in lines) <= MOST:
        raise RefusedError("An invoice comes to more than nothing, and to no more than can be counted.", "lines")


def refuse_credit(left: Mapping[int, int], asked: Mapping[int, int], currency: str) -> None:
    """Of each line no more is credited than is left of it, and of all of them more than nothing.

    `left` and `asked` are minor units without tax, by line.
    """
    for key, amount in asked.items():
        if amount < 0:
            raise RefusedError("An amount is not negative.", f"line-{key}")
        if amount > left.get(key, 0):
            says = f"{say_money(left.get(key, 0), currency)} is left to credit of this line."
            raise RefusedError(says, f"line-{key}")
    if not any(asked.values()):
        raise RefusedError("Credit more than nothing.", "lines")


@dataclass(frozen=True, slots=True)
class Account:
    """What has come of an invoice: minor units with tax."""

    gross: int
    credited: int
    paid: int
    due_on: date
    currency: str

    @property
    def open(self) -> int:
        """What is to be paid still; negative where more was paid than is owed."""
        return self.gross - self.credited - self.paid


def standing_on(account: Account, day: date) -> Explained[InvoiceStanding]:
    """An invoice is overdue from the day after the one it is due on, as long as something of it is open."""
    said = [f"{say_money(account.gross, account.currency)} was charged"]
    said += [f"{say_money(account.credited, account.currency)} was credited"] if account.credited else []
    said += [f"{say_money(account.paid, account.currency)} was paid"] if account.paid else []
    sums = Reason(f"{', '.join(said)}: {say_money(account.open, account.currency)} is open.")
    if account.open < 0:
        back = say_money(-account.open, account.currency)
        return Explained(InvoiceStanding.OWED_BACK, (Reason(f"{', '.join(said)}: {back} is owed back."),))
    if account.open == 0:
        whole = account.credited >= account.gross
        return Explained(InvoiceStanding.CREDITED if whole else InvoiceStanding.PAID, (sums,))
    due = f"It is due on {say(account.due_on)}"
    if day > account.due_on:
        late = days_between(account.due_on, day)
        why = Reason(f"{due}: {late} {'day' if late == 1 else 'days'} before {say(day)}.")
        return Explained(InvoiceStanding.OVERDUE, (sums, why))
    part = account.paid or account.credited
    return Explained(InvoiceStanding.PARTLY_PAID if part else InvoiceStanding.OPEN, (sums, Reason(f"{due}.")))


def overdue_mark(due_on: date, today: date) -> int | None:
    """The last mark that an open invoice has passed: 1 or 14 days after its day; None while it is not overdue."""
    late = days_between(due_on, today)
    return next((each for each in OVERDUE_MARKS if late >= each), None)


def refuse_payment(account: Account, amount: int, received_on: date, issued_on: date, today: date) -> None:
    """A payment is of what is open and no more, and came in by today; what is owed back is paid back alike."""
    if account.open == 0:
        raise RefusedError("Nothing of it is open.", "amount")
    if not 0 < amount <= abs(account.open):
        what = "open" if account.open > 0 else "owed back"
        raise RefusedError(
            f"More than nothing, and at most the {say_money(abs(account.open), account.currency)} {what}.", "amount"
        )
    if received_on > today:
        raise RefusedError(f"Not after today, {say(today)}.", "received_on")
    if received_on < issued_on:
        raise RefusedError(f"Not before the invoice was issued, on {say(issued_on)}.", "received_on")


def refuse_due(issued_on: date, due_on: date) -> None:
    """An invoice is not due before the day it is issued on."""
    if due_on < issued_on:
        raise RefusedError(f"Not before it is issued, on {say(issued_on)}.", "due_on")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an account: what was charged is positive, what was credited or paid negative."""

    on: date
    what: str
    amount: int
    key: int = 0


@dataclass(frozen=True, slots=True)
class Balanced:
    """An entry with what is owed after it."""

    entry: Entry
    owed: int


def statement_of(entries: Iterable[Entry]) -> list[Balanced]:
    """A statement of account: all entries by day, and after each what is owed."""
    owed, told = 0, []
    for each in sorted(entries, key=lambda one: (one.on, one.key)):
        owed += each.amount
        told.append(Balanced(each, owed))
    return told


@dataclass(frozen=True, slots=True)
class Period:
    """From a day through a day, either perhaps open."""

    since: date | None = None
    until: date | None = None


EVER = Period()


@dataclass(frozen=True, slots=True)
class Stated:
    """What of an account lies in a period, with what was owed before it and after it."""

    opening: int
    lines: tuple[Balanced, ...]
    closing: int


def stated_in(account: Iterable[Balanced], period: Period = EVER) -> Stated:
    """A period opens with what was owed after the last entry before it, and closes with what is owed after its own."""
    opening, lines = 0, []
    for each in account:
        if period.since is not None and each.entry.on < period.since:
            opening = each.owed
        elif period.until is None or each.entry.on <= period.until:
            lines.append(each)
    return Stated(opening, tuple(lines), lines[-1].owed if lines else opening)


__all__ = [
    "EVER",
    "MOST_LINES",
    "Account",
    "Balanced",
    "Entry",
    "InvoiceKind",
    "InvoiceStanding",
    "Line",
    "Period",
    "Stated",
    "TaxSum",
    "Totals",
    "Uninvoiced",
    "number_of",
    "overdue_mark",
    "percent",
    "refuse_credit",
    "refuse_due",
    "refuse_lines",
    "refuse_payment",
    "standing_on",
    "stated_in",
    "statement_of",
    "totals_of",
    "with_tax",
]
