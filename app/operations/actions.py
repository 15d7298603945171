"""Actions: planned, dropped before the plan was accepted, and done; a management review's are done here too."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.findings import stages
from app.domain.findings.corrective_action import ActionKind
from app.models.attachment import Attachment
from app.models.corrective_action import Action
from app.operations.attachments import detach
from app.operations.case_mail import tell_doer
from app.operations.conflict import ConflictError
from app.operations.corrective_actions import actor, carry_on, held
from app.operations.references import next_reference
from app.queries.actions import action_by
from app.queries.corrective_actions import action_now, owners
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be done, by whom, by when."""

    kind: ActionKind
    says: str
    owner_id: int | None
    due_on: date | None


def plan(work: Work, reference: str, seen: int | None, planned: Planned) -> Action:
    """Add an action to the plan of a case; whoever does it is told by mail."""
    case, now = held(work, reference, seen)
    owner_id = planned.owner_id
    if owner_id is not None and owner_id not in {id_ for id_, _ in owners(work)}:
        raise RefusedError("Choose a member of this organisation.", "owner")
    stages.plan(now, planned.kind, planned.says, owner_id, planned.due_on, work.today)
    if owner_id is None or planned.due_on is None:
        raise RefusedError("An action has an owner and a day.")
    action = work.add(
        Action(
            reference=next_reference(work, Action, f"A-{work.today.year}-"),
            case_id=case.id,
            kind=planned.kind,
            says=planned.says.strip(),
            owner_id=owner_id,
            due_on=planned.due_on,
            created_at=work.now,
        )
    )
    tell_doer(work, action, case.reference)
    return action


def drop(work: Work, reference: str) -> str:
    """Take an action off a plan that is not accepted yet, with its files; gives the reference of its case."""
    action = _held(work, reference)
    if action.case is None:
        raise RefusedError("It was decided in a management review, and stays.")
    case, now = held(work, action.case.reference, None)
    stages.drop(now, action_now(action))
    for file in work.all(select(Attachment).where(Attachment.action_id == action.id)):
        detach(work, file)
    work.session.delete(action)
    work.flush()
    return case.reference


def do(work: Work, reference: str, seen: int | None, *, on: date, note: str) -> Action:
    """Record that it was done, by the visitor; the last one of an accepted plan brings the case to verification."""
    action = _held(work, reference)
    if action.case is not None:
        # The case first, as everybody locks it: two at its last two actions must not pass each other.
        case, now = held(work, action.case.reference, None)
        _refuse_changed(action, seen)
        after = stages.do(
            now,
            action.id,
            actor(work),
            on,
            work.today,
            note,
            effectiveness_days=work.organisation.effectiveness_days,
        )
        _record(work, action, on, note)
        carry_on(work, case, after)
        return action
    _refuse_changed(action, seen)
    stages.refuse_undone(on, work.today, action.created_at.date(), note, was=action.done_on)
    _record(work, action, on, note)
    return action


def _record(work: Work, action: Action, on: date, note: str) -> None:
    action.done_on, action.done_by_id, action.done_note = on, actor(work), note.strip()
    work.flush()


def _refuse_changed(action: Action, seen: int | None) -> None:
    if seen is not None and seen != action.version:
        raise ConflictError(action, action.reference)


def _held(work: Work, reference: str) -> Action:
    found = action_by(work, reference)
    if found is None:
        raise LookupError(f"there is no action {reference}")
    if found.case is not None:
        held(work, found.case.reference, None)
    locked = action_by(work, reference, for_update=True)
    if locked is None:
        raise RefusedError(f"{reference} was taken off its plan meanwhile.")
    return locked
