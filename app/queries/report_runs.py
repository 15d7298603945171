"""Prints of reports, each seen by who asked for it alone; how far a signed paper is, by all who see the audit."""

from sqlalchemy import select

from app.domain.printing import AUDIT_REPORT
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.models.report_run import ReportRun
from app.work import Work

LATEST = 10


def latest_prints(work: Work) -> list[ReportRun]:
    """The visitor's own latest prints, newest first."""
    own = select(ReportRun).where(ReportRun.asked_by_id == work.actor_id)
    return work.all(own.order_by(ReportRun.asked_at.desc(), ReportRun.id.desc()).limit(LATEST))


def own_print(work: Work, run_id: int) -> ReportRun | None:
    """A print that the visitor asked for; nobody else's."""
    return work.one_or_none(select(ReportRun).where(ReportRun.id == run_id, ReportRun.asked_by_id == work.actor_id))


def asked_of(audit: Audit, report: AuditReport, paper: str) -> dict[str, str]:
    """What a print of a version of an audit's report is asked."""
    return {"audit": audit.reference, "version": str(report.number), "paper": paper}


def print_of(work: Work, audit: Audit, report: AuditReport, paper: str) -> ReportRun | None:
    """The latest print of one of the papers of a version."""
    asked = [ReportRun.asked[name].as_string() == value for name, value in asked_of(audit, report, paper).items()]
    statement = select(ReportRun).where(ReportRun.report == AUDIT_REPORT, *asked)
    return work.session.scalars(statement.order_by(ReportRun.id.desc()).limit(1)).first()
