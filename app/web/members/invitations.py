"""Inviting somebody, and what may become of an invitation that was not accepted yet."""

from collections.abc import Callable

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.models.organisation import Invitation
from app.operations import invitations, throttle
from app.queries.subscription_seats import kinds_free
from app.web.forms import show_refusal
from app.web.members.area import area
from app.web.members.forms import InviteForm
from app.web.too_many import too_many
from app.work import Work

COUNTED = {"members.invite": "INVITE", "members.send_again": "INVITE", "members.preview": "INVITE_MANY"}


@area.before_request
def count() -> Response | None:
    """Invitations send mail to anybody: so many in an hour and no more."""
    name = COUNTED.get(request.endpoint or "")
    if request.method != "POST" or name is None or not current_user.is_authenticated:
        return None
    until = throttle.spend(getattr(throttle, name), str(current_user.id))
    return too_many(until) if until is not None else None


@area.form("/invite", needs=Permission.MANAGE_MEMBERS)
def invite(work: Work) -> ResponseReturnValue:
    """Invite somebody by mail."""
    form = InviteForm()
    form.offer(kinds_free(work))
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            row = invitations.invite(
                work,
                email=form.email.data,
                name=form.name.data,
                roles=form.roles.roles,
                access_until=form.access_until.data,
                seats=form.offered,
            )
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"The invitation of {row.name} is on its way to {row.email}.", "success")
            return redirect(url_for("members.index"), 303)
    page = render_template("members/invite.html", form=form, refused=refused)
    return page, 422 if form.is_submitted() else 200


@area.post("/invitations/<int:invitation_id>/send-again", needs=Permission.MANAGE_MEMBERS)
def send_again(work: Work, invitation_id: int) -> ResponseReturnValue:
    """The same offer under a new address."""
    return _done(work, invitation_id, invitations.send_again, "The invitation of {} is on its way again.")


@area.post("/invitations/<int:invitation_id>/withdraw", needs=Permission.MANAGE_MEMBERS)
def withdraw(work: Work, invitation_id: int) -> ResponseReturnValue:
    """The mailed address no longer works."""
    return _done(work, invitation_id, invitations.withdraw, "The invitation of {} is withdrawn.")


def _done(work: Work, invitation_id: int, act: Callable[[Work, int], Invitation], says: str) -> ResponseReturnValue:
    try:
        row = act(work, invitation_id)
    except LookupError:
        abort(404)
    flash(says.format(row.name or row.email), "success")
    return make_response(redirect(url_for("members.index"), 303))
