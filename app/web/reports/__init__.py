"""Reports: what there is to hand an assessor, looked at first, then taken as paper or as a workbook."""

from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.document import MOST_ON_PAPER, notes_on, say_cell, say_rows
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.outputs.pdf import PDF, as_pdf
from app.outputs.sheet import XLSX
from app.outputs.workbook import as_workbook
from app.reports import report_named, reports
from app.reports.report import Report, asked_values, document_of
from app.web.gate import Area, may
from app.work import Work

area = Area("reports", __name__, url_prefix="/reports")
SHOWN = 50
"""So many rows of each table are enough to see what it is."""
TOO_MANY = (
    f"The report has more than {MOST_ON_PAPER:,} rows, more than anybody reads on paper. "
    "Narrow it, or take the workbook: it has all of them."
)


@area.get("/", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """Every report that the visitor may make, and what it is for."""
    return render_template("reports/index.html", reports=[report for report in reports() if may(report.needs)])


@area.get("/<name>", needs=Permission.SEE_ASSETS)
def show(work: Work, name: str) -> ResponseReturnValue:
    """What a report says, its first rows, and what it may be asked."""
    return _page(work, _report(name))


@area.get("/<name>/download/<any(pdf,xlsx):form>", needs=Permission.SEE_ASSETS)
def download(work: Work, name: str, form: str) -> ResponseReturnValue:
    """A report as a file, named for what it is and for the day that it tells of."""
    report = _report(name)
    try:
        values = asked_values(work, report, request.args)
    except RefusedError:
        return _page(work, report)
    most = MOST_ON_PAPER if form == "pdf" else None
    document = document_of(work, report, values, current_user.name, most=most)
    if form == "pdf" and not document.fits_paper:
        return _page(work, report, too_many=True)
    content, media_type = (as_pdf(document), PDF) if form == "pdf" else (as_workbook(document), XLSX)
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{document.day.isoformat()}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _report(name: str) -> Report:
    report = report_named(name)
    if report is None:
        abort(404)
    if not may(report.needs):
        abort(403)
    return report


def _page(work: Work, report: Report, *, too_many: bool = False) -> tuple[str, int]:
    refusal: RefusedError | None = None
    try:
        values = asked_values(work, report, request.args)
    except RefusedError as refused:
        refusal, values = refused, asked_values(work, report, {})
    document = document_of(work, report, values, current_user.name, most=MOST_ON_PAPER)
    page = render_template(
        "reports/show.html",
        report=report,
        document=document,
        options=[(option, option.choices(work) if option.choices else None) for option in report.options],
        values=values,
        said={**values, **{each.name: request.args[each.name] for each in report.options if each.name in request.args}},
        refusal=refusal,
        too_many=TOO_MANY if too_many else "",
        shown=SHOWN,
        most=MOST_ON_PAPER,
        given={name: value for name, value in values.items() if value},
        **_words(),
    )
    return page, 422 if refusal or too_many else 200


def _words() -> dict[str, Any]:
    return {"say_cell": say_cell, "say_rows": say_rows, "notes_on": notes_on}
