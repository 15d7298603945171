"""Implementations: laid out from a template, changed task by task, and ended step by step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.catalogue.implementation import templates
from app.domain.explained import RefusedError
from app.domain.implementation import plan as rules
from app.domain.implementation.plan import Laid, Step
from app.domain.implementation.readiness import refuse_end
from app.models.implementation import Implementation, ImplementationTask, TaskDependency
from app.operations.conflict import refuse_if_changed
from app.operations.implementation_mail import tell_owner
from app.operations.references import next_reference
from app.queries.implementations import certificates_to_choose, implementation_by, tasks_of
from app.queries.processes import people_to_choose
from app.queries.readiness import needed_for
from app.queries.slips import closed_at
from app.work import Work

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What an implementation is laid out from."""

    standard: str
    starts_on: date
    days: int
    certificate_id: int | None = None
    every_day: bool = False
    """Whether it is laid out over closed days too, as where people work on all days."""


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """What is said of a task."""

    step: Step
    title: str
    starts_on: date | None
    due_on: date | None
    owner_id: int | None = None
    after: tuple[int, ...] = ()


def preview(work: Work, wish: Wish) -> tuple[Laid, ...]:
    """The tasks with their days as they would be laid out; nothing is kept."""
    if wish.standard not in templates():
        raise RefusedError("Choose a standard from the list.", "standard")
    chosen = {id_: name for id_, _, name in certificates_to_choose(work)}
    if wish.certificate_id is not None and chosen.get(wish.certificate_id) != wish.standard.partition(":")[0]:
        raise RefusedError("Choose a certificate of this standard.", "certificate")
    certificates = () if wish.certificate_id is None else (wish.certificate_id,)
    pattern = templates()[wish.standard]
    if wish.every_day:
        return rules.lay_out(pattern, wish.starts_on, wish.days)
    return rules.lay_out(pattern, wish.starts_on, wish.days, closed_at(work, (), certificates))


def lay_out(work: Work, wish: Wish) -> Implementation:
    """Keep a plan laid out from the template of a standard."""
    laid = preview(work, wish)
    row = work.add(
        Implementation(
            reference=next_reference(work, Implementation, f"IMP-{wish.starts_on.year}-", digits=2),
            standard=wish.standard,
            starts_on=wish.starts_on,
            days=wish.days,
            certificate_id=wish.certificate_id,
            created_at=work.now,
        )
    )
    made: dict[str, int] = {}
    for each in laid:
        pattern = each.pattern
        task = ImplementationTask(
            implementation_id=row.id,
            step=pattern.step,
            title=pattern.title,
            starts_on=each.starts_on,
            due_on=each.due_on,
            place=pattern.place,
        )
        made[pattern.key] = work.add(task).id
    waits = [
        {"task_id": made[each.pattern.key], "after_id": made[before]} for each in laid for before in each.pattern.after
    ]
    work.insert_many(TaskDependency, waits)
    return row


def add_task(work: Work, reference: str, details: TaskDetails) -> ImplementationTask:
    """Put a task of one's own into a plan."""
    row = _held(work, reference)
    _refuse(work, row, None, details)
    starts_on, due_on = _days(details)
    task = work.add(
        ImplementationTask(
            implementation_id=row.id,
            step=details.step,
            title=details.title.strip()[:LONGEST_TITLE],
            starts_on=starts_on,
            due_on=due_on,
            owner_id=details.owner_id,
            waits=[],
        )
    )
    _let_wait(task, details.after)
    work.flush()
    tell_owner(work, row, task)
    return task


def change_task(work: Work, reference: str, task_id: int, seen: int | None, details: TaskDetails) -> ImplementationTask:
    """Change a task: its name, its days, its owner and what it waits for."""
    row = _held(work, reference)
    task = _task(row, task_id)
    refuse_if_changed(task, seen, task.title)
    _refuse(work, row, task, details)
    before = task.owner_id
    task.starts_on, task.due_on = _days(details)
    task.step, task.title, task.owner_id = details.step, details.title.strip()[:LONGEST_TITLE], details.owner_id
    _let_wait(task, details.after)
    work.flush()
    if task.owner_id != before:
        tell_owner(work, row, task)
    return task


