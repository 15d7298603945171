"""The list of clients says who owes what since when: in the same number of questions, and of one's own sales alone."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.domain.subscription.invoicing import Line
from app.extensions import db
from app.operations import invoices, organisations, subscriptions
from app.operations.invoices import Paper
from app.queries.client_accounts import Owed, client_accounts
from app.queries.invoices import invoices_of
from app.queries.subscriptions import sold_by, subscription_by
from app.work import work
from tests.cast import Cast, House, sign_in
from tests.provided import another_client
from tests.stage import on_stage
from tests.subscribed import agree, starting, terms

ISSUED, LATER = "2026-09-10T09:00:00Z", "2026-11-05T09:00:00Z"


@pytest.fixture(autouse=True)
def _tenth_of_september() -> Iterator[None]:
    with time_machine.travel(ISSUED, tick=False):
        yield


@pytest.fixture
def owing(app: Flask, cast: Cast) -> int:
    """A client that was invoiced three times: paid in part, credited, and in another currency; gives the subscription.

    By November the second and third instalments were due besides, and are not invoiced.
    """
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        sold = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, sold)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscription_by(w, sold)
        assert row is not None
        first = invoices.issue_dues(w, row, ["instalment-1"], Paper(due_on=date(2026, 9, 24)))
        invoices.pay(w, first.id, 30_056, date(2026, 9, 10))
        one = [Line("Training on site", 10_000, 1900)]
        gone = invoices.issue_own(w, cast.organisation.id, "EUR", one, Paper(due_on=date(2026, 9, 20))).id
        invoices.issue_own(w, cast.organisation.id, "NOK", one, Paper(due_on=date(2026, 10, 1)))
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        whole = next(each for each in invoices_of(w) if each.id == gone)
        invoices.credit(w, gone, {whole.lines[0].id: 10_000}, "It did not take place")
    return sold


def said(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.text)))


def test_what_is_overdue_and_what_is_to_be_invoiced_is_said_with_its_day(
    app: Flask, client: FlaskClient, cast: Cast, owing: int
) -> None:
    url = f"/o/{cast.elsewhere.slug}/clients"
    listed = said(sign_in(client, cast.stranger), url)
    assert "EUR 30.00 open, due 24 Sep 2026" in listed
    assert "NOK 119.00 open, due 1 Oct 2026" in listed
    assert cast.organisation.name in said(client, f"{url}?account=open")
    assert "No client is like that." in said(client, f"{url}?account=in-favour")
    assert cast.organisation.name not in said(client, f"{url}?account=overdue")
    assert "No client is like that." in said(client, f"{url}?account=settled")
    with time_machine.travel(LATER, tick=False):
        sign_in(client, cast.stranger)
        with on_stage(app, cast.elsewhere) as w:
            (account,) = client_accounts(w, sold_by(w)).values()
        assert account.overdue == (
            Owed("EUR", 3_000, date(2026, 9, 24), 1),
            Owed("NOK", 11_900, date(2026, 10, 1), 1),
        )
        assert account.to_invoice == (Owed("EUR", 55_556, date(2026, 9, 30), 2),)
        for address in (url, f"{url}/{cast.organisation.slug}", f"{url}?account=overdue", f"{url}?account=to-invoice"):
            page = said(client, address)
            assert "EUR 30.00 overdue: 1 invoice, due on 24 Sep 2026" in page
            assert "NOK 119.00 overdue: 1 invoice" in page
            assert "EUR 555.56 to invoice, due since 30 Sep 2026" in page
        assert "No client is like that." in said(client, f"{url}?account=settled")
        assert f"/o/{cast.elsewhere.slug}/invoices/statement?client={cast.organisation.slug}" in client.get(url).text
        # The other side sells nothing, and reads nothing of this.
        assert "No client with a live agreement" in said(
            sign_in(client, cast.provider_staff), f"/o/{cast.organisation.slug}/clients"
        )


def test_what_is_owed_to_a_client_is_said_and_settled_is_who_is_even(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    url = f"/o/{cast.elsewhere.slug}/clients"
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        made = invoices.issue_own(
            w, cast.organisation.id, "EUR", [Line("Advice", 20_000)], Paper(due_on=date(2026, 9, 24))
        )
        invoices.pay(w, made.id, 20_000, date(2026, 9, 10))
    listed = said(sign_in(client, cast.stranger), f"{url}?account=settled")
    assert cast.organisation.name in listed
    assert f"{cast.organisation.name} none of yours Settled" in listed
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        (row,) = invoices_of(w)
        invoices.credit(w, row.id, {row.lines[0].id: 20_000}, "It did not take place")
    for address in (url, f"{url}?account=in-favour", f"{url}/{cast.organisation.slug}"):
        page = said(client, address)
        assert "EUR 200.00 in favour of the client" in page
        assert "none of yours Settled" not in page
    assert "No client is like that." in said(client, f"{url}?account=settled")
    assert "EUR 200.00 is owed back." in said(client, f"/o/{cast.elsewhere.slug}/invoices")
    # What is open of one client is not set off against what is owed to another.
    cedar = another_client(app, cast)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cedar, cast.stranger)
        invoices.issue_own(w, cedar.id, "EUR", [Line("Advice", 31_568)], Paper(due_on=date(2026, 12, 11)))
    listed = said(client, f"/o/{cast.elsewhere.slug}/invoices")
    assert "EUR 315.68 is open, and besides EUR 200.00 is owed back." in listed
    assert "−EUR 200.00" in listed
    page = said(client, f"{url}?account=open")
    assert "EUR 315.68 open, due 11 Dec 2026" in page
    assert cast.organisation.name not in page.partition("Nonconformities")[2]


def test_a_client_owes_each_seller_its_own(app: Flask, cast: Cast, owing: int) -> None:
    with time_machine.travel(LATER, tick=False), on_stage(app, cast.organisation) as w:
        assert client_accounts(w, sold_by(w)) == {}


def test_the_questions_are_as_many_for_many_clients(app: Flask, client: FlaskClient, cast: Cast, owing: int) -> None:
    def queries() -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        said(client, f"/o/{cast.elsewhere.slug}/clients?account=overdue")
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    with time_machine.travel(LATER, tick=False):
        sign_in(client, cast.stranger)
        queries()
        few = queries()
    with app.app_context(), work(None, cast.stranger.id) as w:
        for number in range(4):
            house = organisations.found(w, name=f"Client {number}", country="DE", time_zone="Europe/Berlin")
            with w.within(cast.elsewhere.id) as ours:
                agree(ours, House(house.id, house.slug, house.name), cast.stranger)
                issued = invoices.issue_own(
                    ours, house.id, "EUR", [Line("Advice", 5_000)], Paper(due_on=date(2026, 9, 24))
                )
                invoices.pay(ours, issued.id, 1_000, date(2026, 9, 10))
    with time_machine.travel(LATER, tick=False):
        assert queries() == few
