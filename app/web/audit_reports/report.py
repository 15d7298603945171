"""The report of an audit on screen: written, printed as a draft, signed, approved, and taken up again."""

import io
from typing import Any

from flask import abort, current_app, flash, make_response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.domain.certification.facts import AuditKind
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.programme.reporting import ReportState
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.operations import audit_reports as operation
from app.operations.attachments import folder
from app.operations.audit_reports import ReportTexts
from app.operations.conflict import ConflictError
from app.outputs.audit_report import report_as_pdf
from app.outputs.pdf import PDF
from app.queries.audit_reports import content_of, versions_of
from app.queries.audits import audit_of
from app.storage import path_of
from app.web.audit_reports.area import area
from app.web.audits.access import audit_or_404, may_work_on
from app.web.fields import seen_version
from app.web.forms import PageForm, show_refusal
from app.web.gate import may
from app.work import Work

_TEXT = [Length(max=20_000)]


class ReportForm(PageForm):
    """What the lead auditor writes."""

    version = HiddenField()
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

    reason = TextAreaField("Reason", [Length(max=2000)], description="It is kept in the journal.")


@area.get("/<reference>/report", needs=Permission.SEE_OWN_WORK)
def report(work: Work, reference: str) -> ResponseReturnValue:
    """How far the report is, what it lacks, who signed it, and every version."""
    return _page(work, audit_or_404(work, reference))


@area.post("/<reference>/report/begin", needs=Permission.WORK_ON_AUDIT)
def begin(work: Work, reference: str) -> ResponseReturnValue:
    """Begin the report, or a new version of an approved one."""
    audit = _held(work, reference)
    form = ReasonForm()
    try:
        if not form.validate():
            raise RefusedError(form.reason.errors[0] if form.reason.errors else "Send it again.", "reason")
        begun = operation.begin(work, audit, form.reason.data or "")
    except RefusedError as refusal:
        return _page(work, audit, show_refusal(form, refusal), reasoned=form), 422
    flash(f"Version {begun.number} of the report is begun.", "success")
    return _back(reference)


@area.post("/<reference>/report", needs=Permission.WORK_ON_AUDIT)
def write(work: Work, reference: str) -> ResponseReturnValue:
    """Save the texts of the draft."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    form = ReportForm()
    if not form.validate():
        return _page(work, audit, form=form), 422
    try:
        operation.write(work, newest, form.texts, seen_version(form.version.data))
    except ConflictError as conflict:
        kept = ReportForm(formdata=None, obj=newest)
        form.version.data = str(newest.version)
        return _page(work, audit, conflict.why, form=form, kept=kept), 422
    except RefusedError as refusal:
        return _page(work, audit, show_refusal(form, refusal), form=form), 422
    flash("The report is saved.", "success")
    return _back(reference)


@area.post("/<reference>/report/sign", needs=Permission.WORK_ON_AUDIT)
def sign(work: Work, reference: str) -> ResponseReturnValue:
    """Print the report, keep the paper, and sign it as the one who led the audit."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    try:
        operation.refuse_signing(work, audit, newest)
        operation.sign(work, audit, newest, io.BytesIO(_print(work, audit, newest, current_user.name)))
    except RefusedError as refusal:
        return _page(work, audit, refusal.why), 422
    flash("The report is signed, and the audit is frozen. Somebody else approves it now.", "success")
    return _back(reference)


@area.post("/<reference>/report/approve", needs=Permission.MANAGE_PROGRAMME)
def approve(work: Work, reference: str) -> ResponseReturnValue:
    """Approve the very paper that was signed."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    try:
        operation.approve(work, audit, newest)
    except RefusedError as refusal:
        return _page(work, audit, refusal.why), 422
    flash(f"Version {newest.number} of the report is approved.", "success")
    return _back(reference)


@area.post("/<reference>/report/take-back", needs=Permission.WORK_ON_AUDIT)
def take_back(work: Work, reference: str) -> ResponseReturnValue:
    """Make a signed report a draft again."""
    audit = _held(work, reference)
    newest = _newest_or_404(work, audit)
    form = ReasonForm()
    try:
        operation.take_back(work, audit, newest, form.reason.data or "")
    except RefusedError as refusal:
        return _page(work, audit, show_refusal(form, refusal), reasoned=form), 422
    flash("The report is a draft again.", "success")
    return _back(reference)


@area.get("/<reference>/report/<int:number>/file", needs=Permission.SEE_OWN_WORK)
def paper(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """A version on paper: the very bytes that were signed, or a draft as it stands now."""
    audit = audit_or_404(work, reference)
    version = next((each for each in versions_of(work, audit.id) if each.number == number), None)
    if version is None:
        abort(404)
    name = f"{audit.reference}-report-{version.number}"
    if version.sha256 is None:
        response = make_response(_print(work, audit, version, ""))
        response.headers["Content-Type"] = PDF
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-draft.pdf"'
    else:
        path = path_of(folder(), version.sha256)
        if not path.is_file():
            current_app.logger.error("report %s has lost its file %s", version.id, version.sha256)
            abort(404)
        response = send_file(
            path, mimetype=PDF, as_attachment=True, download_name=f"{name}.pdf", etag=version.sha256, max_age=0
        )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _print(work: Work, audit: Audit, version: AuditReport, signed_by: str) -> bytes:
    house = work.organisation
    return report_as_pdf(house.name, content_of(work, audit), version, signed_by, work.now, house.time_zone)


def _page(
    work: Work,
    audit: Audit,
    refused: tuple[Reason, ...] = (),
    form: ReportForm | None = None,
    kept: ReportForm | None = None,
    reasoned: ReasonForm | None = None,
) -> str:
    versions = versions_of(work, audit.id)
    newest = versions[0] if versions else None
    works = may_work_on(audit) and audit.kind is AuditKind.INTERNAL
    is_draft = newest is not None and newest.state is ReportState.DRAFT
    if form is None and is_draft:
        form = ReportForm(formdata=None, obj=newest)
    page: dict[str, Any] = {
        "audit": audit,
        "versions": versions,
        "newest": newest,
        "is_draft": is_draft,
        "missing": operation.missing(work, audit, newest) if newest and is_draft else (),
        "works": works,
        "leads": operation.is_lead(audit, current_user.id),
        "approves": may(Permission.MANAGE_PROGRAMME),
        "form": form,
        "kept": kept,
        "reasoned": reasoned or ReasonForm(formdata=None),
        "refused": refused,
    }
    return render_template("audit_reports/report.html", **page)


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
