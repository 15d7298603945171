"""How ready an organisation is for stage 1: what that is made of, for one plan or across organisations alike.

However many plans are asked for, it is a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.certification.facts import AuditKind, DecisionKind
from app.domain.dates import say
from app.domain.explained import Explained
from app.domain.implementation.plan import Step
from app.domain.implementation.readiness import Part, of_courses, of_manuals, of_record, of_tasks, score
from app.domain.training.status import TrainingStatus
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.audit_plan import AuditCriterion
from app.models.certificate import Certificate, Decision
from app.models.course import Course
from app.models.implementation import Implementation
from app.models.management_review import ManagementReview
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.queries.documents import Acknowledged, acknowledgements_by_home
from app.queries.implementations import Standing, standings_of, whole
from app.queries.learners import takes_training
from app.queries.management_reviews import HELD
from app.queries.training_standing import known_of
from app.work import Work
from app.work.unit import today_in

MOST_NAMED = 5
"""So many people who lack a course are named; the matrix of training holds all of them."""
OVER = (AuditProgress.REPORT_DRAFTED, AuditProgress.CLOSED)


@dataclass(frozen=True, slots=True)
class Ready:
    """How ready one is for the stage 1 of a plan."""

    score: Explained[int]
    parts: tuple[Part, ...]

    @property
    def wanting(self) -> tuple[Part, ...]:
        """The parts that are not whole."""
        return tuple(each for each in self.parts if not each.is_whole)


@dataclass(frozen=True, slots=True)
class Preparing:
    """An implementation whose stage 1 is still to come: how it stands, and how ready one is."""

    standing: Standing
    ready: Ready

    @property
    def row(self) -> Implementation:
        return self.standing.row


@dataclass(frozen=True, slots=True)
class _Held:
    """An internal audit that was held: of which standards, none where it is of the whole system."""

    home: int
    reference: str
    ended_on: date
    standards: frozenset[str]


def needed_for(work: Work, row: Implementation, step: Step) -> list[Part]:
    """What the end of a step needs: its tasks, for the last one also manuals acknowledged and courses passed."""
    parts = [_tasks(row, step)]
    if step is Step.TRAINING:
        acknowledged = acknowledgements_by_home(work, {row.standard})
        parts += [_manuals(acknowledged, row), _courses(work)[row.organisation_id]]
    return parts


def readiness_of(work: Work, rows: Sequence[Implementation]) -> dict[int, Ready]:
    """How ready one is for the stage 1 of each of these plans, by their ids; their tasks must be loaded."""
    if not rows:
        return {}
    since = min(each.starts_on for each in rows)
    acknowledged = acknowledgements_by_home(work, {each.standard for each in rows})
    courses, audits, reviews = _courses(work), _internal_audits(work, since), _reviews(work, since)
    found = {}
    for row in rows:
        parts = (
            *(_tasks(row, step) for step in Step),
            _manuals(acknowledged, row),
            courses[row.organisation_id],
            _internal_audit(row, audits),
            _management_review(row, reviews),
        )
        found[row.id] = Ready(score(parts), parts)
    return found


def readiness(work: Work, row: Implementation) -> Ready:
    """How ready the organisation is for stage 1."""
    return readiness_of(work, [row])[row.id]


def preparing(work: Work, certificates: Collection[Certificate] | None = None) -> list[Preparing]:
    """The implementations whose stage 1 is still to come, the latest first: all, or those towards these certificates.

    One that names no certificate leads to that of its standard and edition.
    """
    statement = whole().order_by(Implementation.starts_on.desc(), Implementation.id.desc())
    if certificates is not None:
        names = [each.full_standard for each in certificates]
        nameless = Implementation.certificate_id.is_(None) & Implementation.standard.in_(names)
        statement = statement.where(Implementation.certificate_id.in_([each.id for each in certificates]) | nameless)
    rows = work.all(statement)
    if rows:
        over = _stages_over(work, min(each.starts_on for each in rows))
        rows = [each for each in rows if not _is_over(each, over)]
    ready = readiness_of(work, rows)
    return [Preparing(each, ready[each.row.id]) for each in standings_of(work, rows)]


def leads_to(row: Implementation, certificate: Certificate) -> bool:
    """Whether an implementation leads to a certificate."""
    if row.certificate_id is None:
        return row.organisation_id == certificate.organisation_id and row.standard == certificate.full_standard
    return row.certificate_id == certificate.id


def _stages_over(work: Work, since: date) -> list[tuple[Certificate, date]]:
    """The certificates of which a stage 1 was held, or that were granted, since a day."""
    held: Any = (
        select(Certificate, Audit.starts_on)
        .join(AuditCertificate, AuditCertificate.certificate_id == Certificate.id)
        .join(Audit, Audit.id == AuditCertificate.audit_id)
        .where(AuditCertificate.kind == AuditKind.STAGE_1, Audit.progress.in_(OVER), Audit.starts_on >= since)
    )
    granted: Any = (
        select(Certificate, Decision.decided_on)
        .join(Decision, Decision.certificate_id == Certificate.id)
        .where(Decision.kind == DecisionKind.GRANTED, Decision.decided_on >= since)
    )
    return [(certificate, day) for each in (held, granted) for certificate, day in work.execute(each)]


def _is_over(row: Implementation, over: list[tuple[Certificate, date]]) -> bool:
    return any(day >= row.starts_on and leads_to(row, certificate) for certificate, day in over)


def _tasks(row: Implementation, step: Step) -> Part:
    of_it = [each for each in row.tasks if each.step is step]
    return of_tasks(step, sum(each.done_on is not None for each in of_it), len(of_it))


def _manuals(acknowledged: dict[tuple[int, str], list[Acknowledged]], row: Implementation) -> Part:
    """The approved documents of the standard, acknowledged by everybody they were handed out to."""
    return of_manuals(
        [
            (
                f"{each.reference} {each.title}, version {each.number}",
                len(each.done),
                [person.label for person in each.waiting],
            )
            for each in acknowledged.get((row.organisation_id, row.standard), [])
        ]
    )


def _courses(work: Work) -> dict[int, Part]:
    """What people were told to take and have not passed; who began a course of their own accord owes nothing."""
    joined: dict[tuple[int, int], date] = {}
    names: dict[int, str] = {}
    places = {
        id_: (zone, days)
        for id_, zone, days in work.execute(
            select(Organisation.id, Organisation.time_zone, Organisation.expiring_days).where(
                Organisation.id.in_([work.home] if work.over is None else work.over)
            )
        )
    }
    statement: Any = (
        select(Membership.organisation_id, Person.id, Person.name, Membership.joined_at)
        .join(Person, Person.id == Membership.person_id)
        .where(*takes_training(work.today))
    )
    for home, person_id, name, joined_at in work.execute(statement):
        joined[home, person_id], names[person_id] = today_in(places[home][0], joined_at), name
    home_of = {row[0]: row[1] for row in work.execute(select(Course.id, Course.organisation_id))}
    known = known_of(work)
    asked: dict[int, int] = defaultdict(int)
    passed: dict[int, int] = defaultdict(int)
    lacking: dict[int, set[str]] = defaultdict(set)
    for person_id, course_id in known.pairs:
        home = home_of[course_id]
        if (home, person_id) not in joined:
            continue
        days = places[home][1]
        stand = known.standing_of((person_id, course_id), joined[home, person_id], work.today, days).value
        if not stand.is_assigned:
            continue
        asked[home] += 1
        if stand.status.holds or stand.status is TrainingStatus.EXEMPT:
            passed[home] += 1
        else:
            lacking[home].add(names[person_id])
    return {home: of_courses(passed[home], asked[home], _named(sorted(lacking[home]))) for home in places}


def _named(people: list[str]) -> list[str]:
    more = len(people) - MOST_NAMED
    return [*people[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]


def _internal_audits(work: Work, since: date) -> list[_Held]:
    """The internal audits that were held since a day, the latest first."""
    A = Audit
    statement: Any = (
        select(A.id, A.organisation_id, A.reference, A.ends_on)
        .where(A.kind == AuditKind.INTERNAL, A.progress.in_(OVER), A.ends_on >= since, A.ends_on <= work.today)
        .order_by(A.ends_on.desc(), A.id.desc())
    )
    rows = work.execute(statement).all()
    ids = [each.id for each in rows]
    criteria: Any = select(AuditCriterion.audit_id, AuditCriterion.standard).where(AuditCriterion.audit_id.in_(ids))
    serves: Any = (
        select(AuditCertificate.audit_id, Certificate.standard)
        .join(Certificate, Certificate.id == AuditCertificate.certificate_id)
        .where(AuditCertificate.audit_id.in_(ids))
    )
    standards: dict[int, set[str]] = defaultdict(set)
    for question in (criteria, serves):
        for audit_id, standard in work.execute(question):
            standards[audit_id].add(standard.partition(":")[0])
    return [_Held(each.organisation_id, each.reference, each.ends_on, frozenset(standards[each.id])) for each in rows]


def _internal_audit(row: Implementation, audits: list[_Held]) -> Part:
    """An internal audit of the standard or of the whole system that was held since the implementation began."""
    name, since = row.standard.partition(":")[0], f"since the implementation began on {say(row.starts_on)}"
    for each in audits:
        is_of_it = not each.standards or name in each.standards
        if each.home == row.organisation_id and each.ended_on >= row.starts_on and is_of_it:
            return of_record("Internal audit", True, f"{each.reference} was held on {say(each.ended_on)}, {since}.")
    return of_record("Internal audit", False, f"No internal audit of {name} was held {since}.")


def _reviews(work: Work, since: date) -> list[ManagementReview]:
    return work.all(
        select(ManagementReview)
        .where(ManagementReview.progress.in_(HELD), ManagementReview.held_on >= since)
        .order_by(ManagementReview.held_on.desc(), ManagementReview.id.desc())
    )


def _management_review(row: Implementation, reviews: list[ManagementReview]) -> Part:
    """A management review that serves the standard and was held since the implementation began."""
    name, since = row.standard.partition(":")[0], f"since the implementation began on {say(row.starts_on)}"
    for each in reviews:
        of = {line.partition(":")[0] for line in each.standards.splitlines()}
        is_of_it = not of or name in of
        if each.organisation_id == row.organisation_id and each.held_on >= row.starts_on and is_of_it:
            return of_record("Management review", True, f"{each.reference} was held on {say(each.held_on)}, {since}.")
    return of_record("Management review", False, f"No management review of {name} was held {since}.")
