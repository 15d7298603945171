"""What an act on a subscription brings, in words, before it is done: each line with its days, its amounts and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.dates import add_days, say
from app.domain.explained import Reason
from app.domain.money import say_money
from app.domain.subscription.dues import Due, total_of
from app.domain.subscription.instalments import half_up
from app.domain.subscription.plan import Allowance, Allowances
from app.domain.subscription.term import Pause, Term

SEATS = (Allowance.AUDIT_MANAGER_SEATS, Allowance.LMS_SEATS)
AUDITS = (Allowance.REGISTRATION, Allowance.SURVEILLANCE, Allowance.INTERNAL)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the act brings: what it concerns, a sentence, why, and where there are many, each of them."""

    label: str
    says: str
    why: tuple[Reason, ...] = ()
    each: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sold:
    """A subscription as it stands at one moment."""

    reference: str
    term: Term
    dues: tuple[Due, ...]
    currency: str
    tax_rate: int
    """Hundredths of a percent."""
    allowances: Allowances

    def money(self, net: int) -> str:
        """An amount without tax, and with it where there is any."""
        shown = say_money(net, self.currency)
        if not self.tax_rate or not net:
            return shown
        gross = net + half_up(Fraction(net * self.tax_rate, 10_000))
        return f"{shown} without tax, {say_money(gross, self.currency)} with it"

    def at(self, due: Due) -> str:
        """One amount with its day."""
        return f"{say_money(due.amount.value, self.currency)} on {say(due.due_on)}"

    @property
    def instalments(self) -> list[Due]:
        """Of what is due the instalments of its price, without a deposit."""
        return [each for each in self.dues if each.key.startswith("instalment-") and each.key != "instalment-0"]

    @property
    def charges(self) -> list[Due]:
        """What is due for seats bought besides, by the month."""
        return [each for each in self.dues if each.key.startswith("bought-") and each.key.count("-") == 2]


def of_begun(sold: Sold, others: Iterable[Sold] = ()) -> list[Line]:
    """What a subscription brings that begins: its days, its instalments, its seats and its audits."""
    first, last = sold.term.starts_on, sold.term.ends_on
    lines = [Line("From and through", f"{say(first)} to {say(last.value)}.", last.why)]
    lines += [Line("Deposit", f"{sold.at(each)}.") for each in sold.dues if each.key == "instalment-0"]
    parts = sold.instalments
    if parts:
        many = f"{len(parts)} instalment{'' if len(parts) == 1 else 's'}"
        says = f"{many}: the first {sold.at(parts[0])}, the last {sold.at(parts[-1])}."
        lines.append(Line("Instalments", says, parts[0].amount.why))
    lines.append(Line("Price", f"{sold.money(total_of(sold.dues))}."))
    lines.append(Line("Seats", _included(sold.allowances, SEATS, f"from {say(first)}")))
    lines.append(Line("Audits", _included(sold.allowances, AUDITS, "within the term")))
    days, sessions = sold.allowances.implementation_days, sold.allowances.support_sessions
    if days is not None:
        lines.append(Line("Implementation", f"One, within {days} days."))
    if sessions is None:
        lines.append(Line("Support", "As many sessions as are wanted."))
    elif sessions:
        lines.append(Line("Support", f"{Allowance.SUPPORT.counted(sessions)} within the term."))
    for each in others:
        ends = each.term.ends_on.value
        goes = "ends" if ends == add_days(first, -1) else "stays as it is through"
        lines.append(Line(each.reference, f"It {goes} {'on ' if goes == 'ends' else ''}{say(ends)}."))
    return lines


def _included(allowances: Allowances, kinds: Iterable[Allowance], when: str) -> str:
    said = [kind.counted(allowances.of(kind) or 0) for kind in kinds if allowances.of(kind)]
    return f"{_listed(said)} {when}." if said else "None."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def of_bought(before: Sold, after: Sold, what: Allowance, quantity: int, starts_on: date, monthly: int) -> list[Line]:
    """What buying more brings: from when through when, for how much a month or once, and the first and last charge."""
    through = after.term.ends_on.value
    lines = [Line("More", f"{what.counted(quantity, 'more')}, from {say(starts_on)} through {say(through)}.")]
    known = {each.key for each in before.dues}
    new = [each for each in after.dues if each.key not in known]
    if not new:
        return [*lines, Line("Price", "Nothing.")]
    if not monthly:
        return [*lines, Line("Price", f"{after.money(total_of(new))}, due on {say(new[0].due_on)}.", new[0].amount.why)]
    lines.append(Line("A month", f"{after.money(quantity * monthly)}."))
    lines.append(Line("First charge", f"{after.at(new[0])}.", new[0].amount.why))
    if len(new) > 1:
        lines.append(Line("Last charge", f"{after.at(new[-1])}.", new[-1].amount.why))
    return [*lines, Line("All charges", f"{len(new)}, together {after.money(total_of(new))}.")]


