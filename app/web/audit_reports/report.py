"""The report of an audit on screen: written, printed as a draft, signed, approved, and taken up again."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.domain.certification.facts import AuditKind
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.printing import APPROVED, SIGNED, PrintState
from app.domain.programme.reporting import ReportState
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.operations import audit_reports as operation
from app.operations.audit_reports import ReportTexts
from app.operations.conflict import ConflictError
from app.operations.received import once
from app.queries.audit_reports import versions_of
from app.queries.audits import audit_of
from app.queries.report_runs import print_of
from app.web.audit_reports.area import area
from app.web.audits.access import audit_or_404, may_print, may_work_on
from app.web.checklist.area import fresh_key
from app.web.exporting import kept_paper
from app.web.fields import seen_version
from app.web.forms import PageForm, show_refusal
from app.web.gate import may
from app.web.reports.prints import AGAIN, is_late
from app.work import Work

TEMPLATE = "audit_reports/report.html"
_TEXT = [Length(max=20_000)]


class ReportForm(PageForm):
    """What the lead auditor writes."""

    version = HiddenField()
    entry_key = HiddenField()
    summary = TextAreaField("Summary", _TEXT, description="What the reader takes along, good points too.")
    conclusion = TextAreaField(
        "Conclusion", _TEXT, description="Whether the criteria are met and the objectives were reached."
    )
    confidential = TextAreaField(
        "Confidentiality and distribution", _TEXT, description="Who gets the report, and who may not see it."
    )

    @property
    def texts(self) -> ReportTexts:
        """What was typed."""
        return ReportTexts(self.summary.data or "", self.conclusion.data or "", self.confidential.data or "")


class ReasonForm(PageForm):
    """Why something is done again."""

    entry_key = HiddenField()
    reason = TextAreaField("Reason", [Length(max=2000)], description="It is kept in the journal.")


@area.get("/<reference>/report", needs=Permission.SEE_OWN_WORK)
def report(work: Work, reference: str) -> ResponseReturnValue:
    """How far the report is, what it lacks, who signed it, and every version.

    While the signed paper is printed there is no form on the page, and it asks again by itself.
    """
    audit = audit_or_404(work, reference)
    page = _page(work, audit)
    response = make_response(render_template(TEMPLATE, **page))
    if page["asks_again"]:
        response.headers["Refresh"] = str(AGAIN)
    return response


@area.post("/<reference>/report/begin", needs=Permission.WORK_ON_AUDIT)
def begin(work: Work, reference: str) -> ResponseReturnValue:
    """Begin the report, or a new version of an approved one."""
    audit = _held(work, reference)
    form = ReasonForm()
    try:
        if not form.validate():
            raise RefusedError(form.reason.errors[0] if form.reason.errors else "Send it again.", "reason")
        reason = form.reason.data or ""
        begun = _once(work, audit, {"reason": reason}, lambda: str(operation.begin(work, audit, reason).number))
    except RefusedError as refusal:
        return _again(work, audit, show_refusal(form, refusal), reasoned=form)
    flash(f"Version {begun} of the report is begun.", "success")
    return _back(reference)


@area.post("/<reference>/report", needs=Permission.WORK_ON_AUDIT)
def write(work: Work, reference: str) -> ResponseReturnValue:
    """Save the texts of the draft."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    form = ReportForm()
    if not form.validate():
        return _again(work, audit, form=form)

    def do() -> str:
        operation.write(work, newest, form.texts, seen_version(form.version.data))
        return str(newest.number)

    try:
        _once(work, audit, asdict(form.texts), do)
    except ConflictError as conflict:
        kept = ReportForm(formdata=None, obj=newest)
        form.version.data = str(newest.version)
        return _again(work, audit, conflict.why, form=form, kept=kept)
    except RefusedError as refusal:
        return _again(work, audit, show_refusal(form, refusal), form=form)
    flash("The report is saved.", "success")
    return _back(reference)


@area.post("/<reference>/report/draft", needs=Permission.SEE_OWN_WORK)
def draft(work: Work, reference: str) -> ResponseReturnValue:
    """Print the draft as it stands, for the team and who sees the programme: it leaves the house approved."""
    audit = audit_or_404(work, reference)
    if not may_print(audit):
        abort(403)
    newest = _newest_or_404(work, audit)
    try:
        run_id = _once(work, audit, {}, lambda: str(operation.print_draft(work, audit, newest).id))
    except RefusedError as refusal:
        return _again(work, audit, refusal.why)
    return redirect(url_for("reports.run", run_id=int(run_id)), 303)


@area.post("/<reference>/report/sign", needs=Permission.WORK_ON_AUDIT)
def sign(work: Work, reference: str) -> ResponseReturnValue:
    """Sign as the one who led the audit; a paper that could not be printed is printed again."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    try:
        _once(work, audit, {}, lambda: str(operation.sign(work, audit, newest).id))
    except RefusedError as refusal:
        return _again(work, audit, refusal.why)
    flash("The report is signed, and the audit is frozen. Somebody else approves it once it is printed.", "success")
    return _back(reference)


@area.post("/<reference>/report/approve", needs=Permission.MANAGE_PROGRAMME)
def approve(work: Work, reference: str) -> ResponseReturnValue:
    """Approve the very paper that was signed; a paper of the approval that could not be printed is printed again."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)

    def do() -> str:
        again = newest.lacks_approved_paper and not _is_waited_for(work, audit, newest)
        (operation.print_approved if again else operation.approve)(work, audit, newest)
        return str(newest.number)

    try:
        number = _once(work, audit, {}, do)
    except RefusedError as refusal:
        return _again(work, audit, refusal.why)
    flash(f"Version {number} of the report is approved.", "success")
    return _back(reference)


