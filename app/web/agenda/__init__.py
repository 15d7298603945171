"""The secret address at which an auditee looks at their items and confirms them: no account is needed."""

from datetime import timedelta

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations import agenda_confirmations, throttle
from app.operations.throttle import Limit
from app.web.gate import Area
from app.web.too_many import too_many
from app.work import Work

area = Area("agenda", __name__, of_organisation=False)

LOOKS = Limit("agenda-confirmation", 100, timedelta(minutes=15))
"""By network address, whether the secret is right or wrong."""


@area.before_request
def count() -> Response | None:
    """Count a try before the gate opens a transaction, and refuse it where it is one too many."""
    until = throttle.spend(LOOKS, throttle.network_of(request.remote_addr))
    return too_many(until) if until is not None else None


@area.form("/agenda/<token>", needs=Permission.PUBLIC)
def confirm(opened: Work, token: str) -> ResponseReturnValue:
    """Show an auditee what is theirs, and keep their confirmation; a wrong or an old address is not there.

    Who kept the right one after the audit is told that it is over.
    """
    known = agenda_confirmations.asked_by(opened, token)
    if known is None:
        abort(404)
    organisation_id, reference, hashed = known
    posted = request.method == "POST"
    with opened.within(organisation_id) as inside:
        found = agenda_confirmations.behind(inside, reference, hashed, lock=posted)
        if found is None:
            over = agenda_confirmations.over_behind(inside, reference)
            if over is None:
                abort(404)
            return render_template("agenda/over.html", over=over), 410
        confirmed = posted and agenda_confirmations.confirm(inside, found, request.form.get("stamp", ""))
    if confirmed:
        flash("Thank you: it is confirmed.", "success")
        return redirect(url_for("agenda.confirm", token=token), 303)
    page = render_template("agenda/confirm.html", asked=found, token=token, changed=posted)
    return page, 422 if posted else 200
