"""A completion with its certificate: seen by the learner and by who manages training, printed, revoked."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.completion import worth
from app.models.completion import Completion
from app.operations import completions as operation
from app.outputs.training_certificate import certificate_as_pdf
from app.queries.attachments import attachments_on
from app.queries.enrolments import completion_by
from app.web.exporting import file_response
from app.web.fields import read_version
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area, may
from app.work import Work

area = Area("completions", __name__, url_prefix="/completions")


class RevokeForm(PageForm):
    """Why a completion is taken back."""

    version = HiddenField()
    reason = TextAreaField("Reason", [Length(max=2000)], description="The learner reads it, and the journal keeps it.")


@area.get("/<int:completion_id>", needs=Permission.TAKE_TRAINING)
def show(work: Work, completion_id: int) -> ResponseReturnValue:
    """What was completed, until when it counts, and how anybody verifies it."""
    row = _seen_or_404(work, completion_id)
    return render_template(
        "completions/show.html",
        row=row,
        worth=worth(row.valid_until, work.today, is_revoked=row.revoked_at is not None),
        address=_address(row),
        files=attachments_on(work, completion_id=row.id),
        is_own=row.person_id == current_user.id,
    )


@area.get("/<int:completion_id>/certificate.pdf", needs=Permission.TAKE_TRAINING)
def certificate(work: Work, completion_id: int) -> ResponseReturnValue:
    """The certificate on paper; one that is revoked, or was given elsewhere, is not printed."""
    row = _seen_or_404(work, completion_id)
    address = _address(row)
    if row.number is None or address is None or row.revoked_at is not None:
        abort(404)
    made = certificate_as_pdf(work.organisation.name, row, address)
    return file_response(made, f"{row.number}.pdf", inline=True)


@area.form("/<int:completion_id>/revoke", needs=Permission.MANAGE_TRAINING)
def revoke(work: Work, completion_id: int) -> ResponseReturnValue:
    """Take a completion back, asked once, with a reason."""
    row = completion_by(work, completion_id, lock=request.method == "POST") or abort(404)
    form = RevokeForm(data={"version": str(row.version)})
    refused = None
    if form.validate_on_submit():
        try:
            operation.revoke(work, row, form.reason.data or "", read_version(form.version.data))
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash("The completion is revoked: it counts no more.", "success")
            return redirect(url_for("completions.show", completion_id=completion_id), 303)
    page = render_template("completions/revoke.html", row=row, form=form, refused=refused)
    return page, 422 if form.is_submitted() else 200


def _seen_or_404(work: Work, completion_id: int) -> Completion:
    """A completion of the visitor; of others for who manages training."""
    row = completion_by(work, completion_id)
    if row is None or (row.person_id != current_user.id and not may(Permission.MANAGE_TRAINING)):
        abort(404)
    return row


def _address(row: Completion) -> str | None:
    """Where anybody verifies the number: as the settings know the address, not as this browser names the server."""
    if row.number is None:
        return None
    return f"{current_app.extensions['settings'].public_url}{url_for('verification.show', number=row.number)}"
