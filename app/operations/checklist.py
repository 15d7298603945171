"""Build a checklist, and write down on each question what was found, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.findings.requirement import Criteria, is_in_scope, refuse_outside
from app.domain.programme.checklist import (
    ClauseResult,
    ItemField,
    ItemSource,
    Question,
    new_among,
    refuse_verdict,
)
from app.domain.programme.progress import AuditProgress, refuse_not_begun
from app.models.audit import Audit, TeamMember
from app.models.checklist import ChecklistItem
from app.models.finding import Finding
from app.operations.conflict import ConflictError
from app.operations.frozen import refuse_if_frozen
from app.operations.seat_gate import refuse_unseated_auditor
from app.queries.checklist_building import arriving_at, keys_there
from app.queries.finding_criteria import criteria_of
from app.queries.impartiality import judges_of
from app.work import Work

MOST = 2000
"""So many questions one audit asks."""
LONGEST = 20_000
LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """What is to stand in a field, and what stood there when it was typed; `seen` None overwrites whatever stands."""

    to: str
    seen: str | None = None


class ItemConflictError(ConflictError):
    """Somebody else said something else of the same question; `theirs` holds what stands there now, by field."""

    def __init__(self, item: ChecklistItem, theirs: Mapping[ItemField, str]) -> None:
        self.theirs = dict(theirs)
        super().__init__(item, " and ".join(field.label for field in theirs))


def add_questions(work: Work, audit: Audit, offered: Iterable[Question]) -> int:
    """Add the questions that are not there yet to an audit that was loaded for update; gives how many.

    What lies outside its plan, or nobody of its team may judge, is left out. [ISO 19011, 6]
    """
    _refuse_closed(work, audit)
    there = keys_there(work, audit.id)
    new = new_among(arriving_at(work, audit, offered).taken, there)
    if len(there) + len(new) > MOST:
        raise RefusedError(f"A checklist asks {MOST} questions at most; this would make {len(there) + len(new)}.")
    last = work.session.scalar(select(func.max(ChecklistItem.position)).where(ChecklistItem.audit_id == audit.id)) or 0
    work.insert_many(
        ChecklistItem,
        [
            {
                "audit_id": audit.id,
                "position": last + number,
                "source": each.source,
                "standard": each.standard,
                "clause": each.clause,
                "question": each.question,
                "guidance": each.guidance,
                "version": 1,
            }
            for number, each in enumerate(new, start=1)
        ],
    )
    return len(new)


def add_own(work: Work, audit: Audit, standard: str, clause: str, question: str, guidance: str = "") -> None:
    """Add a question of the auditor's own; one that is asked already, or lies outside the plan, is refused."""
    asked = Question(ItemSource.OWN, standard, clause.strip(), question.strip(), guidance.strip())
    if not asked.question:
        raise RefusedError("Write the question.", "question")
    refuse_outside(asked.standard, asked.clause, criteria_of(work, audit))
    if why := [reason for each in arriving_at(work, audit, [asked]).left_out for reason in each.why]:
        raise RefusedError(why, "clause")
    if not add_questions(work, audit, [asked]):
        raise RefusedError("The checklist asks this already.", "question")


def remove(work: Work, audit: Audit, item: ChecklistItem) -> None:
    """Take a question away while nobody has said anything of it."""
    _refuse_closed(work, audit)
    if item.result.is_assessed or any(getattr(item, each) for each in ItemField if each.is_text):
        raise RefusedError("Something was found on this question already: it stays, with what was found.")
    if work.execute(select(Finding.id).where(Finding.item_id == item.id).limit(1)).first() is not None:
        raise RefusedError("A finding was raised from this question: it stays, with its finding.")
    work.session.delete(item)
    work.flush()


