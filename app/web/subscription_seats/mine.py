"""One's own seats: how they stand, what one may do without, and asking for one."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.seats import SeatKind
from app.operations import subscription_seats as operation
from app.queries.seat_pages import own_standing, say_standing
from app.queries.subscription_seats import history_of, suspensions
from app.web.subscription_seats.area import KIND, area
from app.work import Work


@area.get("/mine", needs=Permission.HOLD_SEAT)
def mine(work: Work) -> ResponseReturnValue:
    """The visitor's seats of each kind, now and before."""
    return _page(work)


@area.post(f"/mine/{KIND}/ask", needs=Permission.HOLD_SEAT)
def ask(work: Work, word: str) -> ResponseReturnValue:
    """Ask for a seat: a place on the waiting list."""
    try:
        operation.wait(work, SeatKind(word), current_user.id)
    except RefusedError as refusal:
        return _page(work, refusal.why), 422
    flash("You are on the waiting list. Whoever hands out seats sees it.", "success")
    return redirect(url_for("subscription_seats.mine"), 303)


@area.post(f"/mine/{KIND}/leave", needs=Permission.HOLD_SEAT)
def leave(work: Work, word: str) -> ResponseReturnValue:
    """Wait no longer."""
    if not operation.stop_waiting(work, SeatKind(word), current_user.id):
        abort(404)
    flash("You are off the waiting list.", "success")
    return redirect(url_for("subscription_seats.mine"), 303)


def _page(work: Work, refused: tuple[Reason, ...] = ()) -> str:
    turning = {id_: day for kind in SeatKind for id_, day in suspensions(work, kind).items()}
    rows = [(row, say_standing(row, turning.get(row.id), work.today)) for row in history_of(work, current_user.id)]
    return render_template(
        "subscription_seats/mine.html",
        kinds=[own_standing(work, kind, current_user.id) for kind in SeatKind],
        rows=rows,
        turning=turning,
        refused=refused,
    )
