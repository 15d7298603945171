"""What a visitor may do with one audit, beyond what their role grants."""

from flask import abort, g
from flask_login import current_user

from app.domain.certification.facts import AuditKind
from app.domain.permission import Permission
from app.domain.programme.progress import BY_ITS_AUDITORS, AuditProgress
from app.domain.programme.team import TeamRole
from app.models.audit import Audit
from app.queries.audits import audit_of
from app.web.gate import may
from app.work import Work


def audit_or_404(work: Work, reference: str) -> Audit:
    """The audit, for who may see the programme, is on its team or its guest today; for everybody else there is none."""
    audit = audit_of(work, reference)
    if audit is None or not sees(audit):
        abort(404)
    return audit


def sees(audit: Audit) -> bool:
    """Whether the visitor may read the audit and what was found and shown at it; its team is loaded."""
    if may(Permission.SEE_PROGRAMME) or is_guest(audit):
        return True
    # Whoever was invited for days is bound by them, as one of the team too.
    return is_on_team(audit) and audit.id not in g.get("guest_for_days", ())


def is_guest(audit: Audit) -> bool:
    """Whether the visitor is an external assessor who is invited to the audit, and today is one of their days."""
    return audit.id in g.get("guest_at", {})


def may_print(audit: Audit) -> bool:
    """Whether the visitor may print what is not approved yet: with the programme, or as one of the team; no guest."""
    return may(Permission.SEE_PROGRAMME) or (sees(audit) and is_on_team(audit))


def is_on_team(audit: Audit) -> bool:
    """Whether the visitor is on the team."""
    return any(member.person_id == current_user.id for member in audit.team)


def steps_for(audit: Audit, steps: tuple[AuditProgress, ...]) -> tuple[AuditProgress, ...]:
    """Which of these steps the visitor may take: all with the programme, the auditors' own on one's own audit."""
    if may(Permission.MANAGE_PROGRAMME):
        return steps
    if may(Permission.WORK_ON_AUDIT) and is_on_team(audit):
        return tuple(step for step in steps if step in BY_ITS_AUDITORS)
    return ()


def may_work_on(audit: Audit) -> bool:
    """Whether the visitor may record what the audit looked at: with the programme, or as one of its team."""
    return may(Permission.MANAGE_PROGRAMME) or (may(Permission.WORK_ON_AUDIT) and is_on_team(audit))


def may_conclude(audit: Audit) -> bool:
    """Whether the visitor may record what a certification body's team concluded; an internal audit has its report."""
    return may(Permission.MANAGE_PROGRAMME) and audit.kind is not AuditKind.INTERNAL


def may_attach(audit: Audit) -> bool:
    """Whether the visitor may add files to the audit and take them away: with the programme, or as one who leads it."""
    if may(Permission.MANAGE_PROGRAMME):
        return True
    leads = any(each.person_id == current_user.id and each.role is TeamRole.LEAD for each in audit.team)
    return may(Permission.WORK_ON_AUDIT) and leads
