"""What a checklist could ask: of the clauses in scope, of templates, of what the last audits left open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.catalogue.requirements import clauses_of, controls_of, titles_of
from app.domain.findings.grading import FindingGrade
from app.domain.programme.arriving import Arriving, arriving
from app.domain.programme.checklist import ClauseResult, ItemSource, Question, clause_order, key_of
from app.domain.programme.progress import AuditProgress
from app.domain.programme.questions import on_clause, on_open_point, on_topic
from app.domain.programme.sequence import topics
from app.models.audit import Audit, AuditCertificate
from app.models.audit_plan import AuditClause, AuditCriterion
from app.models.certificate import BodyNonconformity, Certificate
from app.models.checklist import ChecklistItem, ChecklistTemplate
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding
from app.queries.finding_criteria import criteria_of
from app.queries.impartiality import judges_of
from app.work import Work

MOST_AUDITS = 50
"""So many audits back open points are looked for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The standards of an audit, and the clauses it names of them; a standard without any is asked as a whole."""

    standards: tuple[str, ...]
    clauses: dict[str, tuple[str, ...]]
    on_offer: tuple[str, ...]
    """What can be chosen: the standards in scope, or where none is, those the organisation is certified to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """From what a checklist is to be built."""

    standards: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    """Of which standards the controls or process areas are asked too."""
    templates: tuple[int, ...] = ()
    open_points: bool = False
    prompts: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Choice()


def scope_of(work: Work, audit: Audit) -> Scope:
    """What the audit is held against: its criteria, or else the standards of the certificates it serves."""
    criteria = select(AuditCriterion.standard).where(AuditCriterion.audit_id == audit.id).order_by(AuditCriterion.id)
    named = [row.standard for row in work.execute(criteria)]
    clauses: dict[str, list[str]] = {}
    rows = select(AuditClause.standard, AuditClause.clause).where(AuditClause.audit_id == audit.id)
    for standard, clause in work.execute(rows):
        clauses.setdefault(standard, []).append(clause)
    served = [each.certificate.full_standard for each in audit.audit_certificates]
    found = tuple(dict.fromkeys([*(named or (() if clauses else served)), *sorted(clauses)]))
    offered = found
    if not found:
        ours = select(Certificate.standard, Certificate.edition).order_by(Certificate.standard, Certificate.edition)
        offered = tuple(dict.fromkeys(f"{row.standard}:{row.edition}" for row in work.execute(ours.distinct())))
    in_order = {standard: tuple(sorted(each, key=clause_order)) for standard, each in clauses.items()}
    return Scope(found, in_order, offered)


def templates_on_offer(work: Work) -> list[ChecklistTemplate]:
    """The templates in use, with their questions."""
    statement = select(ChecklistTemplate).where(ChecklistTemplate.retired_at.is_(None))
    return work.all(statement.options(selectinload(ChecklistTemplate.questions)).order_by(ChecklistTemplate.name))


def arriving_at(work: Work, audit: Audit, offered: Iterable[Question]) -> Arriving:
    """Which of the questions on offer the checklist of an audit takes; its team and certificates are loaded."""
    return arriving(offered, criteria_of(work, audit), judges_of(work, audit))


def questions_of(work: Work, audit: Audit, scope: Scope, choice: Choice) -> list[Question]:
    """Every question of what was chosen, in the order in which they are asked."""
    found: list[Question] = []
    if choice.prompts:
        found += prompts_of(audit)
    if choice.open_points:
        found += open_points(work, audit, choice.standards or scope.standards)
    for standard in scope.on_offer:
        if standard in choice.standards:
            found += _of_standard(scope, standard)
        if standard in choice.controls and standard not in scope.clauses:
            found += [on_clause(standard, each.number, each.title) for each in controls_of(standard)]
    for template in templates_on_offer(work) if choice.templates else ():
        if template.id in choice.templates:
            found += [
                Question(ItemSource.TEMPLATE, template.standard, each.clause, each.question, each.guidance)
                for each in template.questions
            ]
    return found


def _of_standard(scope: Scope, standard: str) -> list[Question]:
    named, titles = scope.clauses.get(standard), titles_of(standard)
    if named is not None:
        return [on_clause(standard, number, titles.get(number, "")) for number in named]
    return [on_clause(standard, each.number, each.title) for each in clauses_of(standard)]


def prompts_of(audit: Audit) -> list[Question]:
    """The mandatory topics of what the audit is to each certificate; once where it serves none."""
    served = [(each.certificate.full_standard, each.kind) for each in audit.audit_certificates] or [("", audit.kind)]
    found = []
    for standard, kind in served:
        says, why = topics(kind)
        found += [on_topic(standard, topic, str(why[0].clause)) for topic in says]
    return found


def open_points(work: Work, audit: Audit, standards: Collection[str]) -> list[Question]:
    """What earlier audits of these standards left open.

    Nonconformities not closed, ours and the body's; observations and concerns of the last audit of each standard;
    questions whose latest verdict is that they were not sampled.
    """
    earlier = _earlier(work, audit, standards)
    if not earlier:
        return []
    ids = list(earlier)
    found = [*_cases(work, earlier, ids), *_of_the_body(work, earlier, ids)]
    last: dict[str, int] = {}
    for audit_id, row in earlier.items():
        for standard in row.standards:
            last.setdefault(standard, audit_id)
    found += _noted(work, earlier, set(last.values()))
    return found + _not_sampled(work, ids, standards)


@dataclass(frozen=True, slots=True)
class _Earlier:
    reference: str
    standards: frozenset[str]


