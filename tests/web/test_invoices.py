"""Invoices on screen: issued, credited, paid; never changed; numbers without gaps under fifty at once; two sellers."""

import csv
import io
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from app.domain.subscription.invoicing import Line
from app.models.invoice import Invoice, Payment
from app.models.outbox import OutboxMail
from app.operations import invoices
from app.operations.invoices import Paper
from app.queries.invoices import invoices_of, own_invoices
from tests.cast import Cast, House, cookie_of, post, sign_in
from tests.provided import another_client
from tests.stage import on_stage
from tests.subscribed import agree, sold_premier

AT_ONCE, LOOKING = 50, 10
PAPER = Paper(due_on=date(2026, 9, 24))


@pytest.fixture(autouse=True)
def _tenth_of_september() -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=True):
        yield


@pytest.fixture
def sold(app: Flask, cast: Cast) -> int:
    """The stranger's organisation sold Premier to the cast's, which accepted it."""
    return sold_premier(app, cast)


@pytest.fixture
def seller(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.stranger)


def url(house: House, path: str = "") -> str:
    return f"/o/{house.slug}/invoices{path}"


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def agreed(client: FlaskClient, address: str, form: dict[str, Any]) -> Any:
    """Look at what would be issued, and agree."""
    shown = post(client, address, form)
    assert shown.status_code == 422, text(shown)
    (stamp,) = re.findall(r'name="agreed"[^>]*value="([^"]+)"', shown.get_data(as_text=True))
    return shown, post(client, address, {**form, "agreed": unescape(stamp)})


def paid(client: FlaskClient, page: str, amount: str, key: str | None = None) -> Any:
    """Record a payment, as from a page that was opened for it; or sent again, by its key."""
    said = {"entry_key": key or str(uuid4()), "amount": amount, "received_on": "2026-09-10"}
    return post(client, f"{page}/pay", said)


def issued(app: Flask, cast: Cast, amount: int = 10_000, rate: int = 1900) -> int:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        return invoices.issue_own(w, cast.organisation.id, "EUR", [Line("Training on site", amount, rate)], PAPER).id


def test_an_instalment_is_invoiced_paid_in_part_credited_and_told_to_the_client(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient
) -> None:
    assert "EUR 277.78" in text(seller.get(url(cast.elsewhere, "/new")))
    address = url(cast.elsewhere, f"/new/{sold}")
    assert re.search(r'checked[^>]*value="instalment-1"', seller.get(address).text)
    form = {"dues": ["instalment-1"], "due_on": "2026-09-24", "sender": "1 Mill Lane", "note": "Thank you."}
    shown, answer = agreed(seller, address, form)
    assert "What would be issued: RE-2026-0001" in text(shown)
    assert "19 % of EUR 277.78, rounded once: EUR 52.78." in text(shown)
    assert answer.status_code == 303
    with on_stage(app, cast.elsewhere) as w:
        (row,) = invoices_of(w)
        assert (row.reference, row.net_minor, row.tax_minor) == ("RE-2026-0001", 27_778, 5_278)
    # The same amount is not invoiced twice.
    assert "were invoiced meanwhile" in text(post(seller, address, form))
    page = url(cast.elsewhere, f"/{row.id}")
    assert paid(seller, page, "330.57").status_code == 422
    assert paid(seller, page, "130.56").status_code == 303
    assert "EUR 130.56 was paid: EUR 200.00 is open." in text(seller.get(page))
    (line,) = row.lines
    credit = {f"line-{line.id}": "300", "reason": "Began late"}
    assert "EUR 277.78 is left to credit" in text(post(seller, f"{page}/credit", credit))
    shown, answer = agreed(seller, f"{page}/credit", {**credit, f"line-{line.id}": "277.78"})
    assert answer.status_code == 303
    said = text(seller.get(page))
    assert "EUR 130.56 is owed back." in said
    assert paid(seller, page, "130.56").status_code == 303
    assert "Standing" in said
    # What was credited can be invoiced again.
    assert "EUR 277.78" in text(seller.get(url(cast.elsewhere, "/new")))
    with on_stage(app, cast.elsewhere) as w:
        mine = w.all(select(Payment).order_by(Payment.id))
        assert [each.amount_minor for each in mine] == [13_056, -13_056]
    assert (
        post(seller, url(cast.elsewhere, f"/payments/{mine[1].id}/take-back"), {"reason": "Typed"}).status_code == 303
    )
    assert "taken back on 10 Sep 2026: Typed" in re.sub(r"<[^>]+>", "", text(seller.get(page)))
    account = re.sub(
        r"<[^>]+>", "", text(seller.get(url(cast.elsewhere, f"/statement?client={cast.organisation.slug}")))
    )
    for said in ("Invoice RE-2026-0001", "Credit note RE-2026-0002", "Payment of RE-2026-0001", "taken back"):
        assert said in account
    # The client: mail, pages, paper, journal.
    with on_stage(app, cast.organisation) as w:
        told = [each for each in w.all(select(OutboxMail)) if "RE-2026" in each.subject]
    assert {each.to_email for each in told} == {cast.administrator.email}
    assert any(f"/plan/invoices/{row.id}\n" in each.body for each in told)
    sign_in(seller, cast.administrator)
    own = f"/o/{cast.organisation.slug}/plan/invoices"
    assert "EUR 130.56 is owed back" in text(seller.get(own))
    assert seller.get(f"{own}/{row.id}").status_code == 200
    assert seller.get(f"{own}/{row.id}/pdf").data.startswith(b"%PDF")
    assert seller.get(f"{own}/statement?form=pdf").data.startswith(b"%PDF")
    assert seller.get(f"{own}/statement?form=xlsx").status_code == 200
    journal = text(seller.get(f"/o/{cast.organisation.slug}/journal/"))
    assert "RE-2026-0001" in journal
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


