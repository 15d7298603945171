"""The client's side: what is proposed is accepted with ticks, the ticks are changed, and the agreement ended."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.agreement import Share, Standing, shares_of
from app.models.agreement import Agreement
from app.operations import agreements as operation
from app.operations.conflict import ConflictError
from app.queries.agreements import agreements_offered
from app.queries.consent import why_not
from app.web.agreements.area import area
from app.web.agreements.forms import ProposalForm, SharesForm
from app.web.fields import read_version
from app.web.forms import show_refusal
from app.work import Work


@area.get("/", needs=Permission.MANAGE_SETTINGS)
def index(work: Work) -> ResponseReturnValue:
    """Every provider, what is proposed, and what was."""
    rows = [(row, name, shares_of(row.shares.split())) for row, name in agreements_offered(work)]
    return render_template("agreements/index.html", rows=rows, Share=Share)


@area.form("/propose", needs=Permission.MANAGE_SETTINGS)
def propose(work: Work) -> ResponseReturnValue:
    """Propose an agreement to a provider, and say what it will see."""
    form = ProposalForm()
    refused: tuple[Reason, ...] = ()
    if request.method == "GET":
        form.begin()
        return render_template("agreements/propose.html", form=form)
    if form.validate():
        try:
            row = operation.propose_to_provider(work, form.address.data, form.chosen, form.message.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"Proposed to {row.addressed_to}. Nothing is shown to it before it accepts.", "success")
            return redirect(url_for("agreements.index"), 303)
    return render_template("agreements/propose.html", form=form, refused=refused), 422


@area.form("/<int:agreement_id>", needs=Permission.MANAGE_SETTINGS)
def choose(work: Work, agreement_id: int) -> ResponseReturnValue:
    """Accept what a provider proposes, or change what it sees; both with ticks."""
    row, name = _agreement_or_404(work, agreement_id)
    form = SharesForm()
    refused: tuple[Reason, ...] = ()
    asked = row.standing is Standing.PROPOSED and not row.proposed_by_client
    if request.method == "GET":
        if not asked and row.standing is not Standing.LIVE:
            return redirect(url_for("agreements.index"), 303)
        _fill(form, row)
        both = why_not(work, row.organisation_id, Permission.MANAGE_SETTINGS)
        return render_template("agreements/choose.html", form=form, row=row, name=name, asked=asked, both_agree=both)
    if form.validate():
        try:
            if asked:
                operation.accept_as_client(work, row.id, form.chosen)
            else:
                operation.change_shares(work, row.id, read_version(form.seen.data), form.chosen)
        except ConflictError as conflict:
            _fill(form, conflict.now)
            refused = (*conflict.why, Reason("How it stands now is ticked below."))
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"The agreement with {name} is {'live' if asked else 'saved'}.", "success")
            return redirect(url_for("agreements.index"), 303)
    return render_template("agreements/choose.html", form=form, row=row, name=name, asked=asked, refused=refused), 422


@area.form("/<int:agreement_id>/end", needs=Permission.MANAGE_SETTINGS)
def end(work: Work, agreement_id: int) -> ResponseReturnValue:
    """End a live agreement, decline what is proposed, or take one's own proposal back, after asking once."""
    row, name = _agreement_or_404(work, agreement_id)
    refused: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            if row.standing is Standing.PROPOSED and not row.proposed_by_client:
                operation.decline(work, row.id, as_client=True)
            else:
                operation.end(work, row.id, as_client=True)
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(f"The agreement with {name} is {row.standing.value}.", "success")
            return redirect(url_for("agreements.index"), 303)
    page = render_template("agreements/end.html", row=row, name=name, refused=refused)
    return page, 422 if refused else 200


def _fill(form: SharesForm, row: Agreement) -> None:
    form.shares.data = row.shares.split()
    form.seen.data = str(row.version)


def _agreement_or_404(work: Work, agreement_id: int) -> tuple[Agreement, str]:
    found = next((each for each in agreements_offered(work) if each[0].id == agreement_id), None)
    if found is None:
        abort(404)
    return found
