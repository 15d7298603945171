"""What was invoiced and is not owed after an end, an upgrade or a pause: told to both sides, credited by the seller."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.operations import invoices, subscriptions
from app.operations.invoices import Paper
from app.queries.invoices import left_to_invoice
from app.queries.subscriptions import subscription_by
from tests.cast import Cast, post, sign_in
from tests.provided import another_client
from tests.stage import on_stage
from tests.subscribed import agree, starting, terms

HEADING = "Invoiced, and not owed"
AFTER_END = "Invoiced 3 instalments after the end on 10 Sep 2026: EUR 833.34 without tax."


@pytest.fixture(autouse=True)
def _tenth_of_september() -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def invoiced(app: Flask, cast: Cast) -> tuple[int, int]:
    """Premier, with its first four instalments on one invoice: the subscription, and the invoice."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        sold = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, sold)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscription_by(w, sold)
        assert row is not None
        keys = [f"instalment-{number}" for number in (1, 2, 3, 4)]
        return sold, invoices.issue_dues(w, row, keys, Paper(due_on=date(2026, 9, 24))).id


def said(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.text)))


def pages(cast: Cast, sold: int) -> tuple[list[str], list[str]]:
    """Where it stands: at the seller, and at the client."""
    ours, theirs = f"/o/{cast.elsewhere.slug}", f"/o/{cast.organisation.slug}"
    return (
        [f"{ours}/subscriptions/{sold}", f"{ours}/invoices/statement?client={cast.organisation.slug}"],
        [f"{theirs}/plan", f"{theirs}/plan/{sold}", f"{theirs}/plan/invoices/statement"],
    )


def test_after_an_end_both_sides_read_it_and_the_seller_credits_just_that(
    app: Flask, client: FlaskClient, cast: Cast, invoiced: tuple[int, int]
) -> None:
    sold, key = invoiced
    ours, theirs = pages(cast, sold)
    seller, buyer = sign_in(client, cast.stranger), sign_in(app.test_client(), cast.quality_manager)
    for visitor, urls in ((seller, ours), (buyer, theirs)):
        assert all(HEADING not in said(visitor, each) for each in urls)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.end(w, sold, date(2026, 9, 10), "Closed down")
    for url in ours:
        page = said(seller, url)
        assert AFTER_END in page
        assert "Credit it" in page
    for url in theirs:
        page = said(buyer, url)
        assert AFTER_END in page
        assert "Credit it" not in page
    # The form asks for just that, with its reason.
    address = f"/o/{cast.elsewhere.slug}/invoices/{key}/credit"
    form = seller.get(f"{address}?of=not-owed").text
    lines = dict(re.findall(r'id="(line-\d+)"[^>]*value="([^"]*)"', form))
    assert list(lines.values()) == ["0.00", "277.78", "277.78", "277.78"]
    assert AFTER_END in unescape(form)
    shown = post(seller, address, {**lines, "reason": "Ended"})
    (stamp,) = re.findall(r'name="agreed"[^>]*value="([^"]+)"', shown.get_data(as_text=True))
    assert post(seller, address, {**lines, "reason": "Ended", "agreed": unescape(stamp)}).status_code == 303
    for visitor, urls in ((seller, ours), (buyer, theirs)):
        assert all(HEADING not in said(visitor, each) for each in urls)


def test_an_upgrade_ends_what_was_invoiced_ahead(
    app: Flask, client: FlaskClient, cast: Cast, invoiced: tuple[int, int]
) -> None:
    sold, _key = invoiced
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        start = starting(date(2026, 10, 31))
        other = subscriptions.offer(w, cast.organisation.id, terms(name="Larger"), start, replaces_id=sold).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, other)
    page = said(sign_in(client, cast.stranger), pages(cast, sold)[0][0])
    assert "Invoiced 2 instalments after the end on 30 Oct 2026: EUR 555.56 without tax." in page
    assert HEADING not in said(client, pages(cast, other)[0][0])


def test_what_a_pause_moved_can_be_invoiced_again_once_it_is_credited(
    app: Flask, client: FlaskClient, cast: Cast, invoiced: tuple[int, int]
) -> None:
    sold, key = invoiced
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.pause(w, sold, date(2026, 10, 31), 3, "The office moves")
    page = said(sign_in(client, cast.stranger), pages(cast, sold)[0][0])
    assert "Invoiced 2 instalments that a pause has moved, due on 31 Jan 2027 and not before" in page
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscription_by(w, sold)
        assert row is not None
        assert left_to_invoice(w, row)[0][0].key == "instalment-5"
    form = client.get(f"/o/{cast.elsewhere.slug}/invoices/{key}/credit?of=not-owed").text
    assert list(dict(re.findall(r'id="(line-\d+)"[^>]*value="([^"]*)"', form)).values()) == [
        "0.00", "0.00", "277.78", "277.78",
    ]  # fmt: skip


def test_another_organisation_reads_none_of_it(
    app: Flask, client: FlaskClient, cast: Cast, invoiced: tuple[int, int]
) -> None:
    sold, key = invoiced
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.end(w, sold, date(2026, 9, 10), "Closed down")
    cedar = another_client(app, cast)
    with on_stage(app, cedar, cast.asset_manager) as w:
        agree(w, cast.organisation, cast.asset_manager)
    visitor = sign_in(client, cast.asset_manager)
    for path in (f"/subscriptions/{sold}", f"/invoices/{key}/credit?of=not-owed"):
        assert visitor.get(f"/o/{cedar.slug}{path}").status_code in (403, 404)
    assert visitor.get(f"/o/{cast.elsewhere.slug}/subscriptions/{sold}").status_code == 404
