"""The certification body's nonconformities on screen: its dates, what they endanger, and what cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind, Grade, Outcome
from app.extensions import db
from app.models.certificate import BodyNonconformity, CertificateVerdict
from app.models.journal import JournalEntry
from app.work import work
from tests.cast import Cast, post, sign_in
from tests.certified import NOON, applied, audited, certified, raised

STAGE_2 = "S2-2026-01/C-27001-1"
TYPED = {
    "raised_at": STAGE_2,
    "grade": "major",
    "statement": "Access rights are not reviewed.",
    "raised_on": "2026-03-10",
    "body_reference": "NCR 7",
    "clause": "A.5.18",
    "response_due_on": "2026-05-10",
}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/nonconformities"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Any]:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        yield w


@pytest.fixture
def application(app: Flask, cast: Cast) -> None:
    """An application whose stage 2 ended on 10 March 2026."""
    with inside(app, cast) as w:
        certificate = applied(w)
        audited(w, certificate, "S1-2026-01", AuditKind.STAGE_1, date(2026, 1, 20), outcome=Outcome.READY)
        audited(w, certificate, "S2-2026-01", AuditKind.STAGE_2, date(2026, 3, 10), outcome=Outcome.RECOMMENDED)
        audited(w, certificate, "S2-2027-01", AuditKind.STAGE_2, date(2027, 3, 10), held=False)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def test_the_empty_register_says_what_it_is_for(manager: FlaskClient, url: str) -> None:
    assert "No nonconformity of the body" in text(manager.get(url))
    assert "No external audit has begun" in text(manager.get(f"{url}/new"))


@pytest.mark.usefixtures("application")
def test_a_major_of_the_stage_2_endangers_the_six_months_and_the_grant(manager: FlaskClient, url: str) -> None:
    form = text(manager.get(f"{url}/new?certificate=C-27001-1&audit=S2-2026-01"))
    assert f'<option selected value="{STAGE_2}"' in form
    assert "S2-2027-01" not in form
    answer = post(manager, f"{url}/new", TYPED)
    assert (answer.status_code, answer.location) == (303, f"{url}/NC-2026-001")
    page = text(manager.get(answer.location))
    for words in (
        "NCR 7",
        "A.5.18",
        "Access rights are not reviewed.",
        "The answer was due on 10 May 2026 and is overdue.",
        "Verification of the stage 2 majors",
        "10 Sep 2026",
        "ISO/IEC 17021-1:2015, 9.5.3.2",
        "Certification cannot be granted before it is verified.",
        "ISO/IEC 17021-1:2015, 9.5.2",
    ):
        assert words in page, words
    register = text(manager.get(url))
    assert "1 nonconformity" in register
    assert "Waits for an accepted plan" in register


@pytest.mark.usefixtures("application")
def test_verified_it_endangers_nothing_and_the_limit_is_met(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    post(manager, f"{url}/new", TYPED)
    verified = {**TYPED, "plan_accepted_on": "2026-04-01", "verified_on": "2026-05-20"}
    assert post(manager, f"{url}/NC-2026-001/edit", {**verified, "version": "1"}).status_code == 303
    page = text(manager.get(f"{url}/NC-2026-001"))
    assert "The certification body verified it on 20 May 2026." in page
    assert "Nothing any more" in page
    limits = text(manager.get(f"/o/{cast.organisation.slug}/certificates/C-27001-1"))
    assert "Met" in limits[limits.index('id="stage-2-majors"') :]


REFUSED = [
    ({"raised_at": ""}, "Choose the audit that raised it"),
    ({"raised_at": "S2-2027-01/C-27001-1"}, "one that has begun"),
    ({"raised_at": "SA-2026-77/C-27001-1"}, "one that has begun"),
    ({"grade": ""}, "Choose the grade"),
    ({"grade": "huge"}, "Not a valid choice"),
    ({"statement": ""}, "Write down what the certification body stated"),
    ({"raised_on": ""}, "Give the day"),
    ({"raised_on": "2026-02-30"}, "There is no such day"),
    ({"raised_on": "2026-03-09"}, "the audit began on 10 Mar 2026"),
    ({"raised_on": "2026-06-02"}, "has not come yet"),
    ({"response_due_on": "2026-03-09"}, "An answer cannot be due on 9 Mar 2026"),
    ({"plan_accepted_on": "2026-03-09"}, "The plan cannot have been accepted"),
    ({"plan_accepted_on": "2026-06-02"}, "has not come yet"),
    ({"verified_on": "2026-03-09"}, "It cannot have been verified on 9 Mar 2026"),
    ({"plan_accepted_on": "2026-04-02", "verified_on": "2026-04-01"}, "before the plan was accepted"),
]


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_cannot_be_comes_back_filled_in(
    app: Flask, cast: Cast, manager: FlaskClient, url: str, typed: dict[str, str], words: str
) -> None:
    answer = post(manager, f"{url}/new", {**TYPED, **typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "A.5.18" in text(answer)
    with inside(app, cast) as w:
        assert w.all(select(BodyNonconformity)) == []


@pytest.mark.usefixtures("application")
def test_references_count_within_the_year(app: Flask, cast: Cast) -> None:
    with inside(app, cast) as w:
        certificate = applied(w, "ISO/IEC 20000-1:2018")
        audited(w, certificate, "S1-2025-01", AuditKind.STAGE_1, date(2025, 11, 20))
        told = [
            raised(w, STAGE_2, Grade.MINOR, date(2026, 3, 10)),
            raised(w, "S1-2025-01/C-20000-1-1", Grade.MINOR, date(2025, 11, 20)),
            raised(w, STAGE_2, Grade.MINOR, date(2026, 3, 10)),
        ]
        assert [each.reference for each in told] == ["NC-2026-001", "NC-2025-001", "NC-2026-002"]


@pytest.mark.usefixtures("application")
def test_filters(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        raised(w, STAGE_2, Grade.MAJOR, date(2026, 3, 10), response_due_on=date(2026, 4, 1))
        raised(w, STAGE_2, Grade.MINOR, date(2026, 3, 10), verified_on=date(2026, 4, 1))
    for query, found in (
        ("", {1, 2}),
        ("standing=open", {1}),
        ("standing=late", {1}),
        ("standing=verified", {2}),
        ("grade=minor", {2}),
        ("certificate=C-27001-1", {1, 2}),
        ("certificate=C-9001-1", set()),
        ("standing=x&grade=y&page=9", {1, 2}),
    ):
        page = text(manager.get(f"{url}?{query}"))
        assert {number for number in (1, 2) if f'{url}/NC-2026-00{number}"' in page} == found, query


@pytest.mark.usefixtures("application")
def test_the_second_of_two_who_edit_sees_both_versions(manager: FlaskClient, url: str) -> None:
    post(manager, f"{url}/new", TYPED)
    first = {**TYPED, "version": "1", "clause": "A.5.15"}
    assert post(manager, f"{url}/NC-2026-001/edit", first).status_code == 303
    answer = post(manager, f"{url}/NC-2026-001/edit", {**TYPED, "version": "1", "clause": "A.8.2"})
    assert answer.status_code == 422
    assert "changed by somebody else" in text(answer)
    assert "<td>A.5.15</td><td>A.8.2</td>" in text(answer)
    assert 'name="version" type="hidden" value="2"' in text(answer)


@pytest.mark.usefixtures("application")
def test_removing_one_judges_again_and_keeps_why(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    post(manager, f"{url}/new", TYPED)
    assert post(manager, f"{url}/NC-2026-001/remove", {"reason": ""}).status_code == 422
    assert post(manager, f"{url}/NC-2026-001/remove", {"reason": "Withdrawn by the body."}).status_code == 303
    assert manager.get(f"{url}/NC-2026-001").status_code == 404
    with inside(app, cast) as w:
        entry = w.session.scalars(select(JournalEntry).where(JournalEntry.action == "deleted")).one()
        assert (entry.reference, entry.reason) == ("NC-2026-001", "Withdrawn by the body.")
        assert w.all(select(CertificateVerdict))[0].breach_count == 0


@pytest.mark.usefixtures("application")
def test_the_number_of_one_that_was_removed_is_never_given_again(manager: FlaskClient, url: str) -> None:
    for number in ("001", "002"):
        post(manager, f"{url}/new", TYPED)
        assert post(manager, f"{url}/NC-2026-{number}/remove", {"reason": "By mistake."}).status_code == 303


def test_a_major_of_a_surveillance_has_no_last_day_of_its_own(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        certificate = certified(w)
        audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        raised(w, "SA-2026-01/C-27001-1", Grade.MAJOR, date(2026, 2, 20))
        raised(w, "SA-2026-01/C-27001-1", Grade.MINOR, date(2026, 2, 20), plan_accepted_on=date(2026, 3, 1))
    page = text(manager.get(f"{url}/NC-2026-001"))
    assert "The recertification cannot be decided before it is verified." in page
    assert "13 Mar 2028" in page
    assert "No rule sets a last day for a major of a surveillance" in page
    assert "The body verifies a minor at its next audit" in text(manager.get(f"{url}/NC-2026-002"))


@pytest.mark.usefixtures("application")
def test_the_register_takes_the_same_queries_for_5_and_for_200(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    def queries() -> int:
        sent: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert manager.get(url).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    with inside(app, cast) as w:
        first = raised(w, STAGE_2, Grade.MINOR, date(2026, 3, 10))
        kept = {
            name: getattr(first, name) for name in ("certificate_id", "audit_id", "grade", "statement", "raised_on")
        }
        w.insert_many(BodyNonconformity, [{**kept, "reference": f"NC-2026-{n:03}", "version": 1} for n in range(2, 6)])
    queries()
    few = queries()
    with inside(app, cast) as w:
        rows = [{**kept, "reference": f"NC-2026-{n:03}", "version": 1} for n in range(6, 201)]
        w.insert_many(BodyNonconformity, rows)
    assert queries() == few
    assert "page 1 of 4" in text(manager.get(url))


@pytest.mark.usefixtures("application")
def test_others_see_nothing_or_change_nothing(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        raised(w, STAGE_2, Grade.MINOR, date(2026, 3, 10))
    sign_in(client, cast.stranger)
    there = f"/o/{cast.elsewhere.slug}/nonconformities"
    for path in ("NC-2026-001", "NC-2026-001/edit", "NC-2026-001/remove"):
        assert client.get(f"{there}/{path}").status_code == 404
        assert client.get(f"{url}/{path}").status_code == 404
    assert post(client, f"{there}/new", TYPED).status_code == 422
    sign_in(client, cast.auditor)
    assert client.get(f"{url}/NC-2026-001").status_code == 200
    for path in ("new", "NC-2026-001/edit", "NC-2026-001/remove"):
        assert post(client, f"{url}/{path}", TYPED).status_code == 403
    sign_in(client, cast.staff)
    assert client.get(url).status_code == 403
