"""Subscriptions, read by the seller and by the client alike, and what is used of what they promise."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind
from app.domain.programme.progress import AuditProgress
from app.domain.subscription import dues
from app.domain.subscription.instalments import Payment
from app.domain.subscription.plan import Allowance, Use
from app.domain.subscription.seats import SeatKind
from app.domain.subscription.term import Pause, Term
from app.models.audit import Audit
from app.models.implementation import Implementation
from app.models.organisation import Organisation
from app.models.plan import Plan
from app.models.subscription import Subscription
from app.queries.subscription_seats import seats_of
from app.queries.support_counts import sessions_counted
from app.work import ACROSS, Work

AUDITS = {
    AuditKind.STAGE_2: Allowance.REGISTRATION,
    AuditKind.SURVEILLANCE: Allowance.SURVEILLANCE,
    AuditKind.INTERNAL: Allowance.INTERNAL,
}
"""Which audits are counted as what: a registration is its stage 2, with the stage 1 before it."""
SEATS = {Allowance.AUDIT_MANAGER_SEATS: SeatKind.AUDIT_MANAGER, Allowance.LMS_SEATS: SeatKind.LMS}


def term_of(row: Subscription) -> Term:
    """The term as the rules ask for it."""
    return Term(
        row.starts_on, row.months, tuple(Pause(each.starts_on, each.months) for each in row.pauses), row.ended_on
    )


def payment_of(row: Subscription) -> Payment:
    """How its price is paid, as the rules ask for it."""
    return Payment(row.price_minor, row.months, row.starts_on, row.deposit_minor, row.first_due_on)


def monthly_of(row: Subscription, what: Allowance) -> int:
    """What one more of it costs a month, in minor units; nothing of what has no price a month."""
    prices = {Allowance.AUDIT_MANAGER_SEATS: row.audit_manager_seat_minor, Allowance.LMS_SEATS: row.lms_seat_minor}
    return prices.get(what, 0)


def bought_of(row: Subscription) -> tuple[dues.Bought, ...]:
    """What was bought besides, as the rules ask for it."""
    return tuple(
        dues.Bought(
            each.id, each.what, each.quantity, each.starts_on, each.ends_on, each.monthly_minor, each.once_minor
        )
        for each in row.additions
    )


def dues_of(row: Subscription) -> list[dues.Due]:
    """What it costs and when, the earliest first."""
    return dues.dues_of(payment_of(row), term_of(row), bought_of(row), row.currency)


def subscriptions_of(work: Work) -> list[Subscription]:
    """All that the organisation of this work has subscribed to or is offered, the newest first, whoever sells it."""
    return work.all(
        select(Subscription)
        .where(Subscription.client_id == work.home)
        .order_by(Subscription.starts_on.desc(), Subscription.id.desc())
        .options(selectinload(Subscription.pauses), selectinload(Subscription.additions))
        .execution_options(**{ACROSS: "a subscription has two sides"})
    )


def sold_by(work: Work, client_id: int | None = None) -> list[Subscription]:
    """What the organisation of this work sold, to one client or to all, the newest first."""
    statement = select(Subscription).order_by(Subscription.starts_on.desc(), Subscription.id.desc())
    if client_id is not None:
        statement = statement.where(Subscription.client_id == client_id)
    return work.all(
        statement.options(
            selectinload(Subscription.pauses), selectinload(Subscription.additions), selectinload(Subscription.client)
        )
    )


def current_of(work: Work, on: date | None = None) -> Subscription | None:
    """The accepted subscription of the organisation of this work whose term has the day; None where there is none."""
    day = on or work.today
    return next((each for each in _accepted(work) if term_of(each).covers(day)), None)


def latest_of(work: Work) -> Subscription | None:
    """The one in force, or the last that was; None where there was none yet."""
    begun = [each for each in _accepted(work) if each.starts_on <= work.today]
    return max(begun, key=lambda each: term_of(each).ends_on.value, default=None)


def sold_to(work: Work) -> list[Subscription]:
    """What a provider sold to the organisation of this work, accepted, and not over today."""
    return [
        each
        for each in _accepted(work)
        if each.organisation_id != each.client_id and term_of(each).ends_on.value >= work.today
    ]


def _accepted(work: Work) -> list[Subscription]:
    return [each for each in subscriptions_of(work) if each.accepted_at is not None]


def subscription_by(work: Work, subscription_id: int) -> Subscription | None:
    """One subscription that the organisation of this work sold or has, whoever asks."""
    both = (Subscription.client_id == work.home) | (Subscription.organisation_id == work.home)
    return work.one_or_none(
        select(Subscription)
        .where(Subscription.id == subscription_id, both)
        .options(
            selectinload(Subscription.pauses), selectinload(Subscription.additions), selectinload(Subscription.client)
        )
        .execution_options(**{ACROSS: "a subscription has two sides"}, populate_existing=True)
    )


def seller_of(work: Work, row: Subscription) -> str:
    """The name of who sells it."""
    return str(work.execute(select(Organisation.name).where(Organisation.id == row.organisation_id)).scalar_one())


def plans_of(work: Work, *, offered: bool = False) -> list[Plan]:
    """The plans of the organisation of this work by name; those alone that are offered still, where that is asked."""
    statement = select(Plan).order_by(Plan.retired_on.is_not(None), Plan.name)
    return work.all(statement.where(Plan.retired_on.is_(None)) if offered else statement)


def plan_by(work: Work, plan_id: int, *, lock: bool = False) -> Plan | None:
    """One plan of the organisation of this work."""
    statement = select(Plan).where(Plan.id == plan_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def uses_of(work: Work, row: Subscription) -> dict[Allowance, Use]:
    """How much of each promise is used and planned within the term; of seats, how many are handed out today.

    Seats of other pools count as bought besides. A cancelled audit is given back; one is used once its last day has
    come, an implementation from its first day. The work is the client's.
    """
    term = term_of(row)
    first, last = term.starts_on, term.ends_on.value
    used: dict[Allowance, int] = {}
    planned: dict[Allowance, int] = {}
    counted = (
        select(Audit.kind, func.count(), func.count().filter(Audit.ends_on <= work.today))
        .where(Audit.kind.in_(AUDITS), Audit.progress != AuditProgress.CANCELLED)
        .where(Audit.starts_on >= first, Audit.starts_on <= last)
        .group_by(Audit.kind)
    )
    for kind, all_of_them, over in work.execute(counted):
        used[AUDITS[kind]], planned[AUDITS[kind]] = over, all_of_them - over
    begun = select(
        func.count(Implementation.id), func.count(Implementation.id).filter(Implementation.starts_on <= work.today)
    ).where(Implementation.starts_on >= first, Implementation.starts_on <= last)
    for all_of_them, over in work.execute(begun):
        used[Allowance.IMPLEMENTATION], planned[Allowance.IMPLEMENTATION] = over, all_of_them - over
    added = {what: added_to(row, what) for what in Allowance if what not in SEATS}
    for what, seat in SEATS.items():
        held = seats_of(work, seat, work.today)
        used[what] = sum(each.from_on <= work.today for each in held.assignments)
        planned[what] = sum(each.from_on > work.today for each in held.assignments)
        owned = sum(each.quantity for each in held.pools if each.counts_on(work.today))
        added[what] = max(0, owned - (row.allowances.of(what) or 0))
    used[Allowance.SUPPORT], planned[Allowance.SUPPORT] = sessions_counted(
        work, row.client_id, row.organisation_id, first, last
    )
    return {
        what: Use(row.allowances.of(what), used.get(what, 0), planned.get(what, 0), added[what]) for what in Allowance
    }


def added_to(row: Subscription, what: Allowance) -> int:
    """How many were bought besides, of what is counted within the term."""
    return sum(each.quantity for each in row.additions if each.what is what)
