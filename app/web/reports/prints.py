"""Paper that takes longer than a visitor waits: asked for, waited for, and fetched by who asked."""

from datetime import date, timedelta
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import say
from app.domain.document import MOST_ON_PAPER
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.printing import AUDIT_REPORT, KEPT_DAYS, PrintState
from app.models.report_run import ReportRun
from app.operations import report_runs
from app.queries.report_runs import own_print
from app.reports import report_named
from app.reports.report import Report, asked_values, document_of, narrowed
from app.web.audits.access import audit_or_404
from app.web.exporting import kept_paper
from app.web.gate import may
from app.web.reports.area import TOO_MANY, area, as_file, comes_at_once, report_or_404, report_page, title_of
from app.work import Work

AGAIN = 4
"""After so many seconds the page of a print that waits asks again."""
LONG = timedelta(minutes=5)
"""A print that nothing has begun after this time waits for a runner that is perhaps not there."""


@area.post("/<name>/print", needs=Permission.SEE_ASSETS)
def print_report(work: Work, name: str) -> ResponseReturnValue:
    """Print a report: a short one comes at once, a long one is printed in the background."""
    report = report_or_404(name)
    try:
        values = asked_values(work, report, request.form)
    except RefusedError:
        return report_page(work, report, request.form)
    document = document_of(work, report, values, current_user.name, most=MOST_ON_PAPER)
    if not document.fits_paper:
        return report_page(work, report, request.form, trouble=TOO_MANY)
    if comes_at_once(document):
        return as_file(document, "pdf")
    try:
        run = report_runs.ask(work, report.name, values)
    except RefusedError as refusal:
        return report_page(work, report, request.form, trouble=" ".join(reason.says for reason in refusal.why))
    return redirect(url_for("reports.run", run_id=run.id), 303)


@area.get("/prints/<int:run_id>", needs=Permission.SEE_OWN_WORK)
def run(work: Work, run_id: int) -> ResponseReturnValue:
    """How far a print is. While it waits, the page asks again by itself, unless the visitor would rather not."""
    found = _own_or_404(work, run_id)
    report = report_named(found.report)
    waits = found.state is PrintState.WAITING
    still = "still" in request.args
    page = render_template(
        "reports/run.html",
        run=found,
        report=report,
        title=title_of(found),
        audit=found.asked["audit"] if found.report == AUDIT_REPORT else None,
        about=_about(work, report, found) if report else [],
        waits=waits,
        asks_again=waits and not still,
        every=AGAIN,
        is_late=waits and is_late(work, found),
        until=found.asked_at + timedelta(days=KEPT_DAYS),
    )
    response = make_response(page)
    if waits and not still:
        response.headers["Refresh"] = str(AGAIN)
    return response


@area.get("/prints/<int:run_id>/file", needs=Permission.SEE_OWN_WORK)
def fetch(work: Work, run_id: int) -> ResponseReturnValue:
    """The file, for who asked for it alone."""
    found = _own_or_404(work, run_id)
    if found.state is not PrintState.PRINTED or found.sha256 is None:
        abort(404)
    return kept_paper(found.sha256, found.file_name, f"print {found.id}")


def is_late(work: Work, run: ReportRun) -> bool:
    """Whether nothing has begun a print for so long that perhaps no runner is there."""
    return not run.tries and work.now - run.asked_at > LONG


def _own_or_404(work: Work, run_id: int) -> ReportRun:
    found = own_print(work, run_id)
    if found is None:
        abort(404)
    if found.report == AUDIT_REPORT:
        audit_or_404(work, found.asked["audit"])
        return found
    report = report_named(found.report)
    if not may(report.needs if report is not None else Permission.SEE_ASSETS):
        abort(404)
    return found


def _about(work: Work, report: Report, found: ReportRun) -> list[tuple[str, Any]]:
    """What was asked, in words."""
    days = [
        (option.label, say(date.fromisoformat(found.asked[option.name])))
        for option in report.options
        if option.choices is None and found.asked.get(option.name)
    ]
    return [*days, *narrowed(work, report, found.asked)]
