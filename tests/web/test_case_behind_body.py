"""The work behind a certification body's nonconformity: its days bind ours, and ours change nothing of theirs."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.certification.facts import AuditKind, Grade, Outcome
from app.domain.findings.corrective_action import Effectiveness, Stage
from app.operations import actions
from app.operations import corrective_actions as cases
from tests.cases import CAUSE, act, acting, fresh, later, send
from tests.cast import Cast, post, sign_in
from tests.certified import audited, certified, raised

STATED = {
    "raised_at": "RA-2027-01/C-27001-1",
    "grade": "major",
    "statement": "Logs are not reviewed.",
    "raised_on": "2027-01-20",
    "body_reference": "",
    "clause": "",
}


@pytest.fixture(autouse=True)
def _after_the_audit() -> Iterator[None]:
    with time_machine.travel("2027-02-01T12:00:00+00:00", tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def reference(app: Flask, cast: Cast) -> str:
    """A major of the recertification audit of 20 January 2027; the certificate is valid through 14 March."""
    with acting(app, cast.organisation, cast.quality_manager) as w:
        certificate = certified(w, date(2024, 3, 15))
        audited(w, certificate, "SA-2025-01", AuditKind.SURVEILLANCE, date(2025, 2, 20))
        audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        audited(w, certificate, "RA-2027-01", AuditKind.RECERTIFICATION, date(2027, 1, 20), outcome=Outcome.RECOMMENDED)
        return raised(w, "RA-2027-01/C-27001-1", Grade.MAJOR, date(2027, 1, 20)).reference


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def opened(client: FlaskClient, cast: Cast, home: str, reference: str) -> FlaskClient:
    manager = sign_in(client, cast.quality_manager)
    assert send(manager, f"{home}/corrective-actions/open-behind/{reference}").status_code == 303
    return manager


def test_opened_from_its_page_with_the_last_valid_day_as_its_limit(
    client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    manager = sign_in(client, cast.quality_manager)
    link = f"{home}/corrective-actions/open-behind/{reference}"
    assert f'href="{link}"' in text(manager.get(f"{home}/nonconformities/{reference}"))
    asked = text(manager.get(link))
    assert "would have ended later, on 21 Mar 2027" in asked
    assert "ISO/IEC 17021-1:2015, 9.6.3.2.2" in asked
    opened(client, cast, home, reference)
    assert "stands behind" in text(send(manager, link))
    page = text(manager.get(f"{home}/corrective-actions/{reference}"))
    for words in ("14 Mar 2027", "closing this changes nothing there", "What the body's nonconformity endangers"):
        assert words in page
    shown = text(manager.get(f"{home}/certificates/C-27001-1"))
    for words in ("Raised", "nobody answers for it yet", "Recertification, "):
        assert words in shown[shown.index('id="nonconformities"') :]
    for who in (cast.auditor, cast.staff):
        assert sign_in(client, who).get(link).status_code == 403
    assert sign_in(client, cast.stranger).get(link).status_code == 404
    listed = text(sign_in(client, cast.auditor).get(f"{home}/corrective-actions/list?whose=body"))
    assert f"{home}/corrective-actions/{reference}" in listed


def test_without_a_case_it_stands_in_the_list_all_the_same(
    client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    auditor = sign_in(client, cast.auditor)
    for asked in ("", "?whose=body", "?grade=major", "?standard=ISO/IEC+27001:2022", "?sort=due&order=up"):
        page = text(auditor.get(f"{home}/corrective-actions/list{asked}"))
        assert f'href="{home}/nonconformities/{reference}"' in page, asked
    for asked in ("?whose=ours", "?mine=yes", "?grade=minor", "?stage=raised", "?overdue=yes"):
        assert f">{reference}</a>" not in text(auditor.get(f"{home}/corrective-actions/list{asked}")), asked


def test_no_deadline_is_put_off_beyond_the_last_valid_day(
    app: Flask, client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    manager = opened(client, cast, home, reference)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        cases.assign(w, reference, None, cast.quality_manager.id)
    said = {"due": "action", "to_on": "2027-03-20", "reason": "We need a week."}
    refused = send(manager, f"{home}/corrective-actions/{reference}/more-time", said)
    assert refused.status_code == 422
    assert "cannot be put off beyond 14 Mar 2027" in text(refused)


def test_the_body_s_earlier_day_is_followed(
    app: Flask, client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    manager = opened(client, cast, home, reference)
    said = {**STATED, "response_due_on": "2027-02-10", "version": "1"}
    assert post(manager, f"{home}/nonconformities/{reference}/edit", said).status_code == 303
    with acting(app, cast.organisation, cast.quality_manager) as w:
        assert fresh(w, reference).answer_due_on == date(2027, 2, 10)
    page = text(manager.get(f"{home}/corrective-actions/{reference}"))
    assert "The certification body wants its answer by 10 Feb 2027." in page


def test_recorded_by_mistake_it_takes_its_case_along_unless_work_on_that_has_begun(
    app: Flask, client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    manager = opened(client, cast, home, reference)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        cases.assign(w, reference, None, cast.asset_manager.id)
    with acting(app, cast.organisation, cast.asset_manager) as w:
        cases.contain(w, reference, None, says="Reviewed by hand.", on=None)
    remove = f"{home}/nonconformities/{reference}/remove"
    begun = post(manager, remove, {"reason": "Recorded twice."})
    assert begun.status_code == 422
    assert "it stays as a record" in text(begun)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        fresh(w, reference).stage = Stage.RAISED
    assert post(manager, remove, {"reason": "Recorded twice."}).status_code == 303
    assert manager.get(f"{home}/corrective-actions/{reference}").status_code == 404


def test_our_closed_case_verifies_nothing_and_the_certificate_expires_saying_why(
    app: Flask, client: FlaskClient, cast: Cast, home: str, reference: str
) -> None:
    """Closed by us, not verified by the body by 14 March 2027: it expires, and no validity is extended. R15, R16."""
    opened(client, cast, home, reference)
    house = cast.organisation
    with acting(app, house, cast.asset_manager) as w:
        cases.assign(w, reference, None, cast.asset_manager.id)
        w.session.expire_all()
        cases.contain(w, reference, None, says="Reviewed by hand.", on=None)
        cases.explain(w, reference, None, CAUSE)
        cases.look(w, reference, None, [], "One log server only.")
        act(w, reference, cast.staff, date(2027, 2, 8))
        w.session.expire_all()
        cases.answer(w, reference, None)
    with acting(app, house, cast.quality_manager) as w:
        cases.accept(w, reference, None)
    with acting(app, house, cast.staff) as w:
        actions.do(w, fresh(w, reference).actions[0].reference, None, on=date(2027, 2, 1), note="Named.")
    with later(date(2027, 3, 8)), acting(app, house, cast.quality_manager) as w:
        cases.verify(w, reference, None, Effectiveness.EFFECTIVE, "All reviewed.")
        assert fresh(w, reference).stage is Stage.CLOSED
    with later(date(2027, 3, 14)):
        page = text(sign_in(client, cast.quality_manager).get(f"{home}/certificates/C-27001-1"))
        assert "The recertification cannot be decided before it is verified." in page
        assert "Expired, can be restored" not in page
    with later(date(2027, 3, 15)):
        page = text(sign_in(client, cast.quality_manager).get(f"{home}/certificates/C-27001-1"))
        for words in (
            "Expired, can be restored",
            "The last valid day was 14 Mar 2027; no renewal was decided by then.",
            f"The major nonconformity {reference} of the recertification audit RA-2027-01 was not verified by then",
            "ISO/IEC 17021-1:2015, 9.6.3.2.4",
            "closing our own corrective action changes nothing here",
            "14 Sep 2027",
        ):
            assert words in page, words
