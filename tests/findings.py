"""Findings for the tests: an internal audit that has begun, and findings at it, in a few words each."""

from datetime import date
from typing import Any

from app.domain.certification.facts import AuditKind
from app.domain.findings.grading import FindingGrade
from app.domain.programme.team import Seat, TeamRole
from app.models.audit import Audit
from app.models.finding import Finding
from app.operations import findings
from app.operations.findings import FindingDetails
from app.queries.audits import audit_of
from app.work import Work
from tests.cast import Member
from tests.stage import plan

ISMS = "ISO/IEC 27001:2022"
HELD_ON = date(2026, 5, 28)


def internal(w: Work, *team: Member, certificate_id: int | None = None, on: date = HELD_ON, **more: Any) -> Audit:
    """An internal audit with this team."""
    seats = tuple(Seat(TeamRole.LEAD if number == 0 else TeamRole.AUDITOR, each.id) for number, each in enumerate(team))
    return plan(w, certificate_id, on, more.pop("until", None), AuditKind.INTERNAL, team=seats, **more)


def found(
    w: Work,
    audit: Audit | None = None,
    grade: FindingGrade = FindingGrade.MINOR,
    links: str = "",
    item_id: int | None = None,
    **said: Any,
) -> Finding:
    """A finding on clause 9.2 of ISO/IEC 27001, today."""
    given = {
        "statement": "Internal audits are not planned.",
        "evidence": "No programme for 2026.",
        "standard": ISMS,
        "clause": "9.2",
        "raised_on": w.today,
    }
    held = audit_of(w, audit.reference, lock=True) if audit else None
    return findings.create(w, held, FindingDetails(grade=grade, **{**given, **said}), links, item_id)
