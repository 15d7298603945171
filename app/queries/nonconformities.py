"""The certification body's nonconformities: the register, one of them, and the audits that can have raised one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from app.domain.certification.facts import AuditKind, Grade
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import BodyNonconformity, Certificate
from app.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class NonconformityFilters:
    """What the register is asked for; None is everything."""

    standing: str | None = None
    """`open`, `late` (an answer is overdue) or `verified`."""
    grade: Grade | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class NonconformityRow:
    """One line of the register."""

    reference: str
    body_reference: str
    grade: Grade
    clause: str
    statement: str
    certificate: str
    standard: str
    audit: str
    raised_on: date
    response_due_on: date | None
    plan_accepted_on: date | None
    verified_on: date | None

    @property
    def awaits(self) -> str:
        """What is to come next, in words."""
        if self.verified_on is not None:
            return "Verified"
        return "Waits for verification" if self.plan_accepted_on is not None else "Waits for an accepted plan"

    def is_late(self, today: date) -> bool:
        """Whether the answer to the body is overdue."""
        answered = self.plan_accepted_on is not None or self.verified_on is not None
        return not answered and self.response_due_on is not None and self.response_due_on < today


def nonconformity_register(
    work: Work, wanted: NonconformityFilters, page: int = 1
) -> tuple[list[NonconformityRow], int]:
    """A page of the register, the newest first, and how many there are; two queries however many."""
    row = BodyNonconformity
    conditions: list[Any] = []
    if wanted.standing == "open":
        conditions.append(row.verified_on.is_(None))
    elif wanted.standing == "verified":
        conditions.append(row.verified_on.is_not(None))
    elif wanted.standing == "late":
        conditions.append(
            and_(row.verified_on.is_(None), row.plan_accepted_on.is_(None), row.response_due_on < work.today)
        )
    if wanted.grade is not None:
        conditions.append(row.grade == wanted.grade)
    if wanted.certificate is not None:
        conditions.append(Certificate.reference == wanted.certificate)
    joined = (
        select(
            row.reference,
            row.body_reference,
            row.grade,
            row.clause,
            row.statement,
            Certificate.reference,
            Certificate.standard,
            Audit.reference,
            row.raised_on,
            row.response_due_on,
            row.plan_accepted_on,
            row.verified_on,
        )
        .join(Certificate, row.certificate_id == Certificate.id)
        .join(Audit, row.audit_id == Audit.id)
        .where(*conditions)
    )
    statement: Any = joined.order_by(row.raised_on.desc(), row.id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    counted: Any = select(func.count(row.id)).join(Certificate, row.certificate_id == Certificate.id).where(*conditions)
    return [NonconformityRow(*each) for each in work.execute(statement)], work.session.scalar(counted) or 0


def nonconformity_by(work: Work, reference: str, *, for_update: bool = False) -> BodyNonconformity | None:
    """One nonconformity with its certificate, locked until the work is done where it will be changed."""
    statement = (
        select(BodyNonconformity)
        .where(BodyNonconformity.reference == reference)
        .options(joinedload(BodyNonconformity.certificate))
    )
    if for_update:
        statement = statement.with_for_update(of=BodyNonconformity).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def raised_at(work: Work, audit_id: int) -> list[BodyNonconformity]:
    """What one audit raised, with the certificates that it concerns."""
    return work.all(
        select(BodyNonconformity)
        .where(BodyNonconformity.audit_id == audit_id)
        .options(joinedload(BodyNonconformity.certificate))
        .order_by(BodyNonconformity.id)
    )


def audit_of(work: Work, nonconformity: BodyNonconformity) -> Audit:
    """The audit that raised it."""
    return work.all(select(Audit).where(Audit.id == nonconformity.audit_id))[0]


@dataclass(frozen=True, slots=True)
class RaisingAudit:
    """An external audit of one certificate, which can have raised a nonconformity on it."""

    audit_id: int
    audit: str
    kind: AuditKind
    starts_on: date
    ends_on: date
    certificate_id: int
    certificate: str
    standard: str

    @property
    def key(self) -> str:
        return f"{self.audit}/{self.certificate}"


def raising_audits(work: Work) -> list[RaisingAudit]:
    """The external audits that have begun, one entry for each certificate they serve, the latest first."""
    statement: Any = (
        select(
            Audit.id,
            Audit.reference,
            AuditCertificate.kind,
            Audit.starts_on,
            Audit.ends_on,
            Certificate.id,
            Certificate.reference,
            Certificate.standard,
        )
        .join(AuditCertificate, AuditCertificate.audit_id == Audit.id)
        .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
        .where(
            AuditCertificate.kind != AuditKind.INTERNAL,
            Audit.starts_on <= work.today,
            Audit.progress != AuditProgress.CANCELLED,
        )
        .order_by(Audit.starts_on.desc(), Audit.id.desc(), Certificate.reference)
    )
    return [RaisingAudit(*row) for row in work.execute(statement)]
