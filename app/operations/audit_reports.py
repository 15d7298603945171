"""The report of an internal audit: written, signed by who led it, approved by another, and from then on as it is."""

from dataclasses import dataclass
from typing import BinaryIO

from flask import current_app

from app.domain.certification.facts import AuditKind
from app.domain.explained import Clause, Reason, RefusedError
from app.domain.programme.checklist import refuse_unassessed
from app.domain.programme.progress import AuditProgress
from app.domain.programme.reporting import ReportState, SignatureRole
from app.domain.programme.team import TeamRole
from app.domain.subscription.seats import SeatKind
from app.models.audit import Audit
from app.models.audit_report import AuditReport, ReportSignature
from app.operations.attachments import folder
from app.operations.conflict import refuse_if_changed
from app.operations.seat_gate import refuse_unseated_auditor, refuse_without_seat
from app.queries.audit_reports import versions_of
from app.queries.checklist import items_of
from app.storage import keep
from app.work import Work

REPORTING = Clause("ISO 19011", "6.5")
_S = ReportState


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """What the lead auditor writes."""

    summary: str = ""
    conclusion: str = ""
    confidential: str = ""


def begin(work: Work, audit: Audit, reason: str = "") -> AuditReport:
    """Begin the report of an internal audit, or a new version of an approved one, which thaws the audit.

    The audit was loaded for update. The approved version stays as it is, and counts until the new one is approved.
    [ISO 19011, 6.5.1]
    """
    if audit.kind is not AuditKind.INTERNAL:
        raise RefusedError("The report of this audit is the certification body's: keep it among its files.")
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError(f"{audit.reference} is cancelled: there is nothing to report.")
    if audit.starts_on > work.today:
        raise RefusedError(f"{audit.reference} has not begun yet: there is nothing to report.")
    refuse_unseated_auditor(work, audit)
    there = versions_of(work, audit.id, lock=True)
    last = there[0] if there else None
    if last is not None and last.state is not _S.APPROVED:
        raise RefusedError(f"Version {last.number} is not approved yet: go on with it.")
    if last is not None and not reason.strip():
        raise RefusedError("Say why there is another version: it is printed on it.", "reason")
    report = work.add(
        AuditReport(
            audit_id=audit.id,
            number=last.number + 1 if last else 1,
            state=_S.DRAFT,
            summary=last.summary if last else "",
            conclusion=last.conclusion if last else "",
            confidential=last.confidential if last else "",
            reason=reason.strip(),
            created_at=work.now,
        )
    )
    audit.frozen_at = None
    if reason.strip():
        work.reason = reason.strip()
    work.flush()
    return report


def write(work: Work, report: AuditReport, texts: ReportTexts, seen: int | None = None) -> None:
    """Change what a draft says; who saw an older one is shown both."""
    _refuse_unless(report, _S.DRAFT)
    refuse_without_seat(work, work.actor_id, SeatKind.AUDIT_MANAGER, work.today)
    refuse_if_changed(report, seen, f"Version {report.number} of the report")
    report.summary, report.conclusion = texts.summary.strip(), texts.conclusion.strip()
    report.confidential = texts.confidential.strip()
    work.flush()


def missing(work: Work, audit: Audit, report: AuditReport) -> tuple[Reason, ...]:
    """What a draft still lacks before it can be signed. [ISO 19011, 6.5.1]"""
    why: list[Reason] = []
    items = items_of(work, audit.id)
    if not items:
        why.append(Reason("The checklist is empty: there is no verdict to report.", REPORTING))
    try:
        refuse_unassessed(items)
    except RefusedError as refusal:
        why += refusal.why
    if not any(each.role is TeamRole.LEAD for each in audit.team):
        why.append(Reason("Nobody leads the audit: name the lead auditor, who signs.", REPORTING))
    if not report.summary:
        why.append(Reason("The summary is not written.", REPORTING))
    if not report.conclusion:
        why.append(Reason("The conclusion is not written.", REPORTING))
    return tuple(why)


def refuse_signing(work: Work, audit: Audit, report: AuditReport) -> None:
    """Refuse a signature by anybody but who led the audit, and on a draft that lacks something."""
    _refuse_unless(report, _S.DRAFT)
    if not is_lead(audit, work.actor_id):
        raise RefusedError("The lead auditor signs the report, and nobody in their place.")
    refuse_unseated_auditor(work, audit)
    if why := missing(work, audit, report):
        raise RefusedError(list(why))


def sign(work: Work, audit: Audit, report: AuditReport, paper: BinaryIO) -> None:
    """Keep the paper, with the lead auditor's signature on its hash; the audit is frozen from here on."""
    refuse_signing(work, audit, report)
    try:
        stored = keep(folder(), paper)
    except OSError as fault:
        current_app.logger.error("a report could not be kept: %s", fault)
        raise RefusedError("The server has no room for the report. Nothing was signed; tell your administrator.") from (
            fault
        )
    report.sha256, report.size, report.printed_at = stored.sha256, stored.size, work.now
    report.state = _S.IN_APPROVAL
    audit.frozen_at = work.now
    _signed(work, report, SignatureRole.LEAD_AUDITOR)


def approve(work: Work, audit: Audit, report: AuditReport) -> None:
    """Approve the very paper that the lead auditor signed; nobody approves what they signed or what they led.

    The version before is superseded, and kept. [ISO 19011, 6.5.2]
    """
    _refuse_unless(report, _S.IN_APPROVAL)
    signed = any(each.person_id == work.actor_id for each in report.signatures)
    if signed or is_lead(audit, work.actor_id):
        raise RefusedError(
            Reason("Somebody else than the lead auditor approves the report.", Clause("ISO 19011", "6.5.2"))
        )
    for earlier in versions_of(work, audit.id, lock=True):
        if earlier.id != report.id and earlier.state is _S.APPROVED:
            earlier.state = _S.SUPERSEDED
    report.state, report.approved_at = _S.APPROVED, work.now
    _signed(work, report, SignatureRole.SYSTEM_OWNER)


def take_back(work: Work, audit: Audit, report: AuditReport, reason: str) -> None:
    """Make a signed report a draft again: the signature falls, and the audit thaws."""
    _refuse_unless(report, _S.IN_APPROVAL)
    if not reason.strip():
        raise RefusedError("Say why it is taken back.", "reason")
    report.signatures.clear()
    report.state, report.sha256, report.size, report.printed_at = _S.DRAFT, None, None, None
    audit.frozen_at = None
    work.reason = reason.strip()
    work.flush()


def is_lead(audit: Audit, person_id: int | None) -> bool:
    """Whether a person leads the audit."""
    return any(each.role is TeamRole.LEAD and each.person_id == person_id for each in audit.team if each.person_id)


def _signed(work: Work, report: AuditReport, role: SignatureRole) -> None:
    if work.actor_id is None or report.sha256 is None:
        raise LookupError("a paper is signed by a person")
    report.signatures.append(
        ReportSignature(role=role, person_id=work.actor_id, signed_at=work.now, sha256=report.sha256)
    )
    work.flush()


def _refuse_unless(report: AuditReport, state: ReportState) -> None:
    if report.state is not state:
        raise RefusedError(f"Version {report.number} of the report is {report.state.label.lower()} meanwhile.")
