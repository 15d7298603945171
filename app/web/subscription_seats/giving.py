"""Assign seats to one or many, put people on the waiting list, and release seats."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.subscription.seats import SeatKind
from app.operations import subscription_seats as operation
from app.queries.learners import LearnerFilters, learners
from app.queries.seat_pages import audits_to_come, candidates, kind_now, rows_by
from app.queries.training_standing import still_to_take
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.subscription_seats.area import KIND, area
from app.web.subscription_seats.forms import AssignForm, ReleaseForm, readable
from app.work import Work

SHOWN = 100


@area.form(f"/{KIND}/assign", needs=Permission.MANAGE_SEATS)
def assign(work: Work, word: str) -> ResponseReturnValue:
    """Tick who gets a seat; or, where none is free, who waits for one."""
    kind = SeatKind(word)
    form = AssignForm()
    if request.method == "GET":
        form.people.data = [str(each) for each in readable(request.args.getlist("people"))][:SHOWN]
        form.from_on.data = max(request.args.get("from", work.today, type=date.fromisoformat), work.today)
        return _page(work, kind, form)
    if request.form.get("narrow"):
        # Only the list is asked for anew; what is ticked stays ticked.
        form.process(request.form)
        return _page(work, kind, form)
    waits = bool(request.form.get("wait"))
    if not form.validate() and not (waits and form.ticked):
        return _page(work, kind, form, status=422)
    try:
        if waits:
            for each in form.ticked:
                operation.wait(work, kind, each)
        else:
            operation.assign(work, kind, form.ticked, form.from_on.data, form.released_on.data)
    except RefusedError as refusal:
        return _page(work, kind, form, refused=show_refusal(form, refusal), status=422)
    many = len(form.ticked)
    if waits:
        flash(f"{'1 person waits' if many == 1 else f'{many} people wait'} for a seat.", "success")
    else:
        flash(f"{'1 seat is' if many == 1 else f'{many} seats are'} assigned.", "success")
    return redirect(url_for("subscription_seats.show", word=word), 303)


def _page(work: Work, kind: SeatKind, form: AssignForm, *, refused: Any = (), status: int = 200) -> tuple[str, int]:
    text = request.values.get("q", "").strip()[:200]
    rows, total = candidates(work, kind, text, form.ticked, SHOWN)
    page = render_template(
        "subscription_seats/assign.html",
        kind=kind,
        now=kind_now(work, kind),
        form=form,
        refused=refused,
        rows=rows,
        total=total,
        ticked=form.ticked,
        text=text,
    )
    return page, status


@area.form("/release", needs=Permission.MANAGE_SEATS)
def release(work: Work) -> ResponseReturnValue:
    """The seats that the address names, and the day on which they are free again."""
    ids = readable(request.args.getlist("seat"))
    if len(ids) > operation.MOST_AT_ONCE:
        abort(400)
    rows = rows_by(work, ids)
    if len(rows) != len(ids):
        abort(404)
    back = url_for("subscription_seats.show", word=rows[0].kind.value) if rows else url_for("subscription_seats.index")
    form = ReleaseForm()
    auditors = [row.person_id for row in rows if row.kind is SeatKind.AUDIT_MANAGER]
    taking = frozenset(row.person_id for row in rows if row.kind is SeatKind.LMS)
    page: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "back": back,
        "audits": audits_to_come(work, auditors),
        "courses": still_to_take(work, learners(work, LearnerFilters(people=taking))),
    }
    if request.method == "GET":
        form.day.data = work.today
        return render_template("subscription_seats/release.html", **page)
    if not form.validate():
        return render_template("subscription_seats/release.html", **page), 422
    try:
        operation.release(work, ids, form.day.data)
    except RefusedError as refusal:
        return render_template("subscription_seats/release.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{'1 seat is' if len(ids) == 1 else f'{len(ids)} seats are'} released.", "success")
    return redirect(back, 303)


@area.post(f"/{KIND}/waiting/leave", needs=Permission.MANAGE_SEATS)
def stop_waiting(work: Work, word: str) -> ResponseReturnValue:
    """Take somebody off the waiting list."""
    person_id = request.form.get("person", type=row_id)
    if person_id is None or not operation.stop_waiting(work, SeatKind(word), person_id):
        abort(404)
    flash("They are off the waiting list.", "success")
    return redirect(url_for("subscription_seats.show", word=word), 303)