def say(
    work: Work, audit: Audit, item: ChecklistItem, said: Mapping[ItemField, Said], reason: str = ""
) -> ChecklistItem:
    """Write down what was found on a question of an audit that was loaded for update, each field by itself.

    A field that somebody else changed since it was seen is refused with theirs, and nothing is written; one that says
    already what is to stand there is left alone, so that the same said twice changes nothing. [ISO 19011, 6]
    """
    _refuse_closed(work, audit)
    wanted, theirs = {}, {}
    for field, each in said.items():
        to, now = _plain(each.to), value_of(item, field)
        if to == now:
            continue
        if each.seen is not None and _plain(each.seen) != now:
            theirs[field] = now
        wanted[field] = to
    if theirs:
        raise ItemConflictError(item, theirs)
    for field, to in wanted.items():
        if field.is_text and len(to) > LONGEST:
            raise RefusedError(f"{field.label}: at most {LONGEST} signs are kept.", field.value)
    if ItemField.RESULT in wanted or ItemField.NOTES in wanted:
        result = _result(wanted.get(ItemField.RESULT, item.result.value))
        refuse_verdict(result, item.result, wanted.get(ItemField.NOTES, item.notes), reason)
        if ItemField.RESULT in wanted:
            _refuse_judging(work, audit, item, result)
    for field, to in wanted.items():
        _set(work, audit, item, field, to)
    if ItemField.RESULT in wanted and not item.result.is_assessed:
        work.reason = reason.strip()
    work.flush()
    return item


def value_of(item: ChecklistItem, field: ItemField) -> str:
    """What stands in a field, as a form holds it."""
    value = getattr(item, field.value)
    return "" if value is None else value.value if isinstance(value, ClauseResult) else str(value)


def let_go(work: Work, member_ids: Iterable[int]) -> None:
    """Leave the questions of those who leave the team to nobody."""
    ids = list(member_ids)
    if not ids:
        return
    for item in work.all(select(ChecklistItem).where(ChecklistItem.assigned_to_id.in_(ids))):
        item.assigned_to_id = None
    work.flush()


def _set(work: Work, audit: Audit, item: ChecklistItem, field: ItemField, to: str) -> None:
    if field is ItemField.RESULT:
        item.result = _result(to)
        assessed = item.result.is_assessed
        item.assessed_by_id, item.assessed_at = (work.actor_id, work.now) if assessed else (None, None)
    elif field is ItemField.ASSIGNED_TO:
        item.assigned_to_id = _given_to(work, audit, item, to) if to else None
    else:
        setattr(item, field.value, to)


def _result(word: str) -> ClauseResult:
    try:
        return ClauseResult(word)
    except ValueError:
        raise RefusedError("Choose one of the verdicts.", ItemField.RESULT.value) from None


def _member(audit: Audit, word: str) -> TeamMember:
    for member in audit.team:
        if str(member.id) == word:
            return member
    raise RefusedError("Choose somebody of the team.", ItemField.ASSIGNED_TO.value)


def _given_to(work: Work, audit: Audit, item: ChecklistItem, to: str) -> int:
    """Whose question it is to be; it is handed to nobody who would judge their own work."""
    member = _member(audit, to)
    if member.person_id is not None:
        why = judges_of(work, audit, member.person_id).partial(item.standard, item.clause)
        if why:
            raise RefusedError(why, ItemField.ASSIGNED_TO.value)
    return member.id


def _refuse_judging(work: Work, audit: Audit, item: ChecklistItem, result: ClauseResult) -> None:
    """Refuse a verdict before the audit, of who owns what the clause is about, and a nonconformity outside the plan.

    Who owns it can still leave it to another day: that is no judgement. [ISO 19011, 4, 6]
    """
    field = ItemField.RESULT.value
    if not result.is_assessed:
        return
    refuse_not_begun(audit.reference, audit.starts_on, work.today, field)
    if result.is_judgement and work.actor_id is not None:
        why = judges_of(work, audit, work.actor_id).partial(item.standard, item.clause)
        if why:
            raise RefusedError(why, field)
    if result.is_nonconformity and item.standard and audit.kind is AuditKind.INTERNAL:
        criteria = criteria_of(work, audit)
        if item.standard not in criteria.standards or not is_in_scope(item.standard, item.clause, criteria):
            _refuse_outside(item, criteria, field)


def _refuse_outside(item: ChecklistItem, criteria: Criteria, field: str) -> None:
    try:
        refuse_outside(item.standard, item.clause, criteria)
    except RefusedError as refusal:
        raise RefusedError(refusal.why, field) from refusal


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_closed(work: Work, audit: Audit) -> None:
    refuse_if_frozen(audit)
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError(f"{audit.reference} is cancelled: nothing is found at it.")
    refuse_unseated_auditor(work, audit)
