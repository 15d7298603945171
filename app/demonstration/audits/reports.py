"""The reports on Northwind's internal audits: two signed and approved by another person, one being written."""

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.checklists import ACCESS, LEADERSHIP, OPERATION
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.models.report_run import ReportRun
from app.operations import audit_reports, report_runs
from app.operations.attachments import folder
from app.operations.audit_reports import ReportTexts
from app.operations.report_runs import Claim
from app.outputs.audit_report import photograph, report_page
from app.outputs.pdf import laid_out
from app.queries.audit_reports import versions_of
from app.storage import Stored, keep
from app.work import Work

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

Asked = Callable[[Work, Audit, AuditReport], ReportRun]
Finished = Callable[[Work, Claim, Stored, str], bool]
LEASE = timedelta(minutes=10)
WRITTEN: dict[str, ReportTexts] = {
    LEADERSHIP: ReportTexts(
        "Both management systems are led as one. Policy, roles and risks are known to those who work by them; the "
        "board asks for security targets each quarter. Training does not follow people who start in a role, and the "
        "form of a request can be sent without the time that was agreed.",
        "The systems meet the criteria in what was sampled, but for two minor nonconformities. Both are answered "
        "within ten days.",
    ),
    OPERATION: ReportTexts(
        "Records were followed from request to closure and back; twenty assets were where the register has them. "
        "Changes and incidents are handled as planned. Licences counted by cores were not looked at when the cluster "
        "was enlarged, and three switches run firmware that nobody mends.",
        "Operation follows what was planned. The control of licences does not work where hosts change: this is a "
        "major nonconformity, and the next audit takes it up again.",
        "Which publisher is concerned is not for the certification body's file.",
    ),
    ACCESS: ReportTexts(
        "So far: devices are where the register has them, and all are encrypted. Two of nine leavers still had an "
        "account in the ticketing service.",
    ),
}


def reports(diary: "Diary") -> None:
    """Written after the last day, signed by who led, approved by the quality manager before the audit is closed."""
    for title, texts in WRITTEN.items():
        audit = diary.audits[title]
        if title == ACCESS:
            diary.on(audit.starts_on, "mateo", partial(_draft, diary, title, texts))
            continue
        diary.on(audit.ends_on + timedelta(days=2), "mateo", partial(_draft, diary, title, texts))
        diary.on(audit.ends_on + timedelta(days=4), "mateo", partial(_sign, diary, title))
        diary.on(audit.ends_on + timedelta(days=6), "ingrid", partial(_approve, diary, title))


def _draft(diary: "Diary", title: str, texts: ReportTexts) -> None:
    audit_reports.write(diary.work, audit_reports.begin(diary.work, diary.held(title)), texts)


def _sign(diary: "Diary", title: str) -> None:
    _printed(diary, title, audit_reports.sign, audit_reports.finish_signing)


def _approve(diary: "Diary", title: str) -> None:
    _printed(diary, title, audit_reports.approve, audit_reports.finish_approved)


def _printed(diary: "Diary", title: str, asked: Asked, finish: Finished) -> None:
    """The paper is printed here and now: on the days of the story no runner was there."""
    work = diary.work
    claim = report_runs.claim(work, asked(work, *_newest(diary, title)).id, "the demonstration", LEASE)
    if claim is None:
        raise LookupError(f"the report of {title} is not to be printed")
    audit, report = _newest(diary, title)
    stored = keep(folder(), io.BytesIO(laid_out(report_page(work, claim, audit, report), photograph)))
    finish(work, claim, stored, f"{audit.reference}-report-{report.number}.pdf")


def _newest(diary: "Diary", title: str) -> tuple[Audit, AuditReport]:
    audit = diary.held(title)
    return audit, versions_of(diary.work, audit.id, lock=True)[0]
