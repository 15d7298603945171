"""The provider's side of agreements: proposed to clients, accepted, ended; what is seen the client alone decides."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.agreement import Share, Standing, shares_of
from app.models.agreement import Agreement
from app.operations import agreements as operation
from app.queries.agreements import agreements_made
from app.web.agreements.forms import ProposalForm
from app.web.forms import show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("client_agreements", __name__, url_prefix="/client-agreements")


@area.get("/", needs=Permission.SELL_PLANS)
def index(work: Work) -> ResponseReturnValue:
    """Every client, what is proposed, and what was."""
    rows = [(row, name, shares_of(row.shares.split())) for row, name in agreements_made(work)]
    return render_template("client_agreements/index.html", rows=rows, Share=Share)


@area.form("/propose", needs=Permission.SELL_PLANS)
def propose(work: Work) -> ResponseReturnValue:
    """Propose an agreement to a client; whether there is such an organisation is not told before it answers."""
    form = ProposalForm()
    refused: tuple[Reason, ...] = ()
    if request.method == "GET":
        form.begin()
        return render_template("client_agreements/propose.html", form=form)
    if form.validate():
        try:
            row = operation.propose_to_client(work, form.address.data, form.chosen, form.message.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"Proposed to {row.addressed_to}. If it is there, its administrators have a mail.", "success")
            return redirect(url_for("client_agreements.index"), 303)
    return render_template("client_agreements/propose.html", form=form, refused=refused), 422


@area.post("/<int:agreement_id>/accept", needs=Permission.SELL_PLANS)
def accept(work: Work, agreement_id: int) -> ResponseReturnValue:
    """Accept what a client proposes, as the client wrote it."""
    row, name = _agreement_or_404(work, agreement_id)
    try:
        operation.accept_as_provider(work, row.id)
    except RefusedError as refusal:
        page = render_template("client_agreements/end.html", row=row, name=name, refused=refusal.why)
        return page, 422
    flash(f"The agreement with {name} is live.", "success")
    return redirect(url_for("client_agreements.index"), 303)


@area.form("/<int:agreement_id>/end", needs=Permission.SELL_PLANS)
def end(work: Work, agreement_id: int) -> ResponseReturnValue:
    """End a live agreement, decline what is proposed, or take one's own proposal back, after asking once."""
    row, name = _agreement_or_404(work, agreement_id)
    refused: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            if row.standing is Standing.PROPOSED and row.proposed_by_client:
                operation.decline(work, row.id, as_client=False)
            else:
                operation.end(work, row.id, as_client=False)
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(f"The agreement with {name} is {row.standing.value}.", "success")
            return redirect(url_for("client_agreements.index"), 303)
    page = render_template("client_agreements/end.html", row=row, name=name, refused=refused)
    return page, 422 if refused else 200


def _agreement_or_404(work: Work, agreement_id: int) -> tuple[Agreement, str]:
    found = next((each for each in agreements_made(work) if each[0].id == agreement_id), None)
    if found is None:
        abort(404)
    return found
