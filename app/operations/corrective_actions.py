"""A nonconformity to its end: opened with its finding, answered, accepted by another, and verified by another still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.findings import closing, stages
from app.domain.findings.case import CaseNow, CauseSaid, corrective_clause
from app.domain.findings.corrective_action import (
    ActionKind,
    CauseBranch,
    Effectiveness,
    Stage,
    StepKind,
)
from app.domain.findings.deadlines import Limits, due_days
from app.domain.findings.grading import FindingGrade
from app.models.attachment import Attachment
from app.models.certificate import BodyNonconformity
from app.models.corrective_action import Cause, CorrectiveAction, CorrectiveStep, SimilarCase
from app.models.finding import Finding
from app.operations.attachments import detach
from app.operations.case_mail import tell_judges, tell_owner
from app.operations.conflict import ConflictError
from app.queries.corrective_actions import (
    case_behind,
    case_by,
    case_of_finding,
    days_from,
    grade_days,
    limits_for,
    now_of,
    owners,
)
from app.work import Work


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at for the same fault."""

    noun: str
    name: str
    because: str
    is_affected: bool
    note: str = ""


def open_case(work: Work, finding: Finding) -> CorrectiveAction:
    """Open the case of a nonconformity of our own, with the days that the organisation gives its grade.

    [ISO 9001:2015, 10.2]
    """
    if not finding.grade.is_nonconformity:
        raise RefusedError(f"{finding.reference} is no nonconformity: it needs no corrective action.")
    return _open(work, finding.reference, finding.grade, finding.raised_on, Limits(), finding=finding)


def open_behind(work: Work, nonconformity: BodyNonconformity) -> CorrectiveAction:
    """Open a case behind a nonconformity of the certification body; the body's and the rules' days bind it.

    The body's row and its certificate are loaded, the row for update. [ISO/IEC 17021-1:2015, 9.4.9]
    """
    if case_behind(work, nonconformity.id) is not None:
        raise RefusedError(f"A corrective action stands behind {nonconformity.reference} already.")
    if nonconformity.verified_on is not None:
        clause = corrective_clause(nonconformity.certificate.full_standard)
        says = f"The certification body verified it on {say(nonconformity.verified_on)}: there is nothing left to do."
        raise RefusedError(Reason(says, clause))
    limits = limits_for(work, nonconformity)
    grade = FindingGrade(nonconformity.grade.value)
    return _open(work, nonconformity.reference, grade, nonconformity.raised_on, limits, nonconformity=nonconformity)


def _open(
    work: Work,
    reference: str,
    grade: FindingGrade,
    raised_on: date,
    limits: Limits,
    *,
    finding: Finding | None = None,
    nonconformity: BodyNonconformity | None = None,
) -> CorrectiveAction:
    due = due_days(grade, raised_on, grade_days(work.organisation, grade), limits)
    case = work.add(
        CorrectiveAction(
            reference=reference,
            finding_id=finding.id if finding is not None else None,
            nonconformity_id=nonconformity.id if nonconformity is not None else None,
            grade=grade,
            stage=Stage.RAISED,
            raised_on=raised_on,
            answer_due_on=due.answer.value,
            action_due_on=due.action.value,
        )
    )
    _tell(work, case, StepKind.RAISED)
    return case


def follow_finding(work: Work, finding: Finding) -> None:
    """The grade of a finding was changed: its case, while nobody has begun with it, has the days of the new grade."""
    case = work.one_or_none(select(CorrectiveAction).where(CorrectiveAction.finding_id == finding.id).with_for_update())
    if case is None or not finding.grade.is_nonconformity or case.stage is Stage.CLOSED:
        return
    case.grade = finding.grade
    if case.stage in (Stage.RAISED, Stage.CONTAINMENT):
        due = due_days(case.grade, case.raised_on, grade_days(work.organisation, case.grade), Limits())
        case.answer_due_on, case.action_due_on = due.answer.value, due.action.value
    work.flush()


def follow_body(work: Work, nonconformity: BodyNonconformity) -> None:
    """The body's days or its grade changed: no deadline of the case behind it lies beyond them.

    [ISO/IEC 17021-1:2015, 9.4.9]
    """
    statement = select(CorrectiveAction).where(CorrectiveAction.nonconformity_id == nonconformity.id)
    case = work.one_or_none(statement.with_for_update())
    if case is None or case.stage is Stage.CLOSED:
        return
    case.grade = FindingGrade(nonconformity.grade.value)
    limits = limits_for(work, nonconformity)
    if limits.answer is not None:
        case.answer_due_on = min(case.answer_due_on, limits.answer.value)
    if limits.action is not None:
        case.action_due_on = min(case.action_due_on, limits.action.value)
    work.flush()


