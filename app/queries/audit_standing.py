"""What depends on an audit: the limits it meets, what it waits for, and what should come before it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, DecisionFact, DecisionKind, Facts
from app.domain.explained import Reason
from app.domain.programme.preparation import Preparation
from app.domain.programme.sequence import held_back
from app.domain.programme.slack import LimitMet, limits_met
from app.models.audit import Audit, AuditCertificate
from app.models.certificate import Certificate, Decision
from app.queries.audits import TO_COME, Row
from app.queries.facts import audit_status, facts_of
from app.queries.preparation import record_of
from app.work import Work

_GATES = (AuditKind.STAGE_1, AuditKind.STAGE_2, AuditKind.RECERTIFICATION)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an audit stands for one of its certificates."""

    served: AuditCertificate
    certificate: Certificate
    limits: tuple[LimitMet, ...]
    held_back: tuple[Reason, ...]
    before: tuple[Preparation, ...]
    """Whether an internal audit and a management review lie before it."""


def standing_of(work: Work, audit: Audit) -> list[Standing]:
    """How an audit stands for each of its certificates."""
    facts = facts_of(work, [each.certificate_id for each in audit.audit_certificates])
    record = record_of(work, audit.starts_on) if audit.kind is not AuditKind.INTERNAL and facts else None
    return [
        Standing(
            served,
            served.certificate,
            limits_met(facts[served.certificate_id], audit.reference),
            held_back(facts[served.certificate_id], audit.reference),
            record.before(facts[served.certificate_id], audit.reference, work.today) if record else (),
        )
        for served in sorted(audit.audit_certificates, key=lambda each: each.certificate.reference)
    ]


def held_back_among(work: Work, rows: Sequence[Row]) -> dict[str, tuple[Reason, ...]]:
    """Which audits of a page wait for an earlier one, by reference; two queries, whatever the page holds."""
    waiting = [row for row in rows if row.progress in TO_COME and row.kind is not AuditKind.INTERNAL]
    certificates = {served.certificate_id for row in waiting for served in row.certificates}
    if not certificates:
        return {}
    audits: dict[int, list[AuditFact]] = defaultdict(list)
    gates = (
        select(
            AuditCertificate.certificate_id,
            Audit.reference,
            AuditCertificate.kind,
            Audit.ends_on,
            Audit.starts_on,
            Audit.progress,
            AuditCertificate.outcome,
        )
        .join(Audit, AuditCertificate.audit_id == Audit.id)
        .where(AuditCertificate.certificate_id.in_(certificates), AuditCertificate.kind.in_(_GATES))
    )
    for row in work.execute(gates):
        audits[row[0]].append(AuditFact(row[1], row[2], row[3], row[4], audit_status(row[5]), row[6]))
    decisions: dict[int, list[DecisionFact]] = defaultdict(list)
    granting = (DecisionKind.GRANTED, DecisionKind.RENEWED, DecisionKind.RESTORED, DecisionKind.TRANSFERRED)
    decided = select(Decision.certificate_id, Decision.kind, Decision.decided_on).where(
        Decision.certificate_id.in_(certificates), Decision.kind.in_(granting)
    )
    for row in work.execute(decided):
        decisions[row[0]].append(DecisionFact(row[1], row[2]))
    found: dict[str, tuple[Reason, ...]] = {}
    for each in waiting:
        for served in each.certificates:
            own = AuditFact(each.reference, served.kind, each.ends_on, each.starts_on, AuditStatus.PLANNED)
            others = tuple(gate for gate in audits[served.certificate_id] if gate.id != each.reference)
            why = held_back(Facts(audits=(*others, own), decisions=tuple(decisions[served.certificate_id])), own.id)
            if why:
                found[each.reference] = (*found.get(each.reference, ()), *why)
    return found