@area.post("/<reference>/report/take-back", needs=Permission.WORK_ON_AUDIT)
def take_back(work: Work, reference: str) -> ResponseReturnValue:
    """Make a signed report a draft again."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    form = ReasonForm()

    def do() -> str:
        operation.take_back(work, audit, newest, form.reason.data or "")
        return str(newest.number)

    try:
        if not form.validate():
            raise RefusedError(form.reason.errors[0] if form.reason.errors else "Send it again.", "reason")
        _once(work, audit, {"reason": form.reason.data}, do)
    except RefusedError as refusal:
        return _again(work, audit, show_refusal(form, refusal), reasoned=form)
    flash("The report is a draft again.", "success")
    return _back(reference)


@area.get("/<reference>/report/<int:number>/file", needs=Permission.SEE_OWN_WORK)
def paper(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """A version on paper: the one that says who approved it, or `?signed` the very bytes that were signed."""
    audit = audit_or_404(work, reference)
    version = next((each for each in versions_of(work, audit.id) if each.number == number), None)
    if version is None:
        abort(404)
    signed = "signed" in request.args
    wanted = version.signed_sha256 if signed else version.sha256
    if wanted is None:
        abort(404)
    name = f"{audit.reference}-report-{version.number}{'-as-signed' if signed else ''}.pdf"
    return kept_paper(wanted, name, f"report {version.id}")


def _page(
    work: Work,
    audit: Audit,
    refused: tuple[Reason, ...] = (),
    form: ReportForm | None = None,
    kept: ReportForm | None = None,
    reasoned: ReasonForm | None = None,
) -> dict[str, Any]:
    versions = versions_of(work, audit.id)
    newest = versions[0] if versions else None
    works = may_work_on(audit) and audit.kind is AuditKind.INTERNAL
    is_draft = newest is not None and newest.state is ReportState.DRAFT
    if form is None and is_draft:
        form = ReportForm(formdata=None, obj=newest)
        form.entry_key.data = fresh_key()
    if reasoned is None:
        reasoned = ReasonForm(formdata=None)
        reasoned.entry_key.data = fresh_key()
    awaited = _awaited(newest)
    printing = print_of(work, audit, newest, awaited) if newest and awaited else None
    waiting = printing if printing is not None and printing.state is PrintState.WAITING else None
    late = waiting is not None and is_late(work, waiting)
    under_way = waiting is not None and not late
    return {
        "audit": audit,
        "versions": versions,
        "newest": newest,
        "is_draft": is_draft,
        "missing": operation.missing(work, audit, newest) if newest and is_draft else (),
        "works": works,
        "prints": may_print(audit),
        "leads": operation.is_lead(audit, current_user.id),
        "approves": may(Permission.MANAGE_PROGRAMME),
        "form": form,
        "kept": kept,
        "reasoned": reasoned,
        "refused": refused,
        "fresh_key": fresh_key,
        "awaited": awaited,
        "printing": printing,
        "is_late": late,
        # While it is printed there is nothing to fill in that asking again could lose.
        "is_under_way": under_way,
        "asks_again": under_way and "still" not in request.args,
        "every": AGAIN,
    }


def _awaited(report: AuditReport | None) -> str:
    """Which paper of the newest version is not there yet; empty where none is to come."""
    if report is None:
        return ""
    return SIGNED if report.is_being_printed else APPROVED if report.lacks_approved_paper else ""


def _is_waited_for(work: Work, audit: Audit, report: AuditReport) -> bool:
    run = print_of(work, audit, report, APPROVED)
    return run is not None and run.state is PrintState.WAITING


def _again(work: Work, audit: Audit, *told: Any, **more: Any) -> ResponseReturnValue:
    """The page with what is wrong."""
    return render_template(TEMPLATE, **{**_page(work, audit, *told, **more), "asks_again": False}), 422


def _once(work: Work, audit: Audit, said: dict[str, Any], do: Callable[[], str]) -> str:
    """Do what a form asks, once however often it is sent."""
    return once(work, request.form.get("entry_key", ""), f"{request.endpoint} {audit.reference}"[:60], said, do).result


def _held(work: Work, reference: str) -> Audit:
    """The audit, held until the end, for who works on it."""
    audit = audit_or_404(work, reference)
    if not may_work_on(audit):
        abort(403)
    return audit_of(work, reference, lock=True) or abort(404)


def _newest_or_404(work: Work, audit: Audit) -> AuditReport:
    versions = versions_of(work, audit.id, lock=True)
    if not versions:
        abort(404)
    return versions[0]


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("audit_reports.report", reference=reference), 303)
