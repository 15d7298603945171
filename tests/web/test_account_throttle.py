"""Too many tries: counted for all workers, kept over a restart, and the same for accounts that do not exist."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.person import Attempt
from app.operations import throttle
from app.operations.throttle import Limit, network_of
from app.web.account import forgotten
from app.work import work
from tests.cast import PASSWORD, Cast, post, sign_in
from tests.web.mailbox import mails


def try_in(client: FlaskClient, email: str, password: str = "wrong wrong wrong", **options):
    return post(client, "/sign-in", {"email": email, "password": password}, **options)


@pytest.mark.parametrize("email", ["stella@farrow.example", "nobody@nowhere.example"])
def test_after_ten_tries_not_even_the_right_password_is_taken(client: FlaskClient, cast: Cast, email: str) -> None:
    with time_machine.travel("2026-11-23T12:01:00+00:00", tick=False):
        assert [try_in(client, email).status_code for _ in range(10)] == [422] * 10
        answer = try_in(client, email, PASSWORD)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == str(14 * 60)
        assert "no further try is taken for 14 minutes" in answer.text


def test_a_lock_reads_the_same_whether_or_not_there_is_such_an_account(client: FlaskClient, cast: Cast) -> None:
    from tests.cast import csrf_token

    with time_machine.travel("2026-11-23T12:01:00+00:00", tick=False):
        texts = []
        for email in (cast.staff.email, "nobody@nowhere.example"):
            for _ in range(11):
                answer = try_in(client, email)
            texts.append(answer.text)
        assert csrf_token(client)
    assert texts[0] == texts[1]


def test_the_lock_opens_when_its_window_ends(client: FlaskClient, cast: Cast) -> None:
    with time_machine.travel("2026-11-23T12:01:00+00:00", tick=False):
        for _ in range(11):
            try_in(client, cast.staff.email)
        assert try_in(client, cast.staff.email, PASSWORD).status_code == 429
    with time_machine.travel("2026-11-23T12:15:00+00:00", tick=False):
        assert try_in(client, cast.staff.email, PASSWORD).status_code == 303


def test_the_lock_survives_a_restart_and_holds_in_every_worker(
    make_app: Callable[..., Flask], client: FlaskClient, cast: Cast
) -> None:
    for _ in range(10):
        try_in(client, cast.staff.email)
    assert try_in(make_app().test_client(), cast.staff.email, PASSWORD).status_code == 429


def test_the_case_of_the_address_is_no_way_around(client: FlaskClient, cast: Cast) -> None:
    for number in range(10):
        try_in(client, cast.staff.email if number % 2 else f" {cast.staff.email.upper()}")
    assert try_in(client, cast.staff.email, PASSWORD).status_code == 429


def test_signing_in_forgives_the_tries_before(client: FlaskClient, app: Flask, cast: Cast) -> None:
    for _ in range(3):
        for _ in range(9):
            try_in(client, cast.staff.email)
        assert try_in(app.test_client(), cast.staff.email, PASSWORD).status_code == 303


def test_another_account_is_not_locked(client: FlaskClient, cast: Cast) -> None:
    for _ in range(11):
        try_in(client, cast.staff.email)
    assert try_in(client, cast.auditor.email, PASSWORD).status_code == 303


def test_a_new_password_by_mail_opens_the_lock(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "ANSWER_AFTER", 0.0)
    for _ in range(11):
        try_in(client, cast.staff.email)
    post(client, "/account/forgotten", {"email": cast.staff.email})
    post(client, mails(app)[-1].path, {"password": "seven lanterns drift northwards"})
    assert try_in(app.test_client(), cast.staff.email, "seven lanterns drift northwards").status_code == 303


def test_one_address_is_counted_over_all_accounts(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS", Limit("address", 6, timedelta(minutes=15)))
    answers = [try_in(client, f"somebody{n}@nowhere.example").status_code for n in range(7)]
    assert answers == [422] * 6 + [429]
    elsewhere = client.application.test_client()
    answer = try_in(elsewhere, cast.staff.email, PASSWORD, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert answer.status_code == 303


def test_an_office_that_signs_in_behind_one_address_is_not_locked_out(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS", Limit("address", 3, timedelta(days=1)))
    for _ in range(3):
        for person in (cast.staff, cast.auditor, cast.administrator):
            assert try_in(app.test_client(), person.email, PASSWORD).status_code == 303
    answers = [try_in(app.test_client(), cast.staff.email).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


def test_mails_for_a_forgotten_password_are_counted(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "ANSWER_AFTER", 0.0)
    for email in (cast.staff.email, "nobody@nowhere.example"):
        answers = [post(client, "/account/forgotten", {"email": email}).status_code for _ in range(6)]
        assert answers == [303] * 5 + [429]


def test_the_password_that_is_asked_again_is_counted_by_person(client: FlaskClient, app: Flask, cast: Cast) -> None:
    sign_in(client, cast.staff)
    data = {"current": "wrong", "password": "seven lanterns drift northwards"}
    assert [post(client, "/account/password", data).status_code for _ in range(10)] == [422] * 10
    assert post(client, "/account/password", {**data, "current": PASSWORD}).status_code == 429
    assert post(client, "/account/erase", {"current": PASSWORD}).status_code == 429
    other = sign_in(app.test_client(), cast.auditor)
    assert post(other, "/account/password", {**data, "current": PASSWORD}).status_code == 303


def test_codes_are_counted_by_person_over_every_first_step(app: Flask, client: FlaskClient, cast: Cast) -> None:
    from tests.web.test_account_second_factor import code, set_up

    set_up(app, client, cast.staff)
    guesser = app.test_client()
    answers = []
    for _ in range(11):
        try_in(guesser, cast.staff.email, PASSWORD)
        answers.append(post(guesser, "/sign-in/second-step", {"code": "000000"}).status_code)
    assert answers == [422] * 10 + [429]
    assert post(guesser, "/sign-in/second-step", {"code": code(app, cast.staff)}).status_code == 429


def test_of_many_tries_at_once_no_more_get_through_than_the_limit_allows(app: Flask) -> None:
    limit = Limit("trial", 7, timedelta(days=1))

    def spend(_number: int) -> bool:
        with app.app_context():
            return throttle.spend(limit, "somebody") is None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, range(40))) == 7


def test_a_failure_afterwards_does_not_undo_the_count(app: Flask) -> None:
    limit = Limit("trial", 1, timedelta(days=1))
    with app.app_context():
        throttle.spend(limit, "somebody")
        with pytest.raises(RuntimeError), work(None):
            raise RuntimeError("undone")
        assert throttle.spend(limit, "somebody") is not None


def test_no_mail_address_stands_in_the_table(app: Flask, client: FlaskClient, cast: Cast) -> None:
    try_in(client, cast.staff.email)
    with app.app_context(), work(None, writes=False) as w:
        subjects = list(w.session.scalars(select(Attempt.subject)))
    assert len(subjects) == 2
    assert all(len(each) == 64 for each in subjects)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_what_counts_as_one_visitor(address: str | None, counts_as: str) -> None:
    assert network_of(address) == counts_as