def of_paused(before: Sold, after: Sold, pause: Pause) -> list[Line]:
    """What a pause brings: from when through when it rests, and which instalments move to which days."""
    through = after.term.last_of(pause)
    ends, ended = after.term.ends_on, before.term.ends_on.value
    rests = f"From {say(pause.starts_on)} through {say(through)}; its last day moves from {say(ended)} to"
    lines = [Line("It rests", f"{rests} {say(ends.value)}.", ends.why)]
    days = {each.key: each.due_on for each in before.dues}
    moved = [each for each in after.instalments if days.get(each.key) != each.due_on]
    each = tuple(f"{one.label}: from {say(days[one.key])} to {say(one.due_on)}" for one in moved if one.key in days)
    if each:
        many = f"{len(each)} of {len(after.instalments)}"
        says = f"{many} {'moves' if len(each) == 1 else 'move'}: what would be due from {say(pause.starts_on)} on"
        why = Reason(f"No instalment is due while it rests: each of these is due {_months(pause.months)} later.")
        lines.append(Line("Instalments", f"{says} comes {_months(pause.months)} later.", (why,), each))
    else:
        lines.append(Line("Instalments", "None moves: none is due from the first day of the pause on."))
    if any(before.allowances.of(kind) for kind in SEATS) or before.charges:
        counts = f"None of the plan counts from {say(pause.starts_on)} through {say(through)}; they count again from"
        says = f"{counts} {say(add_days(through, 1))}."
        if before.charges:
            says += " Those bought besides cost nothing for the days between."
        lines.append(Line("Seats", says))
    return lines


def of_ended(before: Sold, after: Sold, ended_on: date) -> list[Line]:
    """What an end brings: which instalments fall away, why the last that stays is whole, and seats by the day."""
    lines = [Line("It ends", f"On {say(ended_on)}, instead of {say(before.term.ends_on.value)}.")]
    kept, all_of_them = after.instalments, before.instalments
    less = total_of(all_of_them) - total_of(kept)
    fall = len(all_of_them) - len(kept)
    if fall:
        says = f"{fall} of {len(all_of_them)} {'falls' if fall == 1 else 'fall'} away: {after.money(less)}."
        why = Reason(f"What would be due after the last day, {say(ended_on)}, is not owed.")
        lines.append(Line("Instalments", says, (why,)))
    else:
        lines.append(Line("Instalments", "None falls away: all are due by the last day."))
    if kept:
        lines.append(
            Line("Last instalment", f"{kept[-1].label}: {after.at(kept[-1])}, in full.", _whole(before, kept, ended_on))
        )
    if after.charges:
        last = after.charges[-1]
        lines.append(Line("Seats bought besides", f"By the day; the last charge is {after.at(last)}.", last.amount.why))
    if any(before.allowances.of(kind) for kind in SEATS) or before.charges:
        lines.append(Line("Seats", f"Those of the plan end with it: they count through {say(ended_on)}."))
    return lines


def _whole(before: Sold, kept: Sequence[Due], ended_on: date) -> tuple[Reason, ...]:
    """Why the last instalment that stays is whole, though its month is not."""
    after_it = [each.due_on for each in before.instalments if each.due_on > kept[-1].due_on]
    through = add_days(after_it[0], -1) if after_it else before.term.ends_on.value
    month = f"{say(kept[-1].due_on)} to {say(through)}"
    if through <= ended_on:
        says = f"Its month, {month}, is over by the last day: there is no part of it to leave out."
    else:
        says = f"Its month, {month}, has begun by the last day, {say(ended_on)}."
    rule = "An instalment is charged in full for a month that has begun; seats bought besides are charged by the day."
    return Reason(rule), Reason(says)


def _months(number: int) -> str:
    return f"{number} month{'' if number == 1 else 's'}"
