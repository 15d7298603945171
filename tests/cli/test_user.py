"""`flask user`: the first administrator of an empty installation, and a lost second factor."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from app.domain.permission import Role
from app.models.organisation import Membership
from app.models.person import Person
from app.work import now_utc, work
from tests.cast import Cast, post, sign_in

PASSWORD = "seven lanterns drift northwards"
NEW = ["--organisation", "Alder Works", "--country", "de", "--time-zone", "Europe/Berlin"]


@pytest.fixture
def create(runner: FlaskCliRunner) -> Callable[..., object]:
    def run(*arguments: str, email: str = "Ada@Minton.example", password: str = PASSWORD):
        args = ["user", "create", "--email", email, "--name", "Ada Minton", *arguments]
        return runner.invoke(args=args, input=password + "\n")

    return run


def test_the_first_administrator_can_sign_in(create, client: FlaskClient) -> None:
    done = create(*NEW)
    assert (done.exit_code, done.output) == (
        0,
        "ada@minton.example can sign in, and is administrator of Alder Works.\n",
    )
    assert post(client, "/sign-in", {"email": "ada@minton.example", "password": PASSWORD}).status_code == 303
    assert client.get("/o/alder-works/settings/members").status_code == 200


def test_nobody_is_created_beside_others(create, cast: Cast) -> None:
    done = create(*NEW, email="new@comer.example")
    assert done.exit_code == 1
    assert done.output.startswith("Error: There are people already.")
    assert done.output.count("\n") == 1


def test_an_administrator_joins_what_is_there(create, cast: Cast, app: Flask) -> None:
    assert (
        create("--into", cast.organisation.slug, "--into", cast.elsewhere.slug, email="new@comer.example").exit_code
        == 0
    )
    for house in (cast.organisation, cast.elsewhere):
        with app.app_context(), work(house.id, writes=False) as w:
            roles = w.all(
                select(Membership.roles)
                .join(Person, Person.id == Membership.person_id)
                .where(Person.email == "new@comer.example")
            )
            assert roles == [frozenset({Role.ADMINISTRATOR})]


def test_a_member_who_becomes_administrator_stays_what_they_were(create, cast: Cast, app: Flask) -> None:
    assert create("--into", cast.organisation.slug, email=cast.auditor.email, password="").exit_code == 0
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        roles = w.all(select(Membership.roles).where(Membership.person_id == cast.auditor.id))
    assert roles == [frozenset({Role.ADMINISTRATOR, Role.AUDITOR})]


def test_somebody_with_an_account_keeps_it(create, cast: Cast, client: FlaskClient) -> None:
    assert create("--into", cast.organisation.slug, email=cast.stranger.email, password="").exit_code == 0
    sign_in(client, cast.stranger)
    assert client.get(f"/o/{cast.organisation.slug}/settings/members").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        (NEW, {"password": "short"}, "at least 12 characters"),
        (NEW, {"password": "AdaMinton1985"}, "your name or email address"),
        (NEW, {"email": "nonsense"}, "not an email address"),
        ([*NEW[:-1], "Mars/Olympus"], {}, "not a time zone"),
        ([*NEW[:3], "Germany", *NEW[4:]], {}, "not a country"),
        (["--into", "nowhere"], {}, "There is no organisation nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(create, arguments: list[str], options: dict[str, str], says: str) -> None:
    done = create(*arguments, **options)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1


def test_a_database_without_tables_is_said_in_one_line(make_app: Callable[..., Flask], database) -> None:
    bare = make_app(database_url=database.make_empty())
    args = ["user", "create", "--email", "a@b.example", "--name", "A", *NEW]
    done = bare.test_cli_runner().invoke(args=args, input=PASSWORD)
    assert done.exit_code == 1
    assert done.output.startswith("Error: The database cannot be used: ")
    assert done.output.count("\n") == 1


def test_a_lost_second_factor_is_taken_away(
    runner: FlaskCliRunner, app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with app.app_context(), work(None) as w:
        person = w.session.scalars(select(Person).where(Person.id == cast.staff.id)).one()
        person.totp_secret, person.totp_confirmed_at = "A" * 32, now_utc()
    sign_in(client, cast.staff)
    done = runner.invoke(args=["user", "reset-second-factor", cast.staff.email.upper()])
    assert done.exit_code == 0
    assert client.get("/account/").status_code == 303
    with app.app_context(), work(None, writes=False) as w:
        assert w.all(select(Person.totp_confirmed_at).where(Person.id == cast.staff.id)) == [None]
    assert runner.invoke(args=["user", "reset-second-factor", cast.staff.email]).exit_code == 1
    assert "Nobody signs in" in runner.invoke(args=["user", "reset-second-factor", "no@body.example"]).output
