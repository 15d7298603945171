"""An act on a subscription is shown before it is done, whoever of its two sides does it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.dates import add_days, say
from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.subscription import foreseen
from app.domain.subscription.dues import total_of
from app.domain.subscription.foreseen import Line
from app.domain.subscription.term import Pause
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.operations.received import once
from app.queries.plan_preview import Stands, audits_between, freed_by, stands, suspended_by, waiting_on
from app.queries.sellers import seller_to_ask
from app.queries.subscriptions import SEATS, monthly_of, subscription_by
from app.web.agreeing import parted, to_agree
from app.web.forms import PageForm, show_refusal
from app.web.plan.forms import AddForm, EndForm, PauseForm
from app.work import Work

Done = tuple[str, int]
"""What is said of what was done, and the subscription that is shown then."""

RESTING = (
    "stays on the programme on its day, and counts in the plan",
    "stay on the programme on their days, and count in the plan",
)
OUTSIDE = (
    "stays on the programme, and is no part of the plan then",
    "stay on the programme, and are no part of the plan then",
)


@dataclass(frozen=True, slots=True)
class Act:
    """An act: the title of its page, what its last button says, what it does, and what that brings, told after it."""

    title: str
    verb: str
    do: Callable[[], Done]
    brings: Callable[[Stands, Stands], list[Line]]


def shown_first(
    work: Work, row: Subscription, form: PageForm, act: Act, address_of: Callable[[int], str]
) -> ResponseReturnValue:
    """The form; what it would do, done and undone again; and, once just that was seen, the act itself.

    `address_of` is where a subscription stands.
    """
    is_client = row.client_id == work.home
    page: dict[str, Any] = {"row": row, "form": form, "title": act.title, "verb": act.verb, "say_money": say_money}
    page |= {"back": address_of(row.id), "is_client": is_client}
    page["asked"] = seller_to_ask(work, row) if is_client else None
    if request.method == "GET":
        return render_template("plan/act.html", **page)
    if not form.validate():
        return render_template("plan/act.html", **page), 422
    typed = "|".join(f"{name}={value}" for name, value in form.data.items() if name not in ("agreed", "csrf_token"))
    key, seen = parted(form["agreed"].data)
    before = stands(work, row)
    says: list[str] = []

    def do() -> str:
        said, id_ = act.do()
        says.append(said)
        return str(id_)

    try:
        came = once(work, key, str(request.endpoint), {"subscription": row.id, "shown": seen}, do) if key else None
        shown_id = int(came.result if came else do())
    except RefusedError as refusal:
        return render_template("plan/act.html", **page, refused=show_refusal(form, refusal)), 422
    if not says:
        flash("That was done already, and is done once.", "success")
        return redirect(address_of(shown_id), 303)
    changed = subscription_by(work, shown_id) or row
    after = stands(work, changed)
    lines, lost = [*act.brings(before, after), *freed_by(before, after)], suspended_by(before, after)
    # Of what was typed and of what that brings: where either has changed meanwhile, it is shown again.
    stamp = sha256(f"{typed}|{lines}|{lost}|{after.sold.dues}".encode()).hexdigest()
    if seen == stamp:
        flash(says[0], "success")
        return redirect(address_of(shown_id), 303)
    form["agreed"].data = to_agree(stamp)
    # 422 undoes it again: what stands on the page is what it would be, to the day and the minor unit.
    page |= {"lines": lines, "lost": lost, "changed": changed}
    page |= {"dues": after.sold.dues, "total": total_of(after.sold.dues)}
    return render_template("plan/act.html", **page, after=after), 422


def add(work: Work, row: Subscription, words: tuple[str, str], address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Seats, or more of what is counted; `words` are the title of the page and what its last button says."""
    form = AddForm()
    if request.method == "GET":
        form.starts_on.data = max(work.today, row.starts_on)
        form.what.data = request.args.get("what", form.what.data)

    def do() -> Done:
        details = form.details(row.currency)
        operation.add(work, row.id, details)
        return f"{details.what.counted(details.quantity, 'more')} from {say(details.starts_on)}.", row.id

    def brings(before: Stands, after: Stands) -> list[Line]:
        bought = form.details(row.currency)
        monthly = monthly_of(row, bought.what)
        lines = foreseen.of_bought(before.sold, after.sold, bought.what, bought.quantity, bought.starts_on, monthly)
        # Who waits, is the client's to know.
        if bought.what in SEATS and row.client_id == work.home:
            lines.append(waiting_on(work, SEATS[bought.what], bought.starts_on))
        return lines

    return shown_first(work, row, form, Act(*words, do, brings), address_of)


def pause(work: Work, row: Subscription, address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Whole months in which it rests."""
    form = PauseForm()

    def do() -> Done:
        operation.pause(work, row.id, form.starts_on.data, form.months.data, form.reason.data)
        return f"{row.reference} rests from {say(form.starts_on.data)}.", row.id

    def brings(before: Stands, after: Stands) -> list[Line]:
        rest = Pause(form.starts_on.data, form.months.data)
        lines = foreseen.of_paused(before.sold, after.sold, rest)
        if row.client_id == work.home:
            within = audits_between(work, rest.starts_on, after.sold.term.last_of(rest))
            lines.append(_audits(within, "within the pause", RESTING))
        return lines

    return shown_first(work, row, form, Act("Pause", "Pause", do, brings), address_of)


def end(work: Work, row: Subscription, address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Its last day, before its term."""
    form = EndForm()

    def do() -> Done:
        operation.end(work, row.id, form.ended_on.data, form.reason.data)
        return f"{row.reference} ends on {say(form.ended_on.data)}.", row.id

    def brings(before: Stands, after: Stands) -> list[Line]:
        lines = foreseen.of_ended(before.sold, after.sold, form.ended_on.data)
        if row.client_id == work.home:
            later = audits_between(work, add_days(form.ended_on.data, 1), before.sold.term.ends_on.value)
            lines.append(_audits(later, "after the last day", OUTSIDE))
        return lines

    return shown_first(work, row, form, Act("End", "End it", do, brings), address_of)


def _audits(found: tuple[str, ...], where: str, what: tuple[str, str]) -> Line:
    """What becomes of the audits on the programme; `what` is said of one, and of several."""
    if not found:
        return Line("Audits", f"None on the programme begins {where}.")
    if len(found) == 1:
        return Line("Audits", f"1 audit begins {where}: it {what[0]}. Move it if it is to wait.", each=found)
    says = f"{len(found)} audits begin {where}: they {what[1]}. Move those that are to wait."
    return Line("Audits", says, each=found)
