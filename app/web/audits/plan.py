"""The plan of an audit on screen: objectives, criteria, scope and methods."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.domain.certification.facts import AuditKind
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.programme.agenda import agenda_conflicts
from app.domain.programme.scope import Numbered
from app.models.audit import Audit
from app.operations import audit_plans
from app.operations.audit_plans import PlanDetails
from app.operations.conflict import ConflictError
from app.queries.audit_assets import assets_at
from app.queries.audit_plan import (
    Plan,
    agenda_of,
    auditees_of,
    plan_of,
    processes_on_offer,
    slots_of,
    standards_on_offer,
)
from app.queries.audits import audit_of
from app.queries.competence import team_gaps_at
from app.queries.impartiality import partialities_at
from app.web.assets.forms import chosen
from app.web.audits import area
from app.web.audits.access import audit_or_404, is_guest, may_work_on
from app.web.fields import TicksField, seen_version
from app.web.forms import PageForm, show_refusal
from app.web.gate import may
from app.web.points import PointsField, in_words, points_from
from app.work import Work

_TEXT = [Length(max=20_000)]
_ROWS = {"rows": 4}


class PlanForm(PageForm):
    """What is said of the plan."""

    version = HiddenField()
    body_reference = StringField(
        "Reference of the certification body", [Length(max=80)], description="How the body calls this audit."
    )
    objectives = TextAreaField("Objectives", _TEXT, description="What the audit is to find out.", render_kw=_ROWS)
    standards = TicksField("Criteria", validate_choice=False, description="The standards that it is held against.")
    criteria = TextAreaField(
        "Further criteria", _TEXT, description="Policies, contracts and laws that it is held against.", render_kw=_ROWS
    )
    scope = TextAreaField(
        "Scope", _TEXT, description="Places, functions, activities, and the period looked at.", render_kw=_ROWS
    )
    methods = TextAreaField(
        "Methods", _TEXT, description="Interviews, observation, samples, and how they are drawn.", render_kw=_ROWS
    )
    points = PointsField("Clauses in the scope", description="Of its criteria. Ticking one takes all below it.")
    processes = TicksField("Processes in the scope", validate_choice=False)

    def offer(self, standards: list[str], processes: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.standards.choices = [(each, each) for each in standards]
        self.points.offer(standards)
        self.processes.choices = processes

    def tell(self, audit: Audit, plan: Plan) -> None:
        """Show what is kept; an audit without a plan is proposed the standards of its certificates."""
        self.version.data = str(audit.version)
        for name in self.texts:
            self[name].data = getattr(audit, name)
        served = {each.certificate.full_standard for each in audit.audit_certificates}
        self.standards.data = list(plan.standards or (() if audit.objectives else sorted(served)))
        self.points.tell(plan.points)
        self.processes.data = [str(each.id) for each in plan.processes]

    def tick(self, points: frozenset[Numbered]) -> None:
        """Tick these points and their standards beside what is kept."""
        self.points.tell(self.points.chosen | points)
        self.standards.data = sorted({*(self.standards.data or ()), *(standard for standard, _ in points)})

    @property
    def texts(self) -> list[str]:
        """The fields that stand in words; our own audits have no reference of a body."""
        names = ("body_reference", "objectives", "criteria", "scope", "methods")
        return [name for name in names if name in self]

    @property
    def details(self) -> PlanDetails:
        """What was typed."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in self.texts}
        return PlanDetails(
            **texts,
            standards=frozenset(self.standards.data or ()),
            points=self.points.chosen,
            processes=frozenset(chosen(each) or -1 for each in self.processes.data or ()),
        )


@area.get("/<reference>/plan", needs=Permission.SEE_OWN_WORK)
def plan(work: Work, reference: str) -> ResponseReturnValue:
    """The plan of one audit, with its agenda."""
    return plan_page(work, audit_or_404(work, reference))


def plan_page(work: Work, audit: Audit, refused: Iterable[Reason] = ()) -> str:
    """The page of the plan, with what was refused of an act on it."""
    found = plan_of(work, audit.id)
    agenda = agenda_of(work, audit.id)
    return render_template(
        "audits/plan.html",
        audit=audit,
        plan=found,
        takes_up=in_words(found.points),
        looked_at=assets_at(work, audit.id) if may(Permission.SEE_ASSETS) else [],
        partial=[] if is_guest(audit) else partialities_at(work, audit),
        lacking=[] if is_guest(audit) or audit.progress.is_over else team_gaps_at(work, audit),
        sees_all=may(Permission.SEE_PROGRAMME),
        may_plan=may_work_on(audit) and audit.frozen_at is None,
        agenda=agenda,
        conflicts=agenda_conflicts(slots_of(agenda), audit.starts_on, audit.ends_on),
        unconfirmed=[each for each in auditees_of(agenda) if each.open],
        refused=refused,
    )


@area.form("/<reference>/plan/edit", needs=Permission.WORK_ON_AUDIT)
def edit_plan(work: Work, reference: str) -> ResponseReturnValue:
    """Change the plan; the second of two is shown both versions."""
    audit = audit_or_404(work, reference)
    if not may_work_on(audit):
        abort(403)
    if request.method == "POST":
        audit = audit_of(work, reference, lock=True) or abort(404)
    kept_plan = plan_of(work, audit.id)
    standards = standards_on_offer(work, audit, kept_plan.standards)
    processes = [(str(each.id), f"{each.reference} {each.name}") for each in processes_on_offer(work)]
    form = _form(audit, standards, processes)
    page: dict[str, Any] = {"form": form, "audit": audit}
    if request.method == "GET":
        form.tell(audit, kept_plan)
        form.tick(points_from(request.args.getlist("take"), standards))
        return render_template("audits/edit_plan.html", **page)
    if not form.validate():
        return render_template("audits/edit_plan.html", **page), 422
    try:
        audit_plans.edit(work, audit, form.details, frozenset(standards), seen_version(form.version.data))
    except ConflictError as conflict:
        kept = _form(audit, standards, processes, empty=True)
        kept.tell(audit, kept_plan)
        form.version.data = str(conflict.now.version)
        return render_template("audits/edit_plan.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("audits/edit_plan.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"The plan of {reference} is saved.", "success")
    return redirect(url_for("audits.plan", reference=reference), 303)


def _form(audit: Audit, standards: list[str], processes: list[tuple[str, str]], *, empty: bool = False) -> PlanForm:
    form = PlanForm(formdata=None) if empty else PlanForm()
    form.offer(standards, processes)
    if audit.kind is AuditKind.INTERNAL:
        del form.body_reference
    return form
