"""Passwords: forgotten, changed, refused; and what a change ends."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.person import PasswordReset
from app.web.account import forgotten
from app.work import now_utc, work
from tests.cast import PASSWORD, Cast, post, sign_in
from tests.web.mailbox import mails

NEW = "seven lanterns drift northwards"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgotten, "ANSWER_AFTER", 0.0)


def ask(app: Flask, client: FlaskClient, email: str) -> str:
    """Ask for a mail, and give the address that it holds."""
    assert post(client, "/account/forgotten", {"email": email}).status_code == 303
    return mails(app, email.lower())[-1].path


def enter(client: FlaskClient, email: str, password: str) -> int:
    return post(client, "/sign-in", {"email": email, "password": password}).status_code


def test_a_forgotten_password_is_set_anew_by_mail(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = ask(app, client, cast.staff.email)
    assert client.get(path).status_code == 200
    assert post(client, path, {"password": NEW}).status_code == 303
    assert client.get("/account/").status_code == 200
    assert enter(app.test_client(), cast.staff.email, PASSWORD) == 422
    assert enter(app.test_client(), cast.staff.email, NEW) == 303
    assert mails(app)[-1].subject == "Your password was changed"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(app: Flask, client: FlaskClient, cast: Cast) -> None:
    known = post(client, "/account/forgotten", {"email": cast.staff.email})
    unknown = post(client, "/account/forgotten", {"email": "nobody@nowhere.example"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert client.get(known.location).status_code == 200
    assert [each.to for each in mails(app)] == [cast.staff.email]


def test_the_answer_takes_its_time_for_everybody(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "ANSWER_AFTER", 0.5)
    slept: list[float] = []
    monkeypatch.setattr("app.web.account.forgotten.time.sleep", slept.append)
    for email in (cast.staff.email, "nobody@nowhere.example"):
        post(client, "/account/forgotten", {"email": email})
    assert len(slept) == 2
    assert all(0 < each <= 0.5 for each in slept)


def test_a_mailed_address_works_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = ask(app, client, cast.staff.email)
    post(client, path, {"password": NEW})
    fresh = app.test_client()
    assert fresh.get(path).status_code == 410
    assert post(fresh, path, {"password": "another four words here"}).status_code == 410
    assert enter(fresh, cast.staff.email, NEW) == 303


def test_a_new_password_kills_the_other_mailed_addresses(app: Flask, client: FlaskClient, cast: Cast) -> None:
    first, second = ask(app, client, cast.staff.email), ask(app, client, cast.staff.email)
    post(client, second, {"password": NEW})
    assert client.get(first).status_code == 410


def test_a_mailed_address_runs_out_after_an_hour(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = ask(app, client, cast.staff.email)
    with time_machine.travel(now_utc() + timedelta(minutes=59), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now_utc() + timedelta(minutes=61), tick=False):
        assert client.get(path).status_code == 410
        assert post(client, path, {"password": NEW}).status_code == 410


def test_of_two_who_use_a_mailed_address_at_once_one_succeeds(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = ask(app, client, cast.staff.email)
    answers: list[int] = []

    def go(password: str) -> None:
        answers.append(post(app.test_client(), path, {"password": password}).status_code)

    threads = [threading.Thread(target=go, args=(f"{word} lanterns drift northwards",)) for word in ("six", "nine")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [303, 410]


def test_an_invented_address_is_gone(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/account/reset/invented").status_code == 410


def test_only_a_hash_of_the_mailed_secret_is_kept(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = ask(app, client, cast.staff.email).rpartition("/")[2]
    with app.app_context(), work(None, writes=False) as w:
        assert token not in list(w.session.scalars(select(PasswordReset.token_hash)))


def test_a_reset_signs_every_browser_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    other = sign_in(app.test_client(), cast.staff)
    post(client, ask(app, client, cast.staff.email), {"password": NEW})
    assert other.get("/account/").status_code == 303


def test_a_change_signs_every_other_browser_out_and_this_one_in_anew(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    other = sign_in(app.test_client(), cast.staff)
    sign_in(client, cast.staff)
    with client.session_transaction() as session:
        before = session["_user_id"]
    assert post(client, "/account/password", {"current": PASSWORD, "password": NEW}).status_code == 303
    with client.session_transaction() as session:
        assert session["_user_id"] != before
        assert session["_user_id"]
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 303
    assert enter(app.test_client(), cast.staff.email, NEW) == 303


def test_a_change_asks_for_the_password_until_now(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    answer = post(client, "/account/password", {"current": "not this one", "password": NEW})
    assert answer.status_code == 422
    assert "This is not your password." in answer.text


def test_a_change_takes_another_password(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    answer = post(client, "/account/password", {"current": PASSWORD, "password": PASSWORD})
    assert answer.status_code == 422
    assert "This is your password already." in answer.text


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters; this one has 5"),
        ("password1234", "tried first"),
        ("aaaaaaaaaaaaaa", "repeats itself"),
        ("qwertyuiop[]", "guessed"),
        ("Stella.Farrow1", "your name or email address"),
        ("stella@farrow.example", "your name or email address"),
        ("x" * 257, "at most 256 characters"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client: FlaskClient, cast: Cast, password: str, says: str) -> None:
    sign_in(client, cast.staff)
    answer = post(client, "/account/password", {"current": PASSWORD, "password": password})
    assert answer.status_code == 422
    assert says in answer.text
    assert password not in answer.text or len(password) < 6


@pytest.mark.parametrize(
    "password", ["grüne Fähren im Nebel", "четыре слова наугад", "x7$Lq" * 20, "ab1!" + "Zq9 vK" * 42]
)
def test_long_and_foreign_passwords_are_welcome(app: Flask, client: FlaskClient, cast: Cast, password: str) -> None:
    sign_in(client, cast.staff)
    assert len(password) <= 256
    assert post(client, "/account/password", {"current": PASSWORD, "password": password}).status_code == 303
    assert enter(app.test_client(), cast.staff.email, password) == 303
    if len(password) > 72:
        assert enter(app.test_client(), cast.staff.email, password[:72]) == 422


def test_a_letter_typed_in_two_ways_is_the_same_letter(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    post(client, "/account/password", {"current": PASSWORD, "password": "fu\u0308nf Fa\u0308hren im Nebel"})
    assert enter(app.test_client(), cast.staff.email, "fünf Fähren im Nebel") == 303
