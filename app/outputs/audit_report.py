"""The report of an audit, and of one nonconformity, on paper."""

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import chain
from zoneinfo import ZoneInfo

from flask import current_app

from app.domain.dates import say
from app.domain.findings.closing import why_verify_from
from app.domain.printing import APPROVED, SIGNED
from app.domain.programme.reporting import SAMPLING, SignatureRole
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.models.corrective_action import CorrectiveAction
from app.models.organisation import Organisation
from app.operations.attachments import folder
from app.operations.report_runs import Claim
from app.outputs.pdf import page_of, paper
from app.queries.audit_reports import Written, content_of
from app.queries.corrective_actions import now_of
from app.storage import path_of
from app.storage.pictures import PictureError, as_jpeg
from app.work import Work

PHOTOGRAPHS = ("image/jpeg", "image/png")
ACROSS_PAPER = 1000
"""Pixels of the longest side of a photograph: more than half a page of paper shows."""


def report_page(work: Work, claim: Claim, audit: Audit, report: AuditReport) -> str:
    """What the paper says that a print is of: a draft says so on every page, a signed one that its approval is
    outstanding, and an approved one who approved it as what, and when.

    Laid out afterwards, with `photograph` for its pictures.
    """
    house, content, paper = work.organisation, content_of(work, audit), claim.asked["paper"]
    zone = ZoneInfo(house.time_zone)
    lead = owner = None
    signed_by, at = (claim.asked_by, claim.asked_at) if paper == SIGNED else ("", work.now)
    if paper == APPROVED:
        lead, owner = report.signature(SignatureRole.LEAD_AUDITOR), report.signature(SignatureRole.SYSTEM_OWNER)
        if lead is None or owner is None or report.printed_at is None:
            raise LookupError("an approved report was signed, printed and approved")
        signed_by, at = lead.person.label, lead.signed_at
        # Cases go on when an audit is frozen: the evidence is what the signed paper has.
        content = content.as_of(report.printed_at)
    return page_of(
        "audit_reports/_report.html",
        organisation=house.name,
        content=content,
        audit=audit,
        report=report,
        signed_by=signed_by,
        sampling=SAMPLING,
        shown=[each for each in content.photographs if _is_there(each.file)],
        made_on=(owner.signed_at if owner else at).astimezone(zone).date(),
        made_at=_moment(at, zone),
        approval=owner,
        approved_at=_moment(owner.signed_at, zone) if owner else "",
        owner=SignatureRole.SYSTEM_OWNER.label,
        say=say,
        clock=_clock,
    )


def case_as_pdf(
    house: Organisation,
    case: CorrectiveAction,
    written: Written | None,
    files: list[Attachment],
    action_files: Mapping[int, list[Attachment]],
    made_on: date,
) -> bytes:
    """One nonconformity: what was not met and why, what was done about it by whom, its verification, its history."""
    zone = ZoneInfo(house.time_zone)
    pictures = list({each.sha256: each for each in [*files, *chain(*action_files.values())]}.values())
    return paper(
        "audit_reports/_case.html",
        pictures=photograph,
        organisation=house.name,
        case=case,
        written=written,
        files=files,
        shown=[each for each in pictures if each.media_type in PHOTOGRAPHS and _is_there(each)],
        action_files=action_files,
        wait=why_verify_from(now_of(case)),
        happened=[(_moment(each.at, zone), each) for each in case.steps],
        made_on=made_on,
        say=say,
    )


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{say(at.astimezone(zone).date())}, {at.astimezone(zone):%H:%M}"


def photograph(sha256: str) -> bytes:
    """A photograph as paper shows it, small; read when its page is laid out, so that they are not held together."""
    with path_of(folder(), sha256).open("rb") as kept:
        return as_jpeg(kept, ACROSS_PAPER).getvalue()


def _is_there(file: Attachment) -> bool:
    """Whether the file can be shown; one that is damaged or lost is listed all the same."""
    try:
        photograph(file.sha256)
    except (OSError, PictureError) as fault:
        current_app.logger.error("photograph %s is not printed: %s", file.id, fault)
        return False
    return True


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
