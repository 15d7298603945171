"""The plan of an audit: its objectives, criteria, scope and methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.programme.impartiality import refuse_new
from app.domain.programme.scope import Numbered
from app.models.audit import Audit
from app.models.audit_plan import AuditClause, AuditCriterion, AuditProcess
from app.models.process import Process
from app.operations.competence import refuse_gaps
from app.operations.conflict import refuse_if_changed
from app.operations.frozen import refuse_if_frozen
from app.operations.processes import checked_points
from app.operations.seat_gate import refuse_unseated_member
from app.queries.competence import team_gaps_at
from app.queries.impartiality import partialities_at
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDetails:
    """What is said of the plan; `standards` are the criteria by name and edition, the others stand in words."""

    objectives: str = ""
    standards: frozenset[str] = frozenset()
    criteria: str = ""
    scope: str = ""
    methods: str = ""
    body_reference: str = ""
    points: frozenset[Numbered] = frozenset()
    processes: frozenset[int] = frozenset()


def edit(work: Work, audit: Audit, details: PlanDetails, offered: frozenset[str], seen: int | None = None) -> None:
    """Change the plan of an audit that was loaded for update; who saw an older version is refused.

    `offered` are the standards that may be criteria. Clauses are those of the criteria. What one of the auditors of an
    internal audit owns or works in is refused, and a standard that one of them may not audit. [ISO 19011, 6.3.2]
    """
    refuse_if_changed(audit, seen, f"The plan of {audit.reference}")
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    if details.standards - offered:
        raise RefusedError("Choose the standards from the list.", "standards")
    outside = sorted({standard for standard, _ in details.points} - details.standards)
    if outside:
        says = f"Clauses of {outside[0]} are ticked, and it is no criterion of the audit: tick the standard too."
        raise RefusedError(says, "standards")
    points = checked_points(details.points, "points")
    if details.processes - set(work.all(select(Process.id).where(Process.id.in_(details.processes)))):
        raise RefusedError("Choose processes from the list.", "processes")
    stood, lacked = partialities_at(work, audit), team_gaps_at(work, audit)
    audit.objectives, audit.criteria = details.objectives.strip(), details.criteria.strip()
    audit.scope, audit.methods = details.scope.strip(), details.methods.strip()
    if audit.kind is not AuditKind.INTERNAL:
        audit.body_reference = details.body_reference.strip()
    _keep(work, AuditCriterion, audit, {(each,): {"standard": each} for each in details.standards}, ("standard",))
    named = {(standard, clause): {"standard": standard, "clause": clause} for standard, clause in points}
    _keep(work, AuditClause, audit, named, ("standard", "clause"))
    _keep(work, AuditProcess, audit, {(each,): {"process_id": each} for each in details.processes}, ("process_id",))
    # The version of the audit rises with whatever belongs to its plan.
    audit.changed_at = work.now
    work.flush()
    refuse_new(stood, partialities_at(work, audit), "processes" if details.processes else "points")
    if not audit.progress.is_held:
        refuse_gaps(work, lacked, team_gaps_at(work, audit), "standards")


def _keep(
    work: Work,
    model: type[AuditCriterion] | type[AuditClause] | type[AuditProcess],
    audit: Audit,
    wanted: Mapping[Any, Mapping[str, Any]],
    names: tuple[str, ...],
) -> None:
    """Let the rows of an audit be those that are wanted; what is there already stays as it is."""
    there = {
        tuple(getattr(row, name) for name in names): row
        for row in work.all(select(model).where(model.audit_id == audit.id))
    }
    for key in there.keys() - wanted.keys():
        work.session.delete(there[key])
    work.flush()
    for key in sorted(wanted.keys() - there.keys(), key=str):
        work.session.add(model(audit_id=audit.id, **wanted[key]))
