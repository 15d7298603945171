"""Check seats in: one, or all that are ticked."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import seats as operation
from app.queries.seats import seats_by
from app.web.fields import LARGEST_ID
from app.web.forms import show_refusal
from app.web.licence_seats.area import area, pool_url, url_of_holder
from app.web.licence_seats.forms import CheckInForm
from app.work import Work


@area.form("/check-in", needs=Permission.MANAGE_ASSETS)
def check_in(work: Work) -> ResponseReturnValue:
    """The seats that the address names, and the last day on which they are held."""
    ids = {each for each in request.args.getlist("seat", type=int) if 0 < each <= LARGEST_ID}
    if len(ids) > operation.MOST_AT_ONCE:
        abort(400)
    seats = seats_by(work, ids)
    if len(seats) != len(ids):
        abort(404)
    back = url_for("licence_seats.index")
    if request.args.get("back") == "holder" and len({url_of_holder(seat) for seat in seats}) == 1:
        back = url_of_holder(seats[0])
    form = CheckInForm()
    page: dict[str, Any] = {
        "form": form,
        "seats": seats,
        "back": back,
        "pool_url": pool_url,
        "holder_url": url_of_holder,
    }
    if request.method == "GET":
        form.last_day.data = work.today
        return render_template("licence_seats/check_in.html", **page)
    if not form.validate():
        return render_template("licence_seats/check_in.html", **page), 422
    try:
        count = operation.check_in(work, ids, form.last_day.data)
    except RefusedError as refusal:
        return render_template("licence_seats/check_in.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{'1 seat is' if count == 1 else f'{count} seats are'} checked in.", "success")
    return redirect(back, 303)
