"""What a visitor may do with one finding, beyond what their role grants."""

from flask import abort
from flask_login import current_user

from app.domain.permission import Permission
from app.models.finding import Finding
from app.queries.findings import finding_by
from app.web.audits.access import may_work_on, sees
from app.web.gate import may
from app.work import Work


def may_see(row: Finding) -> bool:
    """Whoever sees the programme, and the team of its audit."""
    return may(Permission.SEE_PROGRAMME) or (row.audit is not None and sees(row.audit))


def may_change(row: Finding) -> bool:
    """Whoever works on its audit; outside an audit whoever manages the programme, or raised it."""
    if row.audit is not None:
        return may_work_on(row.audit)
    if may(Permission.MANAGE_PROGRAMME):
        return True
    return may(Permission.RAISE_FINDING) and row.raised_by_id == current_user.id


def finding_or_404(work: Work, reference: str, *, for_update: bool = False) -> Finding:
    """The finding, for who may see it; for everybody else there is none."""
    row = finding_by(work, reference, for_update=for_update)
    if row is None or not may_see(row):
        abort(404)
    return row


def changed_or_403(work: Work, reference: str, *, for_update: bool = False) -> Finding:
    """The finding, for who may change it."""
    row = finding_or_404(work, reference, for_update=for_update)
    if not may_change(row):
        abort(403)
    return row
