"""From the rows of the programme to what the ring and the band draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from flask import url_for

from app.domain.certification.facts import State
from app.domain.certification.risk import Risk
from app.domain.certification.verdict import Rule, Standing
from app.domain.dates import days_between, say, say_days
from app.domain.permission import Permission
from app.models.audit import AuditProgress
from app.outputs.drawing.band import Band, Breach, Closed, Lane, Life, Pin, Window
from app.outputs.drawing.standing import ring_of
from app.queries.programme import AuditEntry, BlackoutEntry, CertificateLane, LimitEntry
from app.web.gate import may

MOVABLE = frozenset({AuditProgress.PLANNED, AuditProgress.CONFIRMED})


def band_of(
    lanes: Iterable[CertificateLane], first: date, last: date, today: date, blackouts: Sequence[BlackoutEntry] = ()
) -> Band:
    """The band of these certificates between two days."""
    movable = may(Permission.MANAGE_PROGRAMME)
    pages = Pages.here()
    return Band(
        lanes=tuple(lane_of(each, today, pages, movable=movable) for each in lanes),
        first_day=first,
        last_day=last,
        today=today,
        closed=tuple(Closed(each.starts_on, each.ends_on, each.name) for each in blackouts),
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """Where certificates and audits are shown. A band has hundreds of links, and building each by itself is slow."""

    certificates: str
    audits: str

    @classmethod
    def here(cls) -> "Pages":
        """Of the organisation of the page."""
        certificate = url_for("certificates.show", reference="x")
        audit = url_for("audits.show", reference="x")
        return cls(certificate.removesuffix("x"), audit.removesuffix("x"))


def lane_of(certificate: CertificateLane, today: date, pages: Pages, *, movable: bool) -> Lane:
    """One certificate with its windows, audits and breaches."""
    href = pages.certificates + quote(certificate.reference)
    return Lane(
        reference=certificate.reference,
        title=certificate.standard,
        href=href,
        ring=ring_of(
            state=certificate.state.value,
            began_on=certificate.began_on,
            valid_through=certificate.valid_through,
            detail=certificate.detail,
            today=today,
            about=certificate.reference,
        ),
        windows=tuple(
            Window(
                rule=limit.rule.value,
                label=limit.name.capitalize(),
                opens_on=limit.opens_on,
                closes_on=limit.closes_on,
                standing=limit.shown,
                met_by=limit.met_by or _would_meet(limit, certificate.audits),
                href=f"{href}#{limit.rule.value}{f'-{limit.year}' if limit.year else ''}",
            )
            for limit in certificate.limits
        ),
        pins=tuple(_pin(audit, pages, movable=movable) for audit in certificate.audits),
        breaches=tuple(_breaches(certificate)),
        life=tuple(_life(certificate, today)),
        note=_note(certificate, today),
        late=certificate.risk == Risk.BROKEN,
        near=certificate.risk == Risk.AT_RISK,
    )


def _pin(audit: AuditEntry, pages: Pages, *, movable: bool) -> Pin:
    status: Literal["planned", "confirmed", "held"] = "planned"
    if audit.progress.is_held:
        status = "held"
    elif audit.progress is not AuditProgress.PLANNED:
        status = "confirmed"
    return Pin(
        reference=audit.reference,
        kind=audit.kind.value,
        starts_on=audit.starts_on,
        ends_on=audit.ends_on,
        status=status,
        href=pages.audits + quote(audit.reference),
        movable=movable and audit.progress in MOVABLE,
        certificates=audit.certificates,
    )


def _would_meet(limit: LimitEntry, audits: Iterable[AuditEntry]) -> str | None:
    """The planned audit that would meet a limit: the first of its kind that ends within the window."""
    if limit.standing is not Standing.PLANNED:
        return None
    opens_on = limit.opens_on or date.min
    return next(
        (
            audit.reference
            for audit in audits
            if audit.kind == limit.audit_kind
            and not audit.progress.is_held
            and opens_on <= audit.ends_on <= limit.closes_on
        ),
        None,
    )


def _breaches(certificate: CertificateLane) -> Iterable[Breach]:
    for limit in certificate.limits:
        if limit.standing is Standing.BREACHED and limit.hard:
            since = date.fromordinal(limit.closes_on.toordinal() + 1)
            how = "was met late" if limit.met_on else "is overdue"
            yield Breach(since, limit.met_on, f"{limit.name.capitalize()} {how}")


def _life(certificate: CertificateLane, today: date) -> Iterable[Life]:
    if certificate.began_on is None or certificate.valid_through is None:
        return
    yield Life(certificate.began_on, certificate.valid_through)
    if certificate.state is State.SUSPENDED:
        # Earlier suspensions of the cycle keep their limits; the open one has not been met.
        limits = (each for each in certificate.limits if each.rule is Rule.SUSPENSION_LIMIT)
        limit = next((each for each in limits if each.met_on is None), None)
        if limit is not None and limit.opens_on is not None:
            yield Life(limit.opens_on, max(today, limit.opens_on), "suspended")


def _note(certificate: CertificateLane, today: date) -> str:
    if certificate.risk == Risk.BROKEN:
        missed = next((limit for limit in certificate.late if limit.hard), None)
        return f"{say_days(days_between(missed.closes_on, today))} late" if missed else "broken"
    if certificate.state is State.SUSPENDED:
        return "suspended"
    waiting = [limit for limit in certificate.limits if limit.standing is Standing.OPEN and limit.closes_on >= today]
    if waiting and certificate.risk in (Risk.AT_RISK, Risk.ATTENTION):
        return f"{say_days(days_between(today, waiting[0].closes_on))} left"
    return f"valid to {say(certificate.valid_through)}" if certificate.valid_through else "applicant"
