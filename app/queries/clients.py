"""How the clients of a provider stand, side by side: each question once, however many they are.

Every question here is asked in a work across those clients alone that agreed to its answer; see `web/clients/door.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import Risk, rule_name
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.plan import Allowance, Use
from app.models.audit import Audit
from app.models.certificate import BodyNonconformity, CertificateDeadline, CertificateVerdict
from app.models.corrective_action import CorrectiveAction
from app.models.subscription import Subscription
from app.queries.case_register import overdue
from app.queries.portfolio import OPEN, Next, first_audits, first_limits
from app.queries.signals import answer_is_late, limit_is_missed
from app.queries.subscriptions import AUDITS, added_to, term_of
from app.work import Work


@dataclass(slots=True)
class Programme:
    """The certificates and audits of one client."""

    risks: Counter[Risk] = field(default_factory=Counter)
    applications: int = 0
    limit: Next | None = None
    audit: Next | None = None
    overdue: int = 0
    """Audits and limits whose last day has passed."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The nonconformities of one client, those of its certification body among them."""

    open: int = 0
    overdue: int = 0


def programmes(work: Work) -> dict[int, Programme]:
    """Certificates by their risk, what comes next and what is overdue, by client."""
    found: dict[int, Programme] = defaultdict(Programme)
    kinds = CertificateVerdict.organisation_id, CertificateVerdict.risk, CertificateVerdict.state
    for home, risk, state, count in work.execute(select(*kinds, func.count()).group_by(*kinds)):
        if state is State.APPLICANT and risk == Risk.SAFE:
            found[home].applications += count
        else:
            found[home].risks[Risk(risk)] += count
    audits = select(Audit.organisation_id, func.count()).where(Audit.progress.in_(OPEN), Audit.ends_on < work.today)
    limits = select(CertificateDeadline.organisation_id, func.count()).where(limit_is_missed(work.today))
    for late in (audits.group_by(Audit.organisation_id), limits.group_by(CertificateDeadline.organisation_id)):
        for home, count in work.execute(late):
            found[home].overdue += count
    for home, on, reference, rule, year in work.execute(first_limits(work)):
        found[home].limit = Next(on, reference, f"last day for the {rule_name(rule, year)}")
    for home, on, reference, progress in work.execute(first_audits(work)):
        found[home].audit = Next(on, reference, progress.label.lower())
    return dict(found)


def cases(work: Work) -> dict[int, Cases]:
    """How many nonconformities are open and overdue, by client."""
    c, b = CorrectiveAction, BodyNonconformity
    ours = select(c.organisation_id, func.count(), func.count().filter(overdue(work.today))).where(
        c.closed_on.is_(None)
    )
    without_case = (
        select(b.organisation_id, func.count(), func.count().filter(answer_is_late(work.today)))
        .outerjoin(c, c.nonconformity_id == b.id)
        .where(c.id.is_(None), b.verified_on.is_(None))
    )
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for question in (ours.group_by(c.organisation_id), without_case.group_by(b.organisation_id)):
        for home, many, late in work.execute(question):
            counted[home][0] += many
            counted[home][1] += late
    return {home: Cases(*each) for home, each in counted.items()}


def audits_used(work: Work, sold: Mapping[int, Subscription]) -> dict[int, dict[Allowance, Use]]:
    """How many audits of each plan are used, planned and left, by client; `sold` is the plan in force of each."""
    dated: dict[int, list[tuple[AuditKind, date, date]]] = defaultdict(list)
    statement = select(Audit.organisation_id, Audit.kind, Audit.starts_on, Audit.ends_on).where(
        Audit.kind.in_(AUDITS), Audit.progress != AuditProgress.CANCELLED
    )
    if sold:
        statement = statement.where(Audit.starts_on >= min(each.starts_on for each in sold.values()))
        for home, kind, starts_on, ends_on in work.execute(statement):
            dated[home].append((kind, starts_on, ends_on))
    found: dict[int, dict[Allowance, Use]] = {}
    for home, row in sold.items():
        term = term_of(row)
        within = [each for each in dated[home] if term.covers(each[1])]
        found[home] = {}
        for kind, what in AUDITS.items():
            ends = [each[2] for each in within if each[0] is kind]
            over = sum(each <= work.today for each in ends)
            found[home][what] = Use(row.allowances.of(what), over, len(ends) - over, added_to(row, what))
    return found


def in_force(rows: list[Subscription], day: date) -> dict[int, Subscription]:
    """The accepted subscription of each client whose term has the day."""
    return {each.client_id: each for each in rows if each.accepted_at is not None and term_of(each).covers(day)}


def foremost(rows: list[Subscription], day: date) -> dict[int, Subscription]:
    """What stands for each client: the subscription in force, else the newest that was sold or offered to it."""
    newest = {each.client_id: each for each in reversed(rows)}
    return newest | in_force(rows, day)


def besides(rows: list[Subscription], day: date) -> list[Subscription]:
    """Of one client what is offered and not answered, and what is accepted and begins later; the first first."""
    found = [each for each in rows if each.declined_at is None and (each.accepted_at is None or each.starts_on > day)]
    return sorted(found, key=lambda each: (each.starts_on, each.id))
