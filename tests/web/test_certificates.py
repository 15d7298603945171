"""The register and the page of certificates; recording, editing, and what nobody else may see of them."""

import io
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

from app.domain.certification.facts import AuditKind, DecisionKind, Grade, Outcome
from app.domain.certification.verdict import Rule
from app.extensions import db
from app.models.certificate import Certificate, CertificationBody, Decision
from app.models.journal import JournalEntry
from app.operations import certificates as operation
from app.operations.certificates import CertificateDetails, NewBody
from app.queries.certificates import certificate_by
from app.work import work
from tests.cast import Cast, post, sign_in
from tests.certified import NOON, STANDARD, applied, audited, body, certified, decide, raised, site

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Any]:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        yield w


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def test_the_empty_register_says_what_it_is_for_and_offers_the_first_step(manager: FlaskClient, home: str) -> None:
    page = text(manager.get(f"{home}/certificates"))
    assert "No certificate yet" in page
    assert f'href="{home}/certificates/new"' in page


def test_the_register_shows_how_each_stands(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certified(w, number="IS 4711")
        applied(w, "ISO/IEC 20000-1:2018")
    page = text(manager.get(f"{home}/certificates"))
    assert "2 certificates" in page
    assert "C-27001-1" in page
    assert "C-20000-1-1" in page
    assert "IS 4711" in page
    assert "13 Mar 2028" in page
    assert "Surveillance" in page
    assert "Rule broken" in page
    assert page.count('<svg class="ring') >= 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=applicant", {"C-20000-1-1"}),
        ("state=active", {"C-27001-1"}),
        ("risk=broken", {"C-27001-1"}),
        ("standard=ISO/IEC 20000-1", {"C-20000-1-1"}),
        ("site={site}", {"C-27001-1"}),
        ("body={body}", {"C-27001-1"}),
        ("state=nonsense&site=x&page=-3&order=sideways", {"C-27001-1", "C-20000-1-1"}),
        ("order=valid", {"C-27001-1", "C-20000-1-1"}),
        ("order=next", {"C-27001-1", "C-20000-1-1"}),
        ("page=99", {"C-27001-1", "C-20000-1-1"}),
        ("state=withdrawn", set()),
    ],
)
def test_filters(app: Flask, cast: Cast, manager: FlaskClient, home: str, query: str, found: set[str]) -> None:
    with inside(app, cast) as w:
        place, certifier = site(w), body(w)
        certified(w, site_ids=[place.id], body=certifier.id)
        applied(w, "ISO/IEC 20000-1:2018")
        query = query.format(site=place.id, body=certifier.id)
    page = text(manager.get(f"{home}/certificates?{query}"))
    assert {each for each in ("C-27001-1", "C-20000-1-1") if f'{home}/certificates/{each}"' in page} == found
    if not found:
        assert "No certificate is like that" in page


