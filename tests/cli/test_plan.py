"""The command `plan instalments`: its JSON is a promise, and what cannot be paid exits 2 with one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.plan import plan

ROOT = Path(__file__).parents[2]
PRICE = {"--price": "9999.99", "--currency": "EUR", "--months": "36", "--start": "2026-08-31", "--format": "json"}


def run(**changes: str) -> Result:
    said = {**PRICE, **{f"--{name}": value for name, value in changes.items()}}
    return CliRunner().invoke(plan, ["instalments", *(word for pair in said.items() for word in pair)])


def test_the_schedule_is_a_list_of_number_day_and_amount() -> None:
    answer = run()
    assert answer.exit_code == 0
    laid = json.loads(answer.stdout)
    assert len(laid) == 36
    assert laid[0] == {"number": 1, "due_on": "2026-08-31", "amount": "277.78"}
    assert laid[6] == {"number": 7, "due_on": "2027-02-28", "amount": "277.78"}
    assert laid[35] == {"number": 36, "due_on": "2029-07-31", "amount": "277.77"}


@pytest.mark.parametrize(
    ("currency", "price", "amounts"),
    [("JPY", "100", ["34", "33", "33"]), ("KWD", "1.000", ["0.334", "0.333", "0.333"]), ("eur", "0", ["0.00"] * 3)],
)
def test_amounts_have_the_decimals_of_the_currency(currency: str, price: str, amounts: list[str]) -> None:
    laid = json.loads(run(currency=currency, price=price, months="3").stdout)
    assert [each["amount"] for each in laid] == amounts


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": "9999.999"}, "EUR has 2 decimals"),
        ({"price": "100.5", "currency": "JPY"}, "JPY has no decimals"),
        ({"price": "-0.01"}, "not negative"),
        ({"price": "much"}, "no amount of money"),
        ({"months": "0"}, "At least one month"),
        ({"months": "-3"}, "At least one month"),
        ({"months": "12001"}, "At most 12,000"),
        ({"currency": "EURO"}, "three letters"),
        ({"currency": ""}, "three letters"),
        ({"start": "31.08.2026"}, "YYYY-MM-DD"),
        ({"start": "2026-02-30"}, "not a day of the calendar"),
        ({"start": "9999-01-31"}, "the last day that the calendar knows"),
    ],
)
def test_what_cannot_be_paid_exits_2_with_one_line(changes: dict[str, str], words: str) -> None:
    answer = run(**changes)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1
    assert words in answer.stderr


def test_for_people_it_is_a_table() -> None:
    lines = run(format="text", months="3", price="1000").stdout.splitlines()
    assert lines == [
        "    1  2026-08-31  EUR 333.34",
        "    2  2026-09-30  EUR 333.33",
        "    3  2026-10-31  EUR 333.33",
    ]


def test_it_needs_no_database() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://nowhere.invalid/none"}
    words = ["instalments", *(word for pair in PRICE.items() for word in pair)]
    command = [sys.executable, "-m", "flask", "--app", "app", "plan", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert len(json.loads(done.stdout)) == 36
