"""The coverage of internal audits: clause by standard, what is covered, planned and missing, and why."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.domain.programme.coverage import Coverage
from app.models.audit_plan import AuditProgramme
from app.queries.audit_programmes import programme_by
from app.queries.coverage import NOUNS, Matrix, coverage_of, period_within
from app.reports.coverage import COLUMNS, coverage_lines
from app.web.coverage.matrix import sections_of
from app.web.exporting import sheet_response
from app.web.gate import Area
from app.work import Work

area = Area("coverage", __name__, url_prefix="/coverage")


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """The matrix of the standards in use, narrowed to one of them, to one state, or to the days of a programme."""
    programme, matrix = _matrix(work)
    asked = _asked(matrix)
    state = Coverage(asked["state"]) if "state" in asked else None
    shown = [each for each in matrix.standards if asked.get("standard", each.standard) == each.standard]
    return render_template(
        "coverage/index.html",
        matrix=matrix,
        sections=sections_of(shown, state),
        asked=asked,
        programme=programme,
        state=state,
        states=list(Coverage),
        nouns=NOUNS,
        months=work.organisation.coverage_months,
        link=lambda standard, state: url_for("coverage.index", **{**asked, "standard": standard, "state": state}),
    )


@area.get("/export/<kind>", needs=Permission.SEE_PROGRAMME)
def export(work: Work, kind: str) -> ResponseReturnValue:
    """What is filtered, as CSV or as a workbook."""
    _, matrix = _matrix(work)
    asked = _asked(matrix)
    rows = coverage_lines(matrix, asked.get("standard", ""), asked.get("state", ""))
    head = [column.label for column in COLUMNS]
    return sheet_response(work, "internal-audit-coverage", kind, "Coverage", head, rows)


def _matrix(work: Work) -> tuple[AuditProgramme | None, Matrix]:
    """The coverage in the cycles, or in the days of the programme that the address names."""
    reference = request.args.get("programme", "")
    if not reference:
        return None, coverage_of(work)
    programme = programme_by(work, reference)
    if programme is None:
        abort(404)
    return programme, coverage_of(work, period_within(programme.starts_on, programme.ends_on, programme.reference))


def _asked(matrix: Matrix) -> dict[str, Any]:
    """What the address asks for; what says nothing sensible asks for nothing."""
    known = {
        "standard": [each.standard for each in matrix.standards],
        "state": [each.value for each in Coverage],
        "programme": [request.args.get("programme", "")],
    }
    said = {name: request.args.get(name, "") for name in known}
    return {name: value for name, value in said.items() if value and value in known[name]}
