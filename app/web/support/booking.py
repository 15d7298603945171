"""Book a slot, move a session to another, cancel one, and record one's own action as done."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.subscription.support import FreeSlot, Span, next_free, refuse_ended, refuse_slot, say_span
from app.models.support import SupportBooking
from app.operations import support as operation
from app.operations import support_sessions
from app.operations.conflict import ConflictError
from app.operations.received import once
from app.operations.support import Wanted
from app.queries.support import former_provider, has_support, names_of, own_diaries, seller_of, support_use
from app.web.corrective_actions.taking import take
from app.web.support.area import area, changes, session_or_404, wanted_or_404, zone_shown
from app.web.support.forms import BookForm, CancelForm
from app.web.support.pages import beyond, slot_url
from app.work import Work


@area.form("/book", needs=Permission.BOOK_SUPPORT)
def book(work: Work) -> ResponseReturnValue:
    """Book the slot that the address names; whoever comes second is offered the next that is free."""
    wanted = wanted_or_404()

    def act(form: BookForm) -> str:
        return str(operation.book(work, wanted, form.agenda.data or "").id)

    return _ask(work, wanted, None, act, "The session is booked. It is on its way to both calendars.")


@area.form("/<int:booking_id>/move", needs=Permission.BOOK_SUPPORT)
def move(work: Work, booking_id: int) -> ResponseReturnValue:
    """Move a session to the slot that the address names."""
    booking = _changed_or_refused(work, booking_id)
    wanted = wanted_or_404()

    def act(form: BookForm) -> str:
        return str(operation.move(work, booking_id, form.seen_version, wanted, form.agenda.data or "").id)

    return _ask(work, wanted, booking, act, "The session is moved. Both calendars are told.")


@area.form("/<int:booking_id>/cancel", needs=Permission.BOOK_SUPPORT)
def cancel(work: Work, booking_id: int) -> ResponseReturnValue:
    """Cancel a session; its slot is free for others again."""
    booking = _changed_or_refused(work, booking_id)
    form = CancelForm()

    def act() -> str:
        return str(operation.cancel(work, booking_id, form.seen_version, form.reason.data or "").id)

    return take(
        work,
        form,
        "support/cancel.html",
        act,
        version=booking.version,
        done=f"{booking.reference} is cancelled. Both calendars are told.",
        to=_page,
        booking=booking,
        when=say_span(Span(booking.starts_at, booking.ends_at), zone_shown()),
    )


@area.post("/<int:booking_id>/actions/<int:action_id>/done", needs=Permission.BOOK_SUPPORT)
def finish(work: Work, booking_id: int, action_id: int) -> ResponseReturnValue:
    """Record an action of one's own as done."""
    session_or_404(work, booking_id)
    try:
        support_sessions.finish_own(work, booking_id, action_id)
    except RefusedError:
        abort(404)
    flash("The action is done.", "success")
    return redirect(_page(str(booking_id)), 303)


def _ask(
    work: Work, wanted: Wanted, moved: SupportBooking | None, act: Callable[[BookForm], str], done: str
) -> ResponseReturnValue:
    seller = seller_of(work, wanted.support_person_id)
    if seller is None:
        return _ended_or_404(work, wanted)
    form, zone = BookForm(), zone_shown()
    diaries = own_diaries(work, moved.id if moved is not None else None)
    diary = next((each for each in diaries if each.id == wanted.support_person_id), None)
    if diary is None:
        abort(404)
    page: dict[str, Any] = {
        "form": form,
        "moved": moved,
        "when": say_span(Span(wanted.starts_at, wanted.starts_at + diary.terms.length), zone),
        "who": names_of(work, [diary.id])[diary.id],
        "beyond": beyond(support_use(work, seller)) if moved is None else "",
    }

    def refused(refusal: RefusedError) -> str:
        # Where it is the slot that is refused, another helps.
        free = None
        if refusal.field == "slot":
            free = next_free(own_diaries(work, moved.id if moved is not None else None), wanted.starts_at, work.now)
        instead = _said(work, free, zone, moved)
        return render_template("support/book.html", **page, refused=refusal.why, instead=instead)

    if request.method == "GET":
        form.entry_key.data = str(uuid4())
        if moved is not None:
            form.agenda.data, form.seen.data = moved.agenda, str(moved.version)
        try:
            refuse_slot(diary, wanted.starts_at, work.now)
        except RefusedError as refusal:
            return refused(refusal)
        return render_template("support/book.html", **page)
    if not form.validate():
        return render_template("support/book.html", **page), 422
    try:
        said = {"person": wanted.support_person_id, "at": wanted.starts_at.isoformat(), "agenda": form.agenda.data}
        result = once(work, form.entry_key.data or "", str(request.endpoint), said, lambda: act(form)).result
    except ConflictError as conflict:
        form.seen.data = str(conflict.now.version)
        return render_template("support/book.html", **page, refused=conflict.why), 422
    except RefusedError as refusal:
        return refused(refusal), 422
    flash(done, "success")
    return redirect(_page(result), 303)


def _ended_or_404(work: Work, wanted: Wanted) -> ResponseReturnValue:
    """What a page that was opened before an agreement ended is told; a support person of a stranger is none."""
    former = former_provider(work, wanted.support_person_id) or abort(404)
    try:
        refuse_ended(former)
    except RefusedError as refusal:
        flash(str(refusal), "warning")
    return redirect(url_for("support.index" if has_support(work) else "my_work.show"), 303)


def _said(work: Work, slot: FreeSlot | None, zone: str, moved: SupportBooking | None) -> dict[str, str] | None:
    if slot is None:
        return None
    who = names_of(work, [slot.person_id]).get(slot.person_id, "")
    return {"when": say_span(slot.span, zone), "who": who, "url": slot_url(slot, moved.id if moved else None)}


def _changed_or_refused(work: Work, booking_id: int) -> SupportBooking:
    booking = session_or_404(work, booking_id)
    if not changes(booking):
        abort(403)
    return booking


def _page(booking_id: str) -> str:
    return url_for("support.show", booking_id=int(booking_id))
