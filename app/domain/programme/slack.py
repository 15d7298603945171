"""Which limits an audit meets, and how many days lie between it and each of them."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditDate, AuditKind, AuditStatus, Facts
from app.domain.certification.verdict import Rule
from app.domain.dates import days_between
from app.domain.explained import Reason


@dataclass(frozen=True, slots=True)
class LimitMet:
    """A limit that an audit meets, or misses where the slack is negative."""

    rule: Rule
    year: int | None
    closes_on: date
    slack: int
    why: tuple[Reason, ...]


def limits_met(facts: Facts, audit_id: str) -> tuple[LimitMet, ...]:
    """The limits an audit meets if it and what is planned before it are held as planned.

    Recertification is complete only with the decision; its audit is shown with the days that are left for the rest.
    [ISO/IEC 17021-1:2015, 9.1.3.3 and 9.6.3.2.2]
    """
    audit = next((each for each in facts.audits if each.id == audit_id), None)
    if audit is None or audit.status is AuditStatus.CANCELLED or audit.kind is AuditKind.INTERNAL:
        return ()
    on = audit.begins_on if facts.settings.audit_date is AuditDate.FIRST_DAY else audit.ends_on
    as_planned = tuple(
        replace(each, status=AuditStatus.COMPLETED)
        if each.status is AuditStatus.PLANNED and each.ends_on <= audit.ends_on
        else each
        for each in facts.audits
    )
    verdict = judge(replace(facts, audits=as_planned), audit.ends_on)
    return tuple(
        LimitMet(row.rule, row.year, row.closes_on, days_between(on, row.closes_on), row.why)
        for row in verdict.deadlines
        if row.met_by == audit_id or (row.rule is Rule.RECERTIFICATION and audit.kind is AuditKind.RECERTIFICATION)
    )
