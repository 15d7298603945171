"""What Northwind's audits found, of every grade, and what came up between them."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.audits.checklists import ACCESS, LEADERSHIP, OPERATION
from app.demonstration.audits.processes import SECURITY, SERVICES
from app.demonstration.telling import ago
from app.domain.certification.facts import AuditKind
from app.domain.findings.grading import FindingGrade
from app.models.audit import Audit
from app.models.checklist import ChecklistItem
from app.operations import findings as operation
from app.operations.findings import FindingDetails
from app.queries.audits import audit_of

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

G = FindingGrade
# key, audit, grade, standard, clause, title, what was found, what was seen, what it concerns, what it repeats
AT_AUDITS: tuple[tuple[str, str, FindingGrade, str, str, str, str, str, str, str], ...] = (
    ("training", LEADERSHIP, G.MINOR, SECURITY, "7.2", "Incidents are handled without the training",
     "Two of six people of the service desk handle incidents without the training that their role asks for.",
     "Training plan of the service desk; files of six people.", "Hamburg, head office", ""),
    ("times", LEADERSHIP, G.MINOR, SERVICES, "8.6.2", "Requests without an agreed time",
     "For two of eleven sampled service requests no fulfilment time was agreed, so that none could be missed.",
     "Requests R-4471 and R-4502 in the ticketing service.", "Incidents and requests", ""),
    ("roles", LEADERSHIP, G.OPPORTUNITY, SECURITY, "5.3", "Roles are written down four times",
     "Roles are named in four documents. One list could not contradict itself.", "", "", ""),
    ("board", LEADERSHIP, G.GOOD_PRACTICE, SECURITY, "5.1", "The board asks for security targets each quarter",
     "Each quarter a member takes a security target and reports on it. Others could learn from it.", "", "", ""),
    ("cores", OPERATION, G.MAJOR, SECURITY, "A.5.32", "More database cores in use than entitled",
     "The database may run on 128 cores and 96 are entitled. The cluster was enlarged, and nobody counted again: "
     "the control does not work.",
     "Hosts SRV-001 and SRV-002 with 32 cores each; entitlements E-006 and E-007; position of LP-004.",
     "SRV-001\nSRV-002\nE-007\nLP-004", ""),
    ("firmware", OPERATION, G.MINOR, SECURITY, "A.8.8", "Switches with firmware that nobody mends",
     "Three switches run firmware that its maker stopped mending, and no decision on them is recorded.",
     "Patch report of the week; NET-004, NET-009 and NET-017.",
     "NET-004\nNET-009\nNET-017\nPatching and vulnerabilities", ""),
    ("accounts", OPERATION, G.OBSERVATION, SECURITY, "A.5.18", "Open accounts are compared once a year",
     "Access is taken back on the last day, as far as was seen. The list of accounts is compared once a year: what "
     "was forgotten would stay for months.", "Comparison of last year.", "Access control", ""),
    ("changes", OPERATION, G.GOOD_PRACTICE, SERVICES, "8.5.1", "Changes are looked at again after a month",
     "Each change is looked at again after a month by somebody who had no part in it.", "Eight sampled changes.",
     "Leipzig, service desk", ""),
    ("leavers", ACCESS, G.MINOR, SECURITY, "A.5.18", "Accounts that outlived their people",
     "Two of nine leavers still had an account in the ticketing service, after 12 and 40 days.",
     "List of accounts of this week; list of leavers.", "Access control", "accounts"),
    ("remote", ACCESS, G.OBSERVATION, SECURITY, "A.5.10", "Not everybody knows that remote tools need a request",
     "Two of six people of the service desk did not know that remote tools need a request.",
     "Talks with six people; DeskPeek on two workplaces.", "DeskPeek on PC-014\nDeskPeek on PC-026", ""),
    ("rights", ACCESS, G.OPPORTUNITY, SECURITY, "A.8.2", "Rights of administrators could end by themselves",
     "Rights of administrators are given for good. They could end after a day, and be asked for again.", "", "", ""),
)  # fmt: skip


def findings(diary: "Diary") -> None:
    """Raised on the last day of each audit that is over, and as they came up at the one that is not."""
    for told in AT_AUDITS:
        audit = diary.audits[told[1]]
        day = audit.starts_on if told[1] == ACCESS else audit.ends_on
        diary.on(day, "mateo", partial(_at_audit, diary, *told))
    _concern(diary)
    diary.on(ago(diary.today, days=24), "priya", partial(_file_sharing, diary))
    diary.on(ago(diary.today, days=8), "jonas", partial(_laptop, diary))


def _at_audit(
    diary: "Diary",
    key: str,
    title: str,
    grade: FindingGrade,
    standard: str,
    clause: str,
    name: str,
    statement: str,
    evidence: str,
    links: str,
    repeats: str,
) -> None:
    work, audit = diary.work, diary.held(title)
    details = FindingDetails(
        grade=grade,
        statement=statement,
        raised_on=work.today,
        title=name,
        standard=standard,
        clause=clause,
        evidence=evidence,
        repeats=diary.references.get(repeats, ""),
    )
    asked = select(ChecklistItem.id).where(
        ChecklistItem.audit_id == audit.id, ChecklistItem.standard == standard, ChecklistItem.clause == clause
    )
    item = work.all(asked.order_by(ChecklistItem.position))[0]
    diary.references[key] = operation.create(work, audit, details, links, item).reference


def _concern(diary: "Diary") -> None:
    """What the certification body's stage 1 wrote down, transcribed when its report came."""
    work = diary.work
    stage_1 = work.all(select(Audit).where(Audit.kind == AuditKind.STAGE_1, Audit.ends_on < work.today))
    last = max(stage_1, key=lambda each: each.ends_on)

    def transcribe() -> None:
        details = FindingDetails(
            grade=G.CONCERN,
            statement="Continuity of the service desk was never tried out: it could be a nonconformity at stage 2.",
            raised_on=last.ends_on,
            title="Continuity is planned and was never tried out",
            standard=SERVICES,
            clause="8.7.2",
            evidence="Continuity plan, version 2.",
            body_reference=f"HC/{last.ends_on:%y}/S1-3",
        )
        operation.create(work, audit_of(work, last.reference, lock=True), details, "Leipzig, service desk")

    diary.on(last.ends_on + timedelta(days=5), "ingrid", transcribe)


