"""An organisation of 2,000 certificates and 20,000 audits, written in bulk and judged."""

from datetime import date, time, timedelta
from uuid import uuid4

from app.domain.certification.facts import AuditKind, DecisionKind, Outcome
from app.domain.permission import Role
from app.models.audit import Audit, AuditCertificate, AuditMode, AuditProgress
from app.models.certificate import Certificate, Decision
from app.models.person import Person, SignIn, SignInStage
from app.operations import organisations
from app.operations.verdicts import judge_again
from app.work import Work

CERTIFICATES = 2_000
AUDITS = 20_000
KINDS = (AuditKind.STAGE_1, AuditKind.STAGE_2, *[AuditKind.SURVEILLANCE] * 2, *[AuditKind.INTERNAL] * 6)


def fill(work: Work, token_hash: str) -> None:
    """Found the organisation, with a quality manager who is signed in already."""
    person = work.add(Person(email="bench@example.org", name="Bench", created_at=work.now))
    work.add(
        SignIn(
            person_id=person.id,
            token_hash=token_hash,
            stage=SignInStage.COMPLETE,
            began_at=work.now,
            expires_at=work.now + timedelta(hours=12),
        )
    )
    organisation = organisations.found(work, name="Bench", country="DE", time_zone="Europe/Berlin", slug="bench")
    organisations.join(work, organisation, person, frozenset({Role.QUALITY_MANAGER}))
    with work.within(organisation.id) as inside:
        _fill(inside)
        judge_again(inside)


def _fill(work: Work) -> None:
    granted = [work.today - timedelta(days=200 + number % 700) for number in range(CERTIFICATES)]
    ids = work.insert_many(
        Certificate,
        [
            {
                "reference": f"C-27001-{number:04d}",
                "standard": "ISO/IEC 27001",
                "first_edition": "2022",
                "edition": "2022",
                "scope": f"Services of branch {number}",
                "number": f"HC-{number:05d}",
                "notes": "",
                "created_at": work.now,
                "version": 1,
            }
            for number in range(CERTIFICATES)
        ],
    )
    work.insert_many(
        Decision,
        [
            {
                "certificate_id": certificate_id,
                "kind": DecisionKind.GRANTED,
                "decided_on": on,
                "decided_by": "",
                "note": "",
                "recorded_at": work.now,
            }
            for certificate_id, on in zip(ids, granted, strict=True)
        ],
    )
    audits = [_audit(work, number, granted[number % CERTIFICATES]) for number in range(AUDITS)]
    audit_ids = work.insert_many(Audit, audits)
    work.insert_many(
        AuditCertificate,
        [
            {
                "audit_id": audit_id,
                "certificate_id": ids[number % CERTIFICATES],
                "kind": audits[number]["kind"],
                "outcome": Outcome.READY if audits[number]["kind"] is AuditKind.STAGE_1 else None,
                "counts_as_surveillance": False,
            }
            for number, audit_id in enumerate(audit_ids)
        ],
    )


def _audit(work: Work, number: int, granted: date) -> dict[str, object]:
    round_ = number // CERTIFICATES
    kind = KINDS[round_]
    first = granted + timedelta(days=(-90, -40, 330, 690, 150, 320, 500, 680, 860, 1040)[round_])
    return {
        "reference": f"A-{number:05d}",
        "kind": kind,
        "title": "",
        "progress": AuditProgress.CLOSED if first < work.today - timedelta(days=3) else AuditProgress.PLANNED,
        "starts_on": first,
        "ends_on": first + timedelta(days=1),
        "starts_at": time(9),
        "ends_at": time(16, 30),
        "time_zone": "Europe/Berlin",
        "mode": AuditMode.ON_SITE,
        "remote_agreement": "",
        "notes": "",
        "cancelled_reason": "",
        "uid": f"{uuid4()}@triennium",
        "sequence": 0,
        "changed_at": work.now,
        "created_at": work.now,
        "version": 1,
    }
