"""Plans that the organisation offers as a provider."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.permission import Permission
from app.domain.subscription.plan import Allowance
from app.models.plan import Plan
from app.operations import plans as operation
from app.queries.subscriptions import plan_by, plans_of
from app.web.editing import unless_saved
from app.web.forms import show_refusal
from app.web.gate import Area
from app.web.terms_fields import TermsForm, percent_shown
from app.work import Work

area = Area("plans", __name__, url_prefix="/plans")


class PlanForm(TermsForm):
    """A plan: its terms, and what is said of it."""

    summary = TextAreaField("What it is for", [Length(max=operation.MOST_SUMMARY)], render_kw={"rows": 3})

    def tell(self, row: Any) -> None:
        """Show what is kept."""
        super().tell(row)
        self.summary.data = row.summary


@area.get("", needs=Permission.SELL_PLANS)
def index(work: Work) -> ResponseReturnValue:
    """The plans by name, those that are offered no more last."""
    return render_template("plans/index.html", plans=plans_of(work), **_words())


@area.form("/new", needs=Permission.SELL_PLANS)
def create(work: Work) -> ResponseReturnValue:
    """Record a plan."""
    form = PlanForm()
    page: dict[str, Any] = {"form": form, "plan": None}
    if request.method == "GET":
        form.currency.data, form.months.data = "EUR", 36
        return render_template("plans/form.html", **page)
    if not form.validate():
        return render_template("plans/form.html", **page), 422
    try:
        plan = operation.record(work, form.details, form.summary.data or "")
    except RefusedError as refusal:
        return render_template("plans/form.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"“{plan.name}” is recorded.", "success")
    return redirect(url_for("plans.index"), 303)


@area.form("/<int:plan_id>/edit", needs=Permission.SELL_PLANS)
def edit(work: Work, plan_id: int) -> ResponseReturnValue:
    """Change a plan; what was sold keeps its terms."""
    plan = _or_404(work, plan_id, lock=request.method == "POST")

    def save(form: PlanForm) -> None:
        operation.change(work, plan, form.details, form.summary.data or "", form.seen)

    answer = unless_saved("plans/form.html", {"plan": plan, "title": plan.name}, plan, PlanForm, save)
    if answer is not None:
        return answer
    flash(f"“{plan.name}” is saved. What was sold keeps its terms.", "success")
    return redirect(url_for("plans.index"), 303)


@area.post("/<int:plan_id>/retire", needs=Permission.SELL_PLANS)
def retire(work: Work, plan_id: int) -> ResponseReturnValue:
    """Offer a plan no more."""
    plan = _or_404(work, plan_id, lock=True)
    operation.retire(work, plan)
    flash(f"“{plan.name}” is offered no more; what was sold goes on.", "success")
    return redirect(url_for("plans.index"), 303)


@area.post("/<int:plan_id>/bring-back", needs=Permission.SELL_PLANS)
def bring_back(work: Work, plan_id: int) -> ResponseReturnValue:
    """Offer a plan again."""
    plan = _or_404(work, plan_id, lock=True)
    operation.bring_back(work, plan)
    flash(f"“{plan.name}” is offered again.", "success")
    return redirect(url_for("plans.index"), 303)


def _words() -> dict[str, Any]:
    return {"say_money": say_money, "percent": percent_shown, "kinds": tuple(Allowance)}


def _or_404(work: Work, plan_id: int, *, lock: bool = False) -> Plan:
    plan = plan_by(work, plan_id, lock=lock)
    if plan is None:
        abort(404)
    return plan
