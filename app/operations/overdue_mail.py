"""Mails of invoices that are overdue: to the people of the client who see invoices, and to who sells."""

from collections import defaultdict
from collections.abc import Sequence

from app.domain.dates import days_between, say_days
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.invoice import Invoice
from app.operations import outbox
from app.queries.invoices import account_of
from app.queries.members import those_who_may
from app.work import Work


def tell_overdue(work: Work, rows: Sequence[Invoice]) -> int:
    """Post one mail to each person of each client, and one to each who sells here; gives how many were posted."""
    by_client: defaultdict[int, list[Invoice]] = defaultdict(list)
    for each in rows:
        by_client[each.client_id].append(each)
    count = 0
    for client, theirs in by_client.items():
        with work.within(client) as inside:
            count += _post(inside, theirs, work, sells=False)
    return count + (_post(work, rows, work, sells=True) if rows else 0)


def _post(inside: Work, rows: Sequence[Invoice], seller: Work, *, sells: bool) -> int:
    """To those of one side, in its own name, with the addresses of its own pages."""
    house = inside.organisation
    page = "invoices.show" if sells else "plan_invoices.show"
    told = [
        {
            "row": each,
            "open": say_money(account_of(each).open, each.currency),
            "late": say_days(days_between(each.due_on, seller.today)),
            "page": outbox.link(page, slug=house.slug, invoice_id=each.id),
        }
        for each in rows
    ]
    more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
    side = "seller" if sells else "client"
    count = 0
    for person in those_who_may(inside, Permission.SELL_PLANS if sells else Permission.SEE_PLAN):
        if person.email is None:
            continue
        posted = outbox.post(
            inside,
            to_email=person.email,
            to_name=person.name,
            subject=f"Overdue: {rows[0].reference}{more} · {house.name}",
            template="overdue",
            context={"told": told, "sells": sells, "organisation": house.name, "seller": rows[0].seller_name},
            person_id=person.id,
            once=f"overdue invoices of {seller.home} on {seller.today.isoformat()} for {side} person {person.id}",
        )
        count += posted is not None
    return count
