"""What Northwind asks of who audits and of who looks after assets, and what shows that they can do it."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.demonstration.training.writing import ASSETS, AUDITING, LICENCES, SECURITY
from app.domain.dates import add_months
from app.domain.permission import Role
from app.domain.programme.team import TeamRole
from app.domain.training.competence import EvidenceKind
from app.operations import competence as operation
from app.operations.competence import EvidenceDetails, RequirementDetails
from app.queries.competence import requirement_by

if TYPE_CHECKING:
    from app.demonstration.training import School

LEAD = "lead"
WITNESSED = {
    "mateo": ("Surveillance of a client of Meridian, as observer", "Recertification at Polder Assurance, as observer"),
    "annika": ("Internal audit of the service desk, beside Mateo", "Supplier audit in Malmö, as observer"),
}


def competence(school: "School") -> None:
    """Asked from the first month on. One leads audits; of another a course has run out meanwhile."""
    began = ago(school.today, months=17, days=-5)
    school.on(began, "ingrid", partial(_ask, school))
    for who, days in (("mateo", 10), ("annika", 45)):
        shown_on = ago(school.today, months=17, days=-days)
        school.on(shown_on, "ingrid", partial(_show, school, who, shown_on))


def _ask(school: "School") -> None:
    ids, work = school.ids, school.work
    auditing = frozenset({ids[SECURITY], ids[AUDITING]})
    lead = RequirementDetails(
        name="Lead auditor, ISO/IEC 27001",
        team_role=TeamRole.LEAD,
        standard="ISO/IEC 27001",
        courses=auditing,
        audits_witnessed=2,
        evidence="Certificate of a lead auditor course",
    )
    school.references[LEAD] = operation.create(work, lead).reference
    operation.create(work, RequirementDetails(name="Internal auditor", team_role=TeamRole.AUDITOR, courses=auditing))
    operation.create(work, RequirementDetails(name="Working as an auditor", role=Role.AUDITOR, courses=auditing))
    operation.create(
        work,
        RequirementDetails(
            name="Assets and licences",
            role=Role.ASSET_MANAGER,
            courses=frozenset({ids[ASSETS], ids[LICENCES]}),
        ),
    )


def _show(school: "School", who: str, shown_on: date) -> None:
    work, row = school.work, requirement_by(school.work, school.references[LEAD], lock=True)
    if row is None:
        raise LookupError("the story has no requirement for lead auditors")
    person = school.cast[who].id
    for number, says in enumerate(WITNESSED[who], start=1):
        on = ago(shown_on, months=2 * number)
        details = EvidenceDetails(kind=EvidenceKind.WITNESSED, says=says, from_on=on)
        operation.record_evidence(work, row, person, details)
    document = EvidenceDetails(
        kind=EvidenceKind.DOCUMENT,
        says="Lead auditor course of five days, passed",
        from_on=ago(shown_on, months=5),
        valid_until=add_months(shown_on, 36),
    )
    operation.record_evidence(work, row, person, document)
