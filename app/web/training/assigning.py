"""Assign training: first it is shown what it will do, then it is done."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations.training_assignments import Preview, Wish, assign, look
from app.operations.training_foresight import rules_alike, seats_needed
from app.queries.learners import learners
from app.queries.settings import sites
from app.queries.training_matrix import learner, paths_offered
from app.queries.training_standing import courses_offered
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.training.area import area
from app.web.training.forms import AssignForm
from app.work import Work

SHOWN = 100
"""So many rows are shown of what will be done; all of them are counted."""


@area.form("/assign", needs=Permission.MANAGE_TRAINING)
def create(work: Work) -> ResponseReturnValue:
    """Say what is to be taken by whom; see what it will do; let it."""
    form = AssignForm()
    form.offer(courses_offered(work), paths_offered(work), [(each.id, each.name) for each in sites(work)])
    if request.method == "GET":
        who = learner(work, request.args.get("person", 0, type=row_id))
        form.people.data = who.email if who is not None else ""
        form.what.data = request.args.get("what", "")
        return render_template("training/assign.html", form=form)
    if not form.validate():
        return render_template("training/assign.html", form=form), 422
    agreed = request.form.get("agreed")
    try:
        wish = form.wish(_people(work, form))
        if agreed is None or "back" in request.form:
            return _shown(work, form, wish, look(work, wish)) if agreed is None else _again(form)
        done = assign(work, wish, agreed)
    except RefusedError as refusal:
        if refusal.field == "agreed":
            work.session.rollback()
            return _shown(work, form, wish, look(work, wish), refusal), 422
        return render_template("training/assign.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{_counted(len(done.new) + len(done.back), 'assignment')} made.", "success")
    return redirect(url_for("training.rules" if wish.goes_on else "training.matrix"), 303)


def _people(work: Work, form: AssignForm) -> frozenset[int]:
    emails = form.emails
    if not emails:
        return frozenset()
    known = {each.email.casefold(): each.id for each in learners(work)}
    missing = [each for each in emails if each not in known]
    if missing:
        raise RefusedError(f"No member who may take training has the address {', '.join(missing[:5])}.", "people")
    return frozenset(known[each] for each in emails)


def _again(form: AssignForm) -> str:
    return render_template("training/assign.html", form=form)


def _shown(work: Work, form: AssignForm, wish: Wish, preview: Preview, refusal: RefusedError | None = None) -> str:
    titles = {id_: f"{reference} {title}" for id_, reference, title in preview.courses}
    said: dict[str, Any] = {field.name: field._value() for field in form if hasattr(field, "_value")}
    said |= {name: form[name].data or "" for name in ("what", "role", "site", "refreshing")}
    said.pop("csrf_token", None)
    said.pop("goes_on", None)
    if form.goes_on.data:
        said["goes_on"] = "y"
    return render_template(
        "training/assign_preview.html",
        said=said,
        wish=wish,
        preview=preview,
        titles=titles,
        seats=seats_needed(work, preview),
        alike=rules_alike(work, wish, preview),
        shown=SHOWN,
        refused=refusal.why if refusal is not None else None,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