def test_what_was_issued_cannot_be_changed_by_anybody(app: Flask, cast: Cast, sold: int) -> None:
    key = issued(app, cast)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.pay(w, key, 100, date(2026, 9, 10))
    for statement in (
        "UPDATE invoice SET net_minor = 1",
        "DELETE FROM invoice",
        "UPDATE invoice_line SET amount_minor = 1",
        "DELETE FROM invoice_line",
        "DELETE FROM payment",
        "UPDATE payment SET amount_minor = 1",
        "INSERT INTO invoice_line (invoice_id, place, label, amount_minor, tax_rate, due_key, organisation_id) "
        "SELECT id, 2, 'More', 1, 0, '', organisation_id FROM invoice",
    ):
        with (
            pytest.raises(DBAPIError, match=r"issued|taken back"),
            app.app_context(),
            app.extensions["sqlalchemy"].engine.begin() as connection,
        ):
            connection.execute(sql(statement))
    with pytest.raises(DBAPIError), on_stage(app, cast.elsewhere, cast.stranger) as w:
        (row,) = invoices_of(w)
        row.note = "Changed"
        w.flush()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"lines-0-label": ""}, "Say what each line is for."),
        ({"lines-0-amount": ""}, "Give the amount of"),
        ({"lines-0-amount": "-1"}, "A line is not negative"),
        ({"lines-0-amount": "1.234"}, "EUR has 2 decimals"),
        ({"lines-0-tax_rate": "x"}, "is no rate"),
        ({"lines-0-label": "", "lines-0-amount": ""}, "at least one line"),
        ({"currency": "E"}, "three letters"),
        ({"due_on": "2026-09-09"}, "Not before it is issued"),
    ],
)
def test_what_cannot_be_issued_is_told(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient, changes: dict[str, str], says: str
) -> None:
    form = {"lines-0-label": "=1+1", "lines-0-amount": "10", "lines-0-tax_rate": "19", "currency": "EUR"}
    address = url(cast.elsewhere, f"/new/own?client={cast.organisation.slug}")
    answer = post(seller, address, {**form, "due_on": "2026-09-24", **changes})
    assert answer.status_code == 422
    assert says in text(answer)
    with on_stage(app, cast.elsewhere) as w:
        assert invoices_of(w) == []


