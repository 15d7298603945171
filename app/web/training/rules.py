"""The rules by which training is assigned, also to those who join later."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.training_assignment import TrainingRule
from app.operations.training_assignments import end_rule
from app.queries.training_matrix import assigned_by_rule, rules_of
from app.web.forms import show_refusal
from app.web.training.area import area
from app.web.training.forms import EndRuleForm
from app.work import Work


@area.get("/rules", needs=Permission.MANAGE_TRAINING)
def rules(work: Work) -> ResponseReturnValue:
    """All of them, those in force first, with how many assignments each made."""
    return render_template("training/rules.html", rows=rules_of(work), counts=assigned_by_rule(work))


@area.form("/rules/<reference>/end", needs=Permission.MANAGE_TRAINING)
def end(work: Work, reference: str) -> ResponseReturnValue:
    """It catches nobody any more; what it assigned stays, or is taken back."""
    row = _or_404(work, reference)
    form = EndRuleForm()
    page = {"form": form, "row": row, "count": assigned_by_rule(work).get(row.id, 0)}
    if request.method == "GET":
        return render_template("training/end_rule.html", **page)
    if not form.validate():
        return render_template("training/end_rule.html", **page), 422
    try:
        end_rule(work, reference, takes_back=bool(form.takes_back.data))
    except RefusedError as refusal:
        return render_template("training/end_rule.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{reference} has ended.", "success")
    return redirect(url_for("training.rules"), 303)


def _or_404(work: Work, reference: str) -> TrainingRule:
    found = next((each for each in rules_of(work) if each.reference == reference), None)
    if found is None:
        abort(404)
    return found
