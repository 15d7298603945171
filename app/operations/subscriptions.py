"""Subscriptions: offered, accepted, declined, added to, paused, ended. The seller keeps them, the client lives by them.

What was agreed stands in the seller's books; what follows from it, seats and the half years of the internal audits,
belongs to the client. Either side's act is in the journals of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import add_days, say
from app.domain.explained import RefusedError
from app.domain.money import say_money
from app.domain.permission import Permission
from app.domain.plausible import refuse_year
from app.domain.subscription.instalments import refuse_payment
from app.domain.subscription.plan import MOST, Allowance
from app.domain.subscription.term import Pause, refuse_pause
from app.models.organisation import Organisation
from app.models.subscription import Subscription, SubscriptionAddition, SubscriptionPause
from app.operations.consent import refuse_seller
from app.operations.plans import TermsDetails, refuse_terms, terms_of
from app.operations.references import next_reference
from app.operations.subscription_mail import News, tell_answered, tell_offered, tell_other_side
from app.operations.subscription_pools import begin, fill_pools_of, one_side, whole
from app.queries.agreements import passages_to_clients, providers_of
from app.queries.subscriptions import SEATS, monthly_of, payment_of, subscription_by, subscriptions_of, term_of
from app.work import Work

WITHDRAWN = "Taken back by who offered it."
"""Why an offer is closed that the client did not decline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDetails:
    """From when, and how it is paid: a deposit on the first day, the first instalment perhaps later."""

    starts_on: date
    deposit_minor: int = 0
    first_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionDetails:
    """What is bought besides: seats from a day, by the month; or more of what is counted, for a price once."""

    what: Allowance
    quantity: int
    starts_on: date
    once_minor: int | None = None
    """The price of all of it, of what is no seat: said, be it 0, so that nothing is free by an oversight."""
    note: str = ""


def record_own(
    work: Work, terms: TermsDetails, start: StartDetails, replaces: Subscription | None = None
) -> Subscription:
    """Record what the organisation subscribed to outside of any agreement: it keeps its own books.

    What it `replaces` ends the day before, as at an upgrade.
    """
    row = _new(work, work.home, terms, start)
    if replaces is not None:
        row.renews_id = replaces.id
        _give_way(work, replaces, row)
    _refuse_overlap(work, row)
    row.accepted_by_id, row.accepted_at = work.actor_id, work.now
    work.add(row)
    begin(work, whole(work, row.id))
    return row


def renew_own(work: Work, subscription_id: int) -> Subscription:
    """Another term on the same terms, from the day after this one ends."""
    row = _running(work, subscription_id)
    _refuse_buyer(work, row)
    again = record_own(work, terms_of(row), StartDetails(starts_on=renewal_of(row)))
    again.renews_id = row.id
    work.flush()
    return again


def upgrade_own(work: Work, subscription_id: int, terms: TermsDetails, start: StartDetails) -> Subscription:
    """Other terms from a day within this term, which ends the day before."""
    row = _running(work, subscription_id)
    _refuse_buyer(work, row)
    return record_own(work, terms, start, row)


def offer(
    work: Work,
    client_id: int,
    terms: TermsDetails,
    start: StartDetails,
    plan_id: int | None = None,
    replaces_id: int | None = None,
) -> Subscription:
    """Offer a plan to a client that an agreement is live with; it counts once the client has accepted it.

    What it replaces or continues goes on as it is until then.
    """
    if all(each.client_id != client_id for each in passages_to_clients(work)):
        raise RefusedError("A plan is offered to a client that an agreement is live with.", "client")
    row = _new(work, client_id, terms, start)
    row.plan_id, row.offered_by_id = plan_id, work.actor_id
    if replaces_id is not None:
        replaced = subscription_by(work, replaces_id)
        if replaced is None or replaced.organisation_id != work.home or replaced.client_id != client_id:
            raise LookupError(f"there is no subscription {replaces_id} of this client")
        row.renews_id = replaces_id
    work.add(row)
    with work.within(client_id) as theirs:
        theirs.record("offered", "subscription", row.id, _summary(row), reference=row.reference)
    tell_offered(work, row)
    return row


def accept(work: Work, subscription_id: int) -> Subscription:
    """The client accepts what it was offered: seats are there from its first day, and its half years begin.

    Nobody who belongs to the seller accepts it for the client.
    """
    row = _offered(work, subscription_id)
    refuse_seller(work, row.organisation_id, Permission.MANAGE_PLAN)
    if all(each.provider_id != row.organisation_id for each in providers_of(work)):
        raise RefusedError("The agreement with who offered it has ended: make another before you accept.")
    replaced = subscription_by(work, row.renews_id) if row.renews_id is not None else None
    if replaced is not None and replaced.accepted_at is not None:
        _give_way(work, replaced, row)
    _refuse_overlap(work, row)
    with one_side(work, row.organisation_id):
        row.accepted_by_id, row.accepted_at = work.actor_id, work.now
        work.flush()
    if row.organisation_id != work.home:
        work.record("accepted", "subscription", row.id, _summary(row), reference=row.reference)
    begin(work, row)
    tell_answered(work, row, replaced)
    return row


