"""`flask organisation found`: a further organisation, for somebody who can sign in already."""

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from tests.cast import Cast, sign_in

GOOD = {
    "name": "Cedar Cloud",
    "country": "nl",
    "time-zone": "Europe/Amsterdam",
    "administrator": "STELLA@farrow.example",
}


def found(runner: FlaskCliRunner, **changes: str):
    options = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return runner.invoke(args=["organisation", "found", *(f"--{name}={value}" for name, value in options.items())])


def test_a_further_organisation_stands_beside_the_first(
    runner: FlaskCliRunner, client: FlaskClient, cast: Cast
) -> None:
    done = found(runner)
    assert (done.exit_code, done.output) == (
        0,
        "Cedar Cloud stands at /o/cedar-cloud/, with Stella Farrow as administrator.\n",
    )
    sign_in(client, cast.staff)
    assert client.get("/o/cedar-cloud/settings/members").status_code == 200
    assert "Cedar Cloud" in client.get("/").text


def test_a_name_is_kept_as_the_forms_keep_it(runner: FlaskCliRunner, cast: Cast) -> None:
    done = found(runner, name="  Cedar\n\tCloud   GmbH ")
    assert done.output.startswith("Cedar Cloud GmbH stands at /o/cedar-cloud-gmbh/")
    for unseen in ("\x07", "\u202e", "\u200b"):
        refused = found(runner, name=f"Cedar{unseen}Cloud")
        assert refused.exit_code == 2
        assert "it holds signs that nobody sees" in refused.output


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"administrator": "no@body.example"}, "Nobody signs in with no@body.example."),
        ({"country": "Holland"}, "not a country"),
        ({"time_zone": "CEST-ish"}, "not a time zone"),
        ({"name": " "}, "has a name"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    runner: FlaskCliRunner, cast: Cast, changes: dict[str, str], says: str
) -> None:
    done = found(runner, **changes)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1
