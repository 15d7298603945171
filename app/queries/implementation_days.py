"""The days of implementations: whose tasks are due when, and the ends of their steps, for reminders and calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.domain.dates import say
from app.domain.implementation.plan import Step
from app.models.implementation import Implementation, ImplementationTask, TaskDependency
from app.queries.calendar import Choice
from app.queries.case_calendar import DueEvent
from app.queries.case_duties import Duty
from app.queries.implementations import Standing, implementations
from app.work import Work

T = ImplementationTask


def task_duties(work: Work, until: date) -> list[tuple[int, Duty]]:
    """The open tasks that are due by a day, each with whose it is. One query."""
    statement: Any = (
        select(T.id, T.owner_id, T.title, T.due_on, Implementation.reference)
        .join(Implementation, Implementation.id == T.implementation_id)
        .where(T.owner_id.is_not(None), T.done_on.is_(None), T.due_on <= until)
        .order_by(T.due_on, T.id)
    )
    return [
        (
            row.owner_id,
            Duty(
                "my_work.show",
                row.reference,
                row.title,
                "Do the task, and record it as done",
                row.due_on,
                part=f"task {row.id}",
                among_others=True,
            ),
        )
        for row in work.execute(statement)
    ]


def open_before(work: Work, task_ids: Collection[int]) -> dict[int, list[str]]:
    """What these tasks wait for and is not done, by its title. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    before = aliased(T)
    statement: Any = (
        select(TaskDependency.task_id, before.title)
        .join(before, before.id == TaskDependency.after_id)
        .where(TaskDependency.task_id.in_(task_ids), before.done_on.is_(None))
        .order_by(before.due_on, before.id)
    )
    for task_id, title in work.execute(statement):
        found[task_id].append(title)
    return dict(found)


def task_events(work: Work, person_id: int | None) -> list[DueEvent]:
    """The tasks of a person by their last day, those that are done among them; nothing where nobody's is asked for."""
    if person_id is None:
        return []
    statement: Any = (
        select(T.id, T.version, T.title, T.step, T.due_on, T.done_on)
        .add_columns(Implementation.reference, Implementation.created_at)
        .join(Implementation, Implementation.id == T.implementation_id)
        .where(T.owner_id == person_id)
        .order_by(T.due_on, T.id)
    )
    return [
        DueEvent(
            f"task-{row.id}@triennium",
            row.version,
            "task",
            row.reference,
            f"{row.reference}: {row.title}",
            f"A task of “{row.step.label}”.",
            row.due_on,
            row.done_on is not None,
            row.created_at,
        )
        for row in work.execute(statement)
    ]


def milestone_events(work: Work, choice: Choice) -> list[DueEvent]:
    """The ends of the steps of each implementation as they are expected today, and the day by which stage 1 may come.

    They are the organisation's: a calendar of one person's audits, or of one audit, has none.
    """
    if choice.audit is not None or choice.person_id is not None:
        return []
    found = []
    for each in implementations(work):
        certificate = each.row.certificate
        if choice.certificate is None or (certificate is not None and certificate.reference == choice.certificate):
            found += _milestones(each)
    return found


def _milestones(standing: Standing) -> list[DueEvent]:
    row = standing.row
    # A later change of a task moves them too: the numbers of all changes together only grow.
    sequence = row.version + sum(task.version for task in row.tasks)
    found = []
    for step in Step:
        tasks = [each for each in row.tasks if each.step is step]
        if not tasks:
            continue
        laid_out = max(each.due_on for each in tasks)
        expected = max(standing.expected[each.id].ends_on for each in tasks)
        found.append(
            DueEvent(
                f"implementation-{row.id}-{step.value}@triennium",
                sequence,
                "implementation",
                row.reference,
                f"{row.reference}: {step.label.lower()}",
                f"{row.standard}. The step was laid out to end on {say(laid_out)}.",
                row.ended.get(step, expected),
                step in row.ended,
                row.created_at,
            )
        )
    found.append(
        DueEvent(
            f"implementation-{row.id}-stage-1@triennium",
            sequence,
            "implementation",
            row.reference,
            f"{row.reference}: ready for stage 1",
            f"{row.standard}. {standing.left.why[0].says}",
            standing.end.value,
            standing.is_over,
            row.created_at,
        )
    )
    return found
