"""What competence is asked of whom, what shows it, and the check of audit teams against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.catalogue import standards
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Role
from app.domain.programme.impartiality import refuse_new
from app.domain.programme.team import TeamRole
from app.domain.training.competence import EvidenceKind, OnGap, Requirement, refuse_requirement
from app.models.attachment import Attachment
from app.models.competence import CompetenceEvidence, CompetenceRequirement, RequiredCourse
from app.models.course import Course
from app.operations.conflict import refuse_if_changed
from app.operations.references import next_reference
from app.queries.learners import learner
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementDetails:
    """What is said of a requirement; courses by id."""

    name: str
    role: Role | None = None
    team_role: TeamRole | None = None
    standard: str = ""
    courses: frozenset[int] = frozenset()
    audits_witnessed: int = 0
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDetails:
    """What shows competence: an audit that was witnessed, or a document."""

    kind: EvidenceKind
    says: str
    from_on: date
    valid_until: date | None = None


def create(work: Work, details: RequirementDetails) -> CompetenceRequirement:
    """Ask for a competence."""
    row = CompetenceRequirement(courses=[])
    reference = next_reference(work, CompetenceRequirement, "CR-", digits=2)
    _tell(work, row, details)
    row.reference = reference
    return work.add(row)


def edit(work: Work, row: CompetenceRequirement, details: RequirementDetails, seen: int | None = None) -> None:
    """Change what is asked; who saw an older version is refused."""
    refuse_if_changed(row, seen, row.reference)
    _refuse_retired(row)
    _tell(work, row, details)
    work.flush()


def retire(work: Work, row: CompetenceRequirement) -> None:
    """It is asked of nobody any more; what was recorded for it stays."""
    _refuse_retired(row)
    row.retired_on = work.today
    work.flush()


def record_evidence(
    work: Work, row: CompetenceRequirement, person_id: int, details: EvidenceDetails
) -> CompetenceEvidence:
    """Record what shows that somebody meets a requirement; it counts from its day through its last valid day."""
    _refuse_retired(row)
    if learner(work, person_id) is None:
        raise RefusedError("Choose a member of this organisation.")
    says = " ".join(details.says.split())
    if not says:
        raise RefusedError("Say which audit, or which document.", "says")
    if details.from_on > work.today:
        raise RefusedError("It has not happened yet: record it on the day.", "from_on")
    if details.valid_until is not None and details.valid_until < details.from_on:
        raise RefusedError("The last valid day comes before the first.", "valid_until")
    if details.kind is EvidenceKind.WITNESSED and not row.audits_witnessed:
        raise RefusedError(f"{row.reference} asks for no audit witnessed.", "kind")
    if details.kind is EvidenceKind.DOCUMENT and not row.evidence:
        raise RefusedError(f"{row.reference} asks for no document.", "kind")
    return work.add(
        CompetenceEvidence(
            requirement_id=row.id,
            person_id=person_id,
            kind=details.kind,
            says=says[:200],
            from_on=details.from_on,
            valid_until=details.valid_until,
            recorded_by_id=work.actor_id,
            recorded_at=work.now,
        )
    )


def remove_evidence(work: Work, evidence: CompetenceEvidence) -> None:
    """Take away what was recorded by mistake; the journal keeps that it was there. Its files go first."""
    if work.all(select(Attachment.id).where(Attachment.evidence_id == evidence.id)):
        raise RefusedError("A file lies on it: remove the file first.")
    work.session.delete(evidence)
    work.flush()


def refuse_gaps(work: Work, before: Iterable[Reason], after: Iterable[Reason], field: str) -> None:
    """Refuse a place in an audit team that leaves a gap on the days of the audit, where the organisation refuses it.

    What stood before, such as by a course that ran out since, is only pointed out. [ISO 19011, 7]
    """
    if OnGap(work.organisation.competence_gap) is OnGap.REFUSE:
        refuse_new(before, after, field)


def _tell(work: Work, row: CompetenceRequirement, details: RequirementDetails) -> None:
    name = " ".join(details.name.split())[:200]
    courses = sorted(details.courses)
    refuse_requirement(
        Requirement(
            name,
            details.role,
            details.team_role,
            details.standard,
            tuple((each, "") for each in courses),
            details.audits_witnessed,
            details.evidence,
        )
    )
    if details.standard and details.standard not in standard_names():
        raise RefusedError("Choose a standard from the list.", "standard")
    with work.session.no_autoflush:
        there = {each.course_id: each for each in row.courses}
        if set(courses) - set(work.all(select(Course.id).where(Course.id.in_(courses)))):
            raise RefusedError("Choose courses from the list.", "courses")
    row.name, row.role, row.team_role = name, details.role, details.team_role
    row.standard, row.audits_witnessed = details.standard, details.audits_witnessed
    row.evidence = " ".join(details.evidence.split())[:200]
    for course_id in set(there) - set(courses):
        row.courses.remove(there[course_id])
    row.courses.extend(RequiredCourse(course_id=each) for each in courses if each not in there)


def standard_names() -> list[str]:
    """The standards by name without edition, that somebody may audit."""
    return sorted({each.full_name.partition(":")[0] for each in standards() if each.certifiable})


def _refuse_retired(row: CompetenceRequirement) -> None:
    if row.retired_on is not None:
        raise RefusedError(f"{row.reference} is retired: it is asked of nobody any more.")
