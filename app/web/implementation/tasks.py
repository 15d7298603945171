"""The tasks of an implementation: added, changed, done, opened again, taken out; and the end of a step."""

from collections.abc import Callable

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import RefusedError
from app.domain.implementation.plan import Step
from app.domain.permission import Permission
from app.models.implementation import Implementation, ImplementationTask
from app.operations import implementations as operation
from app.queries.processes import people_to_choose
from app.web.corrective_actions.taking import take
from app.web.gate import may
from app.web.implementation.area import area, page_of, row_or_404, task_or_404
from app.web.implementation.forms import TaskForm
from app.work import Work


@area.form("/<reference>/tasks/new", needs=Permission.MANAGE_IMPLEMENTATION)
def add_task(work: Work, reference: str) -> ResponseReturnValue:
    """Put a task of one's own into the plan."""
    row = row_or_404(work, reference)
    form = _form(work, row, None)

    def act() -> str:
        operation.add_task(work, reference, form.details)
        return reference

    return take(
        work,
        form,
        "implementation/task.html",
        act,
        version=row.version,
        done="The task is part of the plan.",
        to=page_of,
        row=row,
        task=None,
    )


@area.form("/<reference>/tasks/<int:implementation_task_id>", needs=Permission.MANAGE_IMPLEMENTATION)
def edit_task(work: Work, reference: str, implementation_task_id: int) -> ResponseReturnValue:
    """Change a task: its name, owner, days, and what it waits for."""
    row = row_or_404(work, reference)
    task = task_or_404(row, implementation_task_id)
    form = _form(work, row, task)

    def act() -> str:
        operation.change_task(work, reference, implementation_task_id, form.seen_version, form.details)
        return reference

    return take(
        work,
        form,
        "implementation/task.html",
        act,
        version=task.version,
        done="The task is saved.",
        to=page_of,
        row=row,
        task=task,
    )


@area.post("/<reference>/tasks/<int:implementation_task_id>/done", needs=Permission.SEE_OWN_WORK)
def finish(work: Work, reference: str, implementation_task_id: int) -> ResponseReturnValue:
    """Record a task as done: its owner does, or who manages the implementation."""
    task = task_or_404(row_or_404(work, reference), implementation_task_id)
    if task.owner_id != current_user.id and not may(Permission.MANAGE_IMPLEMENTATION):
        abort(404)
    _act(lambda: operation.finish(work, reference, implementation_task_id), "The task is done.")
    back = page_of(reference) if may(Permission.SEE_PROGRAMME) else url_for("my_work.show")
    return redirect(back, 303)


@area.post("/<reference>/tasks/<int:implementation_task_id>/reopen", needs=Permission.MANAGE_IMPLEMENTATION)
def reopen(work: Work, reference: str, implementation_task_id: int) -> ResponseReturnValue:
    """Take back that a task is done."""
    task_or_404(row_or_404(work, reference), implementation_task_id)
    _act(lambda: operation.reopen(work, reference, implementation_task_id), "The task is open again.")
    return redirect(page_of(reference), 303)


@area.post("/<reference>/tasks/<int:implementation_task_id>/remove", needs=Permission.MANAGE_IMPLEMENTATION)
def remove_task(work: Work, reference: str, implementation_task_id: int) -> ResponseReturnValue:
    """Take a task out of the plan."""
    task_or_404(row_or_404(work, reference), implementation_task_id)
    _act(lambda: operation.remove_task(work, reference, implementation_task_id), "The task is no longer in the plan.")
    return redirect(page_of(reference), 303)


@area.post("/<reference>/end/<step>", needs=Permission.MANAGE_IMPLEMENTATION)
def end_step(work: Work, reference: str, step: str) -> ResponseReturnValue:
    """Say that a step has ended."""
    row_or_404(work, reference)
    ending = next((each for each in Step if each.value == step), None)
    if ending is None:
        abort(404)
    _act(lambda: operation.end_step(work, reference, ending), f"“{ending.label}” has ended.")
    return redirect(page_of(reference), 303)


def _act(step: Callable[[], object], done: str) -> None:
    """Take a step that has no form of its own; a refusal changes nothing and is told on the page that follows."""
    try:
        step()
    except RefusedError as refusal:
        for reason in refusal.every_reason:
            flash(str(reason), "warning")
    else:
        flash(done, "success")


def _form(work: Work, row: Implementation, task: ImplementationTask | None) -> TaskForm:
    form = TaskForm()
    others = {each.id: each.title for each in row.tasks if each is not task}
    owner = frozenset({task.owner_id} if task is not None and task.owner_id is not None else ())
    form.offer(people_to_choose(work, owner), others)
    if task is not None and not form.is_submitted():
        form.tell(task)
    return form
