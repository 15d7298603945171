"""The lists of employees and of inventory checks are put in order by their columns; the filter stays in the address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.domain.itam.inventory import Difference, Resolution
from app.models.inventory_check import InventoryCheck, InventoryLine
from tests.cast import Cast, sign_in
from tests.equipped import employ, equip
from tests.stage import on_stage, site


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def told() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def heads(client: FlaskClient, url: str) -> list[str]:
    """The first column of a list."""
    answer = client.get(url)
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', unescape(answer.text))


EMPLOYEES = [
    ("", ["Anna", "Bo", "Cleo"]),
    ("order=name&direction=down", ["Cleo", "Bo", "Anna"]),
    ("order=number", ["Cleo", "Bo", "Anna"]),
    ("order=department", ["Bo", "Anna", "Cleo"]),
    ("order=site", ["Cleo", "Anna", "Bo"]),
    ("order=left", ["Bo", "Anna", "Cleo"]),
    ("order=assets&direction=down", ["Cleo", "Anna", "Bo"]),
    ("order=nonsense&direction=down", ["Anna", "Bo", "Cleo"]),
    ("order=number&standing=here", ["Cleo", "Anna"]),
]


def test_employees_are_put_in_order(app: Flask, cast: Cast, keeper: FlaskClient) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        berlin, munich = site(w, "berlin", subdivision="BE").id, site(w).id
        employ(w, "P-3", "Anna", department="finance", site_id=berlin)
        employ(w, "P-2", "Bo", site_id=munich, left_on=date(2024, 1, 31))
        employ(w, "P-1", "Cleo", department="Sales")
        for number, who in enumerate(("P-1", "P-1", "P-3")):
            equip(w, f"NW-{number}", custodian=who)
    home = f"/o/{cast.organisation.slug}/employees"
    assert {asked: heads(keeper, f"{home}?{asked}") for asked, _ in EMPLOYEES} == dict(EMPLOYEES)
    page = unescape(keeper.get(f"{home}?order=number&standing=here").text)
    assert f'aria-sort="ascending"><a href="{home}?standing=here&order=number&direction=down">Number' in page
    assert f'<a href="{home}?standing=here&order=site">Site' in page
    assert '<input type="hidden" name="order" value="number">' in page
    export = keeper.get(f"{home}/export/csv?order=number").text
    assert export.index("Cleo") < export.index("Bo") < export.index("Anna")


CHECKS = [
    ("", ["IC-3", "IC-2", "IC-1"]),
    ("order=started", ["IC-1", "IC-2", "IC-3"]),
    ("order=reference&direction=down", ["IC-3", "IC-2", "IC-1"]),
    ("order=place", ["IC-2", "IC-3", "IC-1"]),
    ("order=standing", ["IC-2", "IC-3", "IC-1"]),
    ("order=expected", ["IC-2", "IC-1", "IC-3"]),
    ("order=found&direction=down", ["IC-1", "IC-3", "IC-2"]),
    ("order=differences", ["IC-1", "IC-2", "IC-3"]),
    ("order=resolved&direction=down", ["IC-3", "IC-2", "IC-1"]),
    ("order=nonsense", ["IC-3", "IC-2", "IC-1"]),
    ("order=started&standing=closed", ["IC-1"]),
]


def test_inventory_checks_are_put_in_order(app: Flask, cast: Cast, keeper: FlaskClient) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        berlin, munich = site(w, "berlin", subdivision="BE").id, site(w).id
        days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
        rows = (
            ("IC-1", munich, days[0], days[1], (("found",) * 3, (), ())),
            ("IC-2", None, None, None, (("found",), (), ())),
            ("IC-3", berlin, days[2], None, (("found",) * 2, ("missing",) * 2, ("resolved",))),
        )
        for number, (reference, place, counted, closed, (found, missing, resolved)) in enumerate(rows):
            check = w.add(
                InventoryCheck(reference=reference, title="", site_id=place, started_at=days[number],
                               started_by_id=cast.asset_manager.id, counted_at=counted, closed_at=closed)
            )  # fmt: skip
            for index, what in enumerate((*found, *missing, *resolved)):
                w.add(_line(check.id, f"{reference}-{index}", what, days[number]))
    home = f"/o/{cast.organisation.slug}/inventory-checks"
    assert {asked: heads(keeper, f"{home}?{asked}") for asked, _ in CHECKS} == dict(CHECKS)
    page = unescape(keeper.get(f"{home}?order=found&q=IC").text)
    assert f'aria-sort="ascending"><a href="{home}?q=IC&order=found&direction=down">Found' in page
    assert "the latest first" not in page


def _line(check_id: int, tag: str, what: str, on: datetime) -> InventoryLine:
    return InventoryLine(
        check_id=check_id,
        tag=tag,
        is_expected=True,
        found_at=on if what == "found" else None,
        difference=None if what == "found" else Difference.MISSING,
        resolution=Resolution.DECLARED_LOST if what == "resolved" else None,
    )


@pytest.mark.parametrize("asked", ["order=assets", "order=site&direction=down"])
def test_employees_in_any_order_take_the_same_queries(app: Flask, cast: Cast, keeper: FlaskClient, asked: str) -> None:
    home = f"/o/{cast.organisation.slug}/employees?{asked}"
    counts = []
    for few in (range(3), range(3, 30)):
        with on_stage(app, cast.organisation, cast.asset_manager) as w:
            for number in few:
                employ(w, f"P-{number}", f"Name {number}")
        keeper.get(home)
        with told() as statements:
            keeper.get(home)
        counts.append(len(statements))
    assert counts[0] == counts[1]
