"""The external assessors of one audit: a face of its page, inviting one, changing their days, taking it back."""

from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, EmailField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.dates import add_days
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.models.audit import Audit
from app.operations import audit_guests as operation
from app.operations import throttle
from app.queries.audit_guests import GuestRow, guest_at, guests_at
from app.queries.audits import audit_of
from app.web.audits.access import audit_or_404
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.web.too_many import too_many
from app.work import Work

area = Area("audit_guests", __name__, url_prefix="/audits")

NEEDED = InputRequired("This is needed.")
COUNTED = frozenset({"audit_guests.invite", "audit_guests.send_again"})


class DaysForm(PageForm):
    """From when and until when an assessor sees the audit."""

    since = DateField("From", [Optional()], description="The first day. Empty: from now on.")
    until = DateField("Until", [NEEDED], description="The last day. Their access ends by itself after it.")


class GuestForm(DaysForm):
    """Whom to invite, and for which days."""

    email = EmailField("Email address", [NEEDED, Length(max=254)], render_kw={"autocomplete": "off"})
    name = StringField("Name", [NEEDED, Length(max=200)], render_kw={"autocomplete": "off"})


@area.before_request
def count() -> Response | None:
    """Invitations send mail to anybody: so many in an hour and no more."""
    if request.method != "POST" or request.endpoint not in COUNTED or not current_user.is_authenticated:
        return None
    until = throttle.spend(throttle.INVITE, str(current_user.id))
    return too_many(until) if until is not None else None


@area.get("/<reference>/guests", needs=Permission.SEE_PROGRAMME)
def index(work: Work, reference: str) -> ResponseReturnValue:
    """Who looks in from outside, until when."""
    audit = audit_or_404(work, reference)
    rows = guests_at(work, audit.id)
    return render_template(
        "audit_guests/index.html",
        audit=audit,
        rows=rows,
        seeing=sum(each.standing.value == "sees" for each in rows),
    )


@area.form("/<reference>/guests/invite", needs=Permission.MANAGE_PROGRAMME)
def invite(work: Work, reference: str) -> ResponseReturnValue:
    """Invite an assessor by mail."""
    audit = _held(work, reference)
    form = GuestForm(until=_proposed(audit, work.today))
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            operation.invite(
                work,
                audit,
                email=form.email.data,
                name=form.name.data,
                since=form.since.data,
                until=form.until.data,
            )
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"The invitation of {form.name.data} to {reference} is on its way.", "success")
            return redirect(url_for("audit_guests.index", reference=reference), 303)
    page = render_template("audit_guests/invite.html", form=form, refused=refused, audit=audit)
    return page, 422 if form.is_submitted() else 200


@area.form("/<reference>/guests/<int:audit_guest_id>/days", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str, audit_guest_id: int) -> ResponseReturnValue:
    """Change the days of one."""
    audit = _held(work, reference)
    row = _row_or_404(work, audit, audit_guest_id)
    form = DaysForm(since=row.since, until=row.until)
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        guest = guest_at(work, audit.id, audit_guest_id, lock=True) or abort(404)
        try:
            operation.change_days(work, guest, since=form.since.data, until=form.until.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"The days of {row.name} were changed.", "success")
            return redirect(url_for("audit_guests.index", reference=reference), 303)
    page = render_template("audit_guests/edit.html", form=form, refused=refused, audit=audit, row=row)
    return page, 422 if form.is_submitted() else 200


@area.form("/<reference>/guests/<int:audit_guest_id>/withdraw", needs=Permission.MANAGE_PROGRAMME)
def withdraw(work: Work, reference: str, audit_guest_id: int) -> ResponseReturnValue:
    """Take the invitation back, asked once."""
    audit = _held(work, reference)
    row = _row_or_404(work, audit, audit_guest_id)
    form = PageForm()
    if not form.validate_on_submit():
        page: dict[str, Any] = {"form": form, "audit": audit, "row": row}
        return render_template("audit_guests/withdraw.html", **page), 422 if form.is_submitted() else 200
    operation.withdraw(work, guest_at(work, audit.id, audit_guest_id, lock=True) or abort(404))
    flash(f"{row.name} no longer sees {reference}.", "success")
    return redirect(url_for("audit_guests.index", reference=reference), 303)


@area.post("/<reference>/guests/<int:audit_guest_id>/send-again", needs=Permission.MANAGE_PROGRAMME)
def send_again(work: Work, reference: str, audit_guest_id: int) -> ResponseReturnValue:
    """The same offer under a new address."""
    audit = _held(work, reference)
    row = _row_or_404(work, audit, audit_guest_id)
    try:
        operation.send_again(work, guest_at(work, audit.id, audit_guest_id, lock=True) or abort(404))
    except RefusedError as refusal:
        flash(refusal.why[0].says, "danger")
    else:
        flash(f"The invitation of {row.name} is on its way again.", "success")
    return redirect(url_for("audit_guests.index", reference=reference), 303)


def _held(work: Work, reference: str) -> Audit:
    """The audit; held where something is written, so that two who invite the same person do not cross."""
    return audit_of(work, reference, lock=request.method == "POST") or abort(404)


def _row_or_404(work: Work, audit: Audit, audit_guest_id: int) -> GuestRow:
    return next((each for each in guests_at(work, audit.id) if each.id == audit_guest_id), None) or abort(404)


def _proposed(audit: Audit, today: date) -> date:
    """Two weeks after the audit: time enough to read its report."""
    return add_days(max(audit.ends_on, today), 14)
