"""Who may do what: requirements, what shows that people meet them, and the gaps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.permission import Role
from app.domain.programme.progress import AuditProgress
from app.domain.programme.wish import Wish
from app.domain.training.competence import (
    AUDITING,
    Abilities,
    Auditing,
    Competence,
    Requirement,
    Shown,
    competent,
    team_gaps,
)
from app.models.audit import Audit, AuditCertificate, TeamMember
from app.models.audit_plan import AuditCriterion
from app.models.certificate import Certificate
from app.models.competence import CompetenceEvidence, CompetenceRequirement, RequiredCourse
from app.models.person import Person
from app.queries.learners import Learner, learners
from app.queries.training_standing import passed_by
from app.work import Work

TO_COME = (AuditProgress.PLANNED, AuditProgress.CONFIRMED, AuditProgress.IN_PROGRESS)


def requirement_rows(work: Work) -> list[CompetenceRequirement]:
    """Every requirement with its courses, those in force first; two queries."""
    loaded = selectinload(CompetenceRequirement.courses).joinedload(RequiredCourse.course)
    order = (CompetenceRequirement.retired_on.is_not(None), CompetenceRequirement.reference)
    return work.all(select(CompetenceRequirement).options(loaded).order_by(*order))


def requirement_by(work: Work, reference: str, *, lock: bool = False) -> CompetenceRequirement | None:
    """One of them, with its courses."""
    loaded = selectinload(CompetenceRequirement.courses).joinedload(RequiredCourse.course)
    statement = select(CompetenceRequirement).options(loaded).where(CompetenceRequirement.reference == reference)
    return work.one_or_none(statement.with_for_update() if lock else statement)


def stated(row: CompetenceRequirement) -> Requirement:
    """A requirement as the rules read it."""
    return Requirement(
        row.name,
        row.role,
        row.team_role,
        row.standard,
        tuple((each.course_id, f"{each.course.reference} {each.course.title}") for each in row.courses),
        row.audits_witnessed,
        row.evidence,
        row.id,
    )


def in_force(rows: Iterable[CompetenceRequirement]) -> list[Requirement]:
    """Those that were not retired."""
    return [stated(row) for row in rows if row.retired_on is None]


def abilities(
    work: Work, requirements: Sequence[Requirement], people: Collection[int] | None = None
) -> Mapping[int, Abilities]:
    """What people have of what these requirements ask for; None is everybody. Two queries."""
    passed: dict[int, dict[int, Any]] = defaultdict(dict)
    courses = sorted({course_id for each in requirements for course_id, _ in each.courses})
    for (person_id, course_id), done in passed_by(work, people, courses).items():
        passed[person_id][course_id] = done
    shown: dict[int, dict[int, list[Shown]]] = defaultdict(lambda: defaultdict(list))
    statement: Any = select(
        CompetenceEvidence.person_id,
        CompetenceEvidence.requirement_id,
        CompetenceEvidence.kind,
        CompetenceEvidence.from_on,
        CompetenceEvidence.valid_until,
    )
    if people is not None:
        statement = statement.where(CompetenceEvidence.person_id.in_(people))
    for person_id, requirement_id, kind, from_on, valid_until in work.execute(statement):
        shown[person_id][requirement_id].append(Shown(kind, from_on, valid_until))
    return {each: Abilities(passed[each], shown[each]) for each in {*passed, *shown}}


NOTHING = Abilities({}, {})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A person, and how they stand with each requirement; None where it does not concern them."""

    person: Learner
    cells: tuple[Explained[Competence] | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """People by requirements."""

    requirements: tuple[CompetenceRequirement, ...]
    rows: tuple[MatrixRow, ...]


def concerns(requirement: Requirement, person: Learner) -> bool:
    """Whether a requirement is for a person: by their role, or because they audit."""
    if requirement.role is not None:
        return requirement.role in person.roles
    return Role.AUDITOR in person.roles


def matrix(work: Work, on: date) -> Matrix:
    """Whom a requirement concerns, and who meets it on a day; a fixed number of queries."""
    rows = [row for row in requirement_rows(work) if row.retired_on is None]
    asked = [stated(row) for row in rows]
    has = abilities(work, asked)
    found = []
    for person in learners(work):
        cells = tuple(
            competent(each, has.get(person.id, NOTHING), on) if concerns(each, person) else None for each in asked
        )
        if any(cells):
            found.append(MatrixRow(person, cells))
    return Matrix(tuple(rows), tuple(found))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that somebody should meet and does not: by their role now, or on the days of an audit."""

    reference: str
    """Of the requirement, or of the audit."""
    of_audit: bool
    who: str
    what: str
    why: tuple[Reason, ...]


def gaps(work: Work) -> list[Gap]:
    """Whoever has a role today without what it asks, and who audits without it on the days of an audit to come."""
    rows = requirement_rows(work)
    asked = in_force(rows)
    references = {row.id: row.reference for row in rows}
    has = abilities(work, asked)
    found = []
    for person in learners(work):
        for each in asked:
            if each.role is None or each.role not in person.roles:
                continue
            answer = competent(each, has.get(person.id, NOTHING), work.today)
            if not answer.value.is_met:
                found.append(Gap(references[each.id], False, person.name, each.name, answer.why))
    statement = (
        select(Audit)
        .where(
            Audit.kind == AuditKind.INTERNAL,
            Audit.progress.in_(TO_COME),
            Audit.ends_on >= work.today,
        )
        .order_by(Audit.starts_on, Audit.id)
    )
    audits = work.all(statement)
    # Asked for whether there is an audit or not: the number of questions does not depend on what there is.
    seats: dict[int, list[TeamMember]] = defaultdict(list)
    placed = select(TeamMember).where(TeamMember.audit_id.in_([each.id for each in audits]))
    for member in work.all(placed.order_by(TeamMember.id)):
        seats[member.audit_id].append(member)
    names = _names(work, {m.person_id for team in seats.values() for m in team if m.person_id is not None})
    standards = _standards(work, [each.id for each in audits])
    for audit in audits:
        team = [
            Auditing(m.person_id, names.get(m.person_id, ""), m.role, has.get(m.person_id, NOTHING))
            for m in seats[audit.id]
            if m.role in AUDITING and m.person_id is not None
        ]
        first = max(audit.starts_on, work.today)
        for reason in team_gaps(team, asked, standards[audit.id], first, audit.ends_on):
            who = next((each.name for each in team if reason.says.startswith(each.name)), "")
            days = f"Audit {audit.reference}, {say(audit.starts_on)}"
            found.append(Gap(audit.reference, True, who, days, (reason,)))
    return found


def team_gaps_at(work: Work, audit: Audit | None, wish: Wish | None = None) -> tuple[Reason, ...]:
    """What the auditors of an internal audit lack on its days; empty for the audits of a certification body.

    With a wish, its team, days and certificates stand in the place of those on record. A fixed number of queries.
    """
    said: Any = wish if wish is not None else audit
    if said.kind is not AuditKind.INTERNAL:
        return ()
    placed = [each for each in said.team if each.role in AUDITING and each.person_id is not None]
    if not placed:
        return ()
    work.flush()
    asked = [each for each in in_force(requirement_rows(work)) if each.team_role is not None]
    if not asked:
        return ()
    people = {each.person_id for each in placed}
    has, names = abilities(work, asked, people), _names(work, people)
    team = [Auditing(m.person_id, names[m.person_id], m.role, has.get(m.person_id, NOTHING)) for m in placed]
    standards = _standards(work, [audit.id])[audit.id] if audit is not None else set()
    if wish is not None and wish.certificates:
        standards |= set(work.all(select(Certificate.standard).where(Certificate.id.in_(wish.certificates))))
    when = wish.when if wish is not None else said
    return team_gaps(team, asked, standards, when.starts_on, when.ends_on)


def evidence_of(work: Work, requirement_id: int, person_id: int) -> list[CompetenceEvidence]:
    """What was recorded of a person for a requirement, the latest first."""
    return work.all(
        select(CompetenceEvidence)
        .where(CompetenceEvidence.requirement_id == requirement_id, CompetenceEvidence.person_id == person_id)
        .order_by(CompetenceEvidence.from_on.desc(), CompetenceEvidence.id.desc())
    )


def evidence_by(work: Work, evidence_id: int) -> CompetenceEvidence | None:
    """One piece of evidence, with its requirement and whose it is."""
    loaded = (joinedload(CompetenceEvidence.requirement), joinedload(CompetenceEvidence.person))
    return work.one_or_none(select(CompetenceEvidence).options(*loaded).where(CompetenceEvidence.id == evidence_id))


def _names(work: Work, people: Collection[int]) -> dict[int, str]:
    return {each.id: each.label for each in work.all(select(Person).where(Person.id.in_(people)))}


def _standards(work: Work, audits: Collection[int]) -> dict[int, set[str]]:
    """The standards of each audit: those among its criteria and those of its certificates."""
    found: dict[int, set[str]] = defaultdict(set)
    criteria: Any = select(AuditCriterion.audit_id, AuditCriterion.standard).where(AuditCriterion.audit_id.in_(audits))
    served: Any = (
        select(AuditCertificate.audit_id, Certificate.standard)
        .join(Certificate, Certificate.id == AuditCertificate.certificate_id)
        .where(AuditCertificate.audit_id.in_(audits))
    )
    for statement in (criteria, served):
        for audit_id, standard in work.execute(statement):
            found[audit_id].add(standard)
    return found
