"""Decide differences of a run: one, the ticked ones, or all that are asked for; ours may follow in the same act."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.reconciliation import Finding, Settlement
from app.domain.permission import Permission
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations import reconciliations as operation
from app.operations.corrections import correct, corrections_of
from app.operations.reconciliations import MOST_DECIDED
from app.queries.reconciliations import later_run, lines_to_decide, references_of
from app.web.fields import LARGEST_ID
from app.web.forms import show_refusal
from app.web.reconciliations.area import area, run_or_404
from app.web.reconciliations.forms import DecisionForm
from app.web.reconciliations.page import Told, address, asked_filters, told, with_serials
from app.work import Work

SHOWN = 50
SHOWN_AT_ONCE = 200
"""So many ticks are taken: a page of the run has fewer."""


@area.form("/<reference>/decide", needs=Permission.MANAGE_ASSETS)
def decide(work: Work, reference: str) -> ResponseReturnValue:
    """What is decided is shown first, with what it would correct."""
    posted = request.method == "POST"
    run = run_or_404(work, reference, for_update=posted)
    lines = _lines(work, run, for_update=posted)
    form = DecisionForm()
    page = _page(work, run, lines, form)
    if not posted:
        if len(lines) == 1 and lines[0].settlement is not None:
            form.settlement.data, form.reason.data = lines[0].settlement.value, lines[0].settled_reason
        elif len(lines) == 1 and lines[0].finding is Finding.ONLY_THERE and request.args.get("same"):
            _say_same(page["shown"][0], form)
        return render_template("reconciliations/decide.html", **page)
    if not form.validate():
        return render_template("reconciliations/decide.html", **page), 422
    settlement = Settlement(form.settlement.data)
    try:
        operation.refuse_closed(run)
        if form.correct.data and settlement is not Settlement.THEIRS_IS_RIGHT:
            raise RefusedError("Our register is corrected only where theirs is right.", "correct")
        corrected = correct(work, run, lines, form.reason.data) if form.correct.data else 0
        count = operation.decide(work, run, lines, settlement, form.reason.data)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("reconciliations/decide.html", **page, refused=refused), 422
    says = f"{count:,} {'difference is' if count == 1 else 'differences are'} decided."
    if corrected:
        says += f" {corrected:,} of ours {'is' if corrected == 1 else 'are'} corrected."
    flash(says, "success")
    return redirect(address("reconciliations.show", run), 303)


def _say_same(one: Told, form: DecisionForm) -> None:
    """What is only there by its tag, and is an asset of ours by its serial number: theirs has to name it so."""
    tag = next((tag for _, tag in one.same_serial if tag == request.args["same"]), None)
    if tag is not None:
        form.settlement.data = Settlement.OURS_IS_RIGHT.value
        form.reason.data = f"It is {tag}: the serial number {one.line.theirs['serial']} is the same."


def _lines(work: Work, run: Reconciliation, *, for_update: bool) -> list[ReconciliationLine]:
    """The lines that the address names: some by their ids, or all that its filters ask for."""
    everything = request.args.get("all") == "yes"
    ids = [each for each in request.args.getlist("line", type=int) if 0 < each <= LARGEST_ID][:SHOWN_AT_ONCE]
    wanted = asked_filters()
    return lines_to_decide(work, run, None if everything else ids, wanted, most=MOST_DECIDED, for_update=for_update)


def _page(work: Work, run: Reconciliation, lines: list[ReconciliationLine], form: DecisionForm) -> dict[str, Any]:
    shown = lines[:SHOWN]
    references = references_of(work, [run.previous_id, *(line.settled_in_id for line in shown)])
    corrections, later = corrections_of(work, run, lines), later_run(work, run)
    return {
        "run": run,
        "form": form,
        "count": len(lines),
        "shown": with_serials(work, run, [told(run, line, references) for line in shown]),
        "later": later.reference if later is not None else "",
        "corrections": corrections,
        "hindered": sum(any(each.hindered for each in found) for found in corrections.values()),
        "back": address("reconciliations.show", run),
    }
