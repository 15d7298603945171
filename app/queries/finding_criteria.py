"""What a finding may be measured against: the criteria of an audit, or all that the catalogue knows."""

from collections import defaultdict
from functools import lru_cache

from sqlalchemy import select

from app.catalogue import points_of, standards
from app.domain.findings.requirement import Criteria
from app.models.audit import Audit
from app.models.audit_plan import AuditClause, AuditCriterion
from app.queries.catalogue import editions_on_offer
from app.work import Work


@lru_cache(maxsize=1)
def clause_titles() -> dict[str, dict[str, str]]:
    """The short titles of the clauses, controls and process areas of the standards, by standard and number."""
    return {each.full_name: {point.number: point.title for point in points_of(each.full_name)} for each in standards()}


def title_of(standard: str, clause: str) -> str:
    """The short title of a clause; empty where the catalogue has none."""
    return clause_titles().get(standard, {}).get(clause, "")


def criteria_of(work: Work, audit: Audit | None) -> Criteria:
    """The standards that an audit names, else those of its certificates; outside an audit every one that is known.

    The certificates of the audit are loaded.
    """
    known = clause_titles()
    everything = tuple(each.name for each in editions_on_offer(work))
    if audit is None:
        return Criteria("", everything, {}, known)
    statement = select(AuditCriterion.standard).where(AuditCriterion.audit_id == audit.id).order_by(AuditCriterion.id)
    named = [standard for (standard,) in work.execute(statement)]
    served = sorted({each.certificate.full_standard for each in audit.audit_certificates})
    scope: dict[str, list[str]] = defaultdict(list)
    clauses = select(AuditClause.standard, AuditClause.clause).where(AuditClause.audit_id == audit.id)
    for standard, clause in work.execute(clauses):
        scope[standard].append(clause)
    return Criteria(audit.reference, tuple(named or served) or everything, dict(scope), known)
