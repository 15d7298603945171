"""More time for a nonconformity: asked for by who answers for it, decided by another."""

from datetime import date

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.findings import deadlines
from app.domain.findings.corrective_action import DueKind, StepKind
from app.models.corrective_action import CorrectiveAction, CorrectiveStep, DeadlineExtension
from app.operations.case_mail import tell_owner
from app.operations.corrective_actions import actor, held
from app.queries.corrective_actions import limits_for, pending_extension
from app.work import Work


def ask(
    work: Work, reference: str, seen: int | None, due: DueKind | None, to_on: date, reason: str
) -> DeadlineExtension:
    """Ask for a later day, with the reason."""
    case, now = held(work, reference, seen)
    if due is None:
        raise RefusedError("Choose which of the deadlines.", "due")
    limits = limits_for(work, case.nonconformity)
    is_asked = pending_extension(case, due) is not None
    deadlines.ask_extension(now, due, to_on, reason, actor(work), work.today, limits=limits, is_asked=is_asked)
    kept = case.answer_due_on if due is DueKind.ANSWER else case.action_due_on
    return work.add(
        DeadlineExtension(
            case_id=case.id,
            due=due,
            from_on=kept,
            to_on=to_on,
            reason=reason.strip(),
            asked_by_id=actor(work),
            asked_on=work.today,
        )
    )


def decide(work: Work, reference: str, extension_id: int, note: str, *, approve: bool) -> CorrectiveAction:
    """Approve or refuse it, with a note; the second of two who decide is told what the first decided."""
    case, now = held(work, reference, None)
    # The case is locked: nobody else decides meanwhile.
    row = next((each for each in case.extensions if each.id == extension_id), None)
    if row is None:
        raise LookupError(f"{reference} has no extension {extension_id}")
    if row.is_approved is not None:
        word = "approved" if row.is_approved else "refused"
        raise RefusedError(f"It was {word} already, on {say(row.decided_on or work.today)}.")
    limits = limits_for(work, case.nonconformity)
    after = deadlines.decide_extension(
        now, row.due, row.from_on, row.to_on, row.asked_by_id, actor(work), note, approve=approve, limits=limits
    )
    case.answer_due_on, case.action_due_on = after.answer_due_on, after.action_due_on
    row.is_approved, row.decided_by_id, row.decided_on = approve, actor(work), work.today
    row.decision_note = note.strip()
    kind = StepKind.EXTENDED if approve else StepKind.EXTENSION_REFUSED
    told = f"{row.due.label}: {say(row.from_on)} to {say(row.to_on)}. {note.strip()}"
    work.add(CorrectiveStep(case_id=case.id, kind=kind, at=work.now, by_id=work.actor_id, says=told))
    tell_owner(work, case, row.asked_by_id, "extended" if approve else "not-extended", note)
    return case