def test_the_list_narrows_says_what_is_overdue_and_is_handed_to_the_accountant(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient
) -> None:
    form = {"lines-0-label": "=1+1", "lines-0-amount": "10", "lines-0-tax_rate": "19", "currency": "EUR"}
    address = url(cast.elsewhere, f"/new/own?client={cast.organisation.slug}")
    assert agreed(seller, address, {**form, "due_on": "2026-09-24"})[1].status_code == 303
    second = issued(app, cast)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.pay(w, second, 11_900, date(2026, 9, 10))
    with time_machine.travel("2026-10-01T09:00:00Z"):
        sign_in(seller, cast.stranger)
        page = text(seller.get(url(cast.elsewhere, "?standing=overdue")))
        assert "EUR 11.90 is open, EUR 11.90 of it overdue." in page
        assert "RE-2026-0001" in page
        assert "RE-2026-0002" not in page
        lines = text(seller.get(url(cast.elsewhere, "/export/csv?standing=paid"))).splitlines()
        assert lines[1].split(",")[6:] == ["EUR", "19", "100.00", "19.00", "119.00", "0.00", "Paid"]
        assert seller.get(url(cast.elsewhere, "/export/xlsx")).status_code == 200
        assert seller.get(url(cast.elsewhere, f"/{second}/pdf")).data.startswith(b"%PDF")


def test_the_columns_of_the_accountant_sum_up(app: Flask, cast: Cast, sold: int, seller: FlaskClient) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        lines = [Line("=1+1", 10_000, 1900), Line("A book", 5_000, 700)]
        made = invoices.issue_own(w, cast.organisation.id, "EUR", lines, PAPER)
        invoices.pay(w, made.id, 11_000, date(2026, 9, 10))
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        (row,) = invoices_of(w)
        invoices.credit(w, row.id, {row.lines[1].id: 5_000}, "Out of print")
    exported = list(csv.DictReader(io.StringIO(text(seller.get(url(cast.elsewhere, "/export/csv"))))))
    assert [(each["Without tax"], each["Tax"], each["With tax"]) for each in exported] == [
        ("-50.00", "-3.50", "-53.50"),
        ("50.00", "3.50", "53.50"),
        ("100.00", "19.00", "119.00"),
    ]
    assert [each["Open of the invoice"] for each in exported] == ["", "9.00", ""]
    answer = seller.get(url(cast.elsewhere, "/export/xlsx"))
    book = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [sum(row[column] or 0 for row in book) for column in (8, 9, 10, 11)] == [100, 19, 119, 9]


def test_a_statement_of_a_period_opens_and_closes_with_what_is_owed_then(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient
) -> None:
    first = issued(app, cast)
    with time_machine.travel("2026-10-05T09:00:00Z"), on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.pay(w, first, 11_900, date(2026, 10, 5))
        invoices.issue_own(w, cast.organisation.id, "EUR", [Line("=1+1", 5_000)], Paper(due_on=date(2026, 10, 20)))
    with time_machine.travel("2026-11-05T09:00:00Z"):
        paths = (
            (cast.stranger, url(cast.elsewhere, f"/statement?client={cast.organisation.slug}")),
            (cast.administrator, f"/o/{cast.organisation.slug}/plan/invoices/statement?"),
        )
        for member, path in paths:
            sign_in(seller, member)
            page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(seller.get(f"{path}&since=2026-10-01"))))
            assert "1 Oct 2026 Opening balance – EUR 119.00" in page
            assert "Payment of RE-2026-0001 −EUR 119.00 EUR 0.00" in page
            assert "Closing balance EUR 50.00" in page
            page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(seller.get(f"{path}&until=2026-09-30"))))
            assert "Opening balance" not in page
            assert "Payment" not in page
            assert "Closing balance EUR 119.00" in page
            exported = text(seller.get(f"{path}&since=2026-10-01&form=csv")).removeprefix("\ufeff").splitlines()
            assert exported == [
                "Currency,Day,What,Amount,Owed after it",
                "EUR,2026-10-01,Opening balance,,119.00",
                "EUR,2026-10-05,Payment of RE-2026-0001,-119.00,0.00",
                "EUR,2026-10-05,Invoice RE-2026-0002,50.00,50.00",
            ]
            assert seller.get(f"{path}&since=2026-10-01&form=pdf").data.startswith(b"%PDF")
            assert seller.get(f"{path}&since=2026-10-01&form=docx").status_code == 404
            for asked, says in (
                ("since=2026-02-30", "There is no such day"),
                ("since=2026-10-02&until=2026-10-01", "Not before the first day."),
            ):
                answer = seller.get(f"{path}&{asked}&form=csv")
                assert answer.status_code == 422
                assert says in text(answer)


