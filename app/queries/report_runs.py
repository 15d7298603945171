"""Prints of reports, each seen by who asked for it alone."""

from sqlalchemy import select

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
