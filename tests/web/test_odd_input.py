"""Whatever a visitor sends, no page fails: it is taken, refused in words, or not found."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.domain.certification.facts import AuditKind, Grade
from app.models.process import Process
from app.web import gate
from app.work import work
from tests.cast import Cast, add_person, csrf_token, post, sign_in
from tests.certified import NOON, audited, body, certified, raised, site
from tests.examples import arguments
from tests.rows import fill

ODD = {
    "a huge number": "9" * 25,
    "a number of many digits": "9" * 5000,
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "no day": "2026-02-30",
    "signs": "\u202e😀'\"<&%_\\",
    "no character": "a\x00b",
    "digits of other scripts": "١٢٣٤٥٦",
    "a digit that is no number": "²",
    "a long text": "x" * 30_000,
}
READABLE = [value for value in ODD.values() if "\x00" not in value]
ASKED = (
    "page", "from", "until", "since", "year", "month", "before", "state", "risk", "standard", "site", "body", "order",
    "kind", "decided_on", "to_edition", "certificate", "audit", "progress", "standing", "grade", "q", "text", "noun",
    "action", "person", "reference", "group", "sort", "start", "end", "kept", "next", "for_", "endpoint", "slug",
    "_scheme", "_external", "_anchor", "_method",
)  # fmt: skip
LEFT_ALONE = {"account.sign_out", "static"}
"""They would end the visit, or have nothing of ours in them."""


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def visitor(app: Flask, cast: Cast, client: FlaskClient) -> FlaskClient:
    """Somebody who may do everything, in an organisation that has one of each."""
    with app.app_context(), work(cast.elsewhere.id, cast.stranger.id) as w:
        certificate = certified(w, date(2025, 3, 14), site_ids=[site(w).id], body=body(w).id)
        audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        audited(w, certificate, "SA-2027-01", AuditKind.SURVEILLANCE, date(2027, 2, 20), held=False)
        raised(w, "SA-2026-01/C-27001-1", Grade.MINOR, date(2026, 2, 20))
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    return sign_in(client, cast.stranger)


@pytest.fixture(autouse=True)
def _exceptions_again(app: Flask) -> Iterator[None]:
    before = app.config["PROPAGATE_EXCEPTIONS"]
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = before


def pages(app: Flask, method: str) -> list[Rule]:
    return [
        rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint not in LEFT_ALONE
    ]


def address(app: Flask, rule: Rule, slug: str, odd: str | None = None) -> str:
    """The address of a page: of what is there, or with something odd in its place."""
    references = {"certificates": "C-27001-1", "audits": "SA-2027-01", "nonconformities": "NC-2026-001"}
    area = rule.endpoint.partition(".")[0]
    there = {
        "slug": slug,
        "reference": references.get(area, "C-27001-1"),
        "place": "certificate",
        "key": "C-27001-1",
    }
    path = rule.rule
    for converter, name in re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", rule.rule):
        value = there.get(name, "1") if odd is None or name == "slug" else odd
        value = value.replace("/", "").replace("\r\n", "") or "-"
        if converter == "int" and not value.isdecimal():
            value = "1"
        path = re.sub(rf"<(?:\w+(?:\([^)]*\))?:)?{name}>", lambda _match, value=value: value[:2000], path)
    return path


@pytest.mark.parametrize("odd", ODD)
def test_no_address_and_no_filter_fails(app: Flask, cast: Cast, visitor: FlaskClient, odd: str) -> None:
    value = ODD[odd][:5000]
    failed = []
    for rule in pages(app, "GET"):
        there, odd_one = address(app, rule, cast.elsewhere.slug), address(app, rule, cast.elsewhere.slug, value)
        tried: list[tuple[str, dict[str, str]]] = [(there, dict.fromkeys(ASKED, value))]
        for path, asked in tried if odd_one == there else [*tried, (odd_one, {})]:
            status = visitor.get(path, query_string=asked).status_code
            if status >= 500 and status != 503:
                failed.append((rule.endpoint, path[:80], bool(asked), status))
    assert failed == []


@pytest.mark.parametrize("odd", ODD)
def test_no_form_fails(app: Flask, cast: Cast, visitor: FlaskClient, odd: str) -> None:
    value = ODD[odd]
    failed = []
    for rule in pages(app, "POST"):
        path = address(app, rule, cast.elsewhere.slug)
        shown = visitor.get(path).get_data(as_text=True) if "GET" in (rule.methods or ()) else ""
        names = set(re.findall(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"', shown)) - {"csrf_token"}
        names |= {"kind", "decided_on", "to_edition", "valid_through", "version", "reason", "theme", "next"}
        status = post(visitor, path, dict.fromkeys(names, value)).status_code
        if status >= 500 and status != 503:
            failed.append((rule.endpoint, status))
    assert failed == []


@pytest.mark.parametrize("digits", [11, 13, 400, 5000])
def test_a_number_longer_than_any_that_is_kept_is_refused_at_its_field(
    cast: Cast, visitor: FlaskClient, digits: int
) -> None:
    path = f"/o/{cast.elsewhere.slug}/certificates/C-27001-1/deviations/new"
    answer = post(visitor, path, {"year": "9" * digits})
    assert answer.status_code == 422
    assert "That is more than can be kept." in answer.text


def test_rows_without_measure_are_neither_drawn_nor_counted(cast: Cast, visitor: FlaskClient) -> None:
    path = f"/o/{cast.elsewhere.slug}/audits/new"
    assert post(visitor, path, {"team-²-name": "a", "team-٣-name": "b", "team-x-name": "c"}).status_code == 422
    answer = post(visitor, path, {f"team-{number}-name": "Somebody" for number in range(2000)})
    assert answer.status_code == 422
    assert answer.text.count('value="Somebody"') <= 500


def test_signs_that_nobody_sees_are_left_out(app: Flask, cast: Cast, visitor: FlaskClient) -> None:
    told = {
        "standard": "ISO/IEC 27001:2022",
        "reference": "C-X",
        "scope": "Hosting\x1b[31m\x01\r\nof mail\tand files\x9f",
    }
    assert post(visitor, f"/o/{cast.elsewhere.slug}/certificates/new", told).status_code == 303
    page = visitor.get(f"/o/{cast.elsewhere.slug}/certificates/C-X").text
    assert "Hosting[31m\r\nof mail\tand files<" in page


def test_asking_for_the_headers_of_a_page_sends_no_form(app: Flask, cast: Cast, visitor: FlaskClient) -> None:
    answers = {}
    for rule in pages(app, "POST"):
        path = address(app, rule, cast.elsewhere.slug)
        if "GET" in (rule.methods or ()):
            answers[path] = (visitor.head(path).status_code, visitor.get(path).status_code)
    assert [path for path, (head, get) in answers.items() if head != get] == []


@pytest.mark.parametrize("sent", [[1, {"a": None}], {"name": 5}, {"name": "a\x00b"}, {"name": "Sent as JSON"}])
def test_json_is_no_form(app: Flask, cast: Cast, visitor: FlaskClient, sent: Any) -> None:
    url = f"/o/{cast.elsewhere.slug}/processes/new"
    answer = visitor.post(url, json=sent, headers={"X-CSRFToken": csrf_token(visitor)})
    assert answer.status_code == 422
    with app.app_context(), work(cast.elsewhere.id) as w:
        assert w.all(select(Process)) == []


@pytest.mark.one_database
def test_no_form_of_what_is_there_fails(
    app: Flask, cast: Cast, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row of everything, of which the visitor takes the course; nothing is kept of what the forms do."""
    with app.app_context():
        with work(None) as w:
            someone = add_person(w, "Sam Example")
        with work(cast.elsewhere.id) as w:
            rows = fill(w, someone.id)
            rows["audit"].frozen_at = rows["quiz_attempt"].ended_at = rows["enrolment"].completed_at = None
            rows["enrolment"].person_id = rows["completion"].person_id = cast.stranger.id
            w.flush()
            w.session.expunge_all()
    real = gate.close_work
    monkeypatch.setattr(gate, "close_work", lambda opened, *, commit: real(opened, commit=False))
    monkeypatch.setattr("app.operations.throttle.spend", lambda limit, subject: None)
    failed, reached = [], 0
    for rule in pages(app, "POST"):
        if "slug" not in rule.arguments:
            continue
        given = {"slug": cast.elsewhere.slug, **arguments(rule.endpoint, rule.arguments - {"slug"}, rows)}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, given, method="POST")
        shown = visitor.get(path).get_data(as_text=True) if "GET" in (rule.methods or ()) else ""
        names = set(re.findall(r'<(?:input|select|textarea|button)[^>]*? name="([^"]+)"', shown)) - {"csrf_token"}
        chosen = dict(re.findall(r'<select[^>]*? name="([^"]+)".*?<option[^>]*? value="([^"]+)"', shown, re.DOTALL))
        names |= {"kind", "version", "seen", "entry_key", "reason", "note", "people", "person", "decision", "do"}
        for turn in range(0, len(READABLE), 3):
            # Each field has something else, each time; what is chosen from a list is right.
            data = {name: READABLE[(at + turn) % len(READABLE)] for at, name in enumerate(sorted(names))}
            status = post(visitor, path, {**data, **chosen, "entry_key": "k-1"}).status_code
            reached += status not in (400, 403, 404)
            if status >= 500 and status != 503:
                failed.append((rule.endpoint, data, status))
    assert failed == []
    assert reached > 500
