"""Processes of the organisation: who owns them, who works in them, which clauses they serve."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.findings.concern import Concern
from app.domain.permission import Permission
from app.models.process import Process
from app.operations import processes as operation
from app.queries.finding_pointers import findings_about
from app.queries.processes import PAGE, audits_of, people_to_choose, process_by, process_list
from app.web.editing import unless_saved
from app.web.fields import asked_page
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.web.points import in_words
from app.web.processes.forms import ProcessForm
from app.work import Work

area = Area("processes", __name__, url_prefix="/processes")


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All of them by name, fifty a page."""
    rows, total = process_list(work, asked_page())
    pages = max(1, -(-total // PAGE))
    return render_template(
        "processes/index.html",
        rows=rows,
        serves={row.id: in_words((each.standard, each.clause) for each in row.clauses) for row in rows},
        total=total,
        page=min(asked_page(), pages),
        pages=pages,
        link=lambda number: url_for("processes.index", page=number),
    )


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One of them, and the audits that take it up."""
    row = _or_404(work, reference)
    serves = in_words((each.standard, each.clause) for each in row.clauses)
    return render_template(
        "processes/show.html",
        row=row,
        serves=serves,
        audits=audits_of(work, row.id),
        about=findings_about(work, Concern.PROCESS, row.id),
    )


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Record one."""
    form = ProcessForm()
    form.offer(people_to_choose(work))
    if request.method == "GET":
        return render_template("processes/create.html", form=form)
    if not form.validate():
        return render_template("processes/create.html", form=form), 422
    try:
        row = operation.create(work, form.details)
    except RefusedError as refusal:
        return render_template("processes/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{row.reference} {row.name} is recorded.", "success")
    return redirect(url_for("processes.show", reference=row.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of one; the second of two is shown both versions."""
    row = _or_404(work, reference, for_update=request.method == "POST")
    people = people_to_choose(work, frozenset({row.owner_id or 0, *(each.person_id for each in row.performers)}))
    shown = unless_saved(
        "processes/edit.html",
        {"row": row, "name": row.name},
        row,
        ProcessForm,
        lambda form: operation.edit(work, row, form.details, form.seen),
        offered=(people,),
    )
    if shown is not None:
        return shown
    flash(f"{row.reference} is saved.", "success")
    return redirect(url_for("processes.show", reference=row.reference), 303)


@area.form("/<reference>/remove", needs=Permission.MANAGE_PROGRAMME)
def remove(work: Work, reference: str) -> ResponseReturnValue:
    """Take away one that was recorded by mistake, unless something points at it."""
    row = _or_404(work, reference, for_update=request.method == "POST")
    form = PageForm()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("processes/remove.html", row=row, form=form), status
    try:
        operation.remove(work, row)
    except RefusedError as refusal:
        return render_template("processes/remove.html", row=row, form=form, refused=refusal.why), 422
    flash(f"{reference} is gone; the journal keeps that it was there.", "success")
    return redirect(url_for("processes.index"), 303)


def _or_404(work: Work, reference: str, *, for_update: bool = False) -> Process:
    row = process_by(work, reference, for_update=for_update)
    if row is None:
        abort(404)
    return row
