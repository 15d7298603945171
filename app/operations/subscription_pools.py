"""What follows from a subscription for its client: the pools of its seats, and the half years of internal audits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from app.domain.subscription.plan import Allowance
from app.domain.subscription.seats import PoolSource, SeatKind
from app.models.seat import SeatPool
from app.models.subscription import Subscription
from app.operations.seat_mail import tell_suspended
from app.operations.subscription_seats import hold
from app.queries.subscription_seats import suspensions
from app.queries.subscriptions import SEATS, subscription_by, term_of
from app.work import Work


def whole(work: Work, subscription_id: int) -> Subscription:
    """The subscription as it stands in the database now."""
    row = subscription_by(work, subscription_id)
    if row is None:
        raise LookupError(f"there is no subscription {subscription_id}")
    return row


@contextmanager
def one_side(work: Work, organisation_id: int) -> Iterator[Work]:
    """The work of one side, whichever acts."""
    if organisation_id == work.organisation_id:
        yield work
        return
    with work.within(organisation_id) as other:
        yield other


def begin(work: Work, row: Subscription) -> None:
    """What follows for the client: the pools of its seats, and the half years of its internal audits."""
    fill_pools_of(work, row)
    if row.internal_audits:
        with one_side(work, row.client_id) as theirs:
            if theirs.organisation.internal_plan_starts_on is None:
                theirs.organisation.internal_plan_starts_on = row.starts_on
                theirs.flush()


def fill_pools_of(work: Work, row: Subscription) -> None:
    """The pools of the seats that it includes and that were bought besides, one for each stretch without a pause."""
    row = whole(work, row.id)
    with one_side(work, row.client_id) as theirs:
        hold(theirs)
        for what, kind in SEATS.items():
            _fill(theirs, row, what, kind)


def _fill(theirs: Work, row: Subscription, what: Allowance, kind: SeatKind) -> None:
    before = suspensions(theirs, kind)
    term = term_of(row)
    included = row.allowances.of(what) or 0
    wanted = [(PoolSource.INCLUDED, included, first, last) for first, last in term.stretches if included]
    for each in row.additions:
        if each.what is what:
            wanted += [
                (PoolSource.BOUGHT, each.quantity, max(first, each.starts_on), last)
                for first, last in term.stretches
                if last >= each.starts_on
            ]
    there = theirs.all(
        select(SeatPool).where(SeatPool.subscription_id == row.id, SeatPool.kind == kind).order_by(SeatPool.id)
    )
    for place, (source, quantity, first, last) in enumerate(wanted):
        if place < len(there):
            pool = there[place]
            pool.source, pool.quantity, pool.starts_on, pool.ends_on = source, quantity, first, last
            continue
        theirs.session.add(
            SeatPool(
                kind=kind,
                source=source,
                quantity=quantity,
                starts_on=first,
                ends_on=last,
                note=f"{row.name}, {row.reference}"[:200],
                subscription_id=row.id,
                created_at=theirs.now,
            )
        )
    for pool in there[len(wanted) :]:
        pool.quantity = 0
    theirs.flush()
    tell_suspended(theirs, kind, before)
