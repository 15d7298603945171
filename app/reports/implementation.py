"""The plan of an implementation: its tasks with their days and what is late, and how ready one is for stage 1."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.domain import clauses
from app.domain.dates import days_between, say
from app.domain.document import Column, Noted, Serves, Shape, Table
from app.domain.implementation.drawn import drawn
from app.domain.implementation.plan import Expected
from app.domain.permission import Permission
from app.models.implementation import Implementation
from app.queries.implementations import Standing, implementations
from app.queries.readiness import Ready, readiness
from app.reports.report import Asked, Body, Choices, Option, Report
from app.work import Work

TASKS = (
    Column("Task", breadth=7),
    Column("Step", breadth=3),
    Column("Owner", breadth=3),
    Column("From", Shape.DAY),
    Column("Until", Shape.DAY),
    Column("State", breadth=2),
    Column("Days late", Shape.NUMBER),
    Column("Expected end", Shape.DAY),
)
PARTS = (Column("Part", breadth=3), Column("Percent", Shape.NUMBER), Column("Why", breadth=9))
NO_TASK, NO_PART = "No implementation was laid out yet.", "There is nothing to be ready for."


def tell(work: Work, asked: Asked) -> Body:
    """One line for each task in the order of the steps, then one for each part of readiness."""
    chosen = asked.values["plan"]
    standing = next((each for each in implementations(work) if each.row.reference == chosen), None)
    if standing is None:
        return Body(NO_TASK, (Table("Tasks", TASKS, [], NO_TASK), Table("Readiness for stage 1", PARTS, [], NO_PART)))
    ready = readiness(work, standing.row)
    tasks = asked.take(_tasks(work, standing, asked))
    parts = [(each.name, each.percent, " ".join(reason.says for reason in each.why)) for each in ready.parts]
    title = f"Plan of {chosen}"
    return Body(
        _says(standing, ready),
        (Table("Tasks", TASKS, tasks, NO_TASK), Table("Readiness for stage 1", PARTS, parts, NO_PART)),
        (drawn(title, (standing.expected[each.id] for each in standing.row.tasks), work.today, standing.stage_1),),
    )


def _says(standing: Standing, ready: Ready) -> str:
    row = standing.row
    return (
        f"{row.reference} to {row.standard}: {standing.done} of {len(row.tasks)} tasks are done, "
        f"{standing.late or 'none'} late; {ready.score.value} % ready for stage 1. {standing.left.why[0].says}"
    )


def _tasks(work: Work, standing: Standing, asked: Asked) -> Iterator[tuple[Any, ...]]:
    for task in standing.row.tasks:
        expected = standing.expected[task.id]
        state: Any = expected.look.capitalize()
        if expected.look in ("late", "moved"):
            state = Noted(state, (asked.notes.on(task.title, expected.why),))
        yield (
            task.title,
            task.step.label,
            task.owner.label if task.owner else None,
            task.starts_on,
            task.due_on,
            state,
            days_late(expected, work.today),
            expected.ends_on,
        )


def days_late(expected: Expected, today: date) -> int | None:
    """By how many days a task is late, or was when it was done; None where it is or was in time."""
    until = expected.task.done_on or today
    return days_between(expected.task.due_on, until) if until > expected.task.due_on else None


def _plans(work: Work) -> Choices:
    return [(each.row.reference, _named(each.row)) for each in implementations(work)]


def _named(row: Implementation) -> str:
    return f"{row.reference}, {row.standard}, from {say(row.starts_on)}"


REPORT = Report(
    "implementation-plan",
    "Implementation plan",
    "Shows the tasks of an implementation with their owners and days, what is late and what that does to stage 1, "
    "and how ready the organisation is for it.",
    (),
    tell,
    (Option("plan", "Implementation", _plans, ""),),
    Permission.SEE_PROGRAMME,
    (Serves("readiness for stage 1", (clauses.STAGE_1_CONCLUSIONS,)),),
)
