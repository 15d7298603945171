"""What waits of documents stands in My work: to be acknowledged, approved or reviewed, for whom it is alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.operations import documents
from app.queries.document_duties import own_documents
from tests.cast import Cast, Member, post, sign_in
from tests.certified import NOON
from tests.papers import approved, held, renewed, sent, valid
from tests.stage import on_stage
from tests.web.test_audits import counted

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def papers(client: FlaskClient, cast: Cast, who: Member) -> str:
    answer = sign_in(client, who).get(f"/o/{cast.organisation.slug}/my-work")
    assert answer.status_code == 200
    page = unescape(answer.get_data(as_text=True))
    return page.partition('id="papers"')[2].partition("</section>")[0]


def test_a_version_waits_for_each_of_its_audience_until_it_is_acknowledged_and_the_next_one_anew(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    home = f"/o/{cast.organisation.slug}/documents"
    valid(app, cast)
    shown = papers(client, cast, cast.staff)
    assert "Read it, and acknowledge it" in shown
    assert f'href="{home}/DOC-001"' in shown
    assert "15 Jun 2026" in shown
    for other in (cast.auditor, cast.asset_manager, cast.quality_manager, cast.administrator):
        assert not papers(client, cast, other)
    assert post(sign_in(client, cast.staff), f"{home}/DOC-001/versions/1/acknowledge").status_code == 303
    assert not papers(client, cast, cast.staff)
    renewed(app, cast, "DOC-001")
    assert not papers(client, cast, cast.staff)
    approved(app, cast, "DOC-001")
    assert "Version" in papers(client, cast, cast.staff)
    with time_machine.travel("2026-06-20T12:00:00+00:00"):
        page = unescape(sign_in(client, cast.staff).get(f"/o/{cast.organisation.slug}/my-work").get_data(as_text=True))
        assert "1 document waits for you, 1 overdue." in page
        assert 'class="late"' in page.partition('id="papers"')[2]
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.withdraw(w, held(w, "DOC-001"))
    assert not papers(client, cast, cast.staff)


def test_a_version_in_review_waits_for_those_who_may_approve_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sent(app, cast)
    shown = papers(client, cast, cast.administrator)
    assert "Approve it, or send it back" in shown
    page = f"/o/{cast.organisation.slug}/documents/DOC-001/versions/1"
    assert f'href="{page}"' in shown
    assert client.get(page).status_code == 200
    for other in (cast.quality_manager, cast.staff, cast.auditor):
        assert not papers(client, cast, other)
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.send_back(w, held(w, "DOC-001"), "Say what about doors.")
    assert not papers(client, cast, cast.administrator)


def test_a_review_waits_for_the_owner_from_thirty_days_before(app: Flask, client: FlaskClient, cast: Cast) -> None:
    valid(app, cast, owner_id=cast.auditor.id, audience=frozenset(), review_months=6)
    due = date(2026, 12, 1)
    for left, is_shown in ((31, False), (30, True), (-1, True)):
        with time_machine.travel(f"{due - timedelta(days=left)}T12:00:00+00:00"):
            assert ("Review it: is it right as it is?" in papers(client, cast, cast.auditor)) is is_shown
            assert not papers(client, cast, cast.quality_manager)
            late = 'class="late"' in papers(client, cast, cast.auditor)
            assert late is (left < 0)
    with time_machine.travel("2026-12-02T12:00:00+00:00"):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            documents.confirm(w, held(w, "DOC-001"))
        assert not papers(client, cast, cast.auditor)


def test_nothing_of_another_organisation_is_shown(app: Flask, client: FlaskClient, cast: Cast) -> None:
    valid(app, cast)
    renewed(app, cast, "DOC-001")
    page = sign_in(client, cast.stranger).get(f"/o/{cast.elsewhere.slug}/my-work").get_data(as_text=True)
    assert "DOC-001" not in page
    assert client.get(f"/o/{cast.organisation.slug}/my-work").status_code == 404
    assert client.get(f"/o/{cast.organisation.slug}/documents/export/csv").status_code == 404


def test_what_waits_is_found_by_a_fixed_number_of_queries_without_the_texts(app: Flask, cast: Cast) -> None:
    told = []
    for title in ("One", "Two", "Three"):
        valid(app, cast, title)
        with on_stage(app, cast.organisation, cast.staff) as w:
            w.session.expunge_all()
            with counted(app) as said:
                assert len(own_documents(w, cast.staff.id, approves=True)) == len(told) + 1
        told.append(len(said))
        assert not any("document_version.body" in each for each in said)
    assert len(set(told)) == 1


def test_a_role_that_cannot_read_here_is_no_audience(app: Flask, cast: Cast) -> None:
    for role in (Role.ASSESSOR, Role.PROVIDER_STAFF):
        with pytest.raises(RefusedError, match="roles of your own people"):
            sent(app, cast, audience=frozenset({role}))
