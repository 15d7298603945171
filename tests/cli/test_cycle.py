"""The command `cycle explain`: the contract's example, the worked examples, one line for each fault."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from app.cli.cycle import cycle
from tests.domain.certification.examples import EXAMPLES, Example
from tests.domain.certification.test_worked_examples import check

ROOT = Path(__file__).parents[2]

FACTS = """{
  "standard": "ISO/IEC 27001:2022",
  "settings": {"expiry": "day-before"},
  "audits": [
    {"id": "a1", "kind": "stage-1", "ends_on": "2024-01-30"},
    {"id": "a2", "kind": "stage-2", "starts_on": "2024-02-26", "ends_on": "2024-02-28", "outcome": "recommended"},
    {"id": "a3", "kind": "surveillance", "ends_on": "2025-02-20"}
  ],
  "decisions": [{"kind": "granted", "decided_on": "2024-03-15"}],
  "nonconformities": [{"id": "n1", "audit": "a2", "grade": "minor", "plan_accepted_on": "2024-03-10"}]
}"""

ANSWER = {
    "on": "2026-05-01",
    "state": "active",
    "cycle": {"number": 1, "kind": "initial", "began_on": "2024-03-15", "gap_days": 0},
    "valid_through": "2027-03-14",
    "effective_valid_through": "2027-03-14",
    "next_audit": {"kind": "surveillance", "opens_on": "2026-01-01", "closes_on": "2026-12-31"},
    "deadlines": [
        {
            "rule": "first-surveillance",
            "year": None,
            "audit": "surveillance",
            "opens_on": "2024-03-16",
            "closes_on": "2025-03-15",
            "standing": "met",
            "met_by": "a3",
        },
        {
            "rule": "calendar-year",
            "year": 2025,
            "audit": "surveillance",
            "opens_on": "2025-01-01",
            "closes_on": "2025-12-31",
            "standing": "met",
            "met_by": "a3",
        },
        {
            "rule": "second-surveillance",
            "year": None,
            "audit": "surveillance",
            "opens_on": "2025-02-21",
            "closes_on": "2026-03-15",
            "standing": "breached",
            "met_by": None,
        },
        {
            "rule": "calendar-year",
            "year": 2026,
            "audit": "surveillance",
            "opens_on": "2026-01-01",
            "closes_on": "2026-12-31",
            "standing": "open",
            "met_by": None,
        },
        {
            "rule": "recertification",
            "year": None,
            "audit": "recertification",
            "opens_on": "2026-03-15",
            "closes_on": "2027-03-14",
            "standing": "open",
            "met_by": None,
        },
    ],
    "breaches": [],
    "warnings": [{"rule": "second-surveillance", "year": None, "since": "2026-03-16"}],
}


def explain(facts: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(cycle, ["explain", "-", *options], input=facts)


def without_reasons(value: Any) -> Any:
    """The answer without its `why`, each of which has been looked at: never empty, each sentence whole."""
    if isinstance(value, list):
        return [without_reasons(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "why" in value:
        assert value["why"]
        assert all(set(reason) == {"says", "clause"} and reason["says"].endswith(".") for reason in value["why"])
    return {key: without_reasons(item) for key, item in value.items() if key != "why"}


def test_the_example_of_the_contract_comes_back_as_printed() -> None:
    result = explain(FACTS, "--on", "2026-05-01", "--format", "json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert without_reasons(answer) == ANSWER
    assert list(answer) == list(ANSWER)
    assert answer["deadlines"][0]["why"][0]["clause"] == "ISO/IEC 17021-1:2015, 9.1.3.3"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_worked_example_through_the_command(example: Example) -> None:
    result = explain(json.dumps(example.facts), "--on", example.on, "--format", "json")
    assert result.exit_code == 0, result.output
    check(example, json.loads(result.stdout))


def test_the_text_names_state_dates_and_reasons() -> None:
    result = explain(FACTS, "--on", "2026-05-01")
    assert result.exit_code == 0
    for words in (
        "On 1 May 2026: active",
        "Valid through 14 Mar 2027",
        "31 Dec 2026",
        "[ISO/IEC 17021-1:2015, 9.1.3.3]",
    ):
        assert words in result.stdout


def test_the_calendar_holds_each_limit_and_each_audit_with_a_lasting_uid() -> None:
    calendars = [
        Calendar.from_ical(explain(FACTS, "--on", on, "--format", "ics").stdout_bytes)
        for on in ("2026-05-01", "2026-06-01")
    ]
    uids = [[str(event["uid"]) for event in calendar.walk("VEVENT")] for calendar in calendars]
    assert uids[0] == uids[1]
    assert len(uids[0]) == len(set(uids[0])) == 5 + 3
    limit = calendars[0].walk("VEVENT")[0]
    assert limit["dtstart"].dt.isoformat() == "2025-03-15"
    assert "ISO/IEC 17021-1:2015, 9.1.3.3" in limit["description"]


def test_a_calendar_of_nothing_says_so_in_one_event() -> None:
    calendar = Calendar.from_ical(explain("{}", "--format", "ics").stdout_bytes)
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["Certificate: applicant"]


def test_without_a_day_it_judges_today() -> None:
    from datetime import datetime

    today = datetime.now().astimezone().date()
    assert json.loads(explain("{}", "--format", "json").stdout)["on"] in (today.isoformat(),)


def test_a_file_is_read_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(FACTS)
    result = CliRunner().invoke(cycle, ["explain", str(file), "--on", "2026-05-01", "--format", "json"])
    assert without_reasons(json.loads(result.stdout)) == ANSWER


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ("", "facts: empty, where a JSON object was expected"),
        ("[]", "facts: an object was expected, not a list"),
        ("null", "facts: an object was expected, not null"),
        ('{"audits": [', "line 1 column 13: not JSON (expecting value)"),
        ('{"settings": {"max_early_months": NaN}}', "facts: NaN is not JSON"),
        (b'{"standard": "\xff"}', "byte 14: not UTF-8"),
        (
            '{"audits": [{"id": "a", "kind": "stage-1", "starts_on": "2024-02-02", "ends_on": "2024-02-01"}]}',
            "audits[0].ends_on: 2024-02-01 is before starts_on 2024-02-02",
        ),
    ],
)
def test_facts_that_cannot_be_read_exit_2_with_one_line(facts: str | bytes, line: str) -> None:
    result = explain(facts, "--on", "2026-05-01")
    assert result.exit_code == 2
    assert result.stderr == line + "\n"
    assert result.stdout == ""


def test_a_day_that_is_none_is_refused_in_one_line() -> None:
    assert explain("{}", "--on", "2026-02-30").stderr == "--on: 2026-02-30 is not a day of the calendar\n"
    assert explain("{}", "--on", "20260201").exit_code == 2


def test_a_file_that_is_not_there_is_refused_in_one_line() -> None:
    result = CliRunner().invoke(cycle, ["explain", "no\nsuch.json"])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_command_needs_no_database(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "TRIENNIUM_INSTANCE": str(tmp_path / "nowhere"),
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "flask",
            "--app",
            "app",
            "cycle",
            "explain",
            "-",
            "--on",
            "2026-05-01",
            "--format",
            "json",
        ],
        cwd=ROOT,
        env=environment,
        input=FACTS.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert without_reasons(json.loads(done.stdout)) == ANSWER
