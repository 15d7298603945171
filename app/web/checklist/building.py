"""Build a checklist: choose from what, see what it would add, add it; and add a question of one's own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.catalogue.requirements import beside_clauses, controls_of
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.checklist import Question, new_among
from app.models.audit import Audit
from app.operations import checklist as operation
from app.operations.checklist import LONGEST_QUESTION
from app.operations.received import once
from app.queries.checklist_building import (
    Choice,
    Scope,
    arriving_at,
    keys_there,
    prompts_of,
    questions_of,
    scope_of,
    templates_on_offer,
)
from app.web.checklist.area import area, fresh_key, mine
from app.web.forms import PageForm, show_refusal
from app.web.gate import may
from app.work import Work


class OwnForm(PageForm):
    """A question of one's own."""

    standard = SelectField("Standard", choices=[("", "None")], default="")
    clause = StringField("Clause", [Length(max=40)], description="Such as 7.2 or A.8.13; empty where it is of none.")
    question = TextAreaField(
        "Question", [InputRequired("Write the question."), Length(max=LONGEST_QUESTION)], render_kw={"rows": 3}
    )
    guidance = TextAreaField(
        "Guidance", [Length(max=LONGEST_QUESTION)], description="What to look at, whom to ask.", render_kw={"rows": 3}
    )
    entry_key = HiddenField()


@area.form("/<reference>/checklist/build", needs=Permission.WORK_ON_AUDIT)
def build(work: Work, reference: str) -> ResponseReturnValue:
    """Choose, see first what it adds, then add it. What is asked already is not asked twice."""
    audit = mine(work, reference, lock=request.method == "POST")
    scope = scope_of(work, audit)
    choice = _chosen(scope)
    if request.method == "GET":
        return _page(work, audit, scope, choice)
    offered = questions_of(work, audit, scope, choice)
    sent = {name: request.form.getlist(name) for name in ("standard", "controls", "template", "open", "prompts")}
    try:
        key = request.form.get("entry_key", "")
        came = once(
            work,
            key,
            f"checklist.build {audit.id}",
            sent,
            lambda: str(operation.add_questions(work, audit, offered)),
        )
    except RefusedError as refusal:
        return _page(work, audit, scope, choice, refusal), 422
    many = int(came.result)
    said = {0: "Nothing is added: the rest is asked already or left out.", 1: "1 question is added."}
    flash(said.get(many, f"{many} questions are added."), "success")
    return redirect(url_for("checklist.show", reference=reference), 303)


@area.form("/<reference>/checklist/add", needs=Permission.WORK_ON_AUDIT)
def add(work: Work, reference: str) -> ResponseReturnValue:
    """Add a question of one's own."""
    audit = mine(work, reference, lock=request.method == "POST")
    form = OwnForm()
    form.standard.choices = [("", "None"), *((each, each) for each in scope_of(work, audit).on_offer)]
    if request.method == "GET":
        form.entry_key.data = fresh_key()
        return render_template("checklist/add.html", audit=audit, form=form)
    if not form.validate():
        return render_template("checklist/add.html", audit=audit, form=form), 422

    def do() -> str:
        said = (form.standard.data or "", form.clause.data or "", form.question.data or "", form.guidance.data or "")
        operation.add_own(work, audit, *said)
        return "added"

    try:
        sent = {name: form[name].data for name in ("standard", "clause", "question", "guidance")}
        once(work, form.entry_key.data or "", f"checklist.add {audit.id}", sent, do)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("checklist/add.html", audit=audit, form=form, refused=refused), 422
    flash("The question is added.", "success")
    return redirect(url_for("checklist.show", reference=reference), 303)


def _chosen(scope: Scope) -> Choice:
    """What was ticked; what is not on offer is left out."""
    said = request.values
    return Choice(
        standards=tuple(each for each in scope.on_offer if each in said.getlist("standard")),
        controls=tuple(each for each in scope.on_offer if each in said.getlist("controls")),
        templates=tuple(int(each) for each in said.getlist("template") if each.isdecimal() and len(each) < 10),
        open_points="open" in said,
        prompts="prompts" in said,
    )


def _page(work: Work, audit: Audit, scope: Scope, choice: Choice, refusal: RefusedError | None = None) -> str:
    looked = "show" in request.args or request.method == "POST"
    offered = questions_of(work, audit, scope, choice)
    there = keys_there(work, audit.id)
    came = arriving_at(work, audit, offered)
    new = new_among(came.taken, there)
    page: dict[str, Any] = {
        "audit": audit,
        "scope": scope,
        "choice": choice,
        "looked": looked,
        "offered": len(offered),
        "twice": len(came.taken) - len(new),
        "left_out": came,
        "new": _by_source(new),
        "many": len(new),
        "there": len(there),
        "controls": {each: len(controls_of(each)) for each in scope.on_offer if each not in scope.clauses},
        "beside": beside_clauses,
        "templates": templates_on_offer(work),
        "prompts": len(prompts_of(audit)),
        "refused": refusal.why if refusal else None,
        "key": fresh_key(),
        "sees_all": may(Permission.SEE_PROGRAMME),
    }
    return render_template("checklist/build.html", **page)


def _by_source(questions: list[Question]) -> list[tuple[str, list[Question]]]:
    """The questions under what they come from: the standard for clauses, else the source."""
    found: dict[str, list[Question]] = {}
    for each in questions:
        name = each.standard if each.source.value == "clause" else each.source.label
        found.setdefault(name, []).append(each)
    return list(found.items())
