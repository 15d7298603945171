"""Northwind's way to stage 1 of ISO/IEC 19770-1: half of it is behind, and one task is late.

It ends before stage 1 as it was laid out. What is late moves all that comes after it, and so the end past stage 1.
"""

from datetime import date
from functools import partial

from sqlalchemy import select

from app.demonstration.audits.diary import Diary
from app.domain.dates import add_days
from app.domain.implementation.plan import Step
from app.models.certificate import Certificate
from app.models.implementation import Implementation, ImplementationTask
from app.models.person import Person
from app.operations import implementations as operation
from app.operations.implementations import TaskDetails, Wish
from app.queries.implementations import implementation_by
from app.work import Work

STANDARD = "ISO/IEC 19770-1:2017"
BEGAN, DAYS = 41, 88
"""So many days ago it began, and so many it takes: counted back from stage 1."""
OWNERS = {
    "Agree the scope": "ingrid",
    "Compare what is done": "ingrid",
    "Decide which IT assets": "priya",
    "Write the policy": "ingrid",
    "Write down who answers": "priya",
    "Write the manual": "ingrid",
    "Have the manuals approved": "jonas",
    "Choose the courses": "ingrid",
    "Hand the manuals out": "ingrid",
    "Have everybody confirm": "ingrid",
    "Bring the registers": "priya",
    "Work by the manuals": "priya",
    "Train who authorises": "priya",
    "Train the internal auditors": "mateo",
    "Take and pass": "ingrid",
    "Reconcile installations": "priya",
    "Hold an internal audit": "mateo",
    "Hold the management review": "ingrid",
}
"""Who does what, by how it begins; the last task is nobody's yet."""
TRIAL = "Let the service desk read the manuals and say what is unclear"
DONE = (*list(OWNERS)[:7], "Choose the courses")
"""What is done by now, in its order."""


def implementation(work: Work, cast: dict[str, Person]) -> None:
    """Laid out six weeks ago, each task given to somebody, and done one after the other until the service desk."""
    diary = Diary(work, cast)
    began = add_days(work.today, -BEGAN)
    diary.on(began, "ingrid", partial(_lay_out, diary, began))
    due = {each.pattern.title: each.due_on for each in operation.preview(work, _wish(began))}
    for begins in DONE:
        title = next(each for each in due if each.startswith(begins))
        day = min(due[title], add_days(work.today, -1))
        diary.on(day, OWNERS[begins], partial(_finish, diary, begins))
    approved = next(day for title, day in due.items() if title.startswith("Have the manuals approved"))
    diary.on(add_days(work.today, -20), "ingrid", partial(_ask_the_desk, diary, approved))
    diary.on(approved, "ingrid", partial(_end_manuals, diary))
    diary.tell()


def _wish(began: date, certificate: int | None = None) -> Wish:
    # The story is the same on whatever day it is told, so no weekend shifts it.
    return Wish(STANDARD, began, DAYS, certificate, every_day=True)


def _held(diary: Diary) -> Implementation:
    row = implementation_by(diary.work, diary.references[STANDARD])
    if row is None:
        raise LookupError("the story has no implementation")
    return row


def _task(row: Implementation, begins: str) -> ImplementationTask:
    return next(each for each in row.tasks if each.title.startswith(begins))


def _lay_out(diary: Diary, began: date) -> None:
    work = diary.work
    certificate = work.session.scalars(select(Certificate.id).where(Certificate.reference == "C-19770-1")).one()
    diary.references[STANDARD] = operation.lay_out(work, _wish(began, certificate)).reference
    row = _held(diary)
    for begins, owner in OWNERS.items():
        # Given to them when it was laid out, together: a mail for each would bury what the story tells.
        _task(row, begins).owner_id = diary.cast[owner].id
    work.flush()


def _ask_the_desk(diary: Diary, approved: date) -> None:
    """A task of Northwind's own, between approving the manuals and handing them out."""
    work, row = diary.work, _held(diary)
    before, after = _task(row, "Have the manuals approved"), _task(row, "Hand the manuals out")
    own = TaskDetails(Step.DELIVERY, TRIAL, approved, approved, diary.cast["tom"].id, (before.id,))
    added = operation.add_task(work, row.reference, own)
    waits = (*(each.after_id for each in after.waits), added.id)
    changed = TaskDetails(after.step, after.title, after.starts_on, after.due_on, after.owner_id, waits)
    operation.change_task(work, row.reference, after.id, None, changed)


def _finish(diary: Diary, begins: str) -> None:
    row = _held(diary)
    operation.finish(diary.work, row.reference, _task(row, begins).id)


def _end_manuals(diary: Diary) -> None:
    operation.end_step(diary.work, _held(diary).reference, Step.MANUALS)
