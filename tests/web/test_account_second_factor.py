"""The second factor: set up, asked for, never taken twice, and replaced by a code from paper."""

import re
import threading
from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.person import Person, RecoveryCode
from app.work import now_utc, work
from tests.cast import PASSWORD, Cast, Member, organisation_row, post, sign_in


def secret_of(app: Flask, person: Member) -> str:
    with app.app_context(), work(None, writes=False) as w:
        return w.session.scalars(select(Person.totp_secret).where(Person.id == person.id)).one() or ""


def code(app: Flask, person: Member, at: datetime | None = None) -> str:
    return pyotp.TOTP(secret_of(app, person)).at(at or now_utc())


def set_up(app: Flask, client: FlaskClient, person: Member) -> list[str]:
    """Set the second factor up on the pages; gives the recovery codes."""
    sign_in(client, person)
    assert post(client, "/account/second-factor/begin").status_code == 303
    answer = post(client, "/account/second-factor/confirm", {"code": code(app, person)})
    assert answer.status_code == 200
    return re.findall(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>", answer.text)


def enter(client: FlaskClient, person: Member):
    return post(client, "/sign-in", {"email": person.email, "password": PASSWORD, "next": "/account/"})


def forget_step(app: Flask, person: Member) -> None:
    """As if the last code had been taken long ago."""
    with app.app_context(), work(None) as w:
        w.session.scalars(select(Person).where(Person.id == person.id)).one().totp_last_step = None


def test_the_picture_and_the_secret_are_shown_until_it_is_confirmed(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    sign_in(client, cast.staff)
    assert "Set it up" in client.get("/account/second-factor").text
    post(client, "/account/second-factor/begin")
    page = client.get("/account/second-factor").text
    assert 'src="data:image/svg+xml' in page
    secret = secret_of(app, cast.staff)
    assert secret in page.replace(" ", "")
    post(client, "/account/second-factor/confirm", {"code": code(app, cast.staff)})
    page = client.get("/account/second-factor").text
    assert secret not in page.replace(" ", "")
    assert "data:image" not in page


def test_a_wrong_code_does_not_turn_it_on(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    post(client, "/account/second-factor/begin")
    assert post(client, "/account/second-factor/confirm", {"code": "000000"}).status_code == 422
    assert enter(app.test_client(), cast.staff).location == "/account/"


def test_the_codes_are_shown_once_and_kept_as_hashes(app: Flask, client: FlaskClient, cast: Cast) -> None:
    codes = set_up(app, client, cast.staff)
    assert len(set(codes)) == 10
    assert not any(each in client.get("/account/second-factor").text for each in codes)
    with app.app_context(), work(None, writes=False) as w:
        kept = list(w.session.scalars(select(RecoveryCode.code_hash)))
    assert len(kept) == 10
    assert all(len(each) == 64 for each in kept)


def test_a_sign_in_is_complete_only_after_the_second_step(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    forget_step(app, cast.staff)
    fresh = app.test_client()
    assert enter(fresh, cast.staff).location == "/sign-in/second-step"
    assert fresh.get("/account/").status_code == 303
    with fresh.session_transaction() as session:
        waiting = session["waiting"]
    wrong = post(fresh, "/sign-in/second-step", {"code": "000000"})
    assert wrong.status_code == 422
    answer = post(fresh, "/sign-in/second-step", {"code": code(app, cast.staff)})
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert fresh.get("/account/").status_code == 200
    with fresh.session_transaction() as session:
        assert "waiting" not in session
        assert session["_user_id"] != waiting


def test_the_secret_of_the_first_step_is_no_session(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    fresh = app.test_client()
    enter(fresh, cast.staff)
    with fresh.session_transaction() as session:
        session["_user_id"] = session["waiting"]
    assert fresh.get("/account/").status_code == 303


def test_a_code_is_taken_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    forget_step(app, cast.staff)
    with time_machine.travel(now_utc(), tick=False):
        same = code(app, cast.staff)
        first, second = app.test_client(), app.test_client()
        enter(first, cast.staff)
        enter(second, cast.staff)
        assert post(first, "/sign-in/second-step", {"code": same}).status_code == 303
        assert post(second, "/sign-in/second-step", {"code": same}).status_code == 422


def test_a_code_taken_twice_at_once_is_taken_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    forget_step(app, cast.staff)
    same = code(app, cast.staff)
    clients = [app.test_client() for _ in range(4)]
    for each in clients:
        enter(each, cast.staff)
    answers: list[int] = []

    def go(each: FlaskClient) -> None:
        answers.append(post(each, "/sign-in/second-step", {"code": same}).status_code)

    threads = [threading.Thread(target=go, args=(each,)) for each in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [303, 422, 422, 422]


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (0, 303), (30, 303), (-90, 422), (90, 422)])
def test_clocks_may_differ_by_a_step(app: Flask, client: FlaskClient, cast: Cast, seconds: int, status: int) -> None:
    set_up(app, client, cast.staff)
    forget_step(app, cast.staff)
    with time_machine.travel(now_utc(), tick=False):
        fresh = app.test_client()
        enter(fresh, cast.staff)
        theirs = code(app, cast.staff, now_utc() + timedelta(seconds=seconds))
        assert post(fresh, "/sign-in/second-step", {"code": theirs}).status_code == status


def test_an_earlier_step_is_refused_after_a_later_one(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    forget_step(app, cast.staff)
    with time_machine.travel(now_utc(), tick=False):
        fresh = app.test_client()
        enter(fresh, cast.staff)
        post(fresh, "/sign-in/second-step", {"code": code(app, cast.staff)})
        again = app.test_client()
        enter(again, cast.staff)
        earlier = code(app, cast.staff, now_utc() - timedelta(seconds=30))
        assert post(again, "/sign-in/second-step", {"code": earlier}).status_code == 422


def test_a_recovery_code_signs_in_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    paper = set_up(app, client, cast.staff)[3]
    first, second = app.test_client(), app.test_client()
    enter(first, cast.staff)
    assert post(first, "/sign-in/second-step", {"code": paper.upper().replace("-", " ")}).status_code == 303
    assert "9 are left" in first.get("/account/").text
    enter(second, cast.staff)
    assert post(second, "/sign-in/second-step", {"code": paper}).status_code == 422


def test_new_codes_take_the_place_of_the_old_ones_for_the_password(app: Flask, client: FlaskClient, cast: Cast) -> None:
    old = set_up(app, client, cast.staff)
    assert post(client, "/account/second-factor/codes", {"codes-current": "wrong"}).status_code == 422
    answer = post(client, "/account/second-factor/codes", {"codes-current": PASSWORD})
    new = re.findall(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>", answer.text)
    assert len(new) == 10
    fresh = app.test_client()
    enter(fresh, cast.staff)
    assert post(fresh, "/sign-in/second-step", {"code": old[0]}).status_code == 422
    assert post(fresh, "/sign-in/second-step", {"code": new[0]}).status_code == 303


def test_the_second_step_waits_ten_minutes(app: Flask, client: FlaskClient, cast: Cast) -> None:
    codes = set_up(app, client, cast.staff)
    fresh = app.test_client()
    enter(fresh, cast.staff)
    with time_machine.travel(now_utc() + timedelta(minutes=11), tick=False):
        answer = post(fresh, "/sign-in/second-step", {"code": codes[0]})
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=")


def test_it_is_turned_off_for_the_password(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, client, cast.staff)
    assert post(client, "/account/second-factor/off", {"off-current": "wrong"}).status_code == 422
    assert post(client, "/account/second-factor/off", {"off-current": PASSWORD}).status_code == 303
    assert enter(app.test_client(), cast.staff).location == "/account/"
    assert secret_of(app, cast.staff) == ""


def test_an_organisation_that_requires_it_opens_after_the_set_up(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), work(cast.organisation.id) as w:
        organisation_row(w, cast.organisation).requires_second_factor = True
    sign_in(client, cast.administrator)
    members = f"/o/{cast.organisation.slug}/settings/members"
    sent = client.get(members)
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert page.status_code == 200
    assert "Alder Works requires a second factor" in page.text
    set_up(app, client, cast.administrator)
    assert client.get(members).status_code == 200
    refused = post(client, "/account/second-factor/off", {"off-current": PASSWORD})
    assert refused.status_code == 422
    assert "Alder Works requires a second factor" in refused.text


def test_a_mailed_reset_does_not_step_over_the_second_factor(app: Flask, client: FlaskClient, cast: Cast) -> None:
    from tests.web.mailbox import mails

    set_up(app, client, cast.staff)
    fresh = app.test_client()
    post(fresh, "/account/forgotten", {"email": cast.staff.email})
    answer = post(fresh, mails(app)[-1].path, {"password": "seven lanterns drift northwards"})
    assert answer.location == "/sign-in/second-step"
    assert fresh.get("/account/").status_code == 303


def test_a_change_of_password_keeps_this_browser_in_without_a_second_step(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    set_up(app, client, cast.staff)
    data = {"current": PASSWORD, "password": "seven lanterns drift northwards"}
    assert post(client, "/account/password", data).location == "/account/"
    assert client.get("/account/").status_code == 200


def test_digits_of_other_scripts_are_not_the_code(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    post(client, "/account/second-factor/begin")
    other = code(app, cast.staff).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    answer = post(client, "/account/second-factor/confirm", {"code": other})
    assert (answer.status_code, "This code is not right" in answer.text) == (422, True)
