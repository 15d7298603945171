"""What a calendar holds: audits with their team and sites, limits with their reasons."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Rule, Standing
from app.models.audit import Audit, AuditCertificate, AuditMode, AuditProgress, AuditSite, TeamMember, TeamRole
from app.models.certificate import Certificate, CertificateDeadline
from app.models.journal import JournalChain
from app.models.organisation import Membership, Organisation, Site
from app.models.person import Person
from app.work import Work
from app.work.journal import chain_of


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in the audit team."""

    name: str
    email: str
    role: TeamRole


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An audit as a calendar event."""

    reference: str
    uid: str
    sequence: int
    kind: AuditKind
    title: str
    progress: AuditProgress
    starts_on: date
    ends_on: date
    starts_at: time | None
    ends_at: time | None
    time_zone: str
    mode: AuditMode
    cancelled_reason: str
    changed_at: datetime
    created_at: datetime
    certificates: tuple[str, ...]
    sites: tuple[str, ...]
    team: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class LimitEvent:
    """A last day as a calendar event."""

    uid: str
    sequence: int
    certificate: str
    standard: str
    rule: Rule
    year: int | None
    closes_on: date
    standing: Standing
    met_by: str | None
    hard: bool
    why: tuple[str, ...]
    changed_at: datetime

    @property
    def name(self) -> str:
        return rule_name(self.rule, self.year)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of an organisation's calendar is wanted."""

    audit: str | None = None
    certificate: str | None = None
    person_id: int | None = None
    """Only audits that this person is in the team of."""
    with_limits: bool = True
    dues_of: int | None = None
    """Also what this person answers for and does, by its day."""
    with_plan: bool = False
    """Also when the plan ends, what of it is due, and by when a recertification is ordered."""


def audit_events(work: Work, choice: Choice) -> list[AuditEvent]:
    """The chosen audits, cancelled ones included, by their first day."""
    statement = select(
        Audit.id,
        Audit.reference,
        Audit.uid,
        Audit.sequence,
        Audit.kind,
        Audit.title,
        Audit.progress,
        Audit.starts_on,
        Audit.ends_on,
        Audit.starts_at,
        Audit.ends_at,
        Audit.time_zone,
        Audit.mode,
        Audit.cancelled_reason,
        Audit.changed_at,
        Audit.created_at,
    ).order_by(Audit.starts_on, Audit.id)
    chosen: Any = _chosen_audits(work, choice)
    if chosen is not None:
        statement = statement.where(Audit.id.in_(chosen))
    rows = work.execute(statement).all()
    certificates, sites, teams = _certificates(work, chosen), _sites(work, chosen), _teams(work, chosen)
    return [
        AuditEvent(
            **dict(zip(_FIELDS, row[1:], strict=True)),
            certificates=tuple(certificates[row[0]]),
            sites=tuple(sites[row[0]]),
            team=tuple(teams[row[0]]),
        )
        for row in rows
    ]


def limit_events(work: Work, choice: Choice) -> list[LimitEvent]:
    """The limits of the current cycles of the chosen certificates, by day."""
    if not choice.with_limits or choice.audit is not None or choice.person_id is not None:
        return []
    statement = (
        select(
            CertificateDeadline.certificate_id,
            CertificateDeadline.key,
            CertificateDeadline.sequence,
            Certificate.reference,
            Certificate.standard,
            Certificate.edition,
            CertificateDeadline.rule,
            CertificateDeadline.year,
            CertificateDeadline.closes_on,
            CertificateDeadline.standing,
            CertificateDeadline.met_by,
            CertificateDeadline.hard,
            CertificateDeadline.why,
            CertificateDeadline.changed_at,
        )
        .join(Certificate, CertificateDeadline.certificate_id == Certificate.id)
        .order_by(CertificateDeadline.closes_on, CertificateDeadline.id)
    )
    if choice.certificate is not None:
        statement = statement.where(Certificate.reference == choice.certificate)
    return [
        LimitEvent(
            uid=f"limit-{row[0]}-{row[1]}@triennium",
            sequence=row[2],
            certificate=row[3],
            standard=f"{row[4]}:{row[5]}",
            rule=row[6],
            year=row[7],
            closes_on=row[8],
            standing=row[9],
            met_by=row[10],
            hard=row[11],
            why=tuple(f"{says} [{clause}]" if clause else says for says, clause in row[12]),
            changed_at=row[13],
        )
        for row in work.execute(statement)
    ]


def fingerprint(work: Work, choice: Choice) -> str:
    """Changes whenever the calendar could: with the organisation's journal, its people's names, and the day."""
    head = work.session.scalar(select(JournalChain.head).where(JournalChain.name == chain_of(work.organisation_id)))
    people = (
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .order_by(Person.id)
    )
    parts = [head, work.today, choice, *work.execute(people).all()]
    return sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:32]


def organisation_name(work: Work) -> str:
    """What the calendar is called after."""
    return work.session.scalars(select(Organisation.name).where(Organisation.id == work.home)).one()


_FIELDS = tuple(field.name for field in fields(AuditEvent))[:15]


def _chosen_audits(work: Work, choice: Choice) -> Any:
    """A subquery of ids, or None for all."""
    if choice.audit is not None:
        return select(Audit.id).where(Audit.reference == choice.audit, Audit.organisation_id == work.home)
    if choice.certificate is None and choice.person_id is None:
        return None
    statement = select(Audit.id).where(Audit.organisation_id == work.home)
    if choice.certificate is not None:
        statement = statement.where(
            Audit.id.in_(
                select(AuditCertificate.audit_id)
                .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
                .where(Certificate.reference == choice.certificate, Certificate.organisation_id == work.home)
            )
        )
    if choice.person_id is not None:
        statement = statement.where(
            Audit.id.in_(select(TeamMember.audit_id).where(TeamMember.person_id == choice.person_id))
        )
    return statement


def _certificates(work: Work, chosen: Any) -> dict[int, list[str]]:
    statement = (
        select(AuditCertificate.audit_id, Certificate.reference)
        .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
        .order_by(Certificate.reference)
    )
    return _grouped(work, statement, AuditCertificate.audit_id, chosen)


def _sites(work: Work, chosen: Any) -> dict[int, list[str]]:
    statement = select(AuditSite.audit_id, Site.name).join(Site, AuditSite.site_id == Site.id).order_by(Site.id)
    return _grouped(work, statement, AuditSite.audit_id, chosen)


def _teams(work: Work, chosen: Any) -> dict[int, list[Attendee]]:
    statement = (
        select(
            TeamMember.audit_id,
            TeamMember.role,
            Person.name,
            Person.email,
            TeamMember.outside_name,
            TeamMember.outside_email,
        )
        .outerjoin(Person, TeamMember.person_id == Person.id)
        .order_by(TeamMember.id)
    )
    if chosen is not None:
        statement = statement.where(TeamMember.audit_id.in_(chosen))
    found: dict[int, list[Attendee]] = defaultdict(list)
    for audit_id, role, name, email, outside_name, outside_email in work.execute(statement):
        found[audit_id].append(Attendee(name or outside_name, email or outside_email, role))
    return found


def _grouped(work: Work, statement: Any, column: Any, chosen: Any) -> dict[int, list[str]]:
    if chosen is not None:
        statement = statement.where(column.in_(chosen))
    found: dict[int, list[str]] = defaultdict(list)
    for audit_id, word in work.execute(statement):
        found[audit_id].append(word)
    return found
