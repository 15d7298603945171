"""The report of an audit: its versions, and all that the paper of one says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.findings.grading import FindingGrade
from app.domain.programme.checklist import clause_order
from app.domain.programme.team import TeamRole
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem
from app.models.audit_report import AuditReport, ReportSignature
from app.models.checklist import ChecklistItem
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.queries.audit_guests import guests_let_in
from app.queries.audit_plan import Auditee, Plan, agenda_of, auditees_of, plan_of
from app.queries.checklist import items_of
from app.queries.finding_concerns import concerned
from app.queries.finding_criteria import title_of
from app.queries.findings import RANK, whole
from app.work import Work


def versions_of(work: Work, audit_id: int, *, lock: bool = False) -> list[AuditReport]:
    """The versions of the report of an audit with their signatures, the newest first."""
    statement = (
        select(AuditReport)
        .where(AuditReport.audit_id == audit_id)
        .options(selectinload(AuditReport.signatures).joinedload(ReportSignature.person))
        .order_by(AuditReport.number.desc())
    )
    if lock:
        statement = statement.with_for_update(of=AuditReport).execution_options(populate_existing=True)
    return work.all(statement)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves something of an audit, and on what it lies."""

    file: Attachment
    about: str
    page: str
    """The endpoint of the page that it lies on."""
    argument: str
    """Its reference."""
    item_id: int | None = None

    @property
    def is_photograph(self) -> bool:
        return self.file.media_type in ("image/jpeg", "image/png")


def evidence_of(work: Work, audit: Audit) -> list[Evidence]:
    """Every file on an audit, its questions, its findings, their cases and actions; five queries however many."""
    item = ChecklistItem
    found: list[Evidence] = [
        Evidence(file, "The audit itself", "audits.show", audit.reference)
        for file in work.all(select(Attachment).where(Attachment.audit_id == audit.id).order_by(Attachment.id))
    ]
    on_items = select(Attachment, item).join(item, Attachment.item_id == item.id).where(item.audit_id == audit.id)
    for file, row in work.execute(on_items.order_by(item.position, Attachment.id)):
        found.append(Evidence(file, _question(row), "checklist.show", audit.reference, row.id))
    on_findings = (
        select(Attachment, Finding)
        .join(Finding, Attachment.finding_id == Finding.id)
        .where(Finding.audit_id == audit.id)
    )
    for file, row in work.execute(on_findings.order_by(Finding.reference, Attachment.id)):
        found.append(Evidence(file, f"{row.reference} {row.title}", "findings.show", row.reference))
    case = CorrectiveAction
    of_cases = (
        select(Attachment, case.reference)
        .join(case, Attachment.case_id == case.id)
        .join(Finding, case.finding_id == Finding.id)
    )
    for file, reference in work.execute(
        of_cases.where(Finding.audit_id == audit.id).order_by(case.reference, Attachment.id)
    ):
        found.append(Evidence(file, f"The case of {reference}", "corrective_actions.show", reference))
    of_actions = (
        select(Attachment, Action)
        .join(Action, Attachment.action_id == Action.id)
        .join(case, Action.case_id == case.id)
        .join(Finding, case.finding_id == Finding.id)
        .where(Finding.audit_id == audit.id)
    )
    for file, row in work.execute(of_actions.order_by(Action.reference, Attachment.id)):
        found.append(Evidence(file, f"Action {row.reference}", "actions.show", row.reference))
    return found


def _question(item: ChecklistItem) -> str:
    words = f"{item.clause} {item.question}".strip()
    return words if len(words) <= 120 else f"{words[:119].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Written:
    """A finding as the report tells it."""

    finding: Finding
    title: str
    """What the clause is about."""
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """All that the report of an audit says."""

    audit: Audit
    plan: Plan
    agenda: list[AgendaItem]
    items: list[tuple[str, list[ChecklistItem]]]
    findings: list[Written]
    evidence: list[Evidence]
    guests: tuple[str, ...]
    """The external assessors who were let in, by name."""

    @property
    def in_scope(self) -> list[tuple[str, list[str]]]:
        """The points that the audit takes up, by standard, each in the order of its clauses."""
        points = self.plan.points
        standards = sorted({standard for standard, _ in points})
        return [(each, sorted((c for s, c in points if s == each), key=clause_order)) for each in standards]

    @property
    def team(self) -> list[tuple[str, str]]:
        """Everybody of the team and who looked in, by role and name, who leads first."""
        of_team = sorted(self.audit.team, key=lambda each: list(TeamRole).index(each.role))
        return [*((each.role.label, each.label) for each in of_team), *(("Guest", name) for name in self.guests)]

    @property
    def auditees(self) -> list[Auditee]:
        """Whom the agenda names, by name."""
        return auditees_of(self.agenda)

    def as_of(self, moment: datetime) -> "Content":
        """The same without the evidence that came later."""
        return replace(self, evidence=[each for each in self.evidence if each.file.stored_at <= moment])

    @property
    def tally(self) -> str:
        """How many findings there are of each grade, the gravest first."""
        counts = Counter(each.finding.grade for each in self.findings)
        return ", ".join(grade.counted(counts[grade]) for grade in FindingGrade if counts[grade]) or "None"

    @property
    def judged(self) -> str:
        """How many questions have which verdict, the most frequent first."""
        counts = Counter(item.result.label for _, items in self.items for item in items)
        return "; ".join(f"{label}: {count}" for label, count in counts.most_common())

    @property
    def photographs(self) -> list[Evidence]:
        """The pictures, each once however often it lies about."""
        return list({each.file.sha256: each for each in self.evidence if each.is_photograph}.values())


def content_of(work: Work, audit: Audit) -> Content:
    """What the report says of an audit as it stands now."""
    return Content(
        audit,
        plan_of(work, audit.id),
        agenda_of(work, audit.id),
        by_standard(items_of(work, audit.id)),
        _findings(work, audit.id),
        evidence_of(work, audit),
        guests_let_in(work, audit.id),
    )


def by_standard(items: Sequence[ChecklistItem]) -> list[tuple[str, list[ChecklistItem]]]:
    """The questions by standard, each in the order of its clauses; those of no standard last."""
    standards = sorted({each.standard for each in items}, key=lambda name: (name == "", name))
    return [
        (standard, sorted((i for i in items if i.standard == standard), key=lambda each: clause_order(each.clause)))
        for standard in standards
    ]


def _findings(work: Work, audit_id: int) -> list[Written]:
    statement = select(Finding).where(Finding.audit_id == audit_id).options(*whole()).order_by(Finding.reference)
    return [written(work, each) for each in sorted(work.all(statement), key=lambda row: RANK[row.grade])]


def written(work: Work, finding: Finding) -> Written:
    """A finding that was loaded with its links, in the words of paper."""
    things = [each.thing for each in concerned(work, finding)]
    title = title_of(finding.standard, finding.clause) if finding.clause else ""
    return Written(finding, title, tuple(f"{each.name} {each.says}".strip() for each in things))
