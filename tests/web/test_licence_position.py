"""The licence position on screen: every pool on any day, and from one number to the rows, the asset and the proof."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.itam.change import Authorisation
from app.domain.itam.usage import UsageMetric
from app.domain.licensing.entitlement import Term, TermAnswer
from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.capacity import UsageRecord
from app.models.licence import EntitlementTerm, LicenceSeat
from app.models.software import Installation
from app.queries.software import product_by_id
from tests.bought import bought, employee, pool
from tests.cast import Cast, sign_in
from tests.certified import NOON
from tests.inventory import asset, installation, product
from tests.stage import on_stage, site


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/licences"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def stock(app: Flask, cast: Cast) -> dict[str, int]:
    """Visio: three devices against two bought; Teams: a seat against three; an editor in no pool."""
    with on_stage(app, cast.organisation) as w:
        visio, teams, editor = (product(w, *names) for names in (("Visio", "M"), ("Teams", "T"), ("Editor", "E")))
        munich = site(w, "Munich")
        here = pool(w, "LP-001", Metric.DEVICE, visio, name="Visio everywhere")
        seats = pool(w, "LP-002", Metric.NAMED_USER, teams, name="=Teams", currency="USD", site_id=munich.id)
        anna = employee(w, "Anna Berg", site_id=munich.id)
        laptop = asset(w, "HW-1", custodian_id=anna.id)
        installation(w, laptop, visio, last_used_on=date(2026, 5, 30))
        for tag in ("HW-2", "HW-3"):
            installation(w, asset(w, tag), visio, authorisation=Authorisation.ACCEPTED)
        installation(w, laptop, editor)
        first = bought(w, here, 2, "EN-001", proof="PROOF-7", renewal_notice_by=date(2026, 7, 1))
        w.add(EntitlementTerm(entitlement_id=first.id, term=Term.SECOND_USE, answer=TermAnswer.NO))
        only = {"answer": TermAnswer.YES, "site_ids": [munich.id]}
        w.add(EntitlementTerm(entitlement_id=first.id, term=Term.ALLOWED_SITES, **only))
        bought(w, here, 2, "EN-002", starts_on=date(2026, 9, 1))
        bought(w, seats, 3, "EN-003")
        w.add(LicenceSeat(pool_id=seats.id, employee_id=anna.id, starts_on=date(2026, 1, 1)))
        return {"laptop": laptop.id, "visio": visio.id, "anna": anna.id, "publisher": visio.publisher_id}


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def words(answer: Any) -> str:
    return " ".join(text(answer).split())


def test_every_pool_on_any_day(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    page = words(manager.get(f"{url}/position"))
    assert "2 pools on 1 Jun 2026; <strong>1 is short</strong>. What is missing and has a price would cost" in page
    assert "Short of 1: 3 devices against 2 entitled." in page
    assert "1 installed product needs a licence and is in no pool" in page
    assert "Last day for a notice on its renewal" in page
    later = words(manager.get(f"{url}/position?on=2026-09-01"))
    assert "none is short" in later
    assert "1 to spare: 3 devices against 4 entitled." in later
    assert f"{url}/position/LP-001?on=2026-09-01" in later
    before = words(manager.get(f"{url}/position?on=2020-01-01"))
    assert "In balance: 0 devices, as many as entitled." in before


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("q=visio", ["LP-001"]),
        ("metric=named-user", ["LP-002"]),
        ("site=Munich", ["LP-002"]),
        ("site=all-sites", ["LP-001"]),
        ("standing=short", ["LP-001"]),
        ("standing=surplus", ["LP-002"]),
        ("standing=balanced", []),
        ("order=demand&direction=down", ["LP-001", "LP-002"]),
        ("order=cost", ["LP-001", "LP-002"]),
        ("order=surplus&direction=down", ["LP-002", "LP-001"]),
        ("order=nonsense&metric=nonsense&publisher=x", ["LP-002", "LP-001"]),
    ],
)
def test_what_is_filtered_is_exported(
    manager: FlaskClient, url: str, stock: dict[str, int], asked: str, first: list[str]
) -> None:
    page = text(manager.get(f"{url}/position?{asked}"))
    assert [each for each in ("LP-001", "LP-002") if f'/position/{each}"' in page] == sorted(first)
    sheet = text(manager.get(f"{url}/position/export/csv?{asked}")).splitlines()
    assert [row.split(",")[0] for row in sheet[1:]] == first
    assert manager.get(f"{url}/position/export/xlsx?{asked}").status_code == 200
    assert "'=Teams" in text(manager.get(f"{url}/position/export/csv"))


def test_a_day_that_is_none_is_refused_at_its_field(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    for where in ("position", "position/LP-001", "terms"):
        answer = manager.get(f"{url}/{where}?on=2026-02-30")
        assert answer.status_code == 422
        assert "“2026-02-30” is no day of the calendar" in text(answer)
        assert 'value="2026-02-30"' in text(answer)
    for where in ("position/export/csv", "position/LP-001/export/csv"):
        answer = manager.get(f"{url}/{where}?on=soon")
        assert answer.status_code == 422
        assert "No file was made" in text(answer)
    for day in ("0001-01-01", "9999-12-31"):
        for where in ("position", "position/LP-001", "position/LP-001?rows=unused", "terms"):
            joined = f"{url}/{where}{'&' if '?' in where else '?'}on={day}"
            assert manager.get(joined).status_code == 200, joined


def test_from_a_number_to_the_installation_the_asset_its_owner_and_the_proof(
    manager: FlaskClient, url: str, stock: dict[str, int], cast: Cast
) -> None:
    page = text(manager.get(f"{url}/position/LP-001"))
    home = f"/o/{cast.organisation.slug}"
    for way in (
        f"{home}/assets/{stock['laptop']}",
        f"{home}/employees/{stock['anna']}",
    ):
        assert f'href="{way}"' in page
        assert manager.get(way).status_code == 200
    installed = re.findall(rf'href="({home}/software/installations/\d+)"', page)
    assert any("HW-1" in text(manager.get(way)) for way in installed)
    assert "3 needed less 2 covered." in page
    assert "1 bare" in page
    assert "Unauthorised" in page
    assert "EN-001 covers 2." in page
    entitled = words(manager.get(f"{url}/position/LP-001?rows=entitled"))
    assert "PROOF-7" in entitled
    assert "It counts from 1 Sep 2026 on." in entitled
    assert "Not kept" in entitled
    seats = text(manager.get(f"{url}/position/LP-002"))
    assert f'href="{home}/employees/{stock["anna"]}"' in seats


def test_each_number_opens_the_rows_that_add_up_to_it(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, stock: dict[str, int]
) -> None:
    with on_stage(app, cast.organisation) as w:
        cloud = product(w, "Cloud", "C")
        here = pool(w, "LP-003", Metric.CONSUMPTION, cloud)
        bought(w, here, 100, "EN-010", ends_on=date(2025, 12, 31))
        bought(w, here, 50, "EN-011", starts_on=date(2026, 1, 1))
        for value, month in (("80.5", date(2025, 3, 1)), ("70.25", date(2026, 3, 1))):
            said = {"metric": UsageMetric.UNITS_CONSUMED, "starts_on": month, "ends_on": month}
            w.add(UsageRecord(product_id=cloud.id, value=Decimal(value), **said))
    for reference in ("LP-001", "LP-002", "LP-003"):
        page = text(manager.get(f"{url}/position/{reference}"))
        facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
        said = {
            label: (way, number)
            for label, way, number in re.findall(
                r"<dt>([\w-]+)</dt><dd>\s*<a href=\"([^\"]+)\">(?:<span[^>]*>.*?</i>)?\s*([\d,]+)", facts, re.S
            )
        }
        assert set(said) == {"Entitled", "Demand", "Covered", "Shortfall", "Surplus"}, facts
        for label, column in (("Demand", 4), ("Covered", 5), ("Shortfall", 7), ("Entitled", 7), ("Surplus", 9)):
            way, number = said[label]
            assert manager.get(way).status_code == 200
            before, _, asked = way.partition("?")
            sheet = csv.reader(io.StringIO(text(manager.get(f"{before}/export/csv?{asked}"))[1:]))
            rows = list(sheet)[1:]
            assert sum(Decimal(row[column] or 0) for row in rows) == Decimal(number.replace(",", "")), (
                reference,
                label,
            )
    shown = words(manager.get(f"{url}/position/LP-003?rows=entitled"))
    assert "80.5 in its own term" in shown
    assert "EN-010 covered 80.5 in its own term; that needs no unit any more." in shown


def test_what_nobody_uses_and_what_that_would_save(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    page = words(manager.get(f"{url}/position/LP-001?rows=unused"))
    assert "Removing it from all 2 devices would free 2 devices and make the true-up" in page
    assert "1 needed, 0 short" in page
    assert "No use recorded" in page
    assert "On all these 2 devices nothing tells of a use: whether it is used there is not known." in page
    sheet = text(manager.get(f"{url}/position/LP-001/export/csv?rows=unused")).splitlines()
    assert [row.split(",")[0] for row in sheet[1:]] == ["HW-2", "HW-3"]
    all_of_them = words(manager.get(f"{url}/position/LP-001?rows=unused&days=1"))
    assert "from all 3 devices" in all_of_them
    assert manager.get(f"{url}/position/LP-001?rows=unused&days=-5").status_code == 200


def test_what_is_not_known_of_use_is_not_said(
    app: Flask, cast: Cast, manager: FlaskClient, url: str, stock: dict[str, int]
) -> None:
    """Nothing installed is nothing unused; where no use was ever recorded, nobody knows."""
    assert "Nothing of it is installed today, so nothing is unused." in words(
        manager.get(f"{url}/position/LP-002?rows=unused")
    )
    before = words(manager.get(f"{url}/position/LP-001?rows=unused&on=2019-12-31"))
    assert "Nothing of it is installed on that day, so nothing is unused." in before
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(Installation).where(Installation.product_id == stock["visio"]))
        for row in rows:
            row.last_used_on = date(2026, 5, 30)
    assert "All 3 devices that have it used it within 90 days." in words(
        manager.get(f"{url}/position/LP-001?rows=unused")
    )
    with on_stage(app, cast.organisation) as w:
        for row in w.all(select(Installation).where(Installation.product_id == stock["visio"])):
            row.last_used_on = None
    page = words(manager.get(f"{url}/position/LP-001?rows=unused"))
    assert "No use of it was ever recorded on any of the 3 devices that have it" in page
    assert "whether it is used is not known" in page
    assert "not used for" not in page.replace("Not used for so many days", "")


def test_the_position_over_the_months(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    page = words(manager.get(f"{url}/position/LP-001?rows=months"))
    assert '<svg class="stand stand-wide"' in page
    assert f"{url}/position/LP-001?on=2026-08-31" in page
    sheet = text(manager.get(f"{url}/position/LP-001/export/csv?rows=months")).splitlines()
    told = {row.split(",")[0]: row.split(",")[1:6] for row in sheet[1:]}
    assert told["2025-12-31"] == ["2", "0", "0", "0", "2"]
    assert told["2026-08-31"] == ["2", "3", "2", "1", "0"]
    assert told["2026-09-01"] == ["4", "3", "3", "0", "1"]
    for day in ("0001-01-01", "9999-12-31"):
        assert manager.get(f"{url}/position/LP-001?rows=months&on={day}").status_code == 200


def test_the_rows_as_files_add_up(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    rows = [row.split(",") for row in text(manager.get(f"{url}/position/LP-001/export/csv")).splitlines()[1:]]
    assert sum(int(row[4]) for row in rows) == 3
    assert sum(int(row[5]) for row in rows) == 2
    assert sum(int(row[7]) for row in rows) == 1
    for face in ("demand", "entitled", "unused"):
        assert manager.get(f"{url}/position/LP-001/export/xlsx?rows={face}").status_code == 200
        assert manager.get(f"{url}/position/LP-002/export/csv?rows={face}").status_code == 200


def test_terms_that_are_not_kept_come_first(manager: FlaskClient, url: str, stock: dict[str, int]) -> None:
    page = words(manager.get(f"{url}/terms"))
    assert "2 terms on 1 Jun 2026: <strong>1 not kept</strong>" in page
    assert "It is used at sites that the contract does not allow: no recorded site (3)." in page
    assert '<ul class="pairs"><li>Munich</li></ul>' in page


def test_without_any_pool_the_page_says_what_it_is_for(manager: FlaskClient, url: str) -> None:
    assert "No pool of licences yet" in text(manager.get(f"{url}/position"))
    assert "No terms are recorded" in text(manager.get(f"{url}/terms"))


def test_who_may_see_it(client: FlaskClient, cast: Cast, url: str, stock: dict[str, int]) -> None:
    pages = ("position", "position/LP-001", "position/export/csv", "position/LP-001/export/csv", "terms")
    assert client.get(f"{url}/position").status_code == 303
    sign_in(client, cast.stranger)
    assert {client.get(f"{url}/{page}").status_code for page in pages} == {404}
    sign_in(client, cast.auditor)
    assert {client.get(f"{url}/{page}").status_code for page in pages} == {200}
    sign_in(client, cast.staff)
    assert 200 not in {client.get(f"{url}/{page}").status_code for page in pages}


def test_a_pool_of_another_organisation_is_not_there(
    client: FlaskClient, app: Flask, cast: Cast, url: str, stock: dict[str, int]
) -> None:
    with on_stage(app, cast.elsewhere) as w:
        pool(w, "LP-900", Metric.DEVICE, product(w))
    sign_in(client, cast.asset_manager)
    assert client.get(f"{url}/position/LP-900").status_code == 404
    assert client.get(f"{url}/position/LP-900/export/csv").status_code == 404
    assert client.get(f"{url}/position/LP-001/export/pdf").status_code == 404


def test_as_many_queries_for_many_rows_as_for_few(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, stock: dict[str, int]
) -> None:
    pages = ("position", "position/LP-001", "position/LP-001?rows=unused", "position/LP-001?rows=entitled")
    for page in pages:
        manager.get(f"{url}/{page}")
    before = [_count(manager, f"{url}/{page}") for page in pages]
    with on_stage(app, cast.organisation) as w:
        again = product(w, "Again", "Again")
        for n in range(60):
            pool(w, f"LP-1{n:02}", Metric.DEVICE, again)
            on = asset(w, f"HW-9{n:02}")
            w.session.flush()
            installation(w, on, product_by_id(w, stock["visio"]))
    assert [_count(manager, f"{url}/{page}") for page in pages] == before
    assert "page 1 of 2" in text(manager.get(f"{url}/position"))
    assert "page 2 of 2" in text(manager.get(f"{url}/position/LP-001?page=99"))


def _count(client: FlaskClient, url: str) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)
