"""What the tests of plans play on: a provider, the agreement with it, and terms that are easy to count by hand."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share, Standing
from app.domain.subscription.plan import Allowances
from app.models.agreement import Agreement
from app.models.person import Person
from app.operations import organisations, subscriptions
from app.operations.plans import TermsDetails
from app.operations.subscriptions import StartDetails
from app.work import Work, work
from tests.cast import Cast, House, Member, organisation_row, post
from tests.stage import on_stage

PREMIER = Allowances(2, 2, 1, 2, 6, 90, None)
STARTS_ON = date(2026, 8, 31)


def terms(**changes: Any) -> TermsDetails:
    """Premier for EUR 9,999.99, with seats at EUR 30.00 and EUR 10.00 a month."""
    said: dict[str, Any] = {
        "name": "Premier",
        "months": 36,
        "price_minor": 999_999,
        "currency": "EUR",
        "tax_rate": 1900,
        "allowances": PREMIER,
        "audit_manager_seat_minor": 3000,
        "lms_seat_minor": 1000,
    }
    return TermsDetails(**{**said, **changes})


def starting(on: date = STARTS_ON, **changes: Any) -> StartDetails:
    """From the last of August, with nothing down."""
    return StartDetails(starts_on=on, **changes)


def agree(w: Work, client: House, by: Member, shares: frozenset[Share] = USUAL) -> Agreement:
    """A live agreement of the organisation of this work, the provider, with a client."""
    return w.add(
        Agreement(
            addressed_to=client.slug,
            client_id=client.id,
            standing=Standing.LIVE,
            shares=" ".join(each.value for each in Share if each in shares),
            proposed_by_id=by.id,
            proposed_at=w.now,
            answered_by_id=by.id,
            answered_at=w.now,
        )
    )


def sold_premier(app: Flask, cast: Cast) -> int:
    """Premier, which the stranger's organisation sold to the cast's; its id."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, row)
    return row


def joins(app: Flask, house: House, who: Member, *roles: Role) -> None:
    """Somebody becomes a member of a further organisation."""
    with app.app_context(), work(house.id, who.id) as w:
        person = w.session.scalars(select(Person).where(Person.id == who.id)).one()
        organisations.join(w, organisation_row(w, house), person, frozenset(roles))


def seen(page: str) -> str:
    """What a page that shows an act first sends along once just that is agreed to."""
    return page.partition('name="agreed"')[2].partition('value="')[2].partition('"')[0]


def accepted(client: FlaskClient, address: str) -> Any:
    """Accept an offer on its page: see what it brings, and then do it."""
    # The first page sends its field along empty: that is no consent yet.
    shown = post(client, address, {"agreed": ""})
    assert (shown.status_code, "What this does" in shown.text) == (422, True)
    return post(client, address, {"agreed": seen(shown.text)})