def drop_behind(work: Work, nonconformity: BodyNonconformity) -> None:
    """A nonconformity of the body that was recorded by mistake takes its case along, unless work on that has begun."""
    _drop(work, case_behind(work, nonconformity.id))


def drop_of(work: Work, finding: Finding) -> None:
    """A finding that is removed, or is no nonconformity any more, takes its case along in the same way."""
    _drop(work, case_of_finding(work, finding.id))


def _drop(work: Work, case: CorrectiveAction | None) -> None:
    if case is None:
        return
    if case.stage not in (Stage.RAISED, Stage.CONTAINMENT) or case.actions:
        says = f"Work on the corrective action {case.reference} has begun: it stays as a record."
        raise RefusedError(Reason(says, now_of(case).clause))
    for file in work.all(select(Attachment).where(Attachment.case_id == case.id)):
        detach(work, file)
    work.session.delete(case)
    work.flush()


def assign(work: Work, reference: str, seen: int | None, owner_id: int | None) -> CorrectiveAction:
    """Somebody answers for it by name, and is told by mail."""
    case, now = held(work, reference, seen)
    if owner_id is None or owner_id not in {id_ for id_, _ in owners(work)}:
        raise RefusedError("Choose a member of this organisation.", "owner")
    after = stages.assign(now, owner_id)
    is_new = case.owner_id != owner_id
    case.owner_id, case.stage = after.owner, after.stage
    work.flush()
    if is_new:
        tell_owner(work, case, owner_id, "answers")
    return case


def contain(
    work: Work, reference: str, seen: int | None, *, says: str, on: date | None, needed: bool = True
) -> CorrectiveAction:
    """Record what brought it under control at once, or why nothing had to."""
    case, now = held(work, reference, seen)
    day = on or work.today
    after = stages.contain(now, says, day, work.today)
    case.containment = says.strip() if needed else f"Not needed: {says.strip()}"
    case.contained_on, case.stage = after.contained_on, after.stage
    _tell(work, case, StepKind.CONTAINED, case.containment)
    return case


def explain(work: Work, reference: str, seen: int | None, cause: CauseSaid) -> CorrectiveAction:
    """Record the cause and how it was found; what was recorded before stays in the journal."""
    case, now = held(work, reference, seen)
    after = stages.explain(now, cause)
    said = [(CauseBranch.WHY, each) for each in cause.whys] + list(cause.bones)
    kept = [(branch, each.strip()) for branch, each in said if each.strip()]
    if kept != [(each.branch, each.says) for each in case.causes]:
        case.causes.clear()
        work.flush()
        case.causes += [Cause(branch=branch, position=at, says=each) for at, (branch, each) in enumerate(kept, 1)]
    case.cause_method, case.root_cause, case.stage = cause.method, after.root_cause, after.stage
    work.flush()
    return case


def look(work: Work, reference: str, seen: int | None, looked: Sequence[Looked], note: str = "") -> CorrectiveAction:
    """Record what was looked at for the same fault, and whether it has it."""
    case, now = held(work, reference, seen)
    known = {(each.noun, each.name): each for each in case.similar_cases}
    after = stages.look(now, note, len(looked) + len(known), work.today)
    for each in looked:
        name = each.name.strip()[:200]
        if not name:
            raise RefusedError("Name what was looked at.", "name")
        row = known.get((each.noun, name))
        if row is None:
            row = SimilarCase(noun=each.noun[:40], name=name)
            case.similar_cases.append(row)
            known[(each.noun, name)] = row
        elif (row.is_affected, row.note) == (each.is_affected, each.note.strip()):
            continue
        row.because, row.is_affected, row.note = each.because[:200], each.is_affected, each.note.strip()
        row.looked_on, row.looked_by_id = work.today, work.actor_id
    case.similar_note, case.similar_on = note.strip(), after.similar_on
    work.flush()
    return case


