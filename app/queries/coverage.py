"""What internal audits cover of the standards in use: a fixed number of queries, however many audits there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.catalogue import Point, points_of
from app.domain import clauses
from app.domain.certification.facts import AuditKind, State
from app.domain.dates import add_months
from app.domain.explained import Reason
from app.domain.programme.checklist import ClauseResult
from app.domain.programme.coverage import Cell, Coverage, Looked, Period, Tally, cells_of, period_of, tally
from app.domain.programme.progress import AuditProgress
from app.domain.programme.scope import Numbered, named_in
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AuditClause, AuditCriterion
from app.models.certificate import Certificate, CertificateVerdict
from app.models.checklist import ChecklistItem
from app.work import Work

_ENDED = (State.LAPSED, State.WITHDRAWN)
_LOOKED_BACK = 36
"""So many months before the period are looked at too, to say when something missing was audited last."""
NOUNS = {"Clauses": "clauses", "Annex A": "controls", "Process areas": "process areas"}
"""What the points of a group are called."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A standard in use, the period that counts, and how each of its points stands; `certificate` names the cycle."""

    standard: str
    certificate: str
    period: Period
    points: tuple[Point, ...]
    cells: dict[str, Cell]

    @property
    def groups(self) -> tuple[str, ...]:
        """Clauses, and the controls or process areas where there are any."""
        return tuple(dict.fromkeys(each.group for each in self.points))

    def of(self, group: str) -> Tally:
        """How many points of a group there are, and how they stand."""
        return tally(self.cells[each.number] for each in self.points if each.group == group and each.is_leaf)

    @property
    def whole(self) -> Tally:
        """All of its points together."""
        return tally(self.cells.values())

    def missing(self, numbers: Sequence[str]) -> list[str]:
        """Those of the numbers that no internal audit covers and none ahead takes up."""
        return [each for each in numbers if each in self.cells and self.cells[each].state is Coverage.MISSING]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The coverage of all standards in use; `unknown` are those whose clauses the catalogue does not hold."""

    standards: tuple[Covered, ...]
    unknown: tuple[str, ...]

    @property
    def whole(self) -> Tally:
        """All points of all standards together."""
        return tally(cell for each in self.standards for cell in each.cells.values())


def coverage_of(work: Work, period: Period | None = None) -> Matrix:
    """How the clauses, controls and process areas of the standards in use stand; each in its cycle, or in a period.

    What counts are internal audits: the clauses of their plans, what their checklists say of them, and the clauses that
    their agendas name.
    """
    in_use = _standards(work)
    known = {standard: points_of(standard) for standard, *_ in in_use}
    months, today = work.organisation.coverage_months, work.today
    periods = {
        standard: period or period_of(began_on, valid_through, months, today)
        for standard, _, began_on, valid_through in in_use
        if known[standard]
    }
    audits = _looked(work, min((each.since for each in periods.values()), default=today)) if periods else []
    return Matrix(
        tuple(
            Covered(
                standard,
                reference,
                periods[standard],
                known[standard],
                cells_of(
                    standard,
                    [each.number for each in known[standard] if each.is_leaf],
                    audits,
                    periods[standard],
                    today,
                ),
            )
            for standard, reference, _, _ in in_use
            if known[standard]
        ),
        tuple(standard for standard, *_ in in_use if not known[standard]),
    )


def _standards(work: Work) -> list[tuple[str, str, date | None, date | None]]:
    """The standards of the certificates that have not ended; of several certificates that which ends first counts."""
    statement = (
        select(
            Certificate.standard,
            Certificate.edition,
            Certificate.reference,
            CertificateVerdict.began_on,
            CertificateVerdict.valid_through,
        )
        .outerjoin(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
        .where(CertificateVerdict.state.is_(None) | CertificateVerdict.state.not_in(_ENDED))
    )
    rows = sorted(
        work.execute(statement).all(), key=lambda row: (row.valid_through or date.max, row.reference), reverse=True
    )
    found = {f"{row.standard}:{row.edition}": (row.reference, row.began_on, row.valid_through) for row in rows}
    return [(standard, *found[standard]) for standard in sorted(found)]


def _looked(work: Work, since: date) -> list[Looked]:
    """The internal audits that were not cancelled, with what they take up."""
    wanted = (
        Audit.kind == AuditKind.INTERNAL,
        Audit.progress != AuditProgress.CANCELLED,
        Audit.ends_on >= add_months(since, -_LOOKED_BACK),
    )
    audits = work.execute(
        select(Audit.id, Audit.reference, Audit.title, Audit.starts_on, Audit.ends_on, Audit.progress).where(*wanted)
    ).all()
    those: Any = select(Audit.id).where(*wanted)
    scope: dict[int, set[Numbered]] = defaultdict(set)
    clauses = select(AuditClause.audit_id, AuditClause.standard, AuditClause.clause)
    for audit_id, standard, clause in work.execute(clauses.where(AuditClause.audit_id.in_(those))):
        scope[audit_id].add((standard, clause))
    for audit_id, point in _on_agendas(work, those):
        scope[audit_id].add(point)
    answers: dict[int, dict[Numbered, tuple[ClauseResult, ...]]] = defaultdict(dict)
    asked = (
        select(ChecklistItem.audit_id, ChecklistItem.standard, ChecklistItem.clause, ChecklistItem.result)
        .where(ChecklistItem.audit_id.in_(those), ChecklistItem.clause != "", ChecklistItem.standard != "")
        .distinct()
    )
    for audit_id, standard, clause, result in work.execute(asked):
        of_audit = answers[audit_id]
        of_audit[standard, clause] = (*of_audit.get((standard, clause), ()), result)
    return [
        Looked(
            row.reference,
            row.title,
            row.starts_on,
            row.ends_on,
            held=row.progress.is_held,
            under_way=row.progress is AuditProgress.IN_PROGRESS,
            scope=frozenset(scope[row.id]),
            answers=answers[row.id],
        )
        for row in audits
    ]


def _on_agendas(work: Work, audits: Any) -> list[tuple[int, Numbered]]:
    """The points that agendas name by number, where only one of the audit's criteria has that number."""
    criteria: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
    named = select(AuditCriterion.audit_id, AuditCriterion.standard).where(AuditCriterion.audit_id.in_(audits))
    for audit_id, standard in work.execute(named):
        criteria[audit_id][standard] = frozenset(each.number for each in points_of(standard))
    items = select(AgendaItem.audit_id, AgendaItem.title, AgendaItem.covers).where(AgendaItem.audit_id.in_(audits))
    return [
        (audit_id, point)
        for audit_id, title, covers in work.execute(items)
        for point in named_in(f"{title}\n{covers}", criteria[audit_id])
    ]


def period_within(starts_on: date, ends_on: date, programme: str) -> Period:
    """The days of an audit programme."""
    says = f"These are the days of the audit programme {programme}: what is held and planned in them counts."
    return Period(starts_on, ends_on, (Reason(says, clauses.INTERNAL_AUDIT_PROGRAMME),))