def decline(work: Work, subscription_id: int) -> Subscription:
    """The client declines what it was offered."""
    row = _offered(work, subscription_id)
    with one_side(work, row.organisation_id):
        row.declined_at = work.now
        work.flush()
    work.record("declined", "subscription", row.id, _summary(row), reference=row.reference)
    tell_answered(work, row)
    return row


def withdraw(work: Work, subscription_id: int) -> Subscription:
    """Who offered it takes it back, as long as the client has not answered."""
    row = _locked(work, subscription_id)
    if row.organisation_id != work.home:
        raise RefusedError("Who made an offer takes it back.")
    _refuse_answered(row)
    row.declined_at, row.end_reason = work.now, WITHDRAWN
    work.flush()
    _record_there(work, row, "withdrawn", _summary(row))
    tell_other_side(
        work, row, News(f"took back the offer of {row.name}", (f"{row.reference} can be accepted no more.",))
    )
    return row


def add(work: Work, subscription_id: int, details: AdditionDetails) -> SubscriptionAddition:
    """Buy more: seats count from their first day through the last of the term, all else within the term."""
    row = _running(work, subscription_id)
    if work.home == row.client_id:
        refuse_seller(work, row.organisation_id, Permission.MANAGE_PLAN)
    term = term_of(row)
    if not 1 <= details.quantity <= MOST:
        raise RefusedError(f"A number from 1 to {MOST:,}.", "quantity")
    if details.what is Allowance.IMPLEMENTATION:
        raise RefusedError("An implementation is part of a plan: subscribe to one that has it.", "what")
    if not term.covers(details.starts_on):
        says = f"The term is from {say(term.starts_on)} to {say(term.ends_on.value)}."
        raise RefusedError(says, "starts_on")
    if details.once_minor is not None and details.once_minor < 0:
        raise RefusedError("A price is not negative.", "price")
    if details.what is Allowance.SUPPORT and row.support_sessions is None:
        raise RefusedError(f"{row.name} has as many support sessions as are wanted.", "what")
    seats = details.what in SEATS
    if not seats and work.home != row.organisation_id:
        raise RefusedError("Who sells the plan says what this costs: ask them to add it.", "what")
    if work.home != row.organisation_id and details.starts_on < work.today:
        says = f"Not before today, {say(work.today)}: ask who sells the plan to enter what began before."
        raise RefusedError(says, "starts_on")
    if not seats and details.once_minor is None:
        raise RefusedError("Give the price of all of it; write 0 where it is free.", "price")
    with one_side(work, row.organisation_id) as books:
        added = books.add(
            SubscriptionAddition(
                subscription_id=row.id,
                what=details.what,
                quantity=details.quantity,
                starts_on=details.starts_on,
                monthly_minor=monthly_of(row, details.what),
                once_minor=0 if seats or details.once_minor is None else details.once_minor,
                note=details.note.strip(),
                added_at=work.now,
            )
        )
    said = {"what": details.what.value, "quantity": details.quantity, "starts_on": details.starts_on.isoformat()}
    _record_there(work, row, "added", said)
    fill_pools_of(work, row)
    verb, more = "bought" if work.home == row.client_id else "sold", details.what.counted(details.quantity, "more")
    tell_other_side(
        work, row, News(f"{verb} {more}", (f"They belong to {row.reference}, from {say(details.starts_on)}.",))
    )
    return added


def pause(work: Work, subscription_id: int, starts_on: date, months: int, reason: str = "") -> None:
    """Let a subscription rest for whole months: its end and all later instalments move as far."""
    row = _running(work, subscription_id)
    _refuse_buyer(work, row)
    refuse_pause(term_of(row), Pause(starts_on, months), work.today)
    if not reason.strip():
        raise RefusedError("Say why it rests.", "reason")
    with one_side(work, row.organisation_id) as books:
        books.add(SubscriptionPause(subscription_id=row.id, starts_on=starts_on, months=months, reason=reason.strip()))
    # Its end moves, and what was agreed for the time after it is not to be paid twice.
    with one_side(work, row.client_id) as theirs:
        _refuse_overlap(theirs, whole(theirs, row.id))
    _record_there(work, row, "paused", {"starts_on": starts_on.isoformat(), "months": months})
    fill_pools_of(work, row)
    term = term_of(whole(work, row.id))
    through, last = term.last_of(Pause(starts_on, months)), term.ends_on.value
    says = f"It rests from {say(starts_on)} through {say(through)}; its last day is {say(last)} then."
    tell_other_side(work, row, News(f"paused {row.reference}", (says, f"Why: {reason.strip()}")))


