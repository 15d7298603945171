"""Implementations: all of them, one with its tasks, whose stage 1 it leads to, and whose tasks they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import AuditKind
from app.domain.dates import add_days
from app.domain.explained import Explained
from app.domain.implementation.plan import Expected, Step, Task, before_stage_1, end_of, expect
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import Certificate
from app.models.implementation import Implementation, ImplementationTask
from app.work import Work


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
    def endangers_stage_1(self) -> bool:
        """Whether it is expected to end no sooner than stage 1 begins."""
        return self.left.value is not None and self.left.value < 1

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
    statement = whole().where(Implementation.reference == reference)
    if for_update:
        statement = statement.with_for_update(of=Implementation).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def implementations(work: Work) -> list[Standing]:
    """All of them, the latest first, each as it stands today."""
    return standings_of(work, work.all(whole().order_by(Implementation.starts_on.desc(), Implementation.id.desc())))


def standings_of(work: Work, rows: Sequence[Implementation]) -> list[Standing]:
    """How each of these stands today; their tasks must be loaded."""
    stages = _stages(work, [each.certificate_id for each in rows if each.certificate_id is not None])
    return [_standing(each, stages, work.today) for each in rows]


def standing_of(work: Work, row: Implementation) -> Standing:
    """What is late in it, when it is expected to end, and what that does to its stage 1."""
    return standings_of(work, [row])[0]


def own_tasks(work: Work, person_id: int) -> list[ImplementationTask]:
    """The open tasks of a person, the first to be done first."""
    return work.all(
        select(ImplementationTask)
        .where(ImplementationTask.owner_id == person_id, ImplementationTask.done_on.is_(None))
        .order_by(ImplementationTask.due_on, ImplementationTask.id)
        .options(joinedload(ImplementationTask.implementation))
    )


def certificates_to_choose(work: Work) -> list[tuple[int, str, str]]:
    """Id, reference and standard of each certificate."""
    statement: Any = select(Certificate.id, Certificate.reference, Certificate.standard).order_by(Certificate.reference)
    return [(id_, reference, standard) for id_, reference, standard in work.execute(statement)]


def whole() -> Any:
    """Implementations with their tasks, the owners of these and what they wait for."""
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
