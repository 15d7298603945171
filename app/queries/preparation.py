"""Whether an internal audit and a management review lie before what the certification body comes for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, exists, or_, select

from app.domain.certification.facts import AuditFact, AuditKind, Facts
from app.domain.dates import add_days, add_months
from app.domain.programme.preparation import INTERNAL_AUDIT, PREPARED, Preparation, Review, next_external, preparations
from app.domain.programme.review import ReviewProgress
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.audit_plan import AuditCriterion
from app.models.certificate import Certificate
from app.models.management_review import ManagementReview
from app.queries.audits import TO_COME
from app.queries.facts import audit_status
from app.work import Work
from app.work.question import TODAY, Question, at_home

AHEAD_DAYS = 180
"""An internal audit takes months to prepare: so early its absence is told."""
MOST = 12
_LOOKED_BACK = 48
"""So many months before today hold every external audit that could be the last before one ahead."""


_NEAR: Any = (
    select(Audit.id, Audit.reference, Audit.starts_on)
    .where(
        *at_home(Audit),
        Audit.kind != AuditKind.INTERNAL,
        Audit.progress.in_(TO_COME),
        Audit.starts_on >= TODAY,
        Audit.ends_on >= TODAY,
        Audit.ends_on <= bindparam("last", type_=Date),
        exists().where(
            *at_home(AuditCertificate), AuditCertificate.audit_id == Audit.id, AuditCertificate.kind.in_(PREPARED)
        ),
    )
    # By their last day, which has an index: it is left as soon as there are enough.
    .order_by(Audit.ends_on, Audit.id)
    .limit(MOST)
    .subquery()
)
# The few audits first: to begin with the certificates would read all that was ever planned for each of them.
_COMING = Question(
    select(AuditCertificate.certificate_id, Certificate.reference, Certificate.standard, _NEAR.c.reference)
    .select_from(_NEAR)
    .join(AuditCertificate, AuditCertificate.audit_id == _NEAR.c.id)
    .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
    .where(*at_home(AuditCertificate, Certificate), AuditCertificate.kind.in_(PREPARED))
    .order_by(_NEAR.c.starts_on, _NEAR.c.id, Certificate.reference)
    .limit(MOST)
)
_SINCE: Any = bindparam("since", type_=Date)
_AUDITS = Question(
    select(AuditCertificate.certificate_id, Audit.reference, AuditCertificate.kind, Audit.ends_on, Audit.starts_on)
    .add_columns(Audit.progress)
    .join(Audit, AuditCertificate.audit_id == Audit.id)
    .where(
        *at_home(AuditCertificate, Audit),
        AuditCertificate.certificate_id.in_(bindparam("ids", expanding=True)),
        AuditCertificate.kind.in_((*PREPARED, AuditKind.INTERNAL)),
        Audit.ends_on >= _SINCE,
    )
)
_REVIEWS = Question(
    select(
        ManagementReview.reference, ManagementReview.held_on, ManagementReview.progress, ManagementReview.standards
    ).where(
        *at_home(ManagementReview),
        ManagementReview.progress != ReviewProgress.CANCELLED,
        ManagementReview.held_on >= _SINCE,
    )
)


@dataclass(frozen=True, slots=True)
class _Internal:
    fact: AuditFact
    standards: frozenset[str]

    def concerns(self, standard: str) -> bool:
        """Whether it is held against a standard, in whichever edition, or is of the system as a whole."""
        return not self.standards or standard in self.standards


@dataclass(frozen=True, slots=True)
class Record:
    """What the organisation holds itself: its internal audits and its management reviews."""

    internal: tuple[_Internal, ...]
    reviews: tuple[Review, ...]

    def before(self, facts: Facts, audit: str, today: date) -> tuple[Preparation, ...]:
        """How both stand before an audit of the certification body, from the facts of one of its certificates."""
        standard = (facts.standard or "").partition(":")[0]
        known = {each.id for each in facts.audits}
        besides = [each.fact for each in self.internal if each.fact.id not in known and each.concerns(standard)]
        return preparations(replace(facts, audits=(*facts.audits, *besides)), self.reviews, audit, today)


def record_of(work: Work, day: date) -> Record:
    """The internal audits and management reviews that could count for an audit on a day, in two queries."""
    since = add_months(day, -_LOOKED_BACK)
    return Record(_internal(work, since), _reviews(work, since))


def before_next(work: Work, facts: Facts) -> tuple[Preparation, ...]:
    """How both stand before the next audit of the body that lies ahead for a certificate; nothing where none does."""
    following = next_external(facts, work.today)
    return record_of(work, work.today).before(facts, following, work.today) if following is not None else ()


def pressing(work: Work) -> list[tuple[str, Preparation]]:
    """What has to be done before the external audits of the next days, by certificate; four queries at the most."""
    rows = _COMING.ask(work, last=add_days(work.today, AHEAD_DAYS))
    if not rows:
        return []
    since = add_months(work.today, -_LOOKED_BACK)
    audits = _audits(work, {row[0] for row in rows}, since)

    def pressed(record: Record) -> list[tuple[str, Preparation]]:
        return [
            (reference, each)
            for certificate_id, reference, standard, audit in rows
            for each in record.before(Facts(standard=standard, audits=tuple(audits[certificate_id])), audit, work.today)
            if each.is_pressing(work.today)
        ]

    record = Record((), _reviews(work, since))
    found = pressed(record)
    # Internal audits of their own can only make it better: they are read where one is missing.
    if any(each.noun == INTERNAL_AUDIT for _reference, each in found):
        found = pressed(replace(record, internal=_internal(work, since)))
    return found


def _audits(work: Work, certificate_ids: Iterable[int], since: date) -> dict[int, list[AuditFact]]:
    found: dict[int, list[AuditFact]] = defaultdict(list)
    for certificate_id, reference, kind, ends_on, starts_on, progress in _AUDITS.ask(
        work, ids=list(certificate_ids), since=since
    ):
        found[certificate_id].append(AuditFact(reference, kind, ends_on, starts_on, audit_status(progress)))
    return found


def _internal(work: Work, since: date) -> tuple[_Internal, ...]:
    """Those with criteria of their own, or of the system as a whole; the others stand in the facts they serve."""
    serves_some: Any = exists().where(AuditCertificate.audit_id == Audit.id)
    statement = (
        select(Audit.reference, Audit.ends_on, Audit.starts_on, Audit.progress, AuditCriterion.standard)
        .outerjoin(AuditCriterion, AuditCriterion.audit_id == Audit.id)
        .where(
            Audit.kind == AuditKind.INTERNAL,
            Audit.progress != AuditProgress.CANCELLED,
            Audit.ends_on >= since,
            or_(AuditCriterion.id.is_not(None), ~serves_some),
        )
    )
    facts: dict[str, AuditFact] = {}
    standards: dict[str, set[str]] = defaultdict(set)
    for reference, ends_on, starts_on, progress, standard in work.execute(statement):
        facts[reference] = AuditFact(reference, AuditKind.INTERNAL, ends_on, starts_on, audit_status(progress))
        if standard is not None:
            standards[reference].add(standard.partition(":")[0])
    return tuple(_Internal(fact, frozenset(standards[name])) for name, fact in facts.items())


def _reviews(work: Work, since: date) -> tuple[Review, ...]:
    return tuple(
        Review(reference, on, progress is not ReviewProgress.PLANNED, tuple(standards.splitlines()))
        for reference, on, progress, standards in _REVIEWS.ask(work, since=since)
    )