def end(work: Work, subscription_id: int, ended_on: date, reason: str) -> None:
    """End a subscription before its term: its last day is today or later; seats end with it."""
    row = _running(work, subscription_id)
    _refuse_buyer(work, row)
    term = term_of(row)
    if not reason.strip():
        raise RefusedError("Say why it ends.", "reason")
    if ended_on < work.today or ended_on < term.starts_on or ended_on > term.ends_on.value:
        says = f"From {say(max(work.today, term.starts_on))} to {say(term.ends_on.value)}."
        raise RefusedError(says, "ended_on")
    with one_side(work, row.organisation_id):
        row.ended_on, row.end_reason = ended_on, reason.strip()
        work.flush()
    _record_there(work, row, "ended", {"ended_on": ended_on.isoformat()})
    fill_pools_of(work, row)
    ends = f"Its last day is {say(ended_on)}; its seats end with it."
    tell_other_side(work, row, News(f"ended {row.reference}", (ends, f"Why: {reason.strip()}")))


def renewal_of(row: Subscription) -> date:
    """The first day of what continues it."""
    return add_days(term_of(row).ends_on.value, 1)


def _new(work: Work, client_id: int, terms: TermsDetails, start: StartDetails) -> Subscription:
    refuse_terms(terms)
    refuse_year(start.starts_on, "starts_on")
    refuse_year(start.first_due_on, "first_due_on")
    row = Subscription(
        reference=next_reference(work, Subscription, "SUB-"),
        client_id=client_id,
        starts_on=start.starts_on,
        deposit_minor=start.deposit_minor,
        first_due_on=start.first_due_on,
        offered_at=work.now,
        pauses=[],
        additions=[],
        **terms.columns,
    )
    refuse_payment(payment_of(row))
    return row


def _refuse_overlap(work: Work, row: Subscription) -> None:
    """An organisation lives by one subscription at a time."""
    last = term_of(row).ends_on.value
    for each in subscriptions_of(work):
        if each.id == row.id or each.accepted_at is None:
            continue
        term = term_of(each)
        if row.starts_on <= term.ends_on.value and term.starts_on <= last:
            says = (
                f"{each.reference} ({each.name}) lasts from {say(term.starts_on)} to {say(term.ends_on.value)}: "
                f"end it first, or begin after it."
            )
            raise RefusedError(says, "starts_on")


def _refuse_buyer(work: Work, row: Subscription) -> None:
    if work.home != row.organisation_id:
        raise RefusedError("Who sold it changes, pauses and ends it: ask them.")


def _give_way(work: Work, replaced: Subscription, row: Subscription) -> None:
    """What is replaced within its term ends the day before the other begins; what is only continued stays as it is."""
    term = term_of(replaced)
    if not term.starts_on < row.starts_on <= term.ends_on.value:
        return
    with one_side(work, replaced.organisation_id):
        replaced.ended_on, replaced.end_reason = add_days(row.starts_on, -1), f"Replaced by {row.reference}."
        work.flush()
    _record_there(work, replaced, "ended", {"ended_on": replaced.ended_on.isoformat()})
    fill_pools_of(work, replaced)


def _offered(work: Work, subscription_id: int) -> Subscription:
    row = _locked(work, subscription_id)
    if row.client_id != work.home:
        raise RefusedError("The client answers an offer.")
    _refuse_answered(row)
    return row


def _refuse_answered(row: Subscription) -> None:
    if answer := "accepted" if row.accepted_at else row.turned_down:
        raise RefusedError(f"{row.reference} is {answer} already.")


def _running(work: Work, subscription_id: int) -> Subscription:
    row = _locked(work, subscription_id)
    if row.accepted_at is None:
        raise RefusedError(f"{row.reference} is not accepted.")
    if term_of(row).ends_on.value < work.today:
        raise RefusedError(f"{row.reference} has ended.")
    return row


def _locked(work: Work, subscription_id: int) -> Subscription:
    """The subscription, with its client held: of two that act at once one waits for the other."""
    row = subscription_by(work, subscription_id)
    if row is None:
        raise LookupError(f"there is no subscription {subscription_id}")
    work.session.execute(
        select(Organisation.id).where(Organisation.id == row.client_id).with_for_update(key_share=True)
    )
    return whole(work, subscription_id)


def _record_there(work: Work, row: Subscription, action: str, said: Mapping[str, object]) -> None:
    """The act stands in the books of the seller by itself; here it is written to the other side's journal."""
    if row.organisation_id == row.client_id:
        return
    with one_side(work, row.client_id) as theirs:
        theirs.record(action, "subscription", row.id, said, reference=row.reference)


def _summary(row: Subscription) -> dict[str, str]:
    price = say_money(row.price_minor, row.currency)
    return {"name": row.name, "starts_on": row.starts_on.isoformat(), "price": price}
