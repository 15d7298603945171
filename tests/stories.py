"""Short words for the rows that tests of the programme need: a certificate, a decision, an audit."""

from datetime import date, time
from uuid import uuid4

from app.domain.certification.facts import AuditKind, DecisionKind, Outcome
from app.models.audit import Audit, AuditCertificate, AuditProgress, TeamMember, TeamRole
from app.models.certificate import Certificate, Decision
from app.work import Work


def add_certificate(
    w: Work, reference: str = "C-27001-1", standard: str = "ISO/IEC 27001", edition: str = "2022"
) -> Certificate:
    """A certificate of which nothing is known but its standard."""
    return w.add(
        Certificate(reference=reference, standard=standard, first_edition=edition, edition=edition, created_at=w.now)
    )


def add_decision(
    w: Work, certificate: Certificate, decided_on: date, kind: DecisionKind = DecisionKind.GRANTED
) -> Decision:
    """A decision of the certification body."""
    return w.add(Decision(certificate_id=certificate.id, kind=kind, decided_on=decided_on, recorded_at=w.now))


def add_audit(
    w: Work,
    reference: str,
    kind: AuditKind,
    starts_on: date,
    *certificates: Certificate,
    ends_on: date | None = None,
    progress: AuditProgress = AuditProgress.PLANNED,
    outcome: Outcome | None = None,
    person_id: int | None = None,
    outside: tuple[str, str] | None = None,
    timed: bool = True,
    title: str = "",
) -> Audit:
    """An audit from nine to half past four, Berlin time."""
    audit = w.add(
        Audit(
            reference=reference,
            kind=kind,
            title=title,
            progress=progress,
            starts_on=starts_on,
            ends_on=ends_on or starts_on,
            starts_at=time(9) if timed else None,
            ends_at=time(16, 30) if timed else None,
            time_zone="Europe/Berlin",
            uid=f"{uuid4()}@triennium",
            changed_at=w.now,
            created_at=w.now,
        )
    )
    for certificate in certificates:
        w.add(AuditCertificate(audit_id=audit.id, certificate_id=certificate.id, kind=kind, outcome=outcome))
    if person_id is not None:
        w.add(TeamMember(audit_id=audit.id, role=TeamRole.LEAD, person_id=person_id))
    if outside is not None:
        w.add(TeamMember(audit_id=audit.id, role=TeamRole.LEAD, outside_name=outside[0], outside_email=outside[1]))
    return audit
