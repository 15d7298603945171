"""`flask seats`: the same rules as on the pages, in one line where something is refused."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner

from app.domain.subscription.seats import PoolSource, SeatKind
from app.operations import seat_pools
from app.operations.seat_pools import PoolDetails
from tests.cast import Cast
from tests.certified import NOON
from tests.stage import on_stage


@pytest.fixture
def seats(app: Flask, cast: Cast, runner: FlaskCliRunner) -> Callable[..., Any]:
    with time_machine.travel(NOON), on_stage(app, cast.organisation) as w:
        told = PoolDetails(kind=SeatKind.LMS, source=PoolSource.INCLUDED, quantity=1, starts_on=date(2026, 6, 1))
        seat_pools.record(w, told)

    def run(command: str, *arguments: str) -> Any:
        with time_machine.travel(NOON):
            return runner.invoke(args=["seats", command, "--organisation", cast.organisation.slug, *arguments])

    return run


def test_seats_are_assigned_listed_and_released(seats: Callable[..., Any], cast: Cast) -> None:
    lms = ("--kind", "lms")
    assert seats("assign", *lms, cast.staff.email).output == "1 seat is assigned from 2026-06-01 on.\n"
    full = seats("assign", *lms, cast.auditor.email, "--from", "2027-01-01")
    assert full.exit_code == 1
    assert "1 LMS seat is owned and 1 is assigned: none is free." in full.output
    assert full.output.count("\n") == 1
    (row,) = json.loads(seats("list").output)
    assert (row["email"], row["from"], row["stands"]) == (cast.staff.email, "2026-06-01", "Counts")
    assert seats("list", "--format", "csv").output.splitlines()[1].startswith(f"LMS,{cast.staff.name},")
    assert (
        seats("release", *lms, cast.staff.email, "--on", "2026-07-01").output == "1 seat is released on 2026-07-01.\n"
    )
    assert seats("assign", *lms, cast.auditor.email, "--from", "2026-07-01").exit_code == 0


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        ("assign", ["nobody@alder.example"], "Nobody signs in with nobody@alder.example."),
        ("assign", ["--from", "1.6.2026", "stella@farrow.example"], "is no day of the calendar"),
        ("assign", ["esme@sorrel.example"], "An external assessor and people outside it take no seat."),
        ("release", ["stella@farrow.example"], "Stella Farrow has no LMS seat."),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    seats: Callable[..., Any], command: str, arguments: list[str], says: str
) -> None:
    done = seats(command, "--kind", "lms", *arguments)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1