def answer(work: Work, reference: str, seen: int | None) -> CorrectiveAction:
    """Who answers for it sends cause and plan; what they said is kept with the step."""
    case, now = held(work, reference, seen)
    after = stages.answer(now, actor(work), work.today)
    case.answered_on = after.answered_on
    plan = [each for each in case.actions if each.kind is ActionKind.CORRECTIVE and not each.done_on]
    told = "; ".join(f"{each.reference} {each.says} ({each.owner.label}, by {say(each.due_on)})" for each in plan)
    _tell(work, case, StepKind.ANSWERED, f"Cause: {case.root_cause}\nPlan: {told or 'all actions are done'}")
    tell_judges(work, case)
    return case


def accept(work: Work, reference: str, seen: int | None, note: str = "") -> CorrectiveAction:
    """Another person accepts cause and plan."""
    case, now = held(work, reference, seen)
    after = stages.accept(now, actor(work), work.today, work.organisation.effectiveness_days)
    case.accepted_on, case.accepted_by_id = after.accepted_on, after.accepted_by
    _tell(work, case, StepKind.ACCEPTED, note)
    carry_on(work, case, after)
    if case.owner_id is not None:
        tell_owner(work, case, case.owner_id, "accepted", note)
    return case


def refuse(work: Work, reference: str, seen: int | None, note: str) -> CorrectiveAction:
    """Another person refuses the answer; it goes back with the reason, and what was said stays."""
    case, now = held(work, reference, seen)
    case.answered_on = stages.refuse(now, actor(work), note).answered_on
    _tell(work, case, StepKind.REFUSED, note)
    if case.owner_id is not None:
        tell_owner(work, case, case.owner_id, "refused", note)
    return case


def verify(work: Work, reference: str, seen: int | None, verdict: Effectiveness | None, note: str) -> CorrectiveAction:
    """Somebody who neither answers for it nor did any of it judges whether it worked: it closes, or opens again."""
    case, now = held(work, reference, seen)
    anew = days_from(work, case, limits_for(work, case.nonconformity))
    after = closing.verify(now, actor(work), work.today, verdict, note, anew)
    case.stage, case.effectiveness, case.verdict_note = after.stage, after.effectiveness, note.strip()
    case.verified_on, case.verified_by_id = after.verified_on, after.verified_by
    case.closed_on = after.closed_on
    if after.is_closed:
        _tell(work, case, StepKind.EFFECTIVE, note)
        return case
    # What was said stays with the steps and in the journal; the case begins anew at its cause.
    told = f"{note.strip()}\nThe cause then: {case.root_cause}"
    case.root_cause, case.similar_on = after.root_cause, after.similar_on
    case.answered_on, case.accepted_on, case.accepted_by_id = None, None, None
    case.implemented_on, case.verify_from = None, None
    case.answer_due_on, case.action_due_on = after.answer_due_on, after.action_due_on
    for each in case.extensions:
        if each.is_approved is None:
            each.is_approved, each.decided_by_id, each.decided_on = False, work.actor_id, work.today
            each.decision_note = "It was opened again, with new days."
    _tell(work, case, StepKind.INEFFECTIVE, told)
    _tell(work, case, StepKind.REOPENED, f"Cause and plan by {say(case.answer_due_on)}.")
    if case.owner_id is not None:
        tell_owner(work, case, case.owner_id, "reopened", note)
    return case


def carry_on(work: Work, case: CorrectiveAction, after: CaseNow) -> None:
    """Keep how far it is; the last action done brings it to verification, and says so among the steps."""
    moved = case.stage is not Stage.VERIFICATION and after.stage is Stage.VERIFICATION
    case.stage, case.implemented_on, case.verify_from = after.stage, after.implemented_on, after.verify_from
    if moved and after.verify_from is not None:
        _tell(work, case, StepKind.IMPLEMENTED, f"Effectiveness can be judged from {say(after.verify_from)} on.")
    work.flush()


def held(work: Work, reference: str, seen: int | None) -> tuple[CorrectiveAction, CaseNow]:
    """The case, locked until the work is done, as the visitor saw it: the second of two at once is told."""
    case = case_by(work, reference, for_update=True)
    if case is None:
        raise LookupError(f"there is no case {reference}")
    if seen is not None and seen != case.version:
        raise ConflictError(case, case.reference)
    return case, now_of(case)


def actor(work: Work) -> int:
    """Who takes the step; a step without a person is none."""
    if work.actor_id is None:
        raise RefusedError("A person answers for this step, by name.")
    return work.actor_id


def _tell(work: Work, case: CorrectiveAction, kind: StepKind, says: str = "") -> None:
    work.add(CorrectiveStep(case_id=case.id, kind=kind, at=work.now, by_id=work.actor_id, says=says.strip()))
