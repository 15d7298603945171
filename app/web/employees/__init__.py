"""Employees: who holds assets and seats, until when they work here, and which member they are."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.employee import Employee
from app.operations import employees as operation
from app.queries.asset_page import has_left, open_sites
from app.queries.employees import (
    ORDERS,
    PAGE,
    EmployeeFilters,
    all_employees,
    employee_by_id,
    employee_list,
    holdings_of,
    linkable,
)
from app.queries.seats import seats_of_holder
from app.web.editing import unless_saved
from app.web.employees.forms import EmployeeForm
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.forms import show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("employees", __name__, url_prefix="/employees")
STANDINGS = (("here", "Work here"), ("left", "Have left"))
HEAD = ("Number", "Name", "Email address", "Department", "Site", "Left on", "Assets")
NAMES = ("q", "standing", "site", "holds", "order", "direction")


def _asked_filters() -> EmployeeFilters:
    said = request.args
    order = next((each for each in ORDERS if each == said.get("order")), None)
    return EmployeeFilters(
        text=said.get("q", "").strip()[:200] or None,
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        site_id=said.get("site", type=row_id),
        holds=bool(said.get("holds")),
        order=order or "name",
        descending=order is not None and said.get("direction") == "down",
    )


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """All of them, fifty a page."""
    wanted, page = _asked_filters(), asked_page()
    rows, total = employee_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = employee_list(work, wanted, page)
    asked: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)}
    return render_template(
        "employees/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        asked=asked,
        standings=STANDINGS,
        sites=open_sites(work, wanted.site_id),
        has_left=has_left,
        link=lambda number: url_for("employees.index", **asked, page=number),
        sort=lambda order: url_for("employees.index", **asked | _turned(wanted, order)),
        export=lambda sheet: url_for("employees.export", **asked, sheet=sheet),
    )


def _turned(wanted: EmployeeFilters, order: str) -> dict[str, Any]:
    """What the head of a column asks for: its order, or that turned round; what is None stands in no address."""
    is_turned = wanted.order == order and not wanted.descending
    return {"order": order, "direction": "down" if is_turned else None}


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All that the filters ask for, as a file."""
    lines = (row[1:] for row in all_employees(work, _asked_filters()))
    return sheet_response(work, "employees", sheet, "Employees", HEAD, lines)


@area.get("/<int:employee_id>", needs=Permission.SEE_ASSETS)
def show(work: Work, employee_id: int) -> ResponseReturnValue:
    """One of them, with all that they hold and answer for."""
    row = _or_404(work, employee_id)
    return render_template(
        "employees/show.html",
        row=row,
        holds=holdings_of(work, row.id),
        left=has_left(row.left_on, work.today),
    )


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record one."""
    form = EmployeeForm()
    form.offer(open_sites(work), linkable(work))
    if request.method == "GET":
        return render_template("employees/create.html", form=form)
    if not form.validate():
        return render_template("employees/create.html", form=form), 422
    try:
        row = operation.create(work, form.details)
    except RefusedError as refusal:
        return render_template("employees/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{row.name} is recorded.", "success")
    return redirect(url_for("employees.show", employee_id=row.id), 303)


@area.form("/<int:employee_id>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, employee_id: int) -> ResponseReturnValue:
    """Change what is said of one; the second of two is shown both versions."""
    row = _or_404(work, employee_id, for_update=request.method == "POST")
    sites, members = open_sites(work, row.site_id), linkable(work, row.person_id)
    shown = unless_saved(
        "employees/edit.html",
        {"row": row, "name": row.name},
        row,
        EmployeeForm,
        lambda form: operation.edit(work, row, form.details, form.seen),
        offered=(sites, members),
    )
    if shown is not None:
        return shown
    flash(f"{row.name} is saved.", "success")
    if row.left_on is not None:
        loose = sum(seat.is_loose(work.today) for seat in seats_of_holder(work, employee_id=row.id))
        if loose:
            says = "1 seat of a licence runs" if loose == 1 else f"{loose} seats of licences run"
            flash(f"{says} on after they leave: check in what stands below.", "warning")
    return redirect(url_for("employees.show", employee_id=row.id), 303)


def _or_404(work: Work, employee_id: int, *, for_update: bool = False) -> Employee:
    row = employee_by_id(work, employee_id, for_update=for_update)
    if row is None:
        abort(404)
    return row
