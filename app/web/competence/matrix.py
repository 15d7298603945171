"""The matrix of people and competences on a day, and the gaps as a list."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission, Role
from app.queries.competence import Matrix, gaps, matrix
from app.web.competence.area import area
from app.web.exporting import sheet_response
from app.work import Work


@area.get("", needs=Permission.MANAGE_TRAINING)
def index(work: Work) -> ResponseReturnValue:
    """Who meets what on a day, today unless the address asks for another."""
    on = _asked_day(work)
    return render_template(
        "competence/index.html",
        found=matrix(work, on),
        on=on,
        export=lambda sheet: url_for("competence.export", sheet=sheet, on=on.isoformat()),
        paper=url_for("reports.show", name="competence", day=on.isoformat()),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.MANAGE_TRAINING)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """The matrix as a file."""
    found = matrix(work, _asked_day(work))
    head = ("Person", "Roles", *(f"{row.reference} {row.name}" for row in found.requirements))
    return sheet_response(work, "competence", sheet, "Competence", head, _rows(found))


@area.get("/gaps", needs=Permission.MANAGE_TRAINING)
def listed(work: Work) -> ResponseReturnValue:
    """Every gap: by role today, and in the teams of internal audits to come."""
    return render_template("competence/gaps.html", rows=gaps(work))


def _asked_day(work: Work) -> date:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return work.today


def _rows(found: Matrix) -> Iterable[tuple[Any, ...]]:
    for row in found.rows:
        cells = []
        for cell in row.cells:
            if cell is None:
                cells.append("")
            elif cell.value.is_met:
                until = cell.value.valid_until
                cells.append(f"met until {until.isoformat()}" if until else "met")
            else:
                cells.append("not met: " + " ".join(each.says for each in cell.why))
        yield (row.person.name, ", ".join(each.label for each in Role if each in row.person.roles), *cells)
