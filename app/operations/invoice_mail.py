"""The client's administrators hear by mail of an invoice and of a credit note."""

from app.domain.dates import say
from app.domain.money import say_money
from app.domain.permission import Role
from app.models.invoice import Invoice
from app.models.outbox import INVOICE
from app.operations import outbox
from app.queries.members import is_live, members_of
from app.work import Work


def tell_client(work: Work, row: Invoice) -> int:
    """Post a mail to each administrator of the client, in the client's own name; gives how many were told."""
    kind = "Credit note" if row.is_credit else "Invoice"
    total = say_money(row.gross_minor, row.currency)
    count = 0
    with work.within(row.client_id) as theirs:
        house = theirs.organisation
        for member in members_of(theirs):
            person = member.person
            if Role.ADMINISTRATOR not in member.roles or person.email is None or not is_live(theirs, member):
                continue
            outbox.post(
                theirs,
                to_email=person.email,
                to_name=person.name,
                subject=f"{kind} {row.reference} of {row.seller_name}: {total} · {house.name}",
                template="invoice",
                context={
                    "kind": kind,
                    "row": row,
                    "total": total,
                    "due_on": "" if row.is_credit else say(row.due_on),
                    "organisation": house.name,
                    "page": outbox.link("plan_invoices.show", slug=house.slug, invoice_id=row.id),
                },
                person_id=person.id,
                plan_of=f"{INVOICE}{row.id}",
            )
            count += 1
    return count
