"""Decisions on screen: first what one does, then the record; what cannot follow; and what is struck out."""

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
from sqlalchemy import select

from app.domain.certification.facts import AuditKind, DecisionKind, State
from app.models.attachment import Attachment
from app.models.certificate import CertificateVerdict, Decision
from app.models.journal import JournalEntry
from app.queries.certificates import certificate_by
from app.work import work
from tests.cast import Cast, post, sign_in
from tests.certified import NOON, applied, audited, certified, decide

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
K = DecisionKind


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/certificates/C-27001-1"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Any]:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        yield w


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def state(app: Flask, cast: Cast) -> State:
    with inside(app, cast) as w:
        return w.all(select(CertificateVerdict))[0].state


def test_every_decision_is_listed_with_whether_it_can_follow(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        applied(w)
    page = text(manager.get(f"{url}/decide"))
    assert page.count("?kind=") == len(DecisionKind)
    assert "nothing was granted yet, so a renewal cannot follow" in page


def test_the_form_shows_first_what_a_grant_does(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        applied(w)
    today = text(manager.get(f"{url}/decide?kind=granted"))
    assert "What it does" in today
    assert 'value="2029-05-31"' in today
    page = text(manager.get(f"{url}/decide?kind=granted&decided_on=2024-02-29"))
    assert 'name="valid_through" type="date" value="2027-02-27"' in page
    effect = page[page.index("What it does") : page.index("Record it")]
    for words in ("Applicant", "Active", "27 Feb 2027", "28 Feb 2025", "It shows these breaches", "First surveillance"):
        assert words in effect, words
    with inside(app, cast) as w:
        assert w.all(select(Decision)) == []


@pytest.mark.parametrize("kind", [kind for kind in K if kind not in (K.GRANTED, K.RESTORED, K.SUSPENSION_LIFTED)])
def test_each_kind_is_previewed_and_recorded(
    app: Flask, cast: Cast, manager: FlaskClient, url: str, kind: DecisionKind
) -> None:
    with inside(app, cast) as w:
        certified(w, date(2024, 3, 14), "ISO/IEC 27001:2013" if kind is K.TRANSITIONED else "ISO/IEC 27001:2022")
    asked = {"kind": kind.value, "decided_on": "2025-06-01"}
    if kind is K.TRANSITIONED:
        asked["to_edition"] = "ISO/IEC 27001:2022"
    preview = manager.get(f"{url}/decide", query_string=asked)
    assert preview.status_code == 200
    assert "Record it" in text(preview)
    answer = post(manager, f"{url}/decide", {**asked, "decided_by": "A. Board", "note": "By letter."})
    assert (answer.status_code, answer.location) == (303, url)
    with inside(app, cast) as w:
        kept = w.all(select(Decision).where(Decision.kind == kind))[0]
        assert (kept.decided_on, kept.decided_by, kept.note) == (date(2025, 6, 1), "A. Board", "By letter.")
        assert kept.to_edition == asked.get("to_edition")


def test_restoring_and_lifting(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w, date(2023, 4, 1))
    assert state(app, cast) is State.EXPIRED_RESTORABLE
    preview = text(manager.get(f"{url}/decide?kind=restored&decided_on=2026-05-20"))
    assert 'value="2029-03-31"' in preview
    post(manager, f"{url}/decide", {"kind": "restored", "decided_on": "2026-05-20", "valid_through": "2029-03-31"})
    assert state(app, cast) is State.ACTIVE
    post(manager, f"{url}/decide", {"kind": "suspended", "decided_on": "2026-05-25"})
    assert state(app, cast) is State.SUSPENDED
    post(manager, f"{url}/decide", {"kind": "suspension-lifted", "decided_on": "2026-05-30"})
    assert state(app, cast) is State.ACTIVE


def test_another_day_than_the_one_shown_is_shown_before_it_is_recorded(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        certified(w, date(2025, 4, 1))
    sent = {"kind": K.SUSPENDED.value, "decided_on": "2026-05-20", "shown": "2026-06-01"}
    answer = post(manager, f"{url}/decide", sent)
    assert answer.status_code == 422
    assert "What it does has changed with the day" in answer.text
    assert 'name="shown" value="2026-05-20"' in answer.text
    asked = post(manager, f"{url}/decide", {**sent, "step": "show", "decided_by": "The committee"})
    assert asked.status_code == 200
    assert "The committee" in asked.text
    assert post(manager, f"{url}/decide", {**sent, "shown": "2026-05-20"}).status_code == 303


def test_a_transition_moves_the_edition(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w, date(2023, 9, 20), "ISO/IEC 27001:2013")
    assert state(app, cast) is State.LAPSED
    offered = text(manager.get(f"{url}/decide?kind=transitioned"))
    assert 'value="ISO/IEC 27001:2022"' in offered
    assert 'value="ISO/IEC 27001:2013"' not in offered
    typed = {"kind": "transitioned", "decided_on": "2025-10-01", "to_edition": "ISO/IEC 27001:2022"}
    assert post(manager, f"{url}/decide", typed).status_code == 303
    page = text(manager.get(url))
    assert "ISO/IEC 27001:2022" in page
    assert "first certified to ISO/IEC 27001:2013" in page
    assert state(app, cast) is State.ACTIVE


def test_the_letter_is_kept_with_the_decision(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        applied(w)
    typed = {"kind": "granted", "decided_on": "2026-05-01", "letter": (io.BytesIO(PDF), "Our letter.pdf")}
    assert post(manager, f"{url}/decide", typed, content_type="multipart/form-data").status_code == 303
    with inside(app, cast) as w:
        letter = w.all(select(Attachment))[0]
        assert (letter.file_name, letter.decision_id) == ("Our letter.pdf", w.all(select(Decision.id))[0])
    assert "Our letter.pdf" in text(manager.get(url))


REFUSED = [
    ("applied", {"kind": "renewed"}, "nothing was granted yet"),
    ("applied", {"kind": "suspension-lifted"}, "nothing was granted yet"),
    ("certified", {"kind": "suspension-lifted"}, "there is no suspension to lift"),
    ("certified", {"kind": "granted"}, "a second grant cannot follow"),
    ("certified", {"kind": "restored"}, "nothing to restore"),
    ("suspended", {"kind": "suspended"}, "a second suspension cannot follow"),
    ("withdrawn", {"kind": "renewed"}, "Only a new grant can follow"),
    ("certified", {"kind": "suspended", "decided_on": "2026-06-02"}, "has not come yet"),
    ("certified", {"kind": "suspended", "decided_on": "2026-02-30"}, "There is no such day"),
    ("certified", {"kind": "suspended", "decided_on": ""}, "Give the day"),
    (
        "certified",
        {"kind": "transitioned", "to_edition": "ISO/IEC 27001:2022"},
        "certified to ISO/IEC 27001:2022 already",
    ),
    ("certified", {"kind": "transitioned", "to_edition": "ISO/IEC 27001:1999"}, "no edition that is known here"),
    ("certified", {"kind": "transitioned", "to_edition": ""}, "Say to which edition"),
    ("certified", {"kind": "transitioned", "to_edition": "ISO 9001:2015"}, "another standard"),
]


@pytest.mark.parametrize(("standing", "typed", "words"), REFUSED)
def test_refused_in_the_rules_words_in_preview_and_in_record(
    app: Flask, cast: Cast, manager: FlaskClient, url: str, standing: str, typed: dict[str, str], words: str
) -> None:
    with inside(app, cast) as w:
        if standing == "applied":
            applied(w)
        else:
            certified(w)
        if standing in ("suspended", "withdrawn"):
            decide(w, "C-27001-1", K(standing), date(2026, 4, 1))
        before = len(w.all(select(Decision)))
    asked = {"decided_on": "2026-06-01", **typed}
    preview = manager.get(f"{url}/decide", query_string=asked)
    assert preview.status_code == 422
    assert words in text(preview)
    answer = post(manager, f"{url}/decide", {**asked, "note": "What was typed stays."})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "What was typed stays." in text(answer)
    with inside(app, cast) as w:
        assert len(w.all(select(Decision))) == before


@pytest.mark.parametrize(
    ("last", "words"),
    [("2026-05-31", "before the decision"), ("2036-01-01", "more than five years"), ("x", "no such day")],
)
def test_a_printed_last_day_that_cannot_be(
    app: Flask, cast: Cast, manager: FlaskClient, url: str, last: str, words: str
) -> None:
    with inside(app, cast) as w:
        applied(w)
    answer = post(manager, f"{url}/decide", {"kind": "granted", "decided_on": "2026-06-01", "valid_through": last})
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{last}"' in text(answer)


def test_sent_twice_it_is_recorded_once(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w)
    typed = {"kind": "maintained", "decided_on": "2026-05-01"}
    assert post(manager, f"{url}/decide", typed).status_code == 303
    again = post(manager, f"{url}/decide", typed)
    assert again.status_code == 422
    assert "on record already" in text(again)


def test_an_unknown_kind_leads_back_to_the_list(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w)
    assert "Choose what the certification body decided" in text(manager.get(f"{url}/decide?kind=pardoned"))


def test_striking_out_shows_what_it_does_and_asks_why(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w)
    typed = {"kind": "suspended", "decided_on": "2026-04-01", "letter": (io.BytesIO(PDF), "letter.pdf")}
    post(manager, f"{url}/decide", typed, content_type="multipart/form-data")
    with inside(app, cast) as w:
        struck = w.all(select(Decision.id).where(Decision.kind == K.SUSPENDED))[0]
    page = text(manager.get(f"{url}/decisions/{struck}/strike-out"))
    assert "Suspended" in page
    assert "Active" in page
    assert post(manager, f"{url}/decisions/{struck}/strike-out", {"reason": " "}).status_code == 422
    answer = post(manager, f"{url}/decisions/{struck}/strike-out", {"reason": "Of another certificate."})
    assert (answer.status_code, answer.location) == (303, url)
    assert state(app, cast) is State.ACTIVE
    with inside(app, cast) as w:
        assert w.all(select(Attachment)) == []
        gone = w.session.scalars(
            select(JournalEntry).where(JournalEntry.action == "deleted").order_by(JournalEntry.id)
        ).all()
        assert {each.noun for each in gone} == {"attachment", "decision"}
        assert {each.reason for each in gone} == {"Of another certificate."}


def test_what_others_rest_on_is_not_struck_out(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        certified(w)
        decide(w, "C-27001-1", K.SUSPENDED, date(2026, 4, 1))
        grant = w.all(select(Decision.id).where(Decision.kind == K.GRANTED))[0]
    assert "It cannot be struck out" in text(manager.get(f"{url}/decisions/{grant}/strike-out"))
    answer = post(manager, f"{url}/decisions/{grant}/strike-out", {"reason": "By mistake."})
    assert answer.status_code == 422
    assert "The suspension of 1 Apr 2026 rests on it" in text(answer)
    assert manager.get(f"{url}/decisions/4711/strike-out").status_code == 404


def test_a_renewal_without_a_recertification_audit_says_so_before_it_is_recorded(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        certified(w, date(2023, 9, 20))
    page = text(manager.get(f"{url}/decide?kind=renewed"))
    effect = page[page.index("What it does") : page.index("Record it")]
    assert "No recertification audit is on record behind the renewal of 1 Jun 2026" in effect
    with inside(app, cast) as w:
        audited(w, certificate_by(w, "C-27001-1"), "RA-2026-01", AuditKind.RECERTIFICATION, date(2026, 5, 20))
    assert "No recertification audit" not in text(manager.get(f"{url}/decide?kind=renewed"))


def test_to_open_the_page_of_a_decision_that_cannot_follow_today_says_why_and_claims_no_failure(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        certified(w, date(2025, 4, 1))
        decide(w, "C-27001-1", K.SUSPENDED, date(2026, 5, 1))
    page = text(manager.get(f"{url}/decide?kind=suspended"))
    assert "This was not saved" not in page
    assert "Today it cannot be recorded." in page
    assert "a second suspension cannot follow" in page
    assert ">Cancel</a>" in page
    asked = manager.get(f"{url}/decide?kind=suspended&decided_on=2026-06-01")
    assert asked.status_code == 422
