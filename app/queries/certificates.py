"""Certificates: the register in columns, one certificate with all that its page shows, and what forms offer."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, and_, bindparam, cast, func, literal_column, null, select, union_all
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
from app.work.question import Question, at_home

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


class CertificateRow(NamedTuple):
    """One line of the register."""

    reference: str
    standard: str
    number: str
    body: str | None
    state: State
    risk: str
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
_CONDITIONS: dict[str, Any] = {
    "state": CertificateVerdict.state == bindparam("state"),
    "risk": CertificateVerdict.risk == bindparam("risk"),
    "standard": Certificate.standard == bindparam("standard"),
    "body_id": Certificate.certification_body_id == bindparam("body_id"),
    "site_id": Certificate.id.in_(
        select(CertificateSite.certificate_id).where(
            *at_home(CertificateSite), CertificateSite.site_id == bindparam("site_id")
        )
    ),
}


@lru_cache(maxsize=256)
def _lines(filters: frozenset[str], order: str) -> Question:
    """A page of the register with these filters in this order, each line with the number of them all."""
    home = at_home(Certificate, CertificateVerdict)
    asked = [_CONDITIONS[name] for name in sorted(filters)]
    joined = Certificate.id == CertificateVerdict.certificate_id
    counted: Any = select(func.count(Certificate.id)).where(*at_home(Certificate))
    if asked:
        counted = counted.join(CertificateVerdict, joined).where(*at_home(CertificateVerdict), *asked)
    statement: Any = select(
        counted.correlate(None).scalar_subquery(),
        Certificate.reference,
        Certificate.standard + ":" + Certificate.edition,
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
    body = and_(Certificate.certification_body_id == CertificationBody.id, *at_home(CertificationBody))
    return Question(
        statement.select_from(Certificate)
        .join(CertificateVerdict, joined)
        .outerjoin(CertificationBody, body)
        .where(*home, *asked)
        .order_by(*_ORDERS[order])
        .offset(bindparam("skip", type_=Integer))
        .limit(PAGE)
    )


def register(work: Work, wanted: Filters, page: int = 1) -> Register:
    """The certificates that were asked for, a page of them; one query however many there are.

    A page behind the last has no line, and so does not know how many there are.
    """
    asked = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    rows = _lines(frozenset(asked), wanted.order).ask(work, skip=(page - 1) * PAGE, **asked)
    return Register([CertificateRow(*row[1:]) for row in rows], rows[0][0] if rows else 0)


def _offers(kind: str, id_: Any, name: Any) -> Any:
    return select(literal_column(f"'{kind}'").label("kind"), id_.label("id"), name.label("name"))


_STANDARDS = _offers("standard", cast(null(), Integer), Certificate.standard).where(*at_home(Certificate))
_CHOICES = Question(
    union_all(
        _STANDARDS.distinct(),
        _offers("site", Site.id, Site.name).where(*at_home(Site)),
        _offers("body", CertificationBody.id, CertificationBody.name).where(*at_home(CertificationBody)),
    ).order_by("name")
)


def choices(work: Work) -> Choices:
    """What there is to filter by."""
    rows = _CHOICES.ask(work)
    return Choices(
        standards=[name for kind, _id, name in rows if kind == "standard"],
        sites=[(id_, name) for kind, id_, name in rows if kind == "site"],
        bodies=[(id_, name) for kind, id_, name in rows if kind == "body"],
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
