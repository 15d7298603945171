"""The list of reports, each on the screen, and each as a file."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.document import MOST_ON_PAPER, say_rows
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.queries.report_runs import latest_prints
from app.reports import reports
from app.reports.report import asked_values, document_of
from app.web.gate import may
from app.web.reports.area import TOO_MANY, area, as_file, comes_at_once, report_or_404, report_page, title_of
from app.work import Work


@area.get("/", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """Every report that the visitor may make, what it is for, and what they printed lately."""
    return render_template(
        "reports/index.html",
        reports=[report for report in reports() if may(report.needs)],
        prints=latest_prints(work),
        title_of=title_of,
    )


@area.get("/<name>", needs=Permission.SEE_ASSETS)
def show(work: Work, name: str) -> ResponseReturnValue:
    """What a report says, its first rows, and what it may be asked."""
    return report_page(work, report_or_404(name), request.args)


@area.get("/<name>/download/<any(pdf,xlsx):form>", needs=Permission.SEE_ASSETS)
def download(work: Work, name: str, form: str) -> ResponseReturnValue:
    """A report as a file; paper of many rows is asked for on the page of the report, and printed in the background."""
    report = report_or_404(name)
    try:
        values = asked_values(work, report, request.args)
    except RefusedError:
        return report_page(work, report, request.args)
    document = document_of(work, report, values, current_user.name, most=MOST_ON_PAPER if form == "pdf" else None)
    if form == "pdf" and not document.fits_paper:
        return report_page(work, report, request.args, trouble=TOO_MANY)
    if form == "pdf" and not comes_at_once(document):
        flash(
            f"The report has {say_rows(document.row_count)}, so it is printed in the background: choose Print.", "info"
        )
        given: dict[str, Any] = {option: value for option, value in values.items() if value}
        return redirect(url_for("reports.show", name=report.name, **given), 303)
    return as_file(document, form)
