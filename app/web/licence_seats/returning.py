"""Check seats in, one or many at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import seats as operation
from app.web.fields import DayField, TicksField, row_id
from app.web.forms import PageForm, show_refusal
from app.web.licence_seats.area import area
from app.work import Work


class CheckInForm(PageForm):
    """Which seats, and the last day on which they are held."""

    seats = TicksField("Seats", validate_choice=False)
    last_day = DayField(
        "Last day",
        validators=[InputRequired("Give the last day, as 2027-03-14.")],
        description="The seat is free from the day after. One that has not begun by then is taken back whole.",
    )


def _ids(said: list[str]) -> list[int]:
    found = []
    for each in said[: operation.MOST + 1]:
        try:
            found.append(row_id(each))
        except ValueError:
            found.append(-1)
    return found


@area.form("/check-in", needs=Permission.MANAGE_ASSETS)
def check_in(work: Work) -> ResponseReturnValue:
    """See once more what was chosen, and check it in from a day on."""
    form = CheckInForm()
    asked = request.args.getlist("seat") if request.method == "GET" else form.seats.data or []
    refused: Any = None
    seats: list[Any] = []
    try:
        seats = operation.seats_by(work, _ids(asked))
    except RefusedError as refusal:
        refused = refusal.why
    form.seats.choices = [(str(each.id), _says(each)) for each in seats]
    if request.method == "GET":
        form.seats.data, form.last_day.data = asked, work.today
        return render_template("licence_seats/check_in.html", form=form, seats=seats, refused=refused)
    if seats and form.validate():
        try:
            count = operation.check_in(work, seats, form.last_day.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash("1 seat is checked in." if count == 1 else f"{count} seats are checked in.", "success")
            return redirect(url_for("licence_seats.index", standing="held"), 303)
    return render_template("licence_seats/check_in.html", form=form, seats=seats, refused=refused), 422


def _says(seat: Any) -> str:
    until = f" through {seat.ends_on}" if seat.ends_on else ""
    return f"{operation.holder_of(seat)}, {seat.pool.name}, from {seat.starts_on}{until}"
