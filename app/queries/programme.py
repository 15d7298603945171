"""The programme by day: audits, limits and blackout periods of a span, and the lanes of the timeline."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Rule, Standing
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import Certificate, CertificateDeadline, CertificateVerdict
from app.models.organisation import BlackoutPeriod
from app.work import Work


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An audit, as lists, calendars and drawings need it."""

    id: int
    reference: str
    kind: AuditKind
    title: str
    progress: AuditProgress
    starts_on: date
    ends_on: date
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """A last day that a rule sets for a certificate."""

    certificate: str
    rule: Rule
    year: int | None
    audit_kind: AuditKind | None
    opens_on: date | None
    closes_on: date
    standing: Standing
    met_by: str | None
    met_on: date | None

    @property
    def name(self) -> str:
        return rule_name(self.rule, self.year)


@dataclass(frozen=True, slots=True)
class BlackoutEntry:
    """Days on which the organisation wants no audit."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class CertificateLane:
    """One certificate of the timeline with what lies on it."""

    id: int
    reference: str
    standard: str
    state: State
    risk: str
    risk_says: str
    began_on: date | None
    valid_through: date | None
    detail: Mapping[str, Any]
    """Of the kept verdict: breaches, warnings and the dots of the ring."""
    audits: list[AuditEntry] = field(default_factory=list)
    limits: list[LimitEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list or a calendar asks for; None is everything."""

    certificate: str | None = None
    kind: AuditKind | None = None
    progress: AuditProgress | None = None


def audits_between(work: Work, first: date, last: date, wanted: Wanted | None = None) -> list[AuditEntry]:
    """The audits that touch these days, by their first day."""
    wanted = wanted or Wanted()
    statement = _audit_columns().where(Audit.ends_on >= first, Audit.starts_on <= last)
    if wanted.certificate is not None:
        serving = (
            select(AuditCertificate.audit_id)
            .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
            .where(Certificate.reference == wanted.certificate, Certificate.organisation_id == work.home)
        )
        statement = statement.where(Audit.id.in_(serving))
    if wanted.kind is not None:
        statement = statement.where(Audit.kind == wanted.kind)
    if wanted.progress is not None:
        statement = statement.where(Audit.progress == wanted.progress)
    return _with_certificates(work, work.execute(statement.order_by(Audit.starts_on, Audit.id)).all())


def limits_between(work: Work, first: date, last: date, certificate: str | None = None) -> list[LimitEntry]:
    """The last days that fall between these days, by day."""
    statement = _limit_columns().where(CertificateDeadline.closes_on.between(first, last))
    if certificate is not None:
        statement = statement.where(Certificate.reference == certificate)
    rows = work.execute(statement.order_by(CertificateDeadline.closes_on, CertificateDeadline.id))
    return [LimitEntry(*row[1:]) for row in rows]


def blackouts_between(work: Work, first: date, last: date) -> list[BlackoutEntry]:
    """The blackout periods that touch these days."""
    statement = (
        select(BlackoutPeriod.name, BlackoutPeriod.starts_on, BlackoutPeriod.ends_on)
        .where(BlackoutPeriod.ends_on >= first, BlackoutPeriod.starts_on <= last)
        .order_by(BlackoutPeriod.starts_on)
    )
    return [BlackoutEntry(*row) for row in work.execute(statement)]


def count_certificates(work: Work) -> int:
    """How many lanes the timeline has in all."""
    return work.session.scalar(select(func.count()).select_from(Certificate)) or 0


def lanes(
    work: Work,
    first: date,
    last: date,
    *,
    offset: int = 0,
    limit: int = 20,
    references: Collection[str] | None = None,
) -> list[CertificateLane]:
    """The lanes of a page of the timeline: those at risk first, with the audits and limits of the span."""
    statement = (
        select(
            Certificate.id,
            Certificate.reference,
            Certificate.standard,
            Certificate.edition,
            CertificateVerdict.state,
            CertificateVerdict.risk,
            CertificateVerdict.risk_says,
            CertificateVerdict.began_on,
            CertificateVerdict.valid_through,
            CertificateVerdict.detail,
        )
        .join(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
        .order_by(Certificate.reference)
    )
    if references is not None:
        statement = statement.where(Certificate.reference.in_(references))
    found: dict[int, CertificateLane] = {}
    for row in work.execute(statement.offset(offset).limit(limit)):
        found[row[0]] = CertificateLane(
            id=row[0],
            reference=row[1],
            standard=f"{row[2]}:{row[3]}",
            state=State(row[4]),
            risk=row[5],
            risk_says=row[6],
            began_on=row[7],
            valid_through=row[8],
            detail=row[9],
        )
    if not found:
        return []
    # A certificate has few limits and audits: those outside the span are left out here, since a planner that sees days
    # in the question goes through the days of the whole organisation.
    of_lanes = (
        _limit_columns().where(CertificateDeadline.certificate_id.in_(found)).order_by(CertificateDeadline.closes_on)
    )
    for certificate_id, *columns in work.execute(of_lanes):
        entry = LimitEntry(*columns)
        if entry.closes_on >= first and (entry.opens_on or entry.closes_on) <= last:
            found[certificate_id].limits.append(entry)
    for certificate_id, audit in _audits_of(work, found, first, last):
        found[certificate_id].audits.append(audit)
    return list(found.values())


def _audit_columns() -> Any:
    return select(Audit.id, Audit.reference, Audit.kind, Audit.title, Audit.progress, Audit.starts_on, Audit.ends_on)


def _limit_columns() -> Any:
    return select(
        CertificateDeadline.certificate_id,
        Certificate.reference,
        CertificateDeadline.rule,
        CertificateDeadline.year,
        CertificateDeadline.audit_kind,
        CertificateDeadline.opens_on,
        CertificateDeadline.closes_on,
        CertificateDeadline.standing,
        CertificateDeadline.met_by,
        CertificateDeadline.met_on,
    ).join(Certificate, CertificateDeadline.certificate_id == Certificate.id)


def _with_certificates(work: Work, rows: Collection[Any]) -> list[AuditEntry]:
    serves: dict[int, list[str]] = defaultdict(list)
    ids = [row[0] for row in rows]
    if ids:
        statement = (
            select(AuditCertificate.audit_id, Certificate.reference)
            .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
            .where(AuditCertificate.audit_id.in_(ids))
            .order_by(Certificate.reference)
        )
        for audit_id, reference in work.execute(statement):
            serves[audit_id].append(reference)
    return [AuditEntry(row[0], row[1], row[2], row[3], row[4], row[5], row[6], tuple(serves[row[0]])) for row in rows]


def _audits_of(work: Work, certificate_ids: Collection[int], first: date, last: date) -> list[tuple[int, AuditEntry]]:
    """By certificate; the pairs are read first, since from there the audits are found by their ids alone."""
    pairs = work.execute(
        select(AuditCertificate.certificate_id, AuditCertificate.audit_id).where(
            AuditCertificate.certificate_id.in_(certificate_ids)
        )
    ).all()
    statement = _audit_columns().where(Audit.id.in_({audit_id for _certificate_id, audit_id in pairs}))
    rows = [
        row
        for row in work.execute(statement)
        if row.ends_on >= first and row.starts_on <= last and row.progress is not AuditProgress.CANCELLED
    ]
    entries = {each.id: each for each in _with_certificates(work, rows)}
    serving = [(certificate_id, entries[audit_id]) for certificate_id, audit_id in pairs if audit_id in entries]
    return sorted(serving, key=lambda pair: (pair[1].starts_on, pair[1].id))
