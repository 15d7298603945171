"""An audit with a team and a checklist, for the tests of what is carried out."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from app.domain.certification.facts import AuditKind
from app.domain.programme.checklist import ItemSource, Question
from app.domain.programme.team import Seat, TeamRole
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AuditCriterion
from app.operations import agenda, agenda_confirmations, checklist
from app.operations.agenda import AgendaDetails
from app.queries.audits import audit_of
from app.queries.checklist import items_of
from app.work import Work
from tests.cast import Cast
from tests.stage import plan

SECURITY = "ISO/IEC 27001:2022"


def internal_audit(w: Work, cast: Cast, day: date = date(2030, 5, 6), **more: Any) -> Audit:
    """An internal audit of information security, led by the auditor, with the quality manager beside them."""
    team = (
        Seat(TeamRole.LEAD, person_id=cast.auditor.id),
        Seat(TeamRole.AUDITOR, person_id=cast.quality_manager.id),
    )
    audit = plan(w, None, day, kind=AuditKind.INTERNAL, team=team, **more)
    w.add(AuditCriterion(audit_id=audit.id, standard=SECURITY))
    return audit


def asked(w: Work, reference: str, many: int = 3) -> list[int]:
    """So many questions on the checklist; gives their ids."""
    audit = audit_of(w, reference, lock=True)
    assert audit is not None
    questions = [
        Question(ItemSource.OWN, SECURITY, f"7.{number}", f"Is question {number} met?", f"Look at shelf {number}.")
        for number in range(1, many + 1)
    ]
    checklist.add_questions(w, audit, questions)
    return [each.id for each in items_of(w, audit.id)]


def on_the_agenda(w: Work, audit: Audit) -> AgendaItem:
    """Two items at one time, and their auditee asked to confirm them; gives the first."""
    opening = AgendaDetails(
        held_on=audit.starts_on,
        starts_at=time(9),
        ends_at=time(10),
        title="Opening meeting",
        covers="Scope, criteria and the order of the day.",
        place="Room 7",
        outside=(("Nora Klein", "nora@supplier.example"),),
    )
    loaded = audit_of(w, audit.reference, lock=True)
    assert loaded is not None
    item = agenda.add(w, loaded, opening)
    agenda.add(w, loaded, replace(opening, title="Access rights", starts_at=time(9, 30), ends_at=time(11)))
    agenda_confirmations.ask(w, loaded)
    return item