def test_two_sellers_count_apart_and_a_strangers_invoice_is_not_found(
    app: Flask, cast: Cast, sold: int, client: FlaskClient
) -> None:
    first = issued(app, cast)
    cedar = another_client(app, cast)
    with on_stage(app, cedar, cast.asset_manager) as w:
        agree(w, cast.organisation, cast.asset_manager)
        other = invoices.issue_own(w, cast.organisation.id, "EUR", [Line("Advice", 500, 0)], PAPER)
        assert other.reference == "RE-2026-0001"
        assert [each.id for each in invoices_of(w)] == [other.id]
        assert own_invoices(w) == []
    with on_stage(app, cast.organisation) as w:
        assert {each.id for each in own_invoices(w)} == {first, other.id}
    sign_in(client, cast.stranger)
    for path in ("", "/pdf", "/pay", "/credit"):
        assert client.get(url(cast.elsewhere, f"/{other.id}{path}")).status_code == 404
    assert client.get(f"/o/{cast.elsewhere.slug}/plan/invoices/{first}").status_code == 404
    sign_in(client, cast.quality_manager)
    assert client.get(f"/o/{cast.organisation.slug}/plan/invoices/{other.id}").status_code == 200
    assert client.get(f"/o/{cast.organisation.slug}/plan/invoices/{other.id + 9}").status_code == 404
    assert client.get(url(cast.organisation)).status_code == 403


def test_what_is_sent_twice_is_issued_paid_and_credited_once(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient
) -> None:
    own = url(cast.elsewhere, f"/new/own?client={cast.organisation.slug}")
    form = {"lines-0-label": "Advice", "lines-0-amount": "10", "currency": "EUR", "due_on": "2026-09-24"}

    def twice(address: str, said: dict[str, Any]) -> None:
        (stamp,) = re.findall(r'name="agreed"[^>]*value="([^"]+)"', post(seller, address, said).get_data(as_text=True))
        places = {post(seller, address, {**said, "agreed": unescape(stamp)}).location for _ in range(2)}
        assert len(places) == 1
        assert places != {None}

    twice(own, form)
    with on_stage(app, cast.elsewhere) as w:
        (row,) = invoices_of(w)
    page = url(cast.elsewhere, f"/{row.id}")
    assert [paid(seller, page, "4", key="k-1").status_code for _ in range(2)] == [303, 303]
    assert paid(seller, page, "5", key="k-1").status_code == 422
    twice(f"{page}/credit", {f"line-{row.lines[0].id}": "1", "reason": "Began late"})
    with on_stage(app, cast.elsewhere) as w:
        assert len(w.all(select(Payment))) == 1
        assert [each.is_credit for each in sorted(invoices_of(w), key=lambda each: each.id)] == [False, True]


class Unfollowed(HTTPRedirectHandler):
    """A success redirects; where to is nothing to this test."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def test_of_fifty_issued_at_once_the_numbers_have_no_gap(
    app: Flask, cast: Cast, sold: int, seller: FlaskClient, live_server: str
) -> None:
    """Ten look at their invoice only meanwhile: each takes a number and gives it back."""
    path = url(cast.elsewhere, f"/new/own?client={cast.organisation.slug}")
    form = {"lines-0-label": "Advice", "lines-0-amount": "10", "currency": "EUR", "due_on": "2026-09-24"}
    stamps = [
        re.findall(r'name="agreed"[^>]*value="([^"]+)"', post(seller, path, form).get_data(as_text=True))[0]
        for _ in range(AT_ONCE + LOOKING)
    ]
    cookie = cookie_of(app, cast.stranger)
    said = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    with urlopen(Request(live_server + path, headers=said), timeout=60) as answer:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    assert token is not None
    ready = threading.Barrier(AT_ONCE + LOOKING)

    def one(number: int) -> int:
        agreed_to = {"agreed": unescape(stamps[number])} if number % 6 else {}
        body = urlencode({**form, **agreed_to, "csrf_token": token[1]}).encode()
        ready.wait(timeout=30)
        try:
            with build_opener(Unfollowed).open(Request(live_server + path, body, said), timeout=300) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            return refusal.code

    with ThreadPoolExecutor(AT_ONCE + LOOKING) as threads:
        codes = list(threads.map(one, range(AT_ONCE + LOOKING)))
    assert (codes.count(303), codes.count(422)) == (AT_ONCE, LOOKING), codes
    with on_stage(app, cast.elsewhere) as w:
        serials = w.all(select(Invoice.serial).order_by(Invoice.serial))
    assert serials == list(range(1, AT_ONCE + 1))
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0
