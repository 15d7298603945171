"""What the tests of the programme play on: certificates with their decisions, and audits, put there by operations.

The day is set with `time_machine`, so that every date of a test can be read in the test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import Flask

from app.domain.certification.facts import AuditKind, DecisionKind
from app.domain.programme.wish import When, Wish
from app.models.audit import Audit
from app.models.certificate import Certificate, CertificateSite, Decision
from app.models.organisation import Organisation, Site
from app.operations import audits
from app.operations.verdicts import judge_again
from app.queries.audits import audit_of
from app.work import Work, work
from tests.cast import House, Member


@contextmanager
def on_stage(app: Flask, house: House, who: Member | None = None) -> Iterator[Work]:
    """A work in an organisation of the cast."""
    with app.app_context(), work(house.id, who.id if who else None) as w:
        yield w


def certificate(
    w: Work,
    reference: str = "C-27001-1",
    *,
    granted: date | None = date(2024, 3, 15),
    standard: str = "ISO/IEC 27001",
    edition: str = "2022",
    sites: tuple[int, ...] = (),
) -> Certificate:
    """A certificate, granted on a day or only applied for; judged."""
    row = w.add(
        Certificate(
            reference=reference,
            standard=standard,
            first_edition=edition,
            edition=edition,
            created_at=w.now,
            certificate_sites=[CertificateSite(site_id=each) for each in sites],
        )
    )
    if granted is not None:
        w.add(Decision(certificate_id=row.id, kind=DecisionKind.GRANTED, decided_on=granted, recorded_at=w.now))
    judge_again(w, [row.id])
    return row


def site(w: Work, name: str = "Munich", country: str = "DE", subdivision: str | None = "BY", **more: Any) -> Site:
    """A site."""
    zone = more.pop("time_zone", "Europe/Berlin")
    return w.add(Site(name=name, country=country, subdivision=subdivision, time_zone=zone, **more))


def wish(
    certificate_id: int | dict[int, AuditKind] | None,
    starts_on: date,
    ends_on: date | None = None,
    kind: AuditKind = AuditKind.SURVEILLANCE,
    **more: Any,
) -> Wish:
    """A wish for an audit of one certificate (or of several, with what it is to each)."""
    if certificate_id is None:
        served: dict[int, AuditKind] = {}
    else:
        served = certificate_id if isinstance(certificate_id, dict) else {certificate_id: kind}
    times = {name: more.pop(name) for name in ("starts_at", "ends_at") if name in more}
    return Wish(kind=kind, when=When(starts_on, ends_on or starts_on, **times), certificates=served, **more)


def plan(w: Work, *arguments: Any, **more: Any) -> Audit:
    """An audit on the programme."""
    return audits.plan(w, wish(*arguments, **more))


def reread(app: Flask, house: House, reference: str) -> Audit:
    """An audit as the database has it now."""
    with on_stage(app, house) as w:
        found = audit_of(w, reference)
        assert found is not None
        return found


__all__ = ["Organisation", "certificate", "on_stage", "plan", "reread", "site", "wish"]
