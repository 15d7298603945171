"""The days of one's own nonconformities, actions and training, as a personal calendar shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.dates import add_months
from app.domain.findings.corrective_action import Stage
from app.models.certificate import BodyNonconformity
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.models.organisation import Organisation
from app.queries.case_duties import Duty
from app.queries.training_duties import training_duties
from app.work import Work

C = CorrectiveAction
TRAINING_MONTHS = 24
"""So far ahead training stands in a calendar."""


@dataclass(frozen=True, slots=True)
class DueEvent:
    """A day by which something of a person's is done, as a calendar event."""

    uid: str
    sequence: int
    noun: str
    """`case`, `action`, `training`, `document`, `task` or `implementation`: which page shows it."""
    reference: str
    title: str
    says: str
    due_on: date
    is_done: bool
    changed_at: datetime


def due_events(work: Work, person_id: int | None) -> list[DueEvent]:
    """What a person answers for, does and takes, by its day; nothing where nobody's is asked for.

    A fixed number of queries, however much it is.
    """
    if person_id is None:
        return []
    # A row has no day of its change; what a calendar goes by is the number of its change.
    made = work.session.scalars(select(Organisation.created_at).where(Organisation.id == work.home)).one()
    actions: Any = (
        select(Action.id, Action.version, Action.reference, Action.says, Action.due_on, Action.done_on)
        .add_columns(Action.created_at)
        .where(Action.owner_id == person_id)
        .order_by(Action.id)
    )
    found = [
        DueEvent(
            f"action-{row.id}@triennium",
            row.version,
            "action",
            row.reference,
            f"{row.reference} to be done",
            row.says,
            row.due_on,
            row.done_on is not None,
            row.created_at,
        )
        for row in work.execute(actions)
    ]
    cases: Any = (
        select(
            C.id,
            C.version,
            C.reference,
            C.stage,
            C.answered_on,
            C.answer_due_on,
            C.action_due_on,
            func.coalesce(Finding.title, BodyNonconformity.statement).label("says"),
        )
        .outerjoin(Finding, C.finding_id == Finding.id)
        .outerjoin(BodyNonconformity, C.nonconformity_id == BodyNonconformity.id)
        .where(C.owner_id == person_id)
        .order_by(C.id)
    )
    found += [_of_case(row, made) for row in work.execute(cases)]
    until = add_months(work.today, TRAINING_MONTHS)
    for _, duty in training_duties(work, until, {person_id}):
        if duty.due_on is not None:
            found.append(_of_training(person_id, duty, duty.due_on, made))
    return sorted(found, key=lambda each: (each.due_on, each.uid))


def _of_training(person_id: int, duty: Duty, due_on: date, made: datetime) -> DueEvent:
    # Each due day is an event of its own: what is due on another day, or no longer, is not this one moved.
    uid = f"training-{person_id}-{duty.reference}-{due_on.isoformat()}@triennium"
    title = f"{duty.reference}: {duty.to_do.lower()}"
    return DueEvent(uid, 0, "training", duty.reference, title, duty.says, due_on, False, made)


def _of_case(row: Any, made: datetime) -> DueEvent:
    to_implement = row.stage in (Stage.IMPLEMENTATION, Stage.VERIFICATION, Stage.CLOSED)
    title = f"{row.reference}: all actions done" if to_implement else f"{row.reference}: cause and plan"
    is_done = row.stage in (Stage.VERIFICATION, Stage.CLOSED) or (not to_implement and row.answered_on is not None)
    due_on = row.action_due_on if to_implement else row.answer_due_on
    return DueEvent(
        f"case-{row.id}@triennium", row.version, "case", row.reference, title, row.says, due_on, is_done, made
    )
