"""Certificates: the register in columns, one certificate with all that its page shows, and what forms offer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind, Facts, Outcome, State
from app.domain.certification.risk import Risk
from app.domain.dates import say
from app.models.attachment import Attachment
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import (
    BodyNonconformity,
    Certificate,
    CertificateSite,
    CertificateVerdict,
    CertificationBody,
    Decision,
)
from app.models.organisation import Site
from app.queries.attachments import attachments_on
from app.queries.facts import facts_of
from app.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the register is asked for; None is everything."""

    state: State | None = None
    risk: Risk | None = None
    standard: str | None = None
    site_id: int | None = None
    body_id: int | None = None
    order: str = "standard"
    """One of `ORDERS`."""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One line of the register."""

    reference: str
    standard: str
    number: str
    body: str | None
    state: State
    risk: Risk
    risk_says: str
    began_on: date | None
    valid_through: date | None
    effective_valid_through: date | None
    next_kind: str | None
    next_closes_on: date | None
    detail: str
    """What else the verdict keeps, as JSON text: parsed by whoever draws it, and only then."""


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register, and how many certificates there are in all."""

    rows: list[CertificateRow]
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the register offer."""

    standards: list[str]
    sites: list[tuple[int, str]]
    bodies: list[tuple[int, str]]


# Put together once: that costs as much as asking.
_LINES: Any = (
    select(
        Certificate.reference,
        Certificate.standard,
        Certificate.edition,
        Certificate.number,
        CertificationBody.name,
        CertificateVerdict.state,
        CertificateVerdict.risk,
        CertificateVerdict.risk_says,
        CertificateVerdict.began_on,
        CertificateVerdict.valid_through,
        CertificateVerdict.effective_valid_through,
        CertificateVerdict.next_kind,
        CertificateVerdict.next_closes_on,
        cast(CertificateVerdict.detail, Text),
    )
    .join(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
    .outerjoin(CertificationBody, Certificate.certification_body_id == CertificationBody.id)
)
_ALL_COUNTED: Any = select(func.count(Certificate.id))
_COUNTED: Any = _ALL_COUNTED.join(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
_ORDERS: dict[str, Any] = {
    "standard": (Certificate.standard, Certificate.id),
    "valid": (
        CertificateVerdict.effective_valid_through.is_(None),
        CertificateVerdict.effective_valid_through,
        Certificate.id,
    ),
    "next": (CertificateVerdict.next_closes_on.is_(None), CertificateVerdict.next_closes_on, Certificate.id),
}
ORDERS = tuple(_ORDERS)


def register(work: Work, wanted: Filters, page: int = 1) -> Register:
    """The certificates that were asked for, a page of them; two queries however many there are."""
    verdict = CertificateVerdict
    conditions: list[Any] = []
    if wanted.state is not None:
        conditions.append(verdict.state == wanted.state)
    if wanted.risk is not None:
        conditions.append(verdict.risk == wanted.risk.value)
    if wanted.standard is not None:
        conditions.append(Certificate.standard == wanted.standard)
    if wanted.body_id is not None:
        conditions.append(Certificate.certification_body_id == wanted.body_id)
    if wanted.site_id is not None:
        # Narrowed by hand: the organisation inside a subquery is not seen by the loader.
        at_site = select(CertificateSite.certificate_id).where(
            CertificateSite.site_id == wanted.site_id, CertificateSite.organisation_id == work.home
        )
        conditions.append(Certificate.id.in_(at_site))
    lines = _LINES.where(*conditions).order_by(*_ORDERS[wanted.order]).offset((page - 1) * PAGE).limit(PAGE)
    counted = _COUNTED.where(*conditions) if conditions else _ALL_COUNTED
    return Register(
        [
            CertificateRow(row[0], f"{row[1]}:{row[2]}", row[3], row[4], row[5], Risk(row[6]), *row[7:])
            for row in work.execute(lines)
        ],
        work.session.scalar(counted) or 0,
    )


def choices(work: Work) -> Choices:
    """What there is to filter by."""
    return Choices(
        standards=work.all(select(Certificate.standard).distinct().order_by(Certificate.standard)),
        sites=[(row[0], row[1]) for row in work.execute(select(Site.id, Site.name).order_by(Site.name))],
        bodies=[
            (row[0], row[1])
            for row in work.execute(
                select(CertificationBody.id, CertificationBody.name).order_by(CertificationBody.name)
            )
        ],
    )


@dataclass(frozen=True, slots=True)
class HeldAudit:
    """An audit as the page of one of its certificates lists it."""

    reference: str
    title: str
    kind: AuditKind
    progress: AuditProgress
    starts_on: date
    ends_on: date
    outcome: Outcome | None
    counts_as_surveillance: bool


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """All that the page of one certificate shows beside its verdict."""

    certificate: Certificate
    facts: Facts
    audits: list[HeldAudit]
    nonconformities: list[BodyNonconformity]
    attachments: list[Attachment]
    letters: dict[int, list[Attachment]] = field(default_factory=dict)
    """The files of each decision."""


def certificate_by(work: Work, reference: str, *, for_update: bool = False) -> Certificate | None:
    """One certificate with its sites and decisions, locked until the work is done where it will be changed."""
    statement = (
        select(Certificate)
        .where(Certificate.reference == reference)
        .options(
            selectinload(Certificate.certification_body),
            selectinload(Certificate.certificate_sites).joinedload(CertificateSite.site),
            selectinload(Certificate.decisions),
            selectinload(Certificate.changes),
            selectinload(Certificate.deviations),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=Certificate).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def certificate_page(work: Work, reference: str) -> CertificatePage | None:
    """One certificate with its facts, audits, nonconformities and files; None where it is not the organisation's."""
    certificate = certificate_by(work, reference)
    if certificate is None:
        return None
    audits = select(
        Audit.reference,
        Audit.title,
        AuditCertificate.kind,
        Audit.progress,
        Audit.starts_on,
        Audit.ends_on,
        AuditCertificate.outcome,
        AuditCertificate.counts_as_surveillance,
    )
    statement: Any = (
        audits.join(AuditCertificate, AuditCertificate.audit_id == Audit.id)
        .where(AuditCertificate.certificate_id == certificate.id)
        .order_by(Audit.starts_on, Audit.id)
    )
    files = attachments_on(
        work, certificate_id=certificate.id, decision_ids=[each.id for each in certificate.decisions]
    )
    letters: dict[int, list[Attachment]] = {}
    for file in files:
        if file.decision_id is not None:
            letters.setdefault(file.decision_id, []).append(file)
    return CertificatePage(
        certificate=certificate,
        facts=facts_of(work, [certificate.id])[certificate.id],
        audits=[HeldAudit(*row) for row in work.execute(statement)],
        nonconformities=work.all(
            select(BodyNonconformity)
            .where(BodyNonconformity.certificate_id == certificate.id)
            .order_by(BodyNonconformity.raised_on.desc(), BodyNonconformity.id.desc())
        ),
        attachments=[each for each in files if each.certificate_id is not None],
        letters=letters,
    )


def bodies(work: Work) -> list[CertificationBody]:
    """The certification bodies that the organisation knows, by name."""
    return work.all(select(CertificationBody).order_by(CertificationBody.name))


def body_by(work: Work, body_id: int) -> CertificationBody | None:
    """One of them."""
    return work.one_or_none(select(CertificationBody).where(CertificationBody.id == body_id))


def sites_on_offer(work: Work) -> list[Site]:
    """The sites of the organisation that are open, by name."""
    return work.all(select(Site).where((Site.closed_on.is_(None)) | (Site.closed_on >= work.today)).order_by(Site.name))


def decision_of(certificate: Certificate, decision_id: int) -> Decision | None:
    """One decision of a loaded certificate."""
    return next((each for each in certificate.decisions if each.id == decision_id), None)


def decision_label(decision: Decision) -> str:
    """A decision as a list names it."""
    return f"{decision.kind.value.replace('-', ' ').capitalize()} on {say(decision.decided_on)}"


__all__ = [
    "CertificatePage",
    "CertificateRow",
    "Choices",
    "Filters",
    "Register",
    "bodies",
    "body_by",
    "certificate_by",
    "certificate_page",
    "choices",
    "decision_label",
    "decision_of",
    "register",
    "sites_on_offer",
]
