"""Employees: recorded, edited by two, linked to a member, left, and what they hold."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.ownership import Duty, OwnershipKind
from app.models.asset import AssetOwnership
from app.models.employee import Employee
from app.operations import ownerships
from app.operations.ownerships import Holder
from app.work import Work
from tests.cast import Cast, post, sign_in
from tests.equipped import LONG_AGO, again, employ, equip
from tests.stage import on_stage, site

TODAY = date.today()  # noqa: DTZ011 - any day near enough


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/employees"


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        yield w


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def test_one_is_recorded_linked_to_a_member_and_edited_by_two(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    said = {"number": "P-1", "name": "Stella Farrow", "person": str(cast.staff.id)}
    answer = post(keeper, f"{home}/new", said)
    assert answer.status_code == 303
    page = text(keeper.get(answer.location))
    assert "Works here" in page
    edit = f"{answer.location}/edit"
    assert post(keeper, edit, {**said, "version": "1", "department": "Finance"}).status_code == 303
    late = post(keeper, edit, {**said, "version": "1", "department": "Sales"})
    assert late.status_code == 422
    assert "Finance" in text(late)
    assert "Sales" in text(late)
    for wrong, says in (
        ({"number": ""}, "Give the personnel number"),
        ({"number": "P-1"}, "P-1 is the number of Stella Farrow."),
        ({"number": "P-2", "person": str(cast.staff.id)}, "This member is Stella Farrow (P-1) already."),
        ({"number": "P-2", "person": str(cast.stranger.id)}, "Choose a member from the list."),
        ({"number": "P-2", "person": "x"}, "Choose a member from the list."),
        ({"number": "P-2", "site": "99999"}, "Choose a site from the list."),
        ({"number": "P-2", "left_on": "2026-13-01"}, "There is no such day"),
    ):
        refused = post(keeper, f"{home}/new", {"name": "Somebody", **wrong})
        assert refused.status_code == 422, wrong
        assert says in text(refused), wrong
    with inside(app, cast) as w:
        assert len(w.all(select(Employee))) == 1


def test_a_line_end_that_a_program_sends_in_a_name_is_not_kept(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    for number, end in enumerate(("\r\n", "\n", "\r", "\u2028"), start=1):
        said = {"number": f"P-{number}", "name": f"Stella{end}Farrow"}
        assert post(keeper, f"{home}/new", said).status_code == 303
    with inside(app, cast) as w:
        stored = w.all(select(Employee))
    assert [each.name for each in stored] == ["Stella Farrow"] * 4


def test_what_they_hold_stands_on_their_page_and_who_has_left_takes_nothing_new(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        anna = employ(w)
        anna_id = anna.id
        equip(w, "NW-1", custodian="P-1")
        own = equip(w, "NW-2", "Telephone", is_ours=False)
        w.add(AssetOwnership(asset_id=own.id, kind=OwnershipKind.OWN_DEVICE, starts_on=LONG_AGO, employee_id=anna.id))
        third = equip(w, "NW-3").id
        ownerships.set_duties(w, again(w, third), {Duty.PATCHING: Holder(employee="P-1")})
    page = text(keeper.get(f"{home}/{anna_id}"))
    for tag in ("NW-1", "NW-2", "NW-3"):
        assert f">{tag}</a>" in page
    assert "no agreement" in page
    edit = {"number": "P-1", "name": "Anna Berg", "left_on": TODAY.isoformat()}
    assert post(keeper, f"{home}/{anna_id}/edit", edit).status_code == 303
    assert "still holds what stands below" in text(keeper.get(f"{home}/{anna_id}"))
    assets = f"/o/{cast.organisation.slug}/assets"
    refused = post(keeper, f"{assets}/{third}/duties", {"security_employee": "P-1"})
    assert "can take nothing over" in text(refused)
    # What they hold already may be saved as it is.
    assert post(keeper, f"{assets}/{third}/duties", {"patching_employee": "P-1"}).status_code == 303


def test_the_list_is_filtered_and_exported(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        munich = site(w).id
        employ(w, "P-1", "Anna Berg", department="Finance", site_id=munich)
        employ(w, "P-2", "Bo Holm", left_on=TODAY)
        employ(w, "P-3", "Cem Ak", left_on=TODAY + timedelta(days=1))
        equip(w, custodian="P-3")
    for asked, expected in (
        ("", ["P-1", "P-2", "P-3"]),
        ("q=berg+fin", ["P-1"]),
        ("q=%25", []),
        ("standing=here", ["P-1", "P-3"]),
        ("standing=left", ["P-2"]),
        (f"site={munich}", ["P-1"]),
        ("holds=yes", ["P-3"]),
    ):
        answer = keeper.get(f"{home}/export/csv?{asked}")
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert [row["Number"] for row in rows] == expected, asked
        page = text(keeper.get(f"{home}?{asked}"))
        assert all(f">{number}</td>" in page for number in expected)


def test_a_name_that_two_have_is_asked_for_by_number(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        employ(w, "P-1", "Anna Berg")
        employ(w, "P-2", "Anna Berg")
        asset_id = equip(w).id
    duties = f"/o/{cast.organisation.slug}/assets/{asset_id}/duties"
    refused = post(keeper, duties, {"security_employee": "Anna Berg"})
    assert "Several employees are called Anna Berg. Give the number." in text(refused)
    assert post(keeper, duties, {"security_employee": "P-2"}).status_code == 303


def test_another_organisation_s_employee_is_not_there(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        theirs = employ(w).id
    assert keeper.get(f"{home}/{theirs}").status_code == 404
    assert keeper.get(f"{home}/{theirs}/edit").status_code == 404
