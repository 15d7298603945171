"""Signing in and out: who gets in, what the cookie holds, and what strangers may learn."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.journal import JournalEntry
from app.models.person import Person, SignIn
from app.web.account.session import safe_next
from app.web.identity import load_visitor
from app.work import now_utc, work
from tests.cast import PASSWORD, Cast, add_person, post, sign_in

WRONG = "The email address or the password is wrong."


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **data: str):
    return post(client, "/sign-in", {"email": email, "password": password, **data})


def test_the_right_password_signs_in(client: FlaskClient, cast: Cast) -> None:
    answer = enter(client, cast.staff.email)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account/").status_code == 200


def test_the_mail_address_is_the_same_in_any_case(client: FlaskClient, cast: Cast) -> None:
    assert enter(client, f"  {cast.staff.email.upper()} ").status_code == 303


@pytest.mark.parametrize("email", ["stella@farrow.example", "nobody@nowhere.example"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, cast: Cast, email: str) -> None:
    answer = enter(client, email, "not the password at all")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert email in answer.text
    assert "not the password at all" not in answer.text


@pytest.mark.parametrize("email", ["stella@farrow.example", "nobody@nowhere.example"])
def test_an_unknown_address_costs_the_same_work_as_a_known_one(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    costs: list[tuple[str, int]] = []
    verify = PasswordHasher.verify

    def noted(self: PasswordHasher, kept: str, password: str) -> bool:
        costs.append((kept.rpartition("$")[0].rpartition("$")[0], len(password)))
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    enter(client, email, "wrong wrong wrong")
    assert costs == [("$argon2id$v=19$m=8,t=1,p=1", 17)]


def test_an_overlong_password_is_wrong_and_not_hashed(client: FlaskClient, cast: Cast) -> None:
    assert enter(client, cast.staff.email, PASSWORD + "x" * 5000).status_code == 422


def test_a_form_without_its_token_is_refused(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/sign-in", data={"email": cast.staff.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_every_act_of_the_account_wants_the_token(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    rules = [
        rule
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith(("account.", "members.")) and "POST" in (rule.methods or ())
    ]
    assert len(rules) > 15
    for rule in rules:
        given = {"slug": cast.organisation.slug, "token": "x"}
        with client.application.test_request_context():
            url = client.application.url_map.bind("localhost").build(
                rule.endpoint, {name: given.get(name, 1) for name in rule.arguments}, method="POST"
            )
        assert client.post(url).status_code == 400, url


def test_signing_in_goes_on_to_the_page_that_was_wanted(client: FlaskClient, cast: Cast) -> None:
    asked = client.get(f"/o/{cast.organisation.slug}/settings/members")
    assert asked.status_code == 303
    page = client.get(asked.location)
    assert "/settings/members" in page.text
    answer = enter(client, cast.administrator.email, next=f"/o/{cast.organisation.slug}/settings/members?a=1")
    assert answer.location == f"/o/{cast.organisation.slug}/settings/members?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "http:evil.example",
        "",
    ],
)
def test_next_never_leads_elsewhere(client: FlaskClient, cast: Cast, elsewhere: str) -> None:
    assert safe_next(elsewhere) is None
    assert enter(client, cast.staff.email, next=elsewhere).location == "/"


def test_next_keeps_a_page_of_this_site() -> None:
    assert safe_next("/o/alder-works/audits?kind=internal#row") == "/o/alder-works/audits?kind=internal#row"


def test_what_the_cookie_held_before_is_gone_afterwards(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as session:
        session["planted"], session["csrf_token"], session["_user_id"] = "x", "y" * 40, "not a sign-in"
    enter(client, cast.staff.email)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "y" * 40
        assert session["_user_id"] != "not a sign-in"


def test_signing_in_again_ends_the_session_that_the_browser_had(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    with client.session_transaction() as session:
        before = session["_user_id"]
    enter(client, cast.auditor.email)
    with app.app_context():
        assert load_visitor(before) is None


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client, cast.staff.email)
    with client.session_transaction() as session:
        kept = session["_user_id"]
    assert post(client, "/sign-out").status_code == 303
    with client.session_transaction() as session:
        session["_user_id"] = kept
    assert client.get("/account/").status_code == 303


def test_a_session_runs_out(client: FlaskClient, cast: Cast, app: Flask) -> None:
    sign_in(client, cast.staff)
    with app.app_context(), work(None) as w:
        for row in w.all(select(SignIn)):
            row.expires_at = now_utc() - timedelta(seconds=1)
    assert client.get("/account/").status_code == 303


def test_two_browsers_are_signed_in_at_once(app: Flask, cast: Cast) -> None:
    one, other = app.test_client(), app.test_client()
    answers = []

    def go(client: FlaskClient) -> None:
        answers.append(enter(client, cast.staff.email).status_code)

    threads = [threading.Thread(target=go, args=(each,)) for each in (one, other)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [303, 303]
    assert one.get("/account/").status_code == other.get("/account/").status_code == 200


def test_the_list_shows_where_one_is_signed_in_and_ends_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    other = sign_in(app.test_client(), cast.staff)
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    enter(client, cast.staff.email)
    page = client.get("/account/").text
    assert "Firefox on Linux" in page
    with app.app_context(), work(None, writes=False) as w:
        ids = list(w.session.scalars(select(SignIn.id).order_by(SignIn.id)))
    assert post(client, f"/account/sign-ins/{ids[0]}/end").status_code == 303
    assert other.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 200


def test_nobody_ends_the_sign_in_of_another(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(app.test_client(), cast.auditor)
    with app.app_context(), work(None, writes=False) as w:
        theirs = w.session.scalars(select(SignIn.id)).one()
    sign_in(client, cast.staff)
    assert post(client, f"/account/sign-ins/{theirs}/end").status_code == 404
    with app.app_context(), work(None, writes=False) as w:
        assert w.session.scalars(select(SignIn.ended_at).where(SignIn.id == theirs)).one() is None


def test_all_others_are_ended_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    others = [sign_in(app.test_client(), cast.staff) for _ in range(3)]
    sign_in(client, cast.staff)
    assert post(client, "/account/sign-ins/end-others").status_code == 303
    assert client.get("/account/").status_code == 200
    assert [each.get("/account/").status_code for each in others] == [303] * 3


def test_the_hash_follows_the_cost_of_the_settings(make_app: Callable[..., Flask], app: Flask, cast: Cast) -> None:
    dearer = make_app(argon2_time_cost=2)
    assert enter(dearer.test_client(), cast.staff.email).status_code == 303
    with app.app_context(), work(None, writes=False) as w:
        kept = w.session.scalars(select(Person.password_hash).where(Person.id == cast.staff.id)).one()
    assert ",t=2," in (kept or "")
    assert enter(app.test_client(), cast.staff.email).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_travels_over_tls_alone(
    make_app: Callable[..., Flask], cast: Cast
) -> None:
    client = make_app(public_url="https://triennium.example.org").test_client()
    client.get("/sign-in", base_url="https://triennium.example.org")
    answer = client.post("/sign-in", data={}, base_url="https://triennium.example.org")
    assert answer.status_code == 400
    with client.session_transaction(base_url="https://triennium.example.org") as session:
        session["_flashes"] = []
    header = client.get("/sign-in", base_url="https://triennium.example.org").headers.get("Set-Cookie", "")
    assert "HttpOnly" in header
    assert "Secure" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_theme_is_kept_in_the_cookie_and_with_the_person(
    app: Flask, client: FlaskClient, cast: Cast, theme: str
) -> None:
    sign_in(client, cast.staff)
    answer = post(client, "/account/theme", {"theme": theme, "next": "/account/?x=1"})
    assert (answer.status_code, answer.location) == (303, "/account/?x=1")
    with app.app_context(), work(None, writes=False) as w:
        assert w.session.scalars(select(Person.theme).where(Person.id == cast.staff.id)).one() == theme
    if theme != "system":
        assert client.get_cookie("theme").value == theme
        assert f'data-bs-theme="{theme}"' in client.get("/account/").text
        fresh = app.test_client()
        enter(fresh, cast.staff.email)
        assert fresh.get_cookie("theme").value == theme


def test_a_signed_out_visitor_chooses_a_theme_too_and_comes_back(client: FlaskClient) -> None:
    answer = post(
        client, "/account/theme", {"theme": "dark"}, headers={"Referer": "http://localhost/sign-in?next=%2Fx"}
    )
    assert urlsplit(answer.location).path == "/sign-in"
    assert post(client, "/account/theme", {"theme": "purple"}).status_code == 400
    away = post(
        client,
        "/account/theme",
        {"theme": "dark", "next": "//evil.example"},
        headers={"Referer": "http://evil.example/x"},
    )
    assert away.location == "/"


def test_one_chooses_ones_own_name(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    assert post(client, "/account/", {"name": "  Stella   Farrow-Lind "}).status_code == 303
    assert "Stella Farrow-Lind" in client.get("/account/").text
    refused = post(client, "/account/", {"name": "x" * 201})
    assert refused.status_code == 422
    assert "at most 200" in refused.text


def test_the_log_of_sign_ins_is_in_the_journal_of_the_installation(app: Flask, client: FlaskClient, cast: Cast) -> None:
    enter(client, cast.staff.email)
    post(client, "/sign-out")
    columns = select(JournalEntry.action, JournalEntry.actor_id, JournalEntry.changes)
    with app.app_context(), work(None, writes=False) as w:
        of_sign_ins = columns.where(JournalEntry.chain == "installation", JournalEntry.noun == "sign_in")
        rows = w.execute(of_sign_ins.order_by(JournalEntry.number)).all()
    assert [row[:2] for row in rows] == [("created", cast.staff.id), ("changed", cast.staff.id)]
    assert cast.staff.email not in "".join(row.changes for row in rows)


def test_the_sign_ins_of_the_demonstration_are_shown_where_it_is_loaded_and_here_alone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = replace(app.extensions["settings"], demonstration=True, mail_viewer=True)
    monkeypatch.setitem(app.extensions, "settings", loud)
    assert "three calm years" not in client.get("/sign-in").text
    with app.app_context(), work(None) as w:
        add_person(w, "Ingrid Falk", email="ingrid@northwind.example")
    assert "three calm years" in client.get("/sign-in").text
    assert "three calm years" not in client.get("/sign-in", headers={"X-Forwarded-For": "203.0.113.7"}).text
    monkeypatch.setitem(app.extensions, "settings", replace(loud, demonstration=False))
    assert "three calm years" not in client.get("/sign-in").text
