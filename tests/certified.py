"""Certificates for the tests: certified or applied for, with audits and nonconformities, in a few words each."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from app.domain.certification.facts import AuditKind, DecisionKind, Grade, Outcome
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import BodyNonconformity, Certificate, CertificationBody
from app.models.organisation import Site
from app.operations import certificates, decisions, nonconformities
from app.operations.certificates import CertificateDetails
from app.operations.decisions import Decided
from app.operations.nonconformities import NonconformityDetails
from app.operations.verdicts import judge_again
from app.queries.certificates import certificate_by
from app.work import Work

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
"""The day on which these tests play; `time_machine` takes it."""
STANDARD = "ISO/IEC 27001:2022"


def applied(w: Work, standard: str = STANDARD, **details: Any) -> Certificate:
    """A certificate that is applied for."""
    return certificates.create(w, CertificateDetails(standard=standard, **details))


def certified(w: Work, granted_on: date = date(2025, 3, 14), standard: str = STANDARD, **details: Any) -> Certificate:
    """A certificate that was granted on a day, with nothing else on file."""
    certificate = applied(w, standard, **details)
    decide(w, certificate.reference, DecisionKind.GRANTED, granted_on)
    return certificate


def decide(w: Work, reference: str, kind: DecisionKind, decided_on: date, **said: Any) -> Any:
    """Record a decision."""
    certificate = certificate_by(w, reference, for_update=True)
    assert certificate is not None
    return decisions.record(w, certificate, Decided(kind=kind, decided_on=decided_on, **said))


def audited(
    w: Work,
    certificate: Certificate,
    reference: str,
    kind: AuditKind,
    ends_on: date,
    *,
    held: bool = True,
    outcome: Outcome | None = None,
) -> Audit:
    """An audit of a certificate, held or planned."""
    audit = w.add(
        Audit(
            reference=reference,
            kind=kind,
            progress=AuditProgress.CLOSED if held else AuditProgress.PLANNED,
            starts_on=ends_on,
            ends_on=ends_on,
            time_zone="Europe/Berlin",
            uid=uuid4().hex,
            changed_at=w.now,
            created_at=w.now,
            audit_certificates=[AuditCertificate(certificate_id=certificate.id, kind=kind, outcome=outcome)],
        )
    )
    judge_again(w, [certificate.id])
    return audit


def raised(w: Work, raised_at: str, grade: Grade, raised_on: date, **told: Any) -> BodyNonconformity:
    """A nonconformity of the certification body."""
    details = NonconformityDetails(
        raised_at=raised_at, grade=grade, raised_on=raised_on, **{"statement": "Logs are not reviewed.", **told}
    )
    return nonconformities.create(w, details)


def site(w: Work, name: str = "Hamburg") -> Site:
    """A site of the organisation."""
    return w.add(Site(name=name, country="DE", time_zone="Europe/Berlin"))


def body(w: Work, name: str = "Norden Certification") -> CertificationBody:
    """A certification body."""
    return w.add(CertificationBody(name=name, accreditation_body="DAkkS", accreditation_number="D-ZM-12345-01-00"))
