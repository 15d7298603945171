"""The findings of one audit: a face of its page, and a short form for its day."""

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.findings import findings_at
from app.queries.nonconformities import raised_at
from app.web.audits.access import audit_or_404, may_work_on
from app.web.findings.raising import raise_at
from app.web.gate import Area
from app.work import Work

area = Area("audit_findings", __name__, url_prefix="/audits")


@area.get("/<reference>/findings", needs=Permission.SEE_OWN_WORK)
def index(work: Work, reference: str) -> ResponseReturnValue:
    """What the audit found, the gravest first."""
    audit = audit_or_404(work, reference)
    return render_template(
        "audit_findings/index.html",
        audit=audit,
        rows=findings_at(work, audit.id),
        raised=raised_at(work, audit.id),
        works=may_work_on(audit) and audit.frozen_at is None,
        has=current_app.view_functions.__contains__,
    )


@area.form("/<reference>/findings/new", needs=Permission.WORK_ON_AUDIT)
def create(work: Work, reference: str) -> ResponseReturnValue:
    """Write a finding down as it comes up."""
    audit = audit_or_404(work, reference)
    if not may_work_on(audit):
        abort(403)
    return raise_at(work, audit, is_short=True)