def _earlier(work: Work, audit: Audit, standards: Collection[str]) -> dict[int, _Earlier]:
    """The audits of any of these standards that ended before this one began, the latest first."""
    wanted = set(standards)
    before = (
        select(Audit.id, Audit.reference)
        .where(Audit.ends_on <= audit.starts_on, Audit.id != audit.id, Audit.progress != AuditProgress.CANCELLED)
        .where(
            or_(
                Audit.id.in_(select(AuditCriterion.audit_id).where(AuditCriterion.standard.in_(wanted))),
                Audit.id.in_(
                    select(AuditCertificate.audit_id)
                    .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
                    .where((Certificate.standard + ":" + Certificate.edition).in_(wanted))
                ),
                Audit.id.in_(select(ChecklistItem.audit_id).where(ChecklistItem.standard.in_(wanted))),
            )
        )
        .order_by(Audit.ends_on.desc(), Audit.id.desc())
        .limit(MOST_AUDITS)
    )
    rows = work.execute(before).all()
    of: dict[int, set[str]] = {row.id: set() for row in rows}
    for audit_id, standard in work.execute(
        select(AuditCriterion.audit_id, AuditCriterion.standard).where(AuditCriterion.audit_id.in_(of))
    ):
        of[audit_id].add(standard)
    served = (
        select(AuditCertificate.audit_id, Certificate.standard + ":" + Certificate.edition)
        .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
        .where(AuditCertificate.audit_id.in_(of))
    )
    for audit_id, standard in work.execute(served):
        of[audit_id].add(standard)
    return {row.id: _Earlier(row.reference, frozenset(of[row.id] & wanted or wanted)) for row in rows}


def _cases(work: Work, earlier: dict[int, _Earlier], ids: Iterable[int]) -> list[Question]:
    """Our own nonconformities that nobody has closed."""
    rows = (
        select(Finding.reference, Finding.title, Finding.standard, Finding.clause, Finding.audit_id)
        .outerjoin(CorrectiveAction, CorrectiveAction.finding_id == Finding.id)
        .where(
            Finding.audit_id.in_(ids),
            Finding.grade.in_((FindingGrade.MAJOR, FindingGrade.MINOR)),
            CorrectiveAction.closed_on.is_(None),
        )
        .order_by(Finding.reference)
    )
    return [
        on_open_point(row.standard, row.clause, row.reference, row.title, earlier[row.audit_id].reference)
        for row in work.execute(rows)
    ]


def _of_the_body(work: Work, earlier: dict[int, _Earlier], ids: Iterable[int]) -> list[Question]:
    """The body's nonconformities that it has not verified."""
    raised = BodyNonconformity
    rows = (
        select(
            raised.reference,
            raised.statement,
            raised.clause,
            raised.audit_id,
            Certificate.standard,
            Certificate.edition,
        )
        .join(Certificate, raised.certificate_id == Certificate.id)
        .where(raised.audit_id.in_(ids), raised.verified_on.is_(None))
        .order_by(raised.reference)
    )
    return [
        on_open_point(
            f"{row.standard}:{row.edition}",
            row.clause,
            row.reference,
            row.statement,
            earlier[row.audit_id].reference,
        )
        for row in work.execute(rows)
    ]


def _noted(work: Work, earlier: dict[int, _Earlier], ids: Collection[int]) -> list[Question]:
    """What the last audit of each standard noted that is no nonconformity, and calls for a look."""
    weighed = (FindingGrade.CONCERN, FindingGrade.OBSERVATION, FindingGrade.OPPORTUNITY)
    rows = (
        select(Finding.reference, Finding.title, Finding.standard, Finding.clause, Finding.audit_id)
        .where(Finding.audit_id.in_(ids), Finding.grade.in_(weighed))
        .order_by(Finding.reference)
    )
    return [
        on_open_point(row.standard, row.clause, row.reference, row.title, earlier[row.audit_id].reference)
        for row in work.execute(rows)
    ]


def _not_sampled(work: Work, ids: list[int], standards: Collection[str]) -> list[Question]:
    """The questions that were asked before, and at the last time not sampled."""
    rows = (
        select(
            ChecklistItem.audit_id,
            ChecklistItem.standard,
            ChecklistItem.clause,
            ChecklistItem.question,
            ChecklistItem.guidance,
            ChecklistItem.result,
        )
        .where(
            ChecklistItem.audit_id.in_(ids),
            or_(ChecklistItem.standard == "", ChecklistItem.standard.in_(standards)),
            ChecklistItem.result != ClauseResult.NOT_ASSESSED,
        )
        .order_by(ChecklistItem.position, ChecklistItem.id)
    )
    age = {audit_id: number for number, audit_id in enumerate(ids)}
    latest: dict[tuple[str, str, str], tuple[int, Question, ClauseResult]] = {}
    for row in work.execute(rows):
        key = key_of(row.standard, row.clause, row.question)
        if key not in latest or age[row.audit_id] < latest[key][0]:
            asked = Question(ItemSource.OPEN_POINT, row.standard, row.clause, row.question, row.guidance)
            latest[key] = (age[row.audit_id], asked, row.result)
    return [asked for _, asked, result in latest.values() if result is ClauseResult.NOT_SAMPLED]


def keys_there(work: Work, audit_id: int) -> list[tuple[str, str, str]]:
    """What the checklist asks already."""
    rows = select(ChecklistItem.standard, ChecklistItem.clause, ChecklistItem.question)
    return [key_of(*row) for row in work.execute(rows.where(ChecklistItem.audit_id == audit_id))]
