"""Raise findings, change and regrade them, say what they concern, and take them back."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.findings.concern import MOST_LINKS, typed_lines
from app.domain.findings.grading import FindingGrade
from app.domain.findings.requirement import FindingFacts, refuse_incomplete, title_from
from app.domain.programme.progress import AuditProgress, refuse_not_begun
from app.models.attachment import Attachment
from app.models.audit import Audit, AuditCertificate, TeamMember
from app.models.checklist import ChecklistItem
from app.models.finding import CONCERNS, Finding, FindingLink
from app.operations.attachments import detach
from app.operations.conflict import refuse_if_changed
from app.operations.finding_cases import fit_case, held_case, take_back
from app.operations.frozen import refuse_if_frozen
from app.operations.references import next_nonconformity, next_reference
from app.operations.seat_gate import refuse_unseated_auditor
from app.queries.finding_concerns import Thing, named
from app.queries.finding_criteria import criteria_of
from app.queries.findings import repeated_by
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDetails:
    """What is said of a finding; `repeats` is the reference of the earlier one that it is again."""

    grade: FindingGrade
    statement: str
    raised_on: date
    title: str = ""
    standard: str = ""
    clause: str = ""
    requirement: str = ""
    evidence: str = ""
    body_reference: str = ""
    repeats: str = ""


def create(
    work: Work, audit: Audit | None, details: FindingDetails, links: str = "", item_id: int | None = None
) -> Finding:
    """Raise a finding at an audit that was loaded for update, or outside one; a nonconformity opens its case.

    `links` is what it concerns, as it was typed, one a line. [ISO/IEC 17021-1:2015, 9.4.5.2]
    """
    if audit is not None:
        refuse_if_frozen(audit)
        refuse_unseated_auditor(work, audit)
        _refuse_not_held(work, audit, details.raised_on)
    elif item_id is not None:
        raise RefusedError("An item of a checklist belongs to an audit. Choose the audit.", "audit")
    things = resolve(work, links)
    row = Finding(
        audit_id=audit.id if audit else None,
        item_id=_item(work, audit, item_id),
        raised_by_id=work.actor_id,
    )
    details = _weigh(work, row, audit, details)
    row.reference = _next(work, details)
    _tell(work, row, details)
    row.links = [FindingLink(**{thing.kind.column: thing.id}) for thing in things]
    work.add(row)
    fit_case(work, row)
    return row


def edit(work: Work, row: Finding, details: FindingDetails, seen: int | None = None) -> None:
    """Change a finding that was loaded for update, until the report of its audit is signed.

    A regrade from minor to major keeps the number; one that makes it a nonconformity, or none any longer, gives the
    other number, and opens the case or takes it back while nobody has answered. The journal keeps both numbers.
    """
    refuse_if_changed(row, seen, row.reference)
    audit = _audit_for_update(work, row)
    if audit is not None:
        _refuse_not_held(work, audit, details.raised_on)
    details = _weigh(work, row, audit, details)
    if details.grade.is_nonconformity is not row.grade.is_nonconformity:
        before = held_case(work, row)
        if before is not None:
            take_back(work, before, "grade")
        row.reference = _next(work, details)
    _tell(work, row, details)
    work.flush()
    fit_case(work, row)


def remove(work: Work, row: Finding, reason: str) -> None:
    """Take back a finding that was written down by mistake, with its files; refused once the report is signed."""
    _audit_for_update(work, row)
    if not reason.strip():
        raise RefusedError("Say why it is removed: the journal keeps the reason.", "reason")
    again = repeated_by(work, row.id)
    if again:
        says = f"{row.reference} cannot be removed, because later findings repeat it: "
        raise RefusedError(f"{says}{', '.join(reference for reference, _ in again)}.")
    work.reason = reason.strip()
    case = held_case(work, row)
    if case is not None:
        take_back(work, case)
    for file in work.all(select(Attachment).where(Attachment.finding_id == row.id)):
        detach(work, file)
    work.session.delete(row)
    work.flush()


def link(work: Work, row: Finding, typed: str) -> int:
    """Say what else a finding that was loaded for update concerns, one a line; gives how many are new."""
    _audit_for_update(work, row)
    things = resolve(work, typed)
    if not things:
        raise RefusedError("Type what it concerns, one a line: a tag, a reference or a name.", "links")
    there = {(column, getattr(each, column)) for each in row.links for column in CONCERNS}
    new = [thing for thing in things if (thing.kind.column, thing.id) not in there]
    if len(row.links) + len(new) > MOST_LINKS:
        raise RefusedError(f"A finding concerns {MOST_LINKS} things at most.", "links")
    for thing in new:
        row.links.append(FindingLink(finding_id=row.id, **{thing.kind.column: thing.id}))
    work.flush()
    return len(new)


def unlink(work: Work, row: Finding, link_id: int) -> bool:
    """Take back that a finding that was loaded for update concerns something; gives whether it did."""
    _audit_for_update(work, row)
    found = next((each for each in row.links if each.id == link_id), None)
    if found is None:
        return False
    row.links.remove(found)
    work.flush()
    return True


def refuse_fixed(work: Work, row: Finding) -> None:
    """Refuse a change of a finding, such as a file on it, once the report of its audit is signed."""
    _audit_for_update(work, row)


def resolve(work: Work, typed: str, field: str = "links") -> list[Thing]:
    """What the lines name, each once; a line that names nothing, or several things, is refused with its words."""
    lines = typed_lines(typed)
    if len(lines) > MOST_LINKS:
        raise RefusedError(f"A finding concerns {MOST_LINKS} things at most.", field)
    found = named(work, lines)
    wrong: list[Reason] = []
    things: dict[tuple[str, int], Thing] = {}
    for line in lines:
        meant = {(each.kind.value, each.id): each for each in found[line]}
        if not meant:
            wrong.append(Reason(f"Nothing is called “{line[:80]}”: neither a tag nor a reference nor a name."))
        elif len(meant) > 1:
            first = next(iter(meant.values()))
            kinds = " and ".join(sorted({f"a {each.kind.label.lower()}" for each in meant.values()}))
            wrong.append(Reason(f"“{line[:80]}” is {kinds}. Write which, as in “{first.kind.value}: {first.name}”."))
        else:
            things |= meant
    if wrong:
        raise RefusedError(wrong[:5], field)
    return list(things.values())


def _weigh(work: Work, row: Finding, audit: Audit | None, details: FindingDetails) -> FindingDetails:
    kind = audit.kind if audit else None
    facts = FindingFacts(
        details.grade,
        details.statement,
        details.evidence,
        details.standard.strip(),
        details.clause.strip(),
        details.title,
        details.body_reference,
    )
    refuse_incomplete(facts, criteria_of(work, audit), kind)
    if details.raised_on > work.today:
        raise RefusedError(f"{say(details.raised_on)} has not come yet.", "raised_on")
    body_reference = details.body_reference.strip() if kind not in (None, AuditKind.INTERNAL) else ""
    row.repeats_id = _repeated(work, row, details)
    return replace(details, body_reference=body_reference)


def _tell(work: Work, row: Finding, details: FindingDetails) -> None:
    row.grade, row.raised_on = details.grade, details.raised_on
    row.title = details.title.strip() or title_from(details.statement)
    row.standard, row.clause = details.standard.strip(), details.clause.strip()
    row.requirement, row.statement = details.requirement.strip(), details.statement.strip()
    row.evidence, row.body_reference = details.evidence.strip(), details.body_reference


def _next(work: Work, details: FindingDetails) -> str:
    year = details.raised_on.year
    if details.grade.is_nonconformity:
        return next_nonconformity(work, year)
    return next_reference(work, Finding, f"F-{year}-")


def _repeated(work: Work, row: Finding, details: FindingDetails) -> int | None:
    said = details.repeats.strip()
    if not said:
        return None
    earlier = work.one_or_none(select(Finding).where(Finding.reference == said))
    if earlier is None or earlier.id == row.id or earlier.raised_on > details.raised_on:
        raise RefusedError(f"{said[:40]} is no earlier finding.", "repeats")
    return earlier.id


def _refuse_not_held(work: Work, audit: Audit, raised_on: date) -> None:
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError(f"{audit.reference} is cancelled: it found nothing.", "audit")
    refuse_not_begun(audit.reference, audit.starts_on, work.today, "audit")
    if raised_on < audit.starts_on:
        raise RefusedError(f"{audit.reference} began on {say(audit.starts_on)}.", "raised_on")


def _item(work: Work, audit: Audit | None, item_id: int | None) -> int | None:
    if item_id is None or audit is None:
        return None
    wanted = select(ChecklistItem).where(ChecklistItem.id == item_id, ChecklistItem.audit_id == audit.id)
    if work.one_or_none(wanted) is None:
        raise RefusedError(f"{audit.reference} has no such item on its checklist.", "item")
    return item_id


def _audit_for_update(work: Work, row: Finding) -> Audit | None:
    if row.audit_id is None:
        return None
    statement = (
        select(Audit)
        .where(Audit.id == row.audit_id)
        .options(
            selectinload(Audit.audit_certificates).joinedload(AuditCertificate.certificate),
            selectinload(Audit.team).joinedload(TeamMember.person),
        )
        .with_for_update(of=Audit)
        .execution_options(populate_existing=True)
    )
    audit = work.one_or_none(statement)
    if audit is None:
        raise LookupError(f"finding {row.id} is of no audit")
    refuse_if_frozen(audit)
    refuse_unseated_auditor(work, audit)
    return audit
