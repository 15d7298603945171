"""The reports of Northwind's internal audits: one approved, one signed that waits for approval, one being written."""

import io
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.checklists import ACCESS, LEADERSHIP, OPERATION
from app.demonstration.telling import ago
from app.operations import audit_reports
from app.operations.audit_reports import ReportTexts
from app.outputs.audit_report import report_as_pdf
from app.queries.audit_reports import content_of, versions_of

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

IN_HOUSE = "For the management of Northwind and for its certification body. Names of people are not handed on."
TEXTS = {
    LEADERSHIP: ReportTexts(
        "Both management systems are led as one: the board asks for its security targets each quarter, and risks are "
        "followed from the decision to what was done. The service desk is short of records: of training, and of the "
        "times that were agreed for requests.",
        "The criteria are met but for two minor nonconformities, at ISO/IEC 27001 7.2 and ISO/IEC 20000-1 8.6.2. The "
        "objectives were reached; the knowledge base was not sampled, and is taken up at the next audit.",
        IN_HOUSE,
    ),
    OPERATION: ReportTexts(
        "Operation follows what was planned, and changes are looked at again by people who had no part in them. "
        "Licences are the weak side: the database runs on more cores than are entitled. The report was held back "
        "until the publisher had confirmed how the cores of a cluster are counted.",
        "One major nonconformity, at control A.5.32, and one minor, at A.8.8. The other criteria are met. What is "
        "done about the major is verified before the surveillance.",
        IN_HOUSE,
    ),
    ACCESS: ReportTexts(
        "So far: access is given by role and taken back late in the ticketing service. Devices are where the register "
        "has them.",
        "",
        IN_HOUSE,
    ),
}


def reports(diary: "Diary") -> None:
    """The lead auditor writes and signs; the quality manager approves what was signed."""
    for title, text in TEXTS.items():
        audit = diary.audits[title]
        begun = audit.starts_on if title == ACCESS else audit.ends_on + timedelta(days=3)
        diary.on(begun, "mateo", partial(_write, diary, title, text))
    ended = diary.audits[LEADERSHIP].ends_on
    diary.on(ended + timedelta(days=4), "mateo", partial(_sign, diary, LEADERSHIP))
    diary.on(ended + timedelta(days=6), "ingrid", partial(_approve, diary, LEADERSHIP))
    diary.on(ago(diary.today, days=6), "mateo", partial(_sign, diary, OPERATION))


def _write(diary: "Diary", title: str, texts: ReportTexts) -> None:
    report = audit_reports.begin(diary.work, diary.held(title))
    audit_reports.write(diary.work, report, texts)


def _sign(diary: "Diary", title: str) -> None:
    work, audit = diary.work, diary.held(title)
    report, house = versions_of(work, audit.id, lock=True)[0], work.organisation
    content, signed_by = content_of(work, audit), diary.cast["mateo"].name
    paper = report_as_pdf(house.name, content, report, signed_by, work.now, house.time_zone)
    audit_reports.sign(work, audit, report, io.BytesIO(paper))


def _approve(diary: "Diary", title: str) -> None:
    work, audit = diary.work, diary.held(title)
    audit_reports.approve(work, audit, versions_of(work, audit.id, lock=True)[0])
