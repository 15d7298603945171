"""The plan and the account as paper and workbook: the same words for both sides, and no more than is shared."""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.document import notes_on, say_cell, say_rows
from app.domain.subscription.agreement import USUAL, Share
from app.domain.subscription.plan import Allowance
from app.models.agreement import Agreement
from app.operations import invoices, subscriptions
from app.operations.invoices import Paper
from app.operations.subscriptions import AdditionDetails
from app.outputs.pdf import page_of
from app.queries.plan_page import last_valid_days
from app.queries.subscriptions import subscription_by, uses_of
from app.reports.plan import Seen, plan_on
from tests.cast import Cast, sign_in
from tests.certified import certified
from tests.provided import another_client
from tests.stage import on_stage, plan
from tests.subscribed import agree, starting, terms

USES, ENDS, DUES = "What is promised, and what is u", "When it ends", "What is due when, in EUR"
"""A sheet has a name of 31 signs at most."""


@pytest.fixture(autouse=True)
def _tenth_of_september() -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def sold(app: Flask, cast: Cast) -> int:
    """Premier with a pause ahead and a seat more; an internal audit planned; two instalments invoiced, one half
    paid."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger, USUAL)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        held = certified(w, date(2025, 9, 14))
        subscriptions.accept(w, row)
        subscriptions.add(w, row, AdditionDetails(what=Allowance.LMS_SEATS, quantity=1, starts_on=date(2026, 10, 31)))
        plan(w, held.id, date(2026, 10, 5), kind=AuditKind.INTERNAL)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.pause(w, row, date(2027, 8, 31), 2, "The office moves")
        bought = subscription_by(w, row)
        assert bought is not None
        issued = invoices.issue_dues(w, bought, ["instalment-1", "instalment-2"], Paper(due_on=date(2026, 9, 24)))
        invoices.pay(w, issued.id, 30_000, date(2026, 9, 10))
    return row


def sheets(client: FlaskClient, url: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}


def test_the_plan_is_told_with_what_is_used_left_due_invoiced_and_paid(
    client: FlaskClient, cast: Cast, sold: int
) -> None:
    reports = f"/o/{cast.organisation.slug}/reports"
    sign_in(client, cast.quality_manager)
    book = sheets(client, f"{reports}/plan/download/xlsx")
    facts = {row[0]: row[1] for row in book["What was subscribed to"]}
    assert facts["Plan"] == "Premier, SUB-001"
    assert facts["Sold by"] == cast.elsewhere.name
    assert facts["Last day"] == "30 Oct 2029"
    assert facts["Rests"] == "2 months from 31 Aug 2027: The office moves"
    assert facts["Bought besides"] == "1 × LMS seat from 31 Oct 2026"
    uses = {row[0]: row[1:7] for row in book[USES]}
    assert uses["Online internal audits"] == (6, 0, 0, 1, 5, 0)
    assert uses["Support sessions"] == ("as wanted", 0, 0, 0, "as wanted", 0)
    assert [(row[0], row[2].date()) for row in book[ENDS]] == [
        ("Plan SUB-001", date(2029, 10, 30)),
        ("C-27001-1", date(2028, 9, 13)),
    ]
    dues = book[DUES]
    assert sum(row[0].startswith("Instalment") for row in dues) == 36
    assert [(row[1].date(), *map(float, row[2:4]), *row[4:7]) for row in dues[:3]] == [
        (date(2026, 8, 31), 277.78, 330.56, 277.78, "RE-2026-0001", "Partly paid: EUR 300.00 of EUR 661.12 with tax"),
        (date(2026, 9, 30), 277.78, 330.56, 277.78, "RE-2026-0001", "Partly paid: EUR 300.00 of EUR 661.12 with tax"),
        (date(2026, 10, 31), 277.78, 330.56, None, None, "Not yet due"),
    ]
    # What is the same of every month is said once.
    assert sum("LMS seat" in row[1] for row in book["How it was counted"]) == 1
    about = dict(row[:2] for row in book["About"])
    assert about["How things stand"] == (
        "Premier, SUB-001: month 1 of 36, through 30 Oct 2029; EUR 277.78 of EUR 10,339.99 without tax was due, "
        "EUR 555.56 is invoiced."
    )
    assert client.get(f"{reports}/statement-of-account/download/pdf").data.startswith(b"%PDF")
    # The seat of each month makes it more than is printed while somebody waits.
    assert client.get(f"{reports}/plan/download/pdf").status_code == 303
    account = sheets(client, f"{reports}/statement-of-account/download/xlsx")["Account in EUR"]
    assert [(row[1], float(row[3])) for row in account] == [
        ("Invoice RE-2026-0001", 661.12),
        ("Payment of RE-2026-0001", 361.12),
    ]


def test_on_screen_and_paper_the_plan_has_a_column_for_what_was_bought_and_totals(
    client: FlaskClient, cast: Cast, sold: int
) -> None:
    sign_in(client, cast.quality_manager)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(f"/o/{cast.organisation.slug}/reports/plan").text))
    assert "Allowance Included Bought besides Used Planned Left Beyond the plan Audit-manager seats 2 0 " in page
    # The certificate has nearly two years left: there is nothing to order, and no column of dashes.
    assert "Order recertification by" not in page
    assert "Together 10,339.99 12,304.6" in page
    told = plan_paper(client.application, cast, sold)
    assert "Together" in told
    assert "Bought besides" in told


def plan_paper(app: Flask, cast: Cast, sold: int) -> str:
    """The words of the plan on paper, as its client prints it."""
    with on_stage(app, cast.organisation) as w:
        row = subscription_by(w, sold)
        assert row is not None
        document = plan_on(w, "Quentin", row, Seen(uses_of(w, row), last_valid_days(w)))
        said = {"say_cell": say_cell, "notes_on": notes_on, "say_rows": say_rows}
        return re.sub(r"<[^>]+>", " ", page_of("reports/_report.html", document=document, drawings=[], **said))


def test_who_may_not_see_the_plan_finds_neither_report(client: FlaskClient, cast: Cast, sold: int) -> None:
    sign_in(client, cast.auditor)
    listed = client.get(f"/o/{cast.organisation.slug}/reports/").text
    for name in ("plan", "statement-of-account"):
        assert f"/reports/{name}" not in listed
        assert client.get(f"/o/{cast.organisation.slug}/reports/{name}").status_code == 403
        assert client.get(f"/o/{cast.organisation.slug}/reports/{name}/download/pdf").status_code == 403


def test_the_seller_hands_out_the_same_with_what_the_client_shares(
    app: Flask, client: FlaskClient, cast: Cast, sold: int
) -> None:
    url = f"/o/{cast.elsewhere.slug}/subscriptions/{sold}"
    assert f"{url}/report/pdf" in sign_in(client, cast.stranger).get(url).text
    assert client.get(f"{url}/report/pdf").data.startswith(b"%PDF")
    assert client.get(f"{url}/report/docx").status_code == 404
    own = sheets(
        sign_in(app.test_client(), cast.quality_manager), f"/o/{cast.organisation.slug}/reports/plan/download/xlsx"
    )
    theirs = sheets(client, f"{url}/report/xlsx")
    assert {name: theirs[name] for name in (USES, ENDS, DUES)} == {name: own[name] for name in (USES, ENDS, DUES)}
    for share, sheet in ((Share.ALLOWANCES, USES), (Share.PROGRAMME, ENDS)):
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            (agreement,) = w.all(select(Agreement))
            agreement.shares = " ".join(each.value for each in USUAL - {share})
        left = sheets(client, f"{url}/report/xlsx")
        assert sheet not in left
        assert {USES, ENDS, DUES} - set(left) == {sheet}


def test_another_organisation_s_plan_is_not_handed_out(app: Flask, client: FlaskClient, cast: Cast, sold: int) -> None:
    cedar = another_client(app, cast)
    sign_in(client, cast.stranger)
    for house in (cast.organisation, cedar):
        assert client.get(f"/o/{house.slug}/subscriptions/{sold}/report/pdf").status_code == 404
    asked = f"/o/{cast.elsewhere.slug}/reports/plan?subscription={sold}"
    assert client.get(asked).status_code in (403, 404, 422)
    sign_in(client, cast.quality_manager)
    assert client.get(f"/o/{cast.organisation.slug}/subscriptions/{sold}/report/pdf").status_code == 403
    assert client.get(f"/o/{cast.organisation.slug}/reports/plan?subscription={sold + 9}").status_code == 422
    assert client.get(f"/o/{cast.organisation.slug}/reports/statement-of-account?seller=999").status_code == 422
