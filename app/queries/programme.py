"""The programme by day: audits, limits and blackout periods of a span, and the lanes of the timeline."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, bindparam, func, select
from sqlalchemy.orm import aliased

from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Rule, Shown, Standing, shown
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import Certificate, CertificateDeadline, CertificateVerdict
from app.models.organisation import BlackoutPeriod
from app.work import Work
from app.work.question import Question, at_home


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
    hard: bool
    """Whether missing it is a breach, not a warning."""

    @property
    def shown(self) -> Shown:
        """Its standing in the word of the screens."""
        return shown(self.standing, hard=self.hard)

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
    late: list[LimitEntry] = field(default_factory=list)
    """The limits that nothing met by their day, whether the span shows them or not."""


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


_BLACKOUTS = Question(
    select(BlackoutPeriod.name, BlackoutPeriod.starts_on, BlackoutPeriod.ends_on)
    .where(
        *at_home(BlackoutPeriod),
        BlackoutPeriod.ends_on >= bindparam("first", type_=Date),
        BlackoutPeriod.starts_on <= bindparam("last", type_=Date),
    )
    .order_by(BlackoutPeriod.starts_on)
)


def blackouts_between(work: Work, first: date, last: date) -> list[BlackoutEntry]:
    """The blackout periods that touch these days."""
    return [BlackoutEntry(*row) for row in _BLACKOUTS.ask(work, first=first, last=last)]


_COUNTED = Question(select(func.count()).select_from(Certificate).where(*at_home(Certificate)))


def count_certificates(work: Work) -> int:
    """How many lanes the timeline has in all."""
    return int(_COUNTED.ask(work)[0][0])


_HOME_OF_LANES = at_home(Certificate, CertificateVerdict)
_LANES: Any = (
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
    .where(*_HOME_OF_LANES)
    .order_by(Certificate.reference)
)
_SKIP, _TAKE = bindparam("skip", type_=Integer), bindparam("take", type_=Integer)


class _Lanes:
    """The three questions of some lanes: the certificates, and by their ids the limits and the audits.

    A certificate has few limits and audits: those outside the span are left out here, since a planner that sees days in
    the question goes through the days of the whole organisation.
    """

    def __init__(self, certificates: Any) -> None:
        self.certificates = Question(certificates)
        shown = certificates.with_only_columns(Certificate.id).correlate(None)
        other, serving = aliased(Certificate), aliased(AuditCertificate)
        self.limits = Question(
            _limit_columns()
            .where(*at_home(CertificateDeadline, Certificate), CertificateDeadline.certificate_id.in_(shown))
            .order_by(CertificateDeadline.closes_on)
        )
        # A line for each certificate that the audit serves, whether it has a lane here or not.
        self.audits = Question(
            _audit_columns()
            .add_columns(AuditCertificate.certificate_id, other.reference)
            .select_from(AuditCertificate)
            .join(Audit, Audit.id == AuditCertificate.audit_id)
            .join(serving, serving.audit_id == Audit.id)
            .join(other, serving.certificate_id == other.id)
            .where(*at_home(AuditCertificate, Audit, serving, other), AuditCertificate.certificate_id.in_(shown))
            .order_by(Audit.starts_on, Audit.id, other.reference)
        )


def lanes(
    work: Work, first: date, last: date, *, offset: int = 0, limit: int = 20, reference: str | None = None
) -> list[CertificateLane]:
    """The lanes of a page of the timeline, or of one certificate, with the audits and limits of the span."""
    asked: dict[str, Any] = {"skip": offset, "take": limit} if reference is None else {"reference": reference}
    questions = _PAGE if reference is None else _ONE
    found: dict[int, CertificateLane] = {}
    for row in questions.certificates.ask(work, **asked):
        found[row[0]] = CertificateLane(row[0], row[1], f"{row[2]}:{row[3]}", *row[4:])
    for certificate_id, *limit_columns in questions.limits.ask(work, **asked):
        entry = LimitEntry(*limit_columns)
        if entry.standing is Standing.BREACHED and entry.met_on is None:
            found[certificate_id].late.append(entry)
        if entry.closes_on >= first and (entry.opens_on or entry.closes_on) <= last:
            found[certificate_id].limits.append(entry)
    served: dict[int, list[str]] = {}
    rows: dict[tuple[int, int], Any] = {}
    for row in questions.audits.ask(work, **asked):
        if row[6] >= first and row[5] <= last and row[4] is not AuditProgress.CANCELLED:
            of, id_ = row[7], row[0]
            if (of, id_) not in rows:
                rows[of, id_] = row
            served.setdefault(id_, []).append(row[8])
    for (of, id_), row in rows.items():
        # A certificate that has a lane beside another of the same audit is told once for each.
        columns: list[Any] = [*row[:7], tuple(sorted(set(served[id_])))]
        found[of].audits.append(AuditEntry(*columns))
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
        CertificateDeadline.hard,
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


_PAGE = _Lanes(_LANES.offset(_SKIP).limit(_TAKE))
_ONE = _Lanes(_LANES.where(Certificate.reference == bindparam("reference")))
