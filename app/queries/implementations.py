"""Implementations: all of them, one with its tasks, whose stage 1 it leads to, and how ready one is for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import AuditKind
from app.domain.dates import add_days, say
from app.domain.explained import Explained
from app.domain.implementation.plan import Expected, Step, Task, before_stage_1, end_of, expect
from app.domain.implementation.readiness import Part, of_courses, of_manuals, of_record, of_tasks, score
from app.domain.training.status import TrainingStatus
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.audit_plan import AuditCriterion
from app.models.certificate import Certificate
from app.models.implementation import Implementation, ImplementationTask
from app.models.management_review import ManagementReview
from app.queries.documents import acknowledgements_of
from app.queries.learners import learners
from app.queries.management_reviews import HELD
from app.queries.training_standing import standings
from app.work import Work

MOST_NAMED = 5
"""So many people who lack a course are named; the matrix of training holds all of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An implementation as it stands today."""

    row: Implementation
    expected: dict[int, Expected]
    end: Explained[date]
    stage_1: tuple[str, date] | None
    left: Explained[int | None]

    @property
    def planned_end(self) -> date:
        return planned_end(self.row)

    @property
    def late(self) -> int:
        return sum(each.is_late for each in self.expected.values())

    @property
    def done(self) -> int:
        return sum(each.task.done_on is not None for each in self.expected.values())

    @property
    def is_over(self) -> bool:
        return len(self.row.ended) == len(Step)


def planned_end(row: Implementation) -> date:
    """The last day of the plan as it was laid out."""
    return add_days(row.starts_on, row.days - 1)


def tasks_of(row: Implementation) -> list[Task]:
    """Its tasks as the rules see them."""
    return [
        Task(
            each.id,
            each.title,
            each.starts_on,
            each.due_on,
            each.done_on,
            tuple(wait.after_id for wait in each.waits),
        )
        for each in row.tasks
    ]


def implementation_by(work: Work, reference: str, *, for_update: bool = False) -> Implementation | None:
    """One implementation with its tasks; for update, it is held until the work is done."""
    statement = _whole().where(Implementation.reference == reference)
    if for_update:
        statement = statement.with_for_update(of=Implementation).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def implementations(work: Work) -> list[Standing]:
    """All of them, the latest first, each as it stands today."""
    rows = work.all(_whole().order_by(Implementation.starts_on.desc(), Implementation.id.desc()))
    stages = _stages(work, [each.certificate_id for each in rows if each.certificate_id is not None])
    return [_standing(each, stages, work.today) for each in rows]


def standing_of(work: Work, row: Implementation) -> Standing:
    """What is late in it, when it is expected to end, and what that does to its stage 1."""
    stages = _stages(work, [row.certificate_id] if row.certificate_id is not None else [])
    return _standing(row, stages, work.today)


def own_tasks(work: Work, person_id: int) -> list[ImplementationTask]:
    """The open tasks of a person, the first to be done first."""
    return work.all(
        select(ImplementationTask)
        .where(ImplementationTask.owner_id == person_id, ImplementationTask.done_on.is_(None))
        .order_by(ImplementationTask.due_on, ImplementationTask.id)
        .options(joinedload(ImplementationTask.implementation))
    )


def needed_for(work: Work, row: Implementation, step: Step) -> list[Part]:
    """What the end of a step needs: its tasks, for the last one also manuals acknowledged and courses passed."""
    parts = [_tasks_part(row, step)]
    if step is Step.TRAINING:
        parts += [_manuals(work, row), _courses(work)]
    return parts


def readiness_parts(work: Work, row: Implementation) -> list[Part]:
    """What the readiness for stage 1 is made of."""
    return [
        *(_tasks_part(row, step) for step in Step),
        _manuals(work, row),
        _courses(work),
        _internal_audit(work, row),
        _management_review(work, row),
    ]


def readiness(work: Work, row: Implementation) -> tuple[Explained[int], list[Part]]:
    """How ready the organisation is for stage 1, and the parts of it."""
    parts = readiness_parts(work, row)
    return score(parts), parts


def certificates_to_choose(work: Work) -> list[tuple[int, str, str]]:
    """Id, reference and standard of each certificate."""
    statement: Any = select(Certificate.id, Certificate.reference, Certificate.standard).order_by(Certificate.reference)
    return [(id_, reference, standard) for id_, reference, standard in work.execute(statement)]


def _whole() -> Any:
    return select(Implementation).options(
        joinedload(Implementation.certificate),
        selectinload(Implementation.tasks).options(
            joinedload(ImplementationTask.owner), selectinload(ImplementationTask.waits)
        ),
    )


def _standing(row: Implementation, stages: dict[int, list[tuple[str, date]]], today: date) -> Standing:
    expected = expect(tasks_of(row), today)
    end = end_of(expected.values(), planned_end(row))
    ahead = [each for each in stages.get(row.certificate_id or 0, []) if each[1] >= row.starts_on]
    stage_1 = min(ahead, key=lambda each: (each[1], each[0]), default=None)
    return Standing(row, expected, end, stage_1, before_stage_1(end.value, stage_1))


def _stages(work: Work, certificate_ids: Sequence[int]) -> dict[int, list[tuple[str, date]]]:
    found: dict[int, list[tuple[str, date]]] = {}
    if not certificate_ids:
        return found
    statement: Any = (
        select(AuditCertificate.certificate_id, Audit.reference, Audit.starts_on)
        .join(Audit, Audit.id == AuditCertificate.audit_id)
        .where(
            AuditCertificate.certificate_id.in_(certificate_ids),
            AuditCertificate.kind == AuditKind.STAGE_1,
            Audit.progress != AuditProgress.CANCELLED,
        )
    )
    for certificate_id, reference, starts_on in work.execute(statement):
        found.setdefault(certificate_id, []).append((reference, starts_on))
    return found


def _tasks_part(row: Implementation, step: Step) -> Part:
    of_it = [each for each in row.tasks if each.step is step]
    return of_tasks(step, sum(each.done_on is not None for each in of_it), len(of_it))


def _manuals(work: Work, row: Implementation) -> Part:
    """The approved documents of the standard, acknowledged by everybody they were handed out to."""
    return of_manuals(
        [
            (
                f"{each.reference} {each.title}, version {each.number}",
                len(each.done),
                [person.label for person in each.waiting],
            )
            for each in acknowledgements_of(work, row.standard)
        ]
    )


def _courses(work: Work) -> Part:
    """What people were told to take and have not passed; who began a course of their own accord owes nothing."""
    people = learners(work)
    names = {each.id: each.name for each in people}
    found = standings(work, people, all_people=True)
    asked = {pair: each.value for pair, each in found.items() if each.value.is_assigned}
    passed = {pair for pair, each in asked.items() if each.status.holds or each.status is TrainingStatus.EXEMPT}
    lacking = sorted({names[pair[0]] for pair in asked if pair not in passed})
    more = len(lacking) - MOST_NAMED
    named = [*lacking[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    return of_courses(len(passed), len(asked), named)


def _internal_audit(work: Work, row: Implementation) -> Part:
    """An internal audit of the standard or of the whole system that was held since the implementation began."""
    name = row.standard.partition(":")[0]
    of_standard = select(AuditCriterion.audit_id).where(AuditCriterion.standard.startswith(name))
    serves = (
        select(AuditCertificate.audit_id)
        .join(Certificate, Certificate.id == AuditCertificate.certificate_id)
        .where(Certificate.standard == name)
    )
    with_criteria = select(AuditCriterion.audit_id)
    with_certificates = select(AuditCertificate.audit_id)
    statement: Any = (
        select(Audit.reference, Audit.ends_on)
        .where(
            Audit.kind == AuditKind.INTERNAL,
            Audit.progress.in_((AuditProgress.REPORT_DRAFTED, AuditProgress.CLOSED)),
            Audit.ends_on >= row.starts_on,
            Audit.ends_on <= work.today,
            Audit.id.in_(of_standard)
            | Audit.id.in_(serves)
            | (Audit.id.not_in(with_criteria) & Audit.id.not_in(with_certificates)),
        )
        .order_by(Audit.ends_on.desc(), Audit.id.desc())
        .limit(1)
    )
    held = work.execute(statement).first()
    since = f"since the implementation began on {say(row.starts_on)}"
    if held is None:
        return of_record("Internal audit", False, f"No internal audit of {name} was held {since}.")
    return of_record("Internal audit", True, f"{held[0]} was held on {say(held[1])}, {since}.")


def _management_review(work: Work, row: Implementation) -> Part:
    """A management review that serves the standard and was held since the implementation began."""
    name = row.standard.partition(":")[0]
    reviews = work.all(
        select(ManagementReview)
        .where(ManagementReview.progress.in_(HELD), ManagementReview.held_on >= row.starts_on)
        .order_by(ManagementReview.held_on.desc(), ManagementReview.id.desc())
    )
    serving = [
        each
        for each in reviews
        if not each.standards or name in {line.partition(":")[0] for line in each.standards.splitlines()}
    ]
    since = f"since the implementation began on {say(row.starts_on)}"
    if not serving:
        return of_record("Management review", False, f"No management review of {name} was held {since}.")
    return of_record(
        "Management review", True, f"{serving[0].reference} was held on {say(serving[0].held_on)}, {since}."
    )
