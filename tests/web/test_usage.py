"""Use by period on screen: listed, drawn, recorded, corrected and taken away; bad input is refused at its field."""

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

from app.domain.itam.batch import BatchKind
from app.domain.itam.usage import UsageMetric
from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.capacity import UsageRecord
from app.models.import_batch import ImportBatch
from app.models.journal import JournalEntry
from app.models.software import Product
from app.operations import products
from app.operations.products import ProductDetails
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.inventory import asset
from tests.licensed import catalogued, pooled
from tests.stage import on_stage

PEAK = UsageMetric.PEAK_SESSIONS


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/licences/usage"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def product(app: Flask, cast: Cast) -> int:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        asset(w, "HW-1")
        return products.create(w, ProductDetails(publisher="Cadmium", name="CadForge")).id


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def typed(product: int, **more: str) -> dict[str, str]:
    return {
        "product": str(product), "metric": "peak-sessions", "value": "7", "unit": "sessions",
        "starts_on": "2026-04-01", "ends_on": "2026-04-30", "asset": "", "source": "Licence server", **more,
    }  # fmt: skip


def rows_of(app: Flask, cast: Cast) -> list[UsageRecord]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(UsageRecord).order_by(UsageRecord.id))


def test_a_use_is_recorded_corrected_and_taken_away_and_the_journal_has_it(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    assert "No use is recorded yet" in text(manager.get(url))
    assert post(manager, f"{url}/new", typed(product)).location == f"{url}?product={product}"
    row = rows_of(app, cast)[0]
    assert (row.value, row.asset_id, row.ends_on) == (Decimal(7), None, date(2026, 4, 30))
    page = text(manager.get(f"{url}?product={product}"))
    assert "Peak sessions, CadForge" in page
    assert "<rect" in page
    assert "All of them" in page
    corrected = typed(product, value="9", asset="HW-1")
    assert post(manager, f"{url}/{row.id}/edit", corrected).status_code == 303
    assert rows_of(app, cast)[0].value == Decimal(9)
    assert "HW-1" in text(manager.get(url))
    without = post(manager, f"{url}/{row.id}/remove", {"reason": " "})
    assert without.status_code == 422
    assert post(manager, f"{url}/{row.id}/remove", {"reason": "Counted twice."}).status_code == 303
    assert rows_of(app, cast) == []
    with on_stage(app, cast.organisation) as w:
        entries = w.all(select(JournalEntry).where(JournalEntry.noun == "usage_record").order_by(JournalEntry.id))
        assert len(entries) == 3
        assert entries[-1].reason == "Counted twice."


def test_each_unit_is_drawn_by_itself_with_its_numbers_and_in_its_words(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    consumed = {"metric": UsageMetric.UNITS_CONSUMED, "starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30)}
    with on_stage(app, cast.organisation) as w:
        for unit, source, value in (("messages", "A", "1200.5"), ("messages", "B", "300"), ("<calls>", "A", "7")):
            w.add(UsageRecord(product_id=product, unit=unit, source=source, value=Decimal(value), **consumed))
        for month, value in ((3, 5), (4, 9)):
            for source in ("A", "B"):
                said = {"starts_on": date(2026, month, 1), "ends_on": date(2026, month, 28), "source": source}
                w.add(UsageRecord(product_id=product, metric=PEAK, value=Decimal(value), **said))
        last = {"metric": UsageMetric.LAST_USED, "starts_on": date(2026, 5, 1), "ends_on": date(2026, 5, 1)}
        w.add(UsageRecord(product_id=product, value=Decimal(0), **last))
    page = text(manager.get(f"{url}?product={product}"))
    charts = re.findall(
        r'<h2 id="chart-\d">(.*?), CadForge .*?</h2>.*?<div class="bars"(.*?)</div>.*?<tbody>(.*?)</tbody>', page, re.S
    )
    told = {title: re.findall(r'<td class="number">(.*?)</td>', table) for title, _, table in charts}
    assert told == {
        "Peak sessions, no unit said": ["5", "9"],
        "Units consumed in <calls>": ["7"],
        "Units consumed in messages": ["1,500.5"],
    }
    for _, drawing, table in charts:
        assert re.findall(r'class="bars-number"[^>]*>(.*?)<', drawing) == re.findall(
            r'<td class="number">(.*?)<', table
        )
        assert re.findall(r'class="bars-period"[^>]*>(.*?)<', drawing) == re.findall(r'<th scope="row">(.*?)<', table)
    assert "Peaks" not in page
    one = text(manager.get(f"{url}?product={product}&metric=units-consumed&source=B"))
    assert re.findall(r'class="bars-number"[^>]*>(.*?)<', one) == ["300"]
    assert '<div class="bars' not in text(manager.get(f"{url}?product={product}&metric=last-used"))


def test_what_cannot_have_been_measured_is_refused_at_its_field(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    post(manager, f"{url}/new", typed(product))
    for wrong, says in (
        ({"value": "7.5"}, "there is no part of one"),
        ({"value": "-1"}, "A value is 0 or more"),
        ({"value": "NaN"}, "A value is 0 or more"),
        ({"value": "many"}, "That is no number"),
        ({"value": ""}, "Give the value that was measured"),
        ({"metric": "units-consumed", "value": "1.23456"}, "four decimals at most"),
        ({"metric": "units-consumed", "value": "100000000000000"}, "Record it in a larger unit"),
        ({"metric": "units-consumed", "value": "100000000000.5"}, "fifteen digits are kept in all"),
        ({"unit": ""}, "in this period from this source, in sessions"),
        ({"metric": "last-used", "value": "3"}, "leave the value empty"),
        ({"ends_on": "2026-03-31"}, "would end before its start on 1 Apr 2026"),
        ({"ends_on": "2026-06-02"}, "2 Jun 2026 is still to come"),
        ({"starts_on": "2026-02-30"}, "There is no such day"),
        ({"asset": "XX-9"}, "The register has no asset XX-9"),
        ({"product": "999999"}, "Choose a product from the list"),
        ({}, "There is a record of this use in this period"),
    ):
        answer = post(manager, f"{url}/new", {**typed(product), **wrong})
        assert answer.status_code == 422, wrong
        assert says in text(answer), wrong
        assert 'value="Licence server"' in text(answer), wrong
    assert len(rows_of(app, cast)) == 1


@pytest.mark.parametrize("value", ["12345678901.2345", "99999999999.9999", "99999999999999", "12345678901234"])
def test_fifteen_digits_are_kept_to_the_last(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int, value: str
) -> None:
    assert post(manager, f"{url}/new", typed(product, metric="units-consumed", value=value)).status_code == 303
    assert rows_of(app, cast)[0].value == Decimal(value)
    assert f'value="{value}"' in text(manager.get(f"{url}/{rows_of(app, cast)[0].id}/edit"))


def test_of_two_who_correct_one_record_the_second_sees_both_versions(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    post(manager, f"{url}/new", typed(product))
    row = rows_of(app, cast)[0]
    page = text(manager.get(f"{url}/{row.id}/edit"))
    stamp = page.partition('name="stamp"')[2].partition('value="')[2].partition('"')[0]
    assert post(manager, f"{url}/{row.id}/edit", typed(product, value="8", stamp=stamp)).status_code == 303
    second = post(manager, f"{url}/{row.id}/edit", typed(product, value="9", stamp=stamp))
    assert second.status_code == 422
    assert "Both versions" in text(second)
    assert rows_of(app, cast)[0].value == Decimal(8)


def test_the_list_is_filtered_sorted_and_exported_as_it_stands(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    with on_stage(app, cast.organisation) as w:
        batch = w.add(
            ImportBatch(kind=BatchKind.USAGE, source="Server", file_name="use.csv", sha256="0" * 64, imported_at=w.now)
        )
        for month, value in ((3, 5), (4, 6), (5, 4)):
            w.add(
                UsageRecord(
                    product_id=product, metric=PEAK, unit="sessions", value=Decimal(value),
                    starts_on=date(2026, month, 1), ends_on=date(2026, month, 28), source="Server",
                    batch_id=batch.id if month == 3 else None,
                )
            )  # fmt: skip
        batch_id = batch.id
    listed = list(csv.DictReader(io.StringIO(manager.get(f"{url}/export/csv?order=value&direction=up").text[1:])))
    assert [each["Value"] for each in listed] == ["4", "5", "6"]
    assert [each["Imported from"] for each in listed] == ["", "use.csv", ""]
    for asked, count in (
        ("from=2026-04-28", 2), ("until=2026-03-31", 1), ("metric=units-consumed", 0), ("q=cadmium+server", 3),
        ("source=Server", 3), ("asset=HW-1", 0), (f"batch={batch_id}", 1), (f"product={product}&from=bad", 3),
    ):  # fmt: skip
        found = list(csv.DictReader(io.StringIO(manager.get(f"{url}/export/csv?{asked}").text[1:])))
        assert len(found) == count, asked
        assert manager.get(f"{url}?{asked}").status_code == 200
    assert f"batch={batch_id}" in text(manager.get(url))
    assert manager.get(f"{url}/export/xlsx").status_code == 200


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    counts = []
    for many in (1, 70):
        with on_stage(app, cast.organisation) as w:
            for number in range(many):
                w.add(
                    UsageRecord(
                        product_id=product, metric=PEAK, value=Decimal(number), starts_on=date(2025, 1, 1),
                        ends_on=date(2025, 1, 31), source=f"{many}-{number}",
                    )
                )  # fmt: skip
        manager.get(url)
        asked: list[str] = []

        def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = asked) -> None:
            into.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert manager.get(f"{url}?product={product}").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_others_see_it_or_are_refused_and_another_organisation_has_nothing_here(
    client: FlaskClient, app: Flask, cast: Cast, url: str, product: int
) -> None:
    with on_stage(app, cast.elsewhere) as w:
        theirs = products.create(w, ProductDetails(publisher="Other", name="Theirs"))
        said = {"metric": PEAK, "value": Decimal(1), "starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 31)}
        row_id = w.add(UsageRecord(product_id=theirs.id, **said)).id
        theirs_id = theirs.id
    auditor = sign_in(client, cast.auditor)
    assert auditor.get(url).status_code == 200
    assert "Record a use" not in text(auditor.get(url))
    assert auditor.get(f"{url}/new").status_code == 403
    manager = sign_in(client, cast.asset_manager)
    for path in ("edit", "remove"):
        assert manager.get(f"{url}/{row_id}/{path}").status_code == 404
    assert "Choose a product from the list" in text(post(manager, f"{url}/new", typed(theirs_id)))
    assert "Theirs" not in text(manager.get(f"{url}?product={theirs_id}"))
    with on_stage(app, cast.elsewhere) as w:
        assert w.all(select(Product.name)) == ["Theirs"]


def test_the_pages_of_a_product_its_pool_and_its_position_lead_to_its_records(
    manager: FlaskClient, app: Flask, cast: Cast, url: str
) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        cad, unused = catalogued(w, "CadForge", "Cadmium"), catalogued(w, "CadView", "Cadmium")
        pooled(w, Metric.CONCURRENT_USER, "CadForge", product_ids=[cad.id, unused.id])
        for month in (3, 4):
            w.add(
                UsageRecord(product_id=cad.id, metric=PEAK, unit="sessions", value=Decimal(month), source="Server",
                            starts_on=date(2026, month, 1), ends_on=date(2026, month, 30))
            )  # fmt: skip
    home = f"/o/{cast.organisation.slug}"
    line = text(manager.get(f"{home}/licences/position/LP-001"))
    for page in (line, text(manager.get(f"{home}/licences/pools/LP-001"))):
        assert f'<a href="{url}?product={cad.id}">2 of CadForge</a>' in page
        assert f"{url}?product={unused.id}" not in page
    assert f'<a href="{url}?product={cad.id}">2</a>' in text(manager.get(f"{home}/software/{cad.id}"))
    one = f"{url}?product={cad.id}&from=2026-04-01&until=2026-04-30"
    assert f'<a href="{one}">' in line
    assert "1 record of use as asked." in text(manager.get(one))
