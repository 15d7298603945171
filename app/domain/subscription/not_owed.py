"""What was invoiced of a subscription and is not owed: for days after an end or an upgrade, or moved by a pause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.money import say_money
from app.domain.subscription.dues import Bought, Due, dues_of
from app.domain.subscription.instalments import Payment
from app.domain.subscription.term import Term


@dataclass(frozen=True, slots=True)
class Charged:
    """What a line of an invoice charges of one amount of a subscription, without what was credited of it since."""

    invoice: int
    line: int
    key: str
    """Of the amount, as `Due` has it."""
    amount: int
    """Minor units, without tax."""
    issued_on: date


@dataclass(frozen=True, slots=True)
class Excess:
    """What of one invoice is not owed, line by line, in minor units without tax: so much is to be credited."""

    invoice: int
    lines: tuple[tuple[int, int], ...]

    @property
    def amount(self) -> int:
        """All of it together."""
        return sum(amount for _line, amount in self.lines)


@dataclass(frozen=True, slots=True)
class Sold:
    """A subscription as it stands now: how it is paid, its term, and what was bought besides."""

    payment: Payment
    term: Term
    bought: tuple[Bought, ...]
    currency: str

    def dues(self, term: Term | None = None) -> dict[str, Due]:
        """What is due, by key; with another term, what would be."""
        return {each.key: each for each in dues_of(self.payment, term or self.term, self.bought, self.currency)}


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a line is not owed: its cause, and the day or the words that belong to it."""

    charged: Charged
    amount: int
    cause: str
    says: str = ""


def not_owed(sold: Sold, charged: Sequence[Charged], today: date) -> list[Explained[Excess]]:
    """What was invoiced and is not due any more, or by a pause only later, is to be credited; by invoice, with why.

    Where an amount was invoiced more than once, the last lines are those that are too much. What a pause moved is owed
    again from its new day on.
    """
    dues, lasting = sold.dues(), sold.dues(replace(sold.term, ended_on=None))
    parts: list[_Part] = []
    for key in dict.fromkeys(each.key for each in charged):
        lines = [each for each in charged if each.key == key]
        due = dues.get(key)
        owed = due.amount.value if due is not None else 0
        too_much = sum(each.amount for each in lines) - owed
        for each in reversed(lines):
            amount = min(each.amount, max(0, too_much))
            too_much -= amount
            if amount:
                parts.append(_gone(sold, each, amount, due, is_after_end=due is None and key in lasting))
            moved = _moved(sold, each, due, today) if each.amount > amount else None
            if moved is not None:
                parts.append(_Part(each, each.amount - amount, "moved", moved))
    found = dict.fromkeys(each.invoice for each in charged)
    return [_excess(sold, invoice, mine) for invoice in found if (mine := _of(parts, invoice, charged))]


def _gone(sold: Sold, each: Charged, amount: int, due: Due | None, *, is_after_end: bool) -> _Part:
    if due is not None:
        says = (
            f"{due.label}: {say_money(each.amount, sold.currency)} was invoiced, {say_money(amount, sold.currency)} "
            f"more than is owed. {' '.join(reason.says for reason in due.amount.why)}"
        )
        return _Part(each, amount, "less", says)
    return _Part(each, amount, "end" if is_after_end else "rest")


def _moved(sold: Sold, each: Charged, due: Due | None, today: date) -> str | None:
    """When an amount is due, where a pause that began after its invoice has moved it to a day that is ahead."""
    if due is None or due.due_on <= today:
        return None
    # A pause begins on a day that is ahead: one that has begun by then was known to whoever issued the invoice.
    known = tuple(pause for pause in sold.term.pauses if pause.starts_on <= each.issued_on)
    if len(known) == len(sold.term.pauses):
        return None
    before = sold.dues(replace(sold.term, pauses=known, ended_on=None)).get(each.key)
    return say(due.due_on) if before is not None and before.due_on < due.due_on else None


def _of(parts: Iterable[_Part], invoice: int, charged: Sequence[Charged]) -> list[_Part]:
    order = {each.line: place for place, each in enumerate(charged)}
    return sorted((each for each in parts if each.charged.invoice == invoice), key=lambda one: order[one.charged.line])


def _excess(sold: Sold, invoice: int, parts: Sequence[_Part]) -> Explained[Excess]:
    lines: dict[int, int] = {}
    for each in parts:
        lines[each.charged.line] = lines.get(each.charged.line, 0) + each.amount
    why: list[Reason] = []
    for cause in ("end", "rest", "moved"):
        mine = [each for each in parts if each.cause == cause]
        if mine:
            why.append(Reason(_says(sold, cause, mine)))
    why += [Reason(each.says) for each in parts if each.cause == "less"]
    return Explained(Excess(invoice, tuple(lines.items())), tuple(why))


def _says(sold: Sold, cause: str, parts: Sequence[_Part]) -> str:
    count = len({each.charged.key for each in parts})
    noun = "instalment" if all(each.charged.key.startswith("instalment-") for each in parts) else "amount"
    what = f"Invoiced {count} {noun}{'' if count == 1 else 's'}"
    money = say_money(sum(each.amount for each in parts), sold.currency)
    if cause == "end":
        return f"{what} after the end on {say(sold.term.ends_on.value)}: {money} without tax."
    if cause == "moved":
        return f"{what} that a pause has moved, due on {parts[0].says} and not before: {money} without tax."
    return f"{what} for a time that is not charged{_rests(sold.term)}: {money} without tax."


def _rests(term: Term) -> str:
    spans = [f"from {say(each.starts_on)} to {say(term.last_of(each))}" for each in term.pauses]
    return f", as it rests {' and '.join(spans)}" if spans else ""
