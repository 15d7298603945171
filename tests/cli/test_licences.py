"""`flask licences position`: how every pool stands on a day, as JSON or as CSV."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner

from app.domain.licensing.metric import Metric
from tests.bought import bought, pool
from tests.cast import Cast
from tests.certified import NOON
from tests.inventory import asset, installation, product
from tests.stage import on_stage


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def slug(app: Flask, cast: Cast) -> str:
    with on_stage(app, cast.organisation) as w:
        visio = product(w)
        here = pool(w, "LP-001", Metric.DEVICE, visio)
        pool(w, "LP-002", Metric.DEVICE, visio, unit_price_minor=None, currency="")
        for n in range(3):
            installation(w, asset(w, f"HW-{n}"), visio)
        bought(w, here, 1, "EN-1", ends_on=date(2026, 12, 31))
    return cast.organisation.slug


def run(runner: FlaskCliRunner, slug: str, *more: str):
    return runner.invoke(args=["licences", "position", "--organisation", slug, *more])


def test_as_json(runner: FlaskCliRunner, slug: str) -> None:
    done = run(runner, slug)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["on"] == "2026-06-01"
    first, second = told["pools"]
    assert first == {
        "pool": "LP-001",
        "name": "Pool LP-001",
        "publisher": "Microsoft",
        "metric": "device",
        "site": "",
        "entitled": 1,
        "demand": 3,
        "covered": 1,
        "shortfall": 2,
        "surplus": 0,
        "cost": "200.00",
        "currency": "EUR",
        "why": "Short of 2: 3 devices against 1 entitled.",
    }
    assert second["cost"] is None


def test_as_csv_on_a_day(runner: FlaskCliRunner, slug: str) -> None:
    done = run(runner, slug, "--on", "2027-01-01", "--format", "csv")
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(done.output)))
    assert [(row["pool"], row["entitled"], row["shortfall"], row["cost"]) for row in rows] == [
        ("LP-001", "0", "3", "300.00"),
        ("LP-002", "0", "3", ""),
    ]


def test_no_cell_of_the_csv_is_a_formula(runner: FlaskCliRunner, app: Flask, cast: Cast, slug: str) -> None:
    with on_stage(app, cast.organisation) as w:
        pool(w, "LP-003", Metric.DEVICE, product(w, "Teams", "T"), name="=HYPERLINK(1)")
    done = run(runner, slug, "--format", "csv")
    assert [row["name"] for row in csv.DictReader(io.StringIO(done.output))][-1] == "'=HYPERLINK(1)"
    assert json.loads(run(runner, slug).output)["pools"][-1]["name"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "01/02/2026"])
def test_a_day_that_is_none_is_one_line(runner: FlaskCliRunner, slug: str, day: str) -> None:
    done = run(runner, slug, "--on", day)
    assert done.exit_code == 2
    assert done.output == f"--on: {day!r} is no day of the calendar; write it as 2026-12-31.\n"


def test_an_organisation_that_is_not_there_is_one_line(runner: FlaskCliRunner, slug: str) -> None:
    done = run(runner, "nobody")
    assert (done.exit_code, done.output) == (2, "There is no organisation nobody.\n")
