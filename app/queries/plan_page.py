"""What stands beside a plan: when the certificates end, and whose seat a change suspends."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.certification.facts import AuditKind, State
from app.domain.dates import add_months
from app.domain.explained import Explained
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.plan import Ending, order_by
from app.models.audit import Audit, AuditCertificate
from app.models.certificate import Certificate, CertificateVerdict
from app.models.subscription import Subscription
from app.queries.subscriptions import latest_of, term_of
from app.work import ACROSS, Work
from app.work.question import HOME, Question

ENDED = (State.APPLICANT, State.LAPSED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last valid day of a certificate."""

    reference: str
    standard: str
    valid_through: date


def last_valid_days(work: Work) -> list[LastDay]:
    """The certificates that are valid, the first to end first; one query."""
    statement = (
        select(
            Certificate.reference,
            Certificate.standard,
            Certificate.edition,
            CertificateVerdict.effective_valid_through,
        )
        .join(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
        .where(CertificateVerdict.effective_valid_through.is_not(None), CertificateVerdict.state.not_in(ENDED))
        .order_by(CertificateVerdict.effective_valid_through, Certificate.reference)
    )
    return [LastDay(reference, f"{name}:{edition}", day) for reference, name, edition, day in work.execute(statement)]


_HAS_PLAN = Question(
    select(Subscription.id)
    .where(Subscription.client_id == HOME, Subscription.accepted_at.is_not(None))
    .limit(1)
    .execution_options(**{ACROSS: "a subscription has two sides"})
)
"""Asked on every dashboard; most organisations have none."""


@dataclass(frozen=True, slots=True)
class ToOrder:
    """A recertification that is to be ordered by a day, since no plan includes it."""

    reference: str
    by: Explained[date]


def to_order(work: Work, *, ahead: bool = False) -> list[ToOrder]:
    """What is to be ordered beside the plan in force, or the last that was; nothing where there was none yet.

    With `ahead` also what is not yet said: for who looks years ahead, such as a calendar.

    A fixed number of queries, however many certificates there are.
    """
    row = latest_of(work) if _HAS_PLAN.ask(work) else None
    if row is None:
        return []
    ends_on = term_of(row).ends_on.value
    ordered = _recertifications(work)
    found = []
    for each in last_valid_days(work):
        by = order_by(Ending(ends_on, each.valid_through), each.valid_through if ahead else work.today)
        since = add_months(each.valid_through, -36)
        if by is not None and not any(since < day <= each.valid_through for day in ordered[each.reference]):
            found.append(ToOrder(each.reference, by))
    return found


def _recertifications(work: Work) -> defaultdict[str, list[date]]:
    """The last days of the recertification audits that are on the programme, by the reference of the certificate."""
    found: defaultdict[str, list[date]] = defaultdict(list)
    days = (
        select(Certificate.reference, Audit.ends_on)
        .join(AuditCertificate, AuditCertificate.certificate_id == Certificate.id)
        .join(Audit, Audit.id == AuditCertificate.audit_id)
        .where(AuditCertificate.kind == AuditKind.RECERTIFICATION, Audit.progress != AuditProgress.CANCELLED)
    )
    for reference, day in work.execute(days):
        found[reference].append(day)
    return found