def test_the_register_takes_the_same_queries_for_5_and_for_200(
    app: Flask, cast: Cast, manager: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        for _ in range(5):
            applied(w)
    manager.get(f"{home}/certificates")
    with counted(app) as few:
        assert "5 certificates" in text(manager.get(f"{home}/certificates"))
    with inside(app, cast) as w:
        for _ in range(195):
            applied(w)
    with counted(app) as many:
        page = text(manager.get(f"{home}/certificates"))
    assert len(few) == len(many)
    assert "page 1 of 4" in page
    assert page.count('<svg class="ring') - page.count("mark") < 60
    assert "C-27001-200" in text(manager.get(f"{home}/certificates?page=4"))


def test_the_page_says_why_of_every_date(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certificate = certified(w, number="IS 4711", scope="Hosting of ERP systems", body=body(w).id)
        audited(w, certificate, "S1-2025-01", AuditKind.STAGE_1, date(2025, 1, 10), outcome=Outcome.READY)
        audited(w, certificate, "S2-2025-01", AuditKind.STAGE_2, date(2025, 2, 10), outcome=Outcome.RECOMMENDED)
        audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        raised(w, "SA-2026-01/C-27001-1", Grade.MINOR, date(2026, 2, 20), plan_accepted_on=date(2026, 3, 1))
        locked = certificate_by(w, "C-27001-1")
        assert locked is not None
        operation.record_change(w, locked, date(2026, 4, 1), "A second data centre.")
        operation.record_deviation(w, locked, Rule.CALENDAR_YEAR, "Agreed for the move.", 2026)
    page = text(manager.get(f"{home}/certificates/C-27001-1"))
    for words in (
        "The certification body's written decision overrides a computed date.",
        "13 Mar 2028",
        "IS 4711",
        "Hosting of ERP systems",
        "DAkkS",
        "SA-2026-01",
        "NC-2026-001",
        "A second data centre.",
        "Agreed for the move.",
        "ISO/IEC 17021-1:2015, 9.1.3.3",
        "First surveillance",
        'id="first-surveillance"',
    ):
        assert words in page, words
    limits = page[page.index('id="deadlines"') : page.index('id="decisions"')]
    assert limits.count("<details") == limits.count('<th scope="row">')


def test_a_dead_edition_shows_as_such(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certified(w, date(2023, 9, 20), "ISO/IEC 27001:2013")
    page = text(manager.get(f"{home}/certificates/C-27001-1"))
    assert "This edition ended on" in page
    assert "Capped by its edition" in page
    assert "Lapsed" in page
    assert "ISO/IEC 27001:2013 (ended 31 Oct 2025)" in text(manager.get(f"{home}/certificates/new"))


def test_the_page_takes_the_same_queries_whatever_is_on_it(
    app: Flask, cast: Cast, manager: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        certificate = certified(w)
        audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        raised(w, "SA-2026-01/C-27001-1", Grade.MINOR, date(2026, 2, 20))
    manager.get(f"{home}/certificates/C-27001-1")
    with counted(app) as few:
        manager.get(f"{home}/certificates/C-27001-1")
    with inside(app, cast) as w:
        for number in range(2, 12):
            audited(w, certificate, f"SA-2026-{number:02}", AuditKind.SURVEILLANCE, date(2026, 2, 20))
            raised(w, f"SA-2026-{number:02}/C-27001-1", Grade.MINOR, date(2026, 2, 20))
            decide(w, "C-27001-1", DecisionKind.MAINTAINED, date(2026, 3, number))
    with counted(app) as many:
        manager.get(f"{home}/certificates/C-27001-1")
    assert len(few) == len(many)


def test_recording_an_application(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        place = site(w).id
    answer = post(
        manager,
        f"{home}/certificates/new",
        {
            "standard": "ISO/IEC 19770-1:2017",
            "scope": "ITAM",
            "sites": str(place),
            "body": "new",
            "body_name": "Norden",
            "accreditation_body": "DAkkS",
        },
    )
    assert (answer.status_code, answer.location) == (303, f"{home}/certificates/C-19770-1-1")
    page = text(manager.get(answer.location))
    assert "Applicant" in page
    assert "Norden" in page
    assert "Hamburg" in page
    assert "Record a certificate" in text(manager.get(f"{home}/certificates"))


def test_recording_a_certification_with_its_first_decision(
    app: Flask, cast: Cast, manager: FlaskClient, home: str
) -> None:
    answer = post(
        manager,
        f"{home}/certificates/new",
        {
            "standard": STANDARD,
            "reference": "C-ISMS",
            "decided_on": "2025-03-14",
            "valid_through": "2028-03-10",
            "decided_by": "A. Board",
            "letter": (io.BytesIO(PDF), "letter.pdf"),
        },
        content_type="multipart/form-data",
    )
    assert answer.location == f"{home}/certificates/C-ISMS"
    page = text(manager.get(answer.location))
    for words in ("Active", "10 Mar 2028", "A. Board", "letter.pdf", "Granted"):
        assert words in page
    with inside(app, cast) as w:
        entries = w.session.scalars(select(JournalEntry).where(JournalEntry.noun == "decision")).all()
        assert [each.action for each in entries] == ["created"]


REFUSED = [
    ({"standard": "ISO/IEC 99999:2001"}, "no edition that is known here"),
    ({"standard": ""}, "Choose the standard and the edition"),
    ({"reference": "C-27001-1"}, "the reference of another certificate"),
    ({"reference": "../etc"}, "A reference is up to 40 letters"),
    ({"reference": "new"}, "A reference is up to 40 letters"),
    ({"body": "new"}, "A certification body has a name"),
    ({"body": "4711"}, "Choose one of the certification bodies"),
    ({"sites": "4711"}, "Choose sites from the list"),
    ({"decided_on": "2025-02-30"}, "There is no such day"),
    ({"decided_on": "2026-06-02"}, "has not come yet"),
    ({"decided_on": "2025-03-14", "valid_through": "2025-03-13"}, "before the decision of 14 Mar 2025"),
    ({"valid_through": "2028-03-13"}, "Give the day of the decision too"),
]


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_cannot_be_recorded_comes_back_filled_in(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, typed: dict[str, str], words: str
) -> None:
    with inside(app, cast) as w:
        applied(w)
    answer = post(
        manager,
        f"{home}/certificates/new",
        {"standard": STANDARD, "scope": "Hosting of everything", "number": "IS 4711", **typed},
    )
    page = text(answer)
    assert answer.status_code == 422
    assert words in page
    assert "Hosting of everything" in page
    assert "IS 4711" in page
    with inside(app, cast) as w:
        assert len(w.all(select(Certificate))) == 1
        assert w.all(select(Decision)) == []
        assert w.all(select(CertificationBody)) == []


def test_references_go_on_from_the_highest(app: Flask, cast: Cast) -> None:
    with inside(app, cast) as w:
        assert applied(w).reference == "C-27001-1"
        operation.create(w, CertificateDetails(standard=STANDARD), "C-27001-7")
        assert applied(w).reference == "C-27001-8"
        assert applied(w, "ISO 9001:2015").reference == "C-9001-1"


def test_editing(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        one, other = site(w), site(w, "Leeds")
        certified(w, site_ids=[one.id])
        ids = one.id, other.id
    form = text(manager.get(f"{home}/certificates/C-27001-1/edit"))
    version = form.split('name="version"')[1].split('value="')[1].split('"')[0]
    answer = post(
        manager,
        f"{home}/certificates/C-27001-1/edit",
        {"version": version, "standard": STANDARD, "scope": "Smaller", "sites": str(ids[1]), "number": "IS 1"},
    )
    assert answer.status_code == 303
    page = text(manager.get(f"{home}/certificates/C-27001-1"))
    assert "Smaller" in page
    assert "Leeds" in page
    assert "Hamburg" not in page


def test_the_edition_first_certified_stays_once_something_was_decided(
    app: Flask, cast: Cast, manager: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        certified(w)
        version = applied(w).version
    refused = post(manager, f"{home}/certificates/C-27001-1/edit", {"standard": "ISO/IEC 27001:2013"})
    assert refused.status_code == 422
    assert "by a decision of transition" in text(refused)
    moved = post(manager, f"{home}/certificates/C-27001-2/edit", {"version": version, "standard": "ISO/IEC 27001:2013"})
    assert moved.status_code == 303


def test_the_second_of_two_who_edit_sees_both_versions(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        version = certified(w, scope="As it was").version
    first = {"version": version, "standard": STANDARD, "scope": "By the first"}
    assert post(manager, f"{home}/certificates/C-27001-1/edit", first).status_code == 303
    second = {"version": version, "standard": STANDARD, "scope": "By the second"}
    answer = post(manager, f"{home}/certificates/C-27001-1/edit", second)
    page = text(answer)
    assert answer.status_code == 422
    assert "changed by somebody else while you had it open" in page
    assert "<td>By the first</td><td>By the second</td>" in page
    with inside(app, cast) as w:
        kept = certificate_by(w, "C-27001-1")
        assert kept is not None
        assert kept.scope == "By the first"
        now = kept.version
    assert f'name="version" type="hidden" value="{now}"' in page
    assert post(manager, f"{home}/certificates/C-27001-1/edit", {**second, "version": now}).status_code == 303


def test_bodies_are_listed_and_corrected(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        operation.create(w, CertificateDetails(standard=STANDARD, body=NewBody(name="Norden")))
        other = body(w, "Süden").id
    assert "Norden" in text(manager.get(f"{home}/certificates/bodies"))
    taken = post(manager, f"{home}/certificates/bodies/{other}", {"body_name": "Norden"})
    assert taken.status_code == 422
    assert "Norden is known already" in text(taken)
    saved = post(manager, f"{home}/certificates/bodies/{other}", {"body_name": "Süd", "accreditation_number": "D-1"})
    assert saved.status_code == 303
    assert "D-1" in text(manager.get(f"{home}/certificates/bodies"))
    assert manager.get(f"{home}/certificates/bodies/4711").status_code == 404


def test_a_change_is_recorded_judged_and_taken_back(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certificate = applied(w)
        audited(w, certificate, "S1-2026-01", AuditKind.STAGE_1, date(2026, 2, 10), outcome=Outcome.READY)
    url = f"{home}/certificates/C-27001-1"
    typed = {"changed_on": "2026-03-01", "description": "A merger.", "significant": "y"}
    assert post(manager, f"{url}/changes/new", {**typed, "changed_on": "2027-03-01"}).status_code == 422
    assert post(manager, f"{url}/changes/new", typed).status_code == 303
    page = text(manager.get(url))
    assert "A merger." in page
    assert "repeat of stage 1" in page.lower()
    change = page.split("/changes/")[2].split("/remove")[0] if "/changes/new" in page else ""
    remove = f"{url}/changes/{change}/remove"
    assert post(manager, remove, {"reason": ""}).status_code == 422
    assert post(manager, remove, {"reason": "Of another company."}).status_code == 303
    assert "A merger." not in text(manager.get(url))
    with inside(app, cast) as w:
        gone = w.session.scalars(
            select(JournalEntry).where(JournalEntry.noun == "significant_change", JournalEntry.action == "deleted")
        ).one()
        assert gone.reason == "Of another company."


def test_a_justification_turns_a_breach_into_a_warning(app: Flask, cast: Cast, manager: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certificate = certified(w, date(2024, 3, 15))
        audited(w, certificate, "SA-2024-01", AuditKind.SURVEILLANCE, date(2024, 12, 1))
    url = f"{home}/certificates/C-27001-1"
    assert "Breaches of this cycle" in text(manager.get(url))
    typed = {"rule": "calendar-year", "year": "", "justification": "Agreed with the body."}
    assert "Say for which calendar year" in text(post(manager, f"{url}/deviations/new", typed))
    assert post(manager, f"{url}/deviations/new", {**typed, "year": "2025"}).status_code == 303
    again = post(manager, f"{url}/deviations/new", {**typed, "year": "2025"})
    assert again.status_code == 422
    assert "on record already" in text(again)
    page = text(manager.get(url))
    breaches = page[page.index("Breaches of this cycle") : page.index("Warnings")] if "Breaches of" in page else ""
    assert "Surveillance 2025" not in breaches
    assert "Agreed with the body." in page
    remove = f"{url}/deviations/{page.split('/deviations/')[2].split('/remove')[0]}/remove"
    assert "Surveillance 2025" in text(manager.get(remove)).replace("surveillance", "Surveillance")
    assert post(manager, remove, {"reason": "Not accepted after all."}).status_code == 303
    assert "Agreed with the body." not in text(manager.get(url))


def test_another_organisation_sees_nothing(app: Flask, cast: Cast, client: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        certificate = certified(w)
        decision = w.all(select(Decision.id))[0]
        certifier = body(w).id
        assert certificate.reference == "C-27001-1"
    sign_in(client, cast.stranger)
    there = f"/o/{cast.elsewhere.slug}"
    for path in (
        "/certificates/C-27001-1",
        "/certificates/C-27001-1/edit",
        "/certificates/C-27001-1/decide",
        f"/certificates/C-27001-1/decisions/{decision}/strike-out",
        "/certificates/C-27001-1/changes/new",
        f"/certificates/bodies/{certifier}",
        f"/attachments/add/decision/{decision}",
        "/attachments/add/certificate/C-27001-1",
    ):
        assert client.get(f"{there}{path}").status_code == 404, path
        assert client.get(f"{home}{path}").status_code == 404, path
    assert "C-27001-1" not in text(client.get(f"{there}/certificates"))
    answer = post(client, f"{there}/certificates/new", {"standard": STANDARD, "body": str(certifier)})
    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "sees"), [("auditor", 200), ("staff", 403), ("assessor", 403)])
def test_who_may(app: Flask, cast: Cast, client: FlaskClient, home: str, who: str, sees: int) -> None:
    with inside(app, cast) as w:
        certified(w)
    sign_in(client, getattr(cast, who))
    assert client.get(f"{home}/certificates").status_code == sees
    assert client.get(f"{home}/certificates/C-27001-1").status_code == sees
    for path in ("new", "C-27001-1/edit", "C-27001-1/decide", "C-27001-1/changes/new", "C-27001-1/deviations/new"):
        assert client.get(f"{home}/certificates/{path}").status_code == 403
        assert post(client, f"{home}/certificates/{path}").status_code == 403
    if sees == 200:
        page = text(client.get(f"{home}/certificates/C-27001-1"))
        assert "Record a decision" not in page
        assert "Strike out" not in page
