"""Whom a client asks about its plan, and the way on where an audit lies beyond it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import Reason
from app.domain.money import say_money
from app.domain.permission import Permission, granted
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.plan import Allowance, beyond_the_plan
from app.models.audit import Audit
from app.models.organisation import Membership
from app.models.person import Person
from app.models.subscription import Subscription
from app.queries.members import lasting
from app.queries.subscriptions import AUDITS, current_of, seller_of, term_of, uses_of
from app.work import ACROSS, Work

MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of the seller who sells plans, with their address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells a plan, and whom of it to write to."""

    name: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """An audit that the plan does not include: the sentence, what one more costs as far as it is known, the way on."""

    why: Reason
    cost: str
    subscription_id: int
    what: Allowance
    plan: str
    seller: Seller | None
    """None where the organisation keeps the plan itself."""


def seller_to_ask(work: Work, row: Subscription) -> Seller | None:
    """Who sold it, with the first of those who sell there; None where the organisation keeps the plan itself."""
    if row.organisation_id == row.client_id:
        return None
    member = Membership
    statement = (
        select(member.roles, Person.name, Person.email)
        .join(Person, Person.id == member.person_id)
        .where(member.organisation_id == row.organisation_id, *lasting(work.today))
        .order_by(member.joined_at, member.id)
        .execution_options(**{ACROSS: "a client asks whoever sold its plan"})
    )
    found = [
        Contact(name, email)
        for roles, name, email in work.execute(statement)
        if email and Permission.SELL_PLANS in granted(roles)
    ]
    return Seller(seller_of(work, row), tuple(found[:MOST_ASKED]))


def beyond_of(work: Work, kind: AuditKind, starts_on: date, audit: Audit | None = None) -> Beyond | None:
    """Whether audits of a kind on a day lie beyond the plan in force then, and the way on; None where they do not.

    An audit that is on the programme within the term is counted already.
    """
    what = AUDITS.get(kind)
    row = current_of(work, starts_on) if what is not None else None
    if what is None or row is None:
        return None
    if audit is not None and audit.progress is not AuditProgress.CANCELLED and term_of(row).covers(audit.starts_on):
        return None
    why = beyond_the_plan(what, uses_of(work, row)[what], row.name)
    if why is None:
        return None
    plan = f"{row.name}, {row.reference}"
    return Beyond(why, _cost(row, what), row.id, what, plan, seller_to_ask(work, row))


def _cost(row: Subscription, what: Allowance) -> str:
    """What one more costs: plans price seats alone, so what the last one cost that was bought besides."""
    bought = [each for each in row.additions if each.what is what and each.once_minor]
    if not bought:
        return "The plan names no price for one more."
    last = max(bought, key=lambda each: (each.starts_on, each.id))
    price = say_money(last.once_minor, row.currency)
    return (
        f"The plan names no price for one more; {what.counted(last.quantity)} from {say(last.starts_on)} cost {price}."
    )