def finish(work: Work, reference: str, task_id: int) -> ImplementationTask:
    """Record a task as done today, once all that it waits for is done."""
    row = _held(work, reference)
    task = _task(row, task_id)
    if task.done_on is not None:
        raise RefusedError("It is done already.")
    rules.refuse_done(tasks_of(row), task.id)
    task.done_on, task.done_by_id = work.today, work.actor_id
    work.flush()
    return task


def reopen(work: Work, reference: str, task_id: int) -> ImplementationTask:
    """Take back that a task is done, while its step has not ended and nothing that waits for it is done."""
    row = _held(work, reference)
    task = _task(row, task_id)
    if task.done_on is None:
        raise RefusedError("It is not done.")
    _refuse_ended(row, task.step)
    built = [each.title for each in row.tasks if each.done_on and task.id in {wait.after_id for wait in each.waits}]
    if built:
        raise RefusedError(f"What waits for it is done already: {'; '.join(built)}.")
    task.done_on, task.done_by_id = None, None
    work.flush()
    return task


def remove_task(work: Work, reference: str, task_id: int) -> Implementation:
    """Take a task out of the plan; nothing waits for it any more."""
    row = _held(work, reference)
    task = _task(row, task_id)
    _refuse_ended(row, task.step)
    if task.done_on is not None:
        raise RefusedError("What is done stays in the plan.")
    for each in row.tasks:
        each.waits[:] = [wait for wait in each.waits if wait.after_id != task.id and each is not task]
    work.flush()
    work.session.delete(task)
    work.flush()
    return row


def end_step(work: Work, reference: str, step: Step) -> Implementation:
    """Say that a step has ended: its tasks are done, and for the last one manuals acknowledged and courses passed."""
    row = _held(work, reference)
    _refuse_ended(row, step)
    refuse_end(step, tuple(row.ended), needed_for(work, row, step))
    if step is Step.MANUALS:
        row.manuals_ended_on = work.today
    elif step is Step.DELIVERY:
        row.delivery_ended_on = work.today
    else:
        row.training_ended_on = work.today
    work.flush()
    return row


def _held(work: Work, reference: str) -> Implementation:
    row = implementation_by(work, reference, for_update=True)
    if row is None:
        raise LookupError(f"there is no implementation {reference}")
    return row


def _task(row: Implementation, task_id: int) -> ImplementationTask:
    task = next((each for each in row.tasks if each.id == task_id), None)
    if task is None:
        raise LookupError(f"{row.reference} has no task {task_id}")
    return task


def _refuse(work: Work, row: Implementation, task: ImplementationTask | None, details: TaskDetails) -> None:
    for step in {details.step, task.step if task is not None else details.step}:
        _refuse_ended(row, step)
    rules.refuse_task(details.title, details.starts_on, details.due_on)
    # Who owned it before stays, even after they left.
    people = {id_ for id_, _ in people_to_choose(work)} | {None, task.owner_id if task is not None else None}
    if details.owner_id not in people:
        raise RefusedError("Choose a member of this organisation.", "owner")
    others = {each.id for each in row.tasks if each is not task}
    if not set(details.after) <= others:
        raise RefusedError("Choose tasks of this plan.", "after")
    if task is not None:
        rules.refuse_circle(tasks_of(row), task.id, details.after)
        undone = [each.title for each in row.tasks if each.id in details.after and each.done_on is None]
        if task.done_on is not None and undone:
            raise RefusedError(f"It is done, so it waits for nothing that is not: {'; '.join(undone)}.", "after")


def _refuse_ended(row: Implementation, step: Step) -> None:
    if step in row.ended:
        raise RefusedError(f"“{step.label}” has ended: its tasks stay as they are.")


def _days(details: TaskDetails) -> tuple[date, date]:
    if details.starts_on is None or details.due_on is None:
        raise RefusedError("Give its first and its last day.", "starts_on")
    return details.starts_on, details.due_on


def _let_wait(task: ImplementationTask, after: Collection[int]) -> None:
    """Keep those that stay: a row that is not touched is not told of in the journal."""
    kept = [wait for wait in task.waits if wait.after_id in after]
    there = {wait.after_id for wait in kept}
    task.waits[:] = [*kept, *(TaskDependency(after_id=each) for each in sorted(set(after) - there))]