def _outside(diary: "Diary", key: str, links: str, details: FindingDetails) -> None:
    diary.references[key] = operation.create(diary.work, None, details, links).reference


def _file_sharing(diary: "Diary") -> None:
    """From the page of an installation that nobody had asked for."""
    details = FindingDetails(
        grade=G.MINOR,
        statement="A file sharing program runs on two laptops. Nobody asked for it, and the rules do not allow it.",
        raised_on=diary.work.today,
        title="File sharing on two laptops",
        standard=SECURITY,
        clause="A.8.19",
        evidence="Swarmline Torrent 4.6.7, found by the inventory.",
    )
    links = "Swarmline Torrent 4.6.7 on LT-0019\nSwarmline Torrent 4.6.7 on LT-0145\nLT-0019\nLT-0145"
    _outside(diary, "sharing", links, details)


def _laptop(diary: "Diary") -> None:
    """Somebody left, and their laptop did not come back."""
    on: date = diary.work.today
    details = FindingDetails(
        grade=G.MINOR,
        statement="Somebody left last week, and their laptop is still out. Nobody asked for it on the last day.",
        raised_on=on,
        title="A laptop was not handed back",
        standard=SECURITY,
        clause="A.5.11",
        evidence="LT-0077 in the register, and the list of leavers.",
    )
    _outside(diary, "laptop", "LT-0077\nHamburg, head office", details)
