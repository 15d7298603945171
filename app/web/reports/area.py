"""The area of the reports, and what its pages share."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, render_template
from flask_login import current_user

from app.domain.document import MOST_ON_PAPER, Document, notes_on, say_cell, say_rows
from app.domain.explained import RefusedError
from app.domain.printing import AUDIT_REPORT, DRAFT, MOST_AT_ONCE
from app.models.report_run import ReportRun
from app.outputs.drawing.plan import draw_plan
from app.outputs.pdf import PDF, as_pdf
from app.outputs.sheet import XLSX
from app.outputs.workbook import as_workbook
from app.reports import report_named
from app.reports.report import Report, asked_values, document_of, file_name_of
from app.web.exporting import file_response
from app.web.gate import Area, may
from app.work import Work

area = Area("reports", __name__, url_prefix="/reports")
SHOWN = 50
"""So many rows of each table are enough to see what it is."""
TOO_MANY = (
    f"The report has more than {MOST_ON_PAPER:,} rows, more than anybody reads on paper. "
    "Narrow it, or take the workbook: it has all of them."
)


def report_or_404(name: str) -> Report:
    """The report of an address, for who may see it."""
    report = report_named(name)
    if report is None:
        abort(404)
    if not may(report.needs):
        abort(403)
    return report


def title_of(run: ReportRun) -> str:
    """What a print is called."""
    if run.report == AUDIT_REPORT:
        of = f"{run.asked['audit']}, version {run.asked['version']}"
        return f"Audit report {of}{', draft' if run.asked['paper'] == DRAFT else ''}"
    report = report_named(run.report)
    return report.title if report is not None else run.report


def comes_at_once(document: Document) -> bool:
    """Whether its paper is made while the visitor waits; by the rows, which are known before anything is laid out."""
    return document.row_count <= MOST_AT_ONCE


def as_file(document: Document, form: str) -> Response:
    """A report as a file, named for what it is and for the day that it tells of."""
    content, media_type = (as_pdf(document), PDF) if form == "pdf" else (as_workbook(document), XLSX)
    return file_response(content, file_name_of(document, form), media_type)


def report_page(work: Work, report: Report, said: Mapping[str, str], *, trouble: str = "") -> tuple[str, int]:
    """What a report says, with what is wrong with what was asked, or with what was to be done."""
    refusal: RefusedError | None = None
    try:
        values = asked_values(work, report, said)
    except RefusedError as refused:
        refusal, values = refused, asked_values(work, report, {})
    document = document_of(work, report, values, current_user.name, most=MOST_ON_PAPER)
    page = render_template(
        "reports/show.html",
        report=report,
        document=document,
        options=[(option, option.choices(work) if option.choices else None) for option in report.options],
        values=values,
        said={**values, **{each.name: said[each.name] for each in report.options if each.name in said}},
        refusal=refusal,
        trouble=trouble,
        shown=SHOWN,
        most=MOST_ON_PAPER,
        at_once=comes_at_once(document),
        drawings=[(each.title, draw_plan(each)) for each in document.drawings if each.bars],
        given={name: value for name, value in values.items() if value},
        **_words(),
    )
    return page, 422 if refusal or trouble else 200


def _words() -> dict[str, Any]:
    return {"say_cell": say_cell, "say_rows": say_rows, "notes_on": notes_on}


__all__ = ["TOO_MANY", "area", "as_file", "comes_at_once", "report_or_404", "report_page", "title_of"]
