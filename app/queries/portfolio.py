"""How all of a person's organisations stand, side by side. A fixed number of queries, however many they are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.domain.certification.facts import State
from app.domain.certification.risk import Risk, rule_name
from app.domain.certification.verdict import Standing
from app.models.audit import Audit, AuditProgress
from app.models.certificate import BodyNonconformity, Certificate, CertificateDeadline, CertificateVerdict
from app.models.organisation import Organisation
from app.queries.signals import answer_is_late, limit_is_missed
from app.work import Work

SHOWN = 20
"""Certificates at risk that are listed; the pages of the organisations have them all."""
OPEN = (AuditProgress.PLANNED, AuditProgress.CONFIRMED, AuditProgress.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: a limit of a certificate, or an audit."""

    on: date
    reference: str
    says: str


@dataclass(slots=True)
class Place:
    """How one organisation stands."""

    risks: Counter[Risk] = field(default_factory=Counter)
    applications: int = 0
    """Certificates that are applied for, with nothing to put right: they are not yet certificates that are safe."""
    overdue: int = 0
    limit: Next | None = None
    audit: Next | None = None

    @property
    def certificates(self) -> int:
        return sum(self.risks.values())

    @property
    def worst(self) -> Risk | None:
        """The gravest risk that there is."""
        order = (Risk.BROKEN, Risk.AT_RISK, Risk.ATTENTION, Risk.SAFE, Risk.ENDED)
        return next((risk for risk in order if self.risks[risk]), None)


@dataclass(frozen=True, slots=True)
class Endangered:
    """A certificate that is not safe, and the sentence that says why."""

    organisation: str
    slug: str
    reference: str
    standard: str
    risk: Risk
    says: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it, by the id of the organisation."""

    places: Mapping[int, Place]
    at_risk: tuple[Endangered, ...]


def portfolio_of(work: Work) -> Portfolio:
    """How the organisations of this work stand."""
    places: dict[int, Place] = defaultdict(Place)
    kinds = CertificateVerdict.organisation_id, CertificateVerdict.risk, CertificateVerdict.state
    for home, risk, state, count in work.execute(select(*kinds, func.count()).group_by(*kinds)):
        if state is State.APPLICANT and risk == Risk.SAFE:
            places[home].applications += count
        else:
            places[home].risks[Risk(risk)] += count
    for late in _overdue(work):
        for home, count in work.execute(late):
            places[home].overdue += count
    for home, on, reference, rule, year in work.execute(first_limits(work)):
        places[home].limit = Next(on, reference, f"last day for the {rule_name(rule, year)}")
    for home, on, reference, progress in work.execute(first_audits(work)):
        places[home].audit = Next(on, reference, progress.label.lower())
    return Portfolio(places, _endangered(work))


def _overdue(work: Work) -> tuple[Any, ...]:
    """What the bell of each organisation counts as overdue: audits, answers to the body, and limits."""
    audits = select(Audit.organisation_id, func.count()).where(Audit.progress.in_(OPEN), Audit.ends_on < work.today)
    answers = select(BodyNonconformity.organisation_id, func.count()).where(answer_is_late(work.today))
    limits = select(CertificateDeadline.organisation_id, func.count()).where(limit_is_missed(work.today))
    return (
        audits.group_by(Audit.organisation_id),
        answers.group_by(BodyNonconformity.organisation_id),
        limits.group_by(CertificateDeadline.organisation_id),
    )


def next_changes(work: Work) -> dict[int, date]:
    """The first day on which a kept verdict is no longer good, by organisation."""
    statement = (
        select(CertificateVerdict.organisation_id, func.min(CertificateVerdict.next_change_on))
        .where(CertificateVerdict.next_change_on.is_not(None))
        .group_by(CertificateVerdict.organisation_id)
    )
    return {row[0]: row[1] for row in work.execute(statement)}


def first_limits(work: Work) -> Any:
    """The next limit of each organisation of this work that is not met yet."""
    ranked = (
        select(
            CertificateDeadline.organisation_id.label("home"),
            CertificateDeadline.closes_on.label("on"),
            Certificate.reference.label("reference"),
            CertificateDeadline.rule.label("rule"),
            CertificateDeadline.year.label("year"),
            _nearest(CertificateDeadline.organisation_id, CertificateDeadline.closes_on, CertificateDeadline.id),
        )
        .join(Certificate, Certificate.id == CertificateDeadline.certificate_id)
        .where(
            CertificateDeadline.closes_on >= work.today,
            CertificateDeadline.standing.in_([Standing.OPEN, Standing.PLANNED]),
        )
        .subquery()
    )
    return select(ranked.c.home, ranked.c.on, ranked.c.reference, ranked.c.rule, ranked.c.year).where(
        ranked.c.place == 1
    )


def first_audits(work: Work) -> Any:
    """The next audit of each organisation of this work."""
    ranked = (
        select(
            Audit.organisation_id.label("home"),
            Audit.starts_on.label("on"),
            Audit.reference.label("reference"),
            Audit.progress.label("progress"),
            _nearest(Audit.organisation_id, Audit.starts_on, Audit.id),
        )
        .where(Audit.progress.in_(OPEN), Audit.ends_on >= work.today)
        .subquery()
    )
    return select(ranked.c.home, ranked.c.on, ranked.c.reference, ranked.c.progress).where(ranked.c.place == 1)


def _nearest(home: Any, day: Any, tie: Any) -> Any:
    return func.row_number().over(partition_by=home, order_by=(day, tie)).label("place")


def _endangered(work: Work) -> tuple[Endangered, ...]:
    statement = (
        select(
            Organisation.name,
            Organisation.slug,
            Certificate.reference,
            Certificate.standard,
            Certificate.edition,
            CertificateVerdict.risk,
            CertificateVerdict.risk_says,
        )
        .join(Certificate, Certificate.id == CertificateVerdict.certificate_id)
        .join(Organisation, Organisation.id == CertificateVerdict.organisation_id)
        .where(CertificateVerdict.risk.in_([Risk.BROKEN.value, Risk.AT_RISK.value]))
        .order_by(CertificateVerdict.risk.desc(), CertificateVerdict.next_closes_on, Organisation.name)
        .limit(SHOWN)
    )
    return tuple(
        Endangered(name, slug, reference, f"{standard}:{edition}", Risk(risk), says)
        for name, slug, reference, standard, edition, risk, says in work.execute(statement)
    )
