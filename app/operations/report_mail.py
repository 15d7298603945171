"""Tell by mail who may approve a report that it is signed, and who signed it that it is approved."""

from sqlalchemy import select

from app.domain.permission import Permission
from app.domain.programme.reporting import SignatureRole
from app.domain.programme.team import TeamRole
from app.models.audit import Audit
from app.models.audit_report import AuditReport
from app.models.person import Person
from app.operations.case_mail import tell_person
from app.queries.members import those_who_may
from app.work import Work

PAGE = "audit_reports.report"


def tell_approvers(work: Work, audit: Audit, report: AuditReport) -> None:
    """Post a mail to everybody who may approve a signed report: not to who signed it, nor to who led the audit."""
    subject = f"The report of {audit.reference} is signed and waits for its approval"
    says = f"Version {report.number} is on paper. Read it, and approve it."
    led = {each.person_id for each in audit.team if each.role is TeamRole.LEAD}
    signed = {each.person_id for each in report.signatures}
    for person in those_who_may(work, Permission.MANAGE_PROGRAMME):
        if person.id not in led | signed:
            tell_person(work, person.id, subject, says, "", (PAGE, audit.reference))


def tell_signer(work: Work, audit: Audit, report: AuditReport) -> None:
    """Post a mail to the lead auditor that the report they signed is approved, and by whom."""
    actor = work.one_or_none(select(Person).where(Person.id == work.actor_id))
    says = f"{actor.label if actor is not None else 'Somebody'} approved version {report.number}, as it was signed."
    for each in list(report.signatures):
        if each.role is SignatureRole.LEAD_AUDITOR:
            subject = f"The report of {audit.reference} is approved"
            tell_person(work, each.person_id, subject, says, "", (PAGE, audit.reference))
