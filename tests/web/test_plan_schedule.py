"""The schedule of a subscription says of each amount how it stands, to both sides alike, in as many questions."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.extensions import db
from app.operations import invoices, subscriptions
from app.operations.invoices import Paper
from app.queries.invoices import invoices_of
from app.queries.subscriptions import subscription_by
from tests.cast import Cast, sign_in
from tests.stage import on_stage
from tests.subscribed import sold_premier, starting, terms


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel("2026-11-05T09:00:00Z", tick=False):
        yield


@pytest.fixture
def sold(app: Flask, cast: Cast) -> int:
    return sold_premier(app, cast)


def invoiced(app: Flask, cast: Cast, sold: int, number: int, due_on: date = date(2026, 11, 20)) -> int:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscription_by(w, sold)
        assert row is not None
        return invoices.issue_dues(w, row, [f"instalment-{number}"], Paper(due_on=due_on)).id


def schedule(client: FlaskClient, url: str) -> dict[str, str]:
    """What each row of the schedule says, by what it is; without the reasons."""
    table = client.get(url).text.partition('aria-label="What is due when"')[2].partition("</table>")[0]
    table = re.sub(r"<details.*?</details>|<dialog.*?</dialog>", "", table, flags=re.DOTALL)
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(each))).strip() for each in table.split("<tr>")]
    return {found[0]: each for each in rows if (found := re.match(r"Instalment \d+ of 36|Together", each))}


def test_each_amount_is_told_with_its_tax_its_invoice_and_how_it_stands(
    app: Flask, client: FlaskClient, cast: Cast, sold: int
) -> None:
    paid, part, _open = (invoiced(app, cast, sold, number) for number in (1, 2, 5))
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.pay(w, paid, 33_056, date(2026, 11, 5))
        invoices.pay(w, part, 10_000, date(2026, 11, 5))
        credited = next(each for each in invoices_of(w) if each.id == _open)
        invoices.credit(w, _open, {credited.lines[0].id: 10_000}, "Began late")
    expected = {
        "Instalment 1 of 36": ("EUR 277.78", "EUR 330.56", "RE-2026-0001", "Paid"),
        "Instalment 2 of 36": ("RE-2026-0002", "Partly paid"),
        "Instalment 3 of 36": ("–", "Due, not invoiced"),
        "Instalment 4 of 36": ("–", "Not yet due"),
        "Instalment 5 of 36": ("RE-2026-0003", "EUR 100.00 not invoiced"),
        "Instalment 36 of 36": ("EUR 277.77", "EUR 330.55", "Not yet due"),
        "Together": ("EUR 9,999.99", "EUR 11,900.07"),
    }
    own, sellers = f"/o/{cast.organisation.slug}/plan", f"/o/{cast.elsewhere.slug}/subscriptions/{sold}"
    for member, url, page in (
        (cast.quality_manager, own, f"/o/{cast.organisation.slug}/plan/invoices/{paid}"),
        (cast.stranger, sellers, f"/o/{cast.elsewhere.slug}/invoices/{paid}"),
    ):
        said = schedule(sign_in(client, member), url)
        assert len(said) == 37
        for what, words in expected.items():
            assert all(each in said[what] for each in words), said[what]
        assert f'href="{page}"' in client.get(url).text
        assert "table-frame tall" not in client.get(url).text
        assert "Tax is rounded on each invoice" in client.get(url).text
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False):
        sign_in(client, cast.quality_manager)
        assert "Overdue" in schedule(client, own)["Instalment 2 of 36"]


def test_what_was_offered_or_is_kept_by_oneself_has_no_invoices(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.record_own(w, terms(), starting())
    said = schedule(sign_in(client, cast.quality_manager), f"/o/{cast.organisation.slug}/plan")
    assert said["Instalment 1 of 36"].endswith("EUR 277.78 EUR 330.56")


def test_the_questions_are_as_many_for_many_invoices(app: Flask, client: FlaskClient, cast: Cast, sold: int) -> None:
    def queries(url: str) -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert client.get(url).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    pages = (
        (cast.quality_manager, f"/o/{cast.organisation.slug}/plan"),
        (cast.stranger, f"/o/{cast.elsewhere.slug}/subscriptions/{sold}"),
    )
    counts = []
    for numbers in (range(1, 2), range(2, 9)):
        for number in numbers:
            key = invoiced(app, cast, sold, number)
            with on_stage(app, cast.elsewhere, cast.stranger) as w:
                invoices.pay(w, key, 10_000, date(2026, 11, 5))
                row = next(each for each in invoices_of(w) if each.id == key)
                invoices.credit(w, key, {row.lines[0].id: 1_000}, "Began late")
        for member, url in pages:
            sign_in(client, member)
            queries(url)
            counts.append(queries(url))
    assert counts[:2] == counts[2:]
