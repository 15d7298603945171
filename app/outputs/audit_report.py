"""The report of an audit on paper."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import current_app

from app.domain.dates import say
from app.models.audit_report import AuditReport
from app.operations.attachments import folder
from app.outputs.pdf import paper
from app.queries.audit_reports import Content, Evidence
from app.storage import path_of
from app.storage.pictures import PictureError, as_jpeg

ACROSS_PAPER = 1000
"""Pixels of the longest side of a photograph: more than half a page of paper shows."""


def report_as_pdf(
    organisation: str, content: Content, report: AuditReport, signed_by: str, at: datetime, zone: str
) -> bytes:
    """A version of the report; without a name of who signs it, a draft that says so on every page."""
    return paper(
        "audit_reports/_report.html",
        pictures=photograph,
        organisation=organisation,
        content=content,
        audit=content.audit,
        report=report,
        signed_by=signed_by,
        shown=[each for each in content.photographs if _is_there(each)],
        made_on=at.astimezone(ZoneInfo(zone)).date(),
        made_at=f"{say(at.astimezone(ZoneInfo(zone)).date())}, {at.astimezone(ZoneInfo(zone)):%H:%M}",
        say=say,
        clock=_clock,
    )


def photograph(sha256: str) -> bytes:
    """A photograph as paper shows it, small; read when its page is laid out, so that they are not held together."""
    with path_of(folder(), sha256).open("rb") as kept:
        return as_jpeg(kept, ACROSS_PAPER).getvalue()


def _is_there(evidence: Evidence) -> bool:
    """Whether the file can be shown; one that is damaged or lost is listed all the same."""
    try:
        photograph(evidence.file.sha256)
    except (OSError, PictureError) as fault:
        current_app.logger.error("photograph %s is not printed: %s", evidence.file.id, fault)
        return False
    return True


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
