"""The days of implementations: whose tasks are due when, and the ends of their steps, for reminders and calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.domain.dates import say
from app.domain.implementation.plan import Expected, Step, Task, expect, open_before, slides
from app.models.implementation import Implementation, ImplementationTask, TaskDependency
from app.queries.calendar import Choice
from app.queries.case_calendar import DueEvent
from app.queries.case_duties import Duty
from app.queries.implementations import Standing, implementations
from app.work import Work

T = ImplementationTask


def task_duties(work: Work, until: date) -> list[tuple[int, Duty]]:
    """The open tasks that are expected by a day, each with whose it is. Three queries.

    Who waits for what is late is left alone until that is done: their own day moves on with it.
    """
    statement: Any = (
        select(T.id, T.implementation_id, T.owner_id, T.title, Implementation.reference)
        .join(Implementation, Implementation.id == T.implementation_id)
        .where(T.owner_id.is_not(None), T.done_on.is_(None), T.due_on <= until)
        .order_by(T.due_on, T.id)
    )
    rows = work.execute(statement).all()
    expected = expected_in(work, {row.implementation_id for row in rows})
    moving = slides(expected, work.today)
    found = []
    for row in rows:
        due_on = expected[row.id].due_on
        if row.id in moving or due_on > until:
            continue
        before = "”, “".join(each.task.title for each in open_before(expected, row.id))
        to_do = "Do the task, and record it as done"
        duty = Duty(
            "my_work.show",
            row.reference,
            row.title,
            f"{to_do}, after “{before}”" if before else to_do,
            due_on,
            part=f"task {row.id}",
            among_others=True,
        )
        found.append((row.owner_id, duty))
    return found


def expected_in(work: Work, implementation_ids: Collection[int]) -> dict[int, Expected]:
    """When each task of these implementations begins and ends as things stand today, by task. Two queries."""
    if not implementation_ids:
        return {}
    after: dict[int, list[int]] = defaultdict(list)
    waits: Any = (
        select(TaskDependency.task_id, TaskDependency.after_id)
        .join(T, T.id == TaskDependency.task_id)
        .where(T.implementation_id.in_(implementation_ids))
        .order_by(TaskDependency.id)
    )
    for task_id, after_id in work.execute(waits):
        after[task_id].append(after_id)
    kept: Any = select(T.id, T.title, T.starts_on, T.due_on, T.done_on).where(
        T.implementation_id.in_(implementation_ids)
    )
    tasks = [
        Task(row.id, row.title, row.starts_on, row.due_on, row.done_on, tuple(after[row.id]))
        for row in work.execute(kept)
    ]
    return expect(tasks, work.today)


def task_events(work: Work, person_id: int | None) -> list[DueEvent]:
    """The tasks of a person by their last day, those that are done among them; nothing where nobody's is asked for."""
    if person_id is None:
        return []
    statement: Any = (
        select(T.id, T.implementation_id, T.title, T.step, T.due_on, T.done_on)
        .add_columns(Implementation.reference, Implementation.created_at)
        .join(Implementation, Implementation.id == T.implementation_id)
        .where(T.owner_id == person_id)
        .order_by(T.due_on, T.id)
    )
    rows = work.execute(statement).all()
    homes = {row.implementation_id for row in rows}
    expected = expected_in(work, homes)
    # What another task does moves it too: the numbers of all changes of its plan together only grow.
    sums: Any = select(T.implementation_id, func.sum(T.version)).where(T.implementation_id.in_(homes))
    changes = dict(work.execute(sums.group_by(T.implementation_id)).all()) if homes else {}
    return [
        DueEvent(
            f"task-{row.id}@triennium",
            changes[row.implementation_id],
            "task",
            row.reference,
            f"{row.reference}: {row.title}",
            f"A task of “{row.step.label}”. {expected[row.id].why[0].says}",
            expected[row.id].due_on,
            row.done_on is not None,
            row.created_at,
        )
        for row in rows
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
