"""The report of an internal audit: written, signed by who led it, approved by another, and from then on as it is."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.certification.facts import AuditKind
from app.domain.explained import Clause, Reason, RefusedError
from app.domain.findings.reported import contradictions
from app.domain.printing import APPROVED, AUDIT_REPORT, DRAFT, SIGNED
from app.domain.programme.agenda import refuse_outside
from app.domain.programme.checklist import refuse_unassessed
from app.domain.programme.progress import AuditProgress
from app.domain.programme.reporting import ReportState, SignatureRole
from app.domain.programme.team import TeamRole
from app.domain.subscription.seats import SeatKind
from app.models.audit import Audit
from app.models.audit_report import AuditReport, ReportSignature
from app.models.report_run import ReportRun
from app.operations import report_runs
from app.operations.audits import carry_on
from app.operations.conflict import refuse_if_changed
from app.operations.report_mail import tell_approvers, tell_signer
from app.operations.report_runs import Claim
from app.operations.seat_gate import refuse_unseated_auditor, refuse_without_seat
from app.queries.audit_plan import agenda_of, slots_of
from app.queries.audit_reports import versions_of
from app.queries.audits import audit_of
from app.queries.checklist import items_of
from app.queries.findings import raised_at
from app.queries.report_runs import asked_of, print_of
from app.storage import Stored
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
    if last is not None and audit.progress is AuditProgress.CLOSED:
        audit.progress = AuditProgress.REPORT_DRAFTED
    if last is not None and (waiting := print_of(work, audit, last, APPROVED)) is not None:
        report_runs.withdraw(waiting, f"Version {report.number} was begun before the paper was printed.")
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
    why += contradictions(items, raised_at(work, audit.id))
    try:
        refuse_outside(slots_of(agenda_of(work, audit.id)), audit.starts_on, audit.ends_on)
    except RefusedError as refusal:
        why += refusal.why
    if not any(each.role is TeamRole.LEAD for each in audit.team):
        why.append(Reason("Nobody leads the audit: name the lead auditor, who signs.", REPORTING))
    if not report.summary:
        why.append(Reason("The summary is not written.", REPORTING))
    if not report.conclusion:
        why.append(Reason("The conclusion is not written.", REPORTING))
    return tuple(why)


def sign(work: Work, audit: Audit, report: AuditReport) -> ReportRun:
    """Sign as the one who led the audit: it is frozen at once, and the paper is printed in the background.

    The signature stands on the hash of the paper, so it is entered when that is there. A paper that could not be
    printed is asked for again in the same way.
    """
    if not report.is_being_printed:
        _refuse_unless(report, _S.DRAFT)
    if not is_lead(audit, work.actor_id):
        raise RefusedError("The lead auditor signs the report, and nobody in their place.")
    refuse_unseated_auditor(work, audit)
    if why := missing(work, audit, report):
        raise RefusedError(list(why))
    if report.state is _S.DRAFT:
        report.state, audit.frozen_at = _S.IN_APPROVAL, work.now
        carry_on(work, audit, AuditProgress.REPORT_DRAFTED)
    return report_runs.ask(work, AUDIT_REPORT, asked_of(audit, report, SIGNED))


def print_draft(work: Work, audit: Audit, report: AuditReport) -> ReportRun:
    """Ask for a draft on paper, as the report stands when it is printed."""
    _refuse_unless(report, _S.DRAFT)
    return report_runs.ask(work, AUDIT_REPORT, asked_of(audit, report, DRAFT))


def to_print(work: Work, claim: Claim, *, lock: bool = False) -> tuple[Audit, AuditReport]:
    """The audit and the version that a print is of; refused where it is no longer what was asked for."""
    asked = claim.asked
    audit = audit_of(work, asked["audit"], lock=lock)
    found = versions_of(work, audit.id, lock=lock) if audit is not None else []
    report = next((each for each in found if str(each.number) == asked["version"]), None)
    if audit is None or report is None:
        raise RefusedError("There is no such report any longer.")
    stands = {SIGNED: report.is_being_printed, APPROVED: _may_print_approved(audit, report)}
    if not stands.get(asked["paper"], report.state is _S.DRAFT):
        raise RefusedError(f"Version {report.number} of the report is {report.state.label.lower()} meanwhile.")
    return audit, report


def finish_signing(work: Work, claim: Claim, stored: Stored, file_name: str) -> bool:
    """Enter the lead auditor's signature on the paper that was printed; False where it is nobody's meanwhile.

    The work is the lead auditor's own. The moment is the one at which they signed.
    """
    audit, report = to_print(work, claim, lock=True)
    if not report_runs.finish(work, claim, stored, file_name):
        return False
    report.sha256, report.size, report.printed_at = stored.sha256, stored.size, work.now
    _signed(work, report, SignatureRole.LEAD_AUDITOR, claim.asked_at)
    tell_approvers(work, audit, report)
    return True


def finish_approved(work: Work, claim: Claim, stored: Stored, file_name: str) -> bool:
    """Keep the paper that names who approved it as the report; the signed one stays beside it, with its signatures."""
    _, report = to_print(work, claim, lock=True)
    if not report_runs.finish(work, claim, stored, file_name):
        return False
    report.sha256, report.size, report.printed_at = stored.sha256, stored.size, work.now
    work.flush()
    return True


def approve(work: Work, audit: Audit, report: AuditReport) -> ReportRun:
    """Approve the very paper that the lead auditor signed; nobody approves what they signed or what they led.

    The version before is superseded, and kept. A paper that says who approved is printed in the background.
    [ISO 19011, 6.5.2]
    """
    _refuse_unless(report, _S.IN_APPROVAL)
    if report.is_being_printed:
        raise RefusedError("The paper is being printed: who approves it has read it first.")
    signed = any(each.person_id == work.actor_id for each in report.signatures)
    if signed or is_lead(audit, work.actor_id):
        raise RefusedError(
            Reason("Somebody else than the lead auditor approves the report.", Clause("ISO 19011", "6.5.2"))
        )
    for earlier in versions_of(work, audit.id, lock=True):
        if earlier.id != report.id and earlier.state is _S.APPROVED:
            earlier.state = _S.SUPERSEDED
    report.state, report.approved_at = _S.APPROVED, work.now
    _signed(work, report, SignatureRole.SYSTEM_OWNER, work.now)
    carry_on(work, audit, AuditProgress.CLOSED)
    tell_signer(work, audit, report)
    return print_approved(work, audit, report)


def print_approved(work: Work, audit: Audit, report: AuditReport) -> ReportRun:
    """Ask for the paper of an approved report that says who approved it; the audit is frozen, so it says the same."""
    if not _may_print_approved(audit, report):
        raise RefusedError(f"Version {report.number} of the report needs no other paper.")
    return report_runs.ask(work, AUDIT_REPORT, asked_of(audit, report, APPROVED))


def take_back(work: Work, audit: Audit, report: AuditReport, reason: str) -> None:
    """Make a signed report a draft again: the signature falls, and the audit thaws."""
    _refuse_unless(report, _S.IN_APPROVAL)
    if not reason.strip():
        raise RefusedError("Say why it is taken back.", "reason")
    printing = print_of(work, audit, report, SIGNED)
    if printing is not None:
        report_runs.withdraw(printing, f"Version {report.number} of the report was taken back before it was printed.")
    report.signatures.clear()
    report.state, report.sha256, report.size, report.printed_at = _S.DRAFT, None, None, None
    audit.frozen_at = None
    work.reason = reason.strip()
    work.flush()


def is_lead(audit: Audit, person_id: int | None) -> bool:
    """Whether a person leads the audit."""
    return any(each.role is TeamRole.LEAD and each.person_id == person_id for each in audit.team if each.person_id)


def _may_print_approved(audit: Audit, report: AuditReport) -> bool:
    return report.lacks_approved_paper and audit.frozen_at is not None


def _signed(work: Work, report: AuditReport, role: SignatureRole, at: datetime) -> None:
    if work.actor_id is None or report.sha256 is None:
        raise LookupError("a paper is signed by a person")
    report.signatures.append(ReportSignature(role=role, person_id=work.actor_id, signed_at=at, sha256=report.sha256))
    work.flush()


def _refuse_unless(report: AuditReport, state: ReportState) -> None:
    if report.state is not state:
        raise RefusedError(f"Version {report.number} of the report is {report.state.label.lower()} meanwhile.")
