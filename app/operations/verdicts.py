"""Keep the verdict of each certificate: judged when its facts change, and on the day on which it changes by itself."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditKind, AuditStatus, DecisionKind, Facts
from app.domain.certification.risk import next_risk_change_on, risk_of
from app.domain.certification.verdict import Deadline, Rule, Standing, Verdict
from app.domain.certification.watch import turning_days, watch
from app.models.certificate import Certificate, CertificateDeadline, CertificateVerdict
from app.queries.facts import facts_of
from app.queries.verdicts import stale_ids
from app.work import Work

REPEATED = frozenset({Rule.STAGE_2_MAJORS, Rule.SUSPENSION_LIMIT, Rule.EDITION_DEADLINE})
"""Rules that may set several limits within one cycle."""


def judge_again(work: Work, certificate_ids: Collection[int] | None = None) -> dict[int, Verdict]:
    """Judge these certificates (or all) from their facts and keep the verdicts."""
    work.flush()
    facts = facts_of(work, certificate_ids)
    kept = {
        row.certificate_id: row
        for row in work.all(select(CertificateVerdict).where(CertificateVerdict.certificate_id.in_(facts)))
    }
    certificates = {row.id: row for row in work.all(select(Certificate).where(Certificate.id.in_(facts)))}
    verdicts: dict[int, Verdict] = {}
    for id_, known in facts.items():
        verdict = verdicts[id_] = judge(known, work.today)
        row = kept.get(id_)
        if row is None:
            row = CertificateVerdict(certificate_id=id_)
            work.session.add(row)
        _keep(row, known, verdict)
        edition = edition_in_force(known, work)
        if certificates[id_].edition != edition:
            certificates[id_].edition = edition
    _keep_deadlines(work, verdicts)
    work.flush()
    return verdicts


def refresh_stale(work: Work) -> int:
    """Judge what has changed by the mere passing of days; gives how many."""
    stale = stale_ids(work)
    if stale:
        judge_again(work, stale)
    return len(stale)


def edition_in_force(facts: Facts, work: Work) -> str:
    """The edition of the latest transition in force, else the one first certified; without the standard's name."""
    moves = [
        each
        for each in facts.decisions
        if each.kind is DecisionKind.TRANSITIONED and each.to and each.decided_on <= work.today
    ]
    full = max(moves, key=lambda each: each.decided_on).to if moves else facts.standard
    return (full or "").rpartition(":")[2]


def _keep(row: CertificateVerdict, facts: Facts, verdict: Verdict) -> None:
    notices = watch(facts, verdict)
    risk = risk_of(verdict, notices)
    audit = verdict.next_audit
    row.judged_on = verdict.on
    row.next_change_on = next_risk_change_on(verdict, turning_days(facts))
    row.state = verdict.state.value
    row.risk, row.risk_says = risk.value.value, risk.why[0].says
    row.valid_through = verdict.valid_through.value if verdict.valid_through else None
    row.effective_valid_through = verdict.effective_valid_through.value if verdict.effective_valid_through else None
    row.next_kind = audit.kind.value if audit else None
    row.next_opens_on = audit.opens_on if audit else None
    row.next_closes_on = audit.closes_on if audit else None
    row.began_on = verdict.cycle.began_on if verdict.cycle else None
    row.breach_count, row.warning_count = len(verdict.breaches), len(verdict.warnings) + len(notices)
    row.detail = _detail(facts, verdict)


def _detail(facts: Facts, verdict: Verdict) -> dict[str, Any]:
    return {
        "dots": _dots(facts, verdict),
        "breaches": [{"rule": b.rule.value, "year": b.year, "since": b.since.isoformat()} for b in verdict.breaches],
        "warnings": [{"rule": b.rule.value, "year": b.year, "since": b.since.isoformat()} for b in verdict.warnings],
    }


def _dots(facts: Facts, verdict: Verdict) -> list[list[str]]:
    """The external audits of the current cycle for the ring: their last day, and held, planned or missing."""
    if verdict.cycle is None:
        return []
    dots = [
        [each.ends_on.isoformat(), "held" if each.status is AuditStatus.COMPLETED else "planned"]
        for each in facts.audits
        if each.kind is not AuditKind.INTERNAL
        and each.status is not AuditStatus.CANCELLED
        and each.ends_on >= verdict.cycle.began_on
    ]
    dots += [
        [each.closes_on.isoformat(), "missing"]
        for each in verdict.deadlines
        if each.audit is not None and each.is_unmet and each.hard
    ]
    return sorted(dots)


def _keep_deadlines(work: Work, verdicts: dict[int, Verdict]) -> None:
    """Change the kept limits only where they differ, so that the calendar can tell what is new."""
    kept = {
        (row.certificate_id, row.key): row
        for row in work.all(select(CertificateDeadline).where(CertificateDeadline.certificate_id.in_(verdicts)))
    }
    for certificate_id, verdict in verdicts.items():
        for limit in verdict.deadlines:
            key = _key(verdict, limit)
            row = kept.pop((certificate_id, key), None)
            if row is None:
                row = CertificateDeadline(certificate_id=certificate_id, key=key, rule=limit.rule, changed_at=work.now)
                work.session.add(row)
            elif _told(row) != _told(limit):
                row.sequence, row.changed_at = row.sequence + 1, work.now
            _describe(row, limit)
    for gone in kept.values():
        work.session.delete(gone)


def _told(limit: CertificateDeadline | Deadline) -> tuple[date | None, date, Standing, bool]:
    return limit.opens_on, limit.closes_on, limit.standing, limit.hard


def _key(verdict: Verdict, limit: Deadline) -> str:
    began = verdict.cycle.began_on.isoformat() if verdict.cycle else "application"
    which = limit.year or (limit.opens_on if limit.rule in REPEATED else None) or "once"
    return f"{limit.rule.value}-{which}-{began}"


def _describe(row: CertificateDeadline, limit: Deadline) -> None:
    described = {
        "year": limit.year,
        "audit_kind": limit.audit,
        "opens_on": limit.opens_on,
        "closes_on": limit.closes_on,
        "standing": limit.standing,
        "met_by": limit.met_by,
        "met_on": limit.met_on,
        "hard": limit.hard,
        "why": [[reason.says, str(reason.clause) if reason.clause else None] for reason in limit.why],
    }
    for name, value in described.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
