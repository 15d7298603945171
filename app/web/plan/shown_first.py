"""An act on a subscription is shown before it is done, whoever of its two sides does it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.subscription.dues import total_of
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.operations.received import once
from app.queries.plan_page import suspended_names
from app.queries.subscriptions import dues_of, subscription_by, term_of
from app.web.agreeing import key_of, to_agree
from app.web.forms import PageForm, show_refusal
from app.web.plan.forms import AddForm, EndForm, PauseForm
from app.work import Work

Done = tuple[str, int]
"""What is said of what was done, and the subscription that is shown then."""


def shown_first(
    work: Work,
    row: Subscription,
    form: PageForm,
    words: tuple[str, str],
    act: Callable[[], Done],
    address_of: Callable[[int], str],
) -> ResponseReturnValue:
    """The form; what it would do, done and undone again; and, once just that was seen, the act itself.

    `words` are the title of the page and what its last button says; `address_of` is where a subscription stands.
    """
    title, verb = words
    page: dict[str, Any] = {"row": row, "form": form, "title": title, "verb": verb, "say_money": say_money}
    page |= {"back": address_of(row.id), "is_client": row.client_id == work.home}
    if request.method == "GET":
        return render_template("plan/act.html", **page)
    if not form.validate():
        return render_template("plan/act.html", **page), 422
    stamp = "|".join(f"{name}={value}" for name, value in form.data.items() if name not in ("agreed", "csrf_token"))
    key = key_of(form["agreed"].data, stamp)
    before = _standing(work, row)
    words_said = ["That was done already, and once."]

    def do() -> str:
        words_said[0], id_ = act()
        return str(id_)

    try:
        if key:
            deed = {"subscription": row.id, "shown": stamp}
            shown_id = int(once(work, key, str(request.endpoint), deed, do).result)
        else:
            shown_id = int(do())
    except RefusedError as refusal:
        return render_template("plan/act.html", **page, refused=show_refusal(form, refusal)), 422
    if key:
        flash(words_said[0], "success")
        return redirect(address_of(shown_id), 303)
    changed = subscription_by(work, shown_id)
    form["agreed"].data = to_agree(stamp)
    # 422 undoes it again: what stands on the page is what it would be, to the day and the minor unit.
    after = _standing(work, changed or row)
    return render_template("plan/act.html", **page, before=before, after=after), 422


def _standing(work: Work, row: Subscription) -> dict[str, Any]:
    dues = dues_of(row)
    return {
        "row": row,
        "reference": row.reference,
        "ends_on": term_of(row).ends_on,
        "dues": dues,
        "total": total_of(dues),
        # Whose seat it is, is the client's to know.
        "suspended": suspended_names(work) if row.client_id == work.home else [],
    }


def add(work: Work, row: Subscription, words: tuple[str, str], address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Seats, or more of what is counted."""
    form = AddForm()
    if request.method == "GET":
        form.starts_on.data = max(work.today, row.starts_on)

    def act() -> Done:
        details = form.details(row.currency)
        operation.add(work, row.id, details)
        return f"{details.quantity} × {details.what.one} more from {say(details.starts_on)}.", row.id

    return shown_first(work, row, form, words, act, address_of)


def pause(work: Work, row: Subscription, address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Whole months in which it rests."""
    form = PauseForm()

    def act() -> Done:
        operation.pause(work, row.id, form.starts_on.data, form.months.data, form.reason.data)
        return f"{row.reference} rests from {say(form.starts_on.data)}.", row.id

    return shown_first(work, row, form, ("Pause", "Pause"), act, address_of)


def end(work: Work, row: Subscription, address_of: Callable[[int], str]) -> ResponseReturnValue:
    """Its last day, before its term."""
    form = EndForm()

    def act() -> Done:
        operation.end(work, row.id, form.ended_on.data, form.reason.data)
        return f"{row.reference} ends on {say(form.ended_on.data)}.", row.id

    return shown_first(work, row, form, ("End", "End it"), act, address_of)
