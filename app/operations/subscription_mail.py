"""The other side hears by mail of each act on a subscription: one mail a person and act, none to whoever acts."""

from dataclasses import dataclass

from app.domain.dates import say
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.organisation import Organisation
from app.models.subscription import Subscription
from app.operations import outbox
from app.queries.members import those_who_may
from app.queries.subscriptions import seller_of, term_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class News:
    """What was done, as the subject says it after who did it, and the sentences that say more."""

    done: str
    says: tuple[str, ...] = ()


def tell_offered(work: Work, row: Subscription) -> int:
    """Tell the client what it is offered; it answers on the page."""
    price = say_money(row.price_minor, row.currency)
    says = [f"{row.name} for {row.months} months from {say(row.starts_on)}: {price}, without tax."]
    if row.renews_id is not None:
        says.append("It continues or replaces the plan that runs, once it is accepted.")
    says.append("Nothing is owed before it is accepted. Its page says what it brings, and asks before it counts.")
    return _tell(work, row, row.client_id, News(f"offers {row.name}, {row.reference}", tuple(says)))


def tell_answered(work: Work, row: Subscription, replaced: Subscription | None = None) -> int:
    """Tell the seller that the client accepted or declined; of what it replaces too, which ends or goes on."""
    if row.accepted_at is None:
        return tell_other_side(work, row, News(f"declined {row.name}, {row.reference}"))
    says = [f"It is in force from {say(row.starts_on)} through {say(term_of(row).ends_on.value)}."]
    if replaced is not None:
        says.append(f"{replaced.reference}, which it continues, ends on {say(term_of(replaced).ends_on.value)}.")
    return tell_other_side(work, row, News(f"accepted {row.name}, {row.reference}", tuple(says)))


def tell_other_side(work: Work, row: Subscription, news: News) -> int:
    """Tell the seller what the client did, and the client what the seller did; of one's own plan nobody is told."""
    if row.organisation_id == row.client_id:
        return 0
    return _tell(work, row, row.client_id if work.home == row.organisation_id else row.organisation_id, news)


def _tell(work: Work, row: Subscription, to_id: int, news: News) -> int:
    """Post it to those of the other side who decide about the plan, in that side's own name."""
    to_client = to_id == row.client_id
    by: Organisation = work.organisation
    seller, count = seller_of(work, row), 0
    with work.within(to_id) as theirs:
        house = theirs.organisation
        page = "plan.one" if to_client else "subscriptions.show"
        permission = Permission.MANAGE_PLAN if to_client else Permission.SELL_PLANS
        for person in those_who_may(theirs, permission):
            if person.email is None or person.id == work.actor_id:
                continue
            outbox.post(
                theirs,
                to_email=person.email,
                to_name=person.name,
                subject=f"{by.name} {news.done} · {house.name}",
                template="subscription",
                context={
                    "title": f"{by.name} {news.done}",
                    "says": news.says,
                    "organisation": house.name,
                    "to_client": to_client,
                    "seller": seller,
                    "page": outbox.link(page, slug=house.slug, subscription_id=row.id),
                },
                person_id=person.id,
            )
            count += 1
    return count
