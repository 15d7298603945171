"""What Meridian invoiced: Northwind month by month, not all of it paid, and Harbour's plan year by year to the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.demonstration.cast import acting
from app.domain.dates import add_days
from app.domain.subscription.dues import Due
from app.domain.subscription.invoicing import Line
from app.models.invoice import Invoice
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.subscription import Subscription
from app.operations import invoices as operation
from app.operations.invoices import Paper
from app.queries.invoices import account_of, invoice_by
from app.queries.subscriptions import dues_of, sold_by
from app.work import Work

TO_PAY = 14
"""Days within which an invoice is to be paid."""
SENDER = "Meridian ISO Services GmbH\nSpeicherstraße 14\n20457 Hamburg, Germany\nVAT number DE 000 000 000"
RECIPIENTS = {
    "northwind": "Northwind Managed Services\nAccounts payable\nAm Sandtorkai 1\n20457 Hamburg, Germany",
    "harbour": "Harbour and Lane Logistics Ltd\nDock Gate 1\nFelixstowe IP11\nUnited Kingdom",
}
TERMS = "By transfer to IBAN DE00 0000 0000 0000 0000 00, with the number of the invoice."
WORKSHOP = Line("Workshop on risk assessment, one day at your site", 120_000, 1900)


@dataclass(frozen=True, slots=True)
class Event:
    """An invoice to be issued on a day, with what comes of it."""

    on: date
    act: Callable[[], object]


def invoices(ours: Work, carla: Person, clients: dict[str, Organisation]) -> None:
    """In the order of the days, so that the numbers follow them.

    Of Northwind's instalments all but the last three are paid: one is overdue, one was invoiced late and is paid in
    part, and one is issued today. A workshop that did not take place was credited. Harbour owes nothing.
    """
    told = _Told(ours, carla)
    events = [*_northwind(told, clients["northwind"]), *_harbour(told, clients["harbour"])]
    for event in sorted(events, key=lambda each: each.on):
        event.act()


@dataclass(frozen=True, slots=True)
class _Told:
    ours: Work
    carla: Person

    def sold_to(self, client: Organisation) -> Subscription:
        """What the client accepted."""
        return next(each for each in sold_by(self.ours, client.id) if each.accepted_at is not None)

    def issue(self, row: Subscription, slug: str, dues: list[Due], on: date) -> Invoice:
        """Invoice these amounts on a day."""
        with acting(self.ours, self.carla, on):
            return operation.issue_dues(self.ours, row, [each.key for each in dues], _paper(slug, on))

    def pay(self, issued: Invoice, on: date, amount: int | None = None) -> None:
        """What came in on a day: all that is open where nothing else is said."""
        with acting(self.ours, self.carla, on):
            whole = invoice_by(self.ours, issued.id, fresh=True)
            if whole is not None:
                operation.pay(self.ours, issued.id, amount or account_of(whole).open, on, "Bank transfer")


def _paper(slug: str, on: date) -> Paper:
    return Paper(due_on=add_days(on, TO_PAY), sender=SENDER, recipient=RECIPIENTS[slug], terms=TERMS)


def _northwind(told: _Told, client: Organisation) -> list[Event]:
    row, today = told.sold_to(client), told.ours.today
    due = [each for each in dues_of(row) if each.due_on <= today]
    *paid, overdue, late, last = due

    def whole(one: Due) -> Callable[[], None]:
        return lambda: told.pay(told.issue(row, client.slug, [one], one.due_on), add_days(one.due_on, 9))

    def in_part() -> None:
        issued = told.issue(row, client.slug, [late], add_days(today, -6))
        told.pay(issued, add_days(today, -2), 50_000)

    events = [Event(one.due_on, whole(one)) for one in paid]
    events.append(Event(overdue.due_on, lambda: told.issue(row, client.slug, [overdue], overdue.due_on)))
    events.append(Event(add_days(today, -6), in_part))
    events.append(Event(last.due_on, lambda: told.issue(row, client.slug, [last], last.due_on)))
    events.append(Event(add_days(paid[-3].due_on, 2), lambda: _workshop(told, client, add_days(paid[-3].due_on, 2))))
    return events


def _workshop(told: _Told, client: Organisation, on: date) -> None:
    ours = told.ours
    with acting(ours, told.carla, on):
        issued = operation.issue_own(ours, client.id, "EUR", [WORKSHOP], _paper(client.slug, on))
    with acting(ours, told.carla, add_days(on, 12)):
        whole = invoice_by(ours, issued.id, fresh=True)
        if whole is not None:
            reason = "The workshop did not take place: the trainer was ill, and you wanted no other day."
            operation.credit(ours, issued.id, {line.id: line.amount_minor for line in whole.lines}, reason)


def _harbour(told: _Told, client: Organisation) -> list[Event]:
    row = told.sold_to(client)
    dues = dues_of(row)
    years = [dues[first : first + 12] for first in range(0, len(dues), 12)]

    def year(of_it: list[Due]) -> Callable[[], None]:
        return lambda: told.pay(told.issue(row, client.slug, of_it, of_it[0].due_on), add_days(of_it[0].due_on, 11))

    return [Event(of_it[0].due_on, year(of_it)) for of_it in years]
