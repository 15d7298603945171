"""The register of documents on the page, in files and on paper; the calendars that hold their reviews."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.domain.permission import Role
from app.operations import documents, feeds
from app.queries.documents import document_stands
from app.reports.document_register import COLUMNS, register_lines
from tests.cast import Cast, Member, sign_in
from tests.certified import NOON
from tests.papers import ISO, held, renewed, sent, valid
from tests.stage import certificate, on_stage


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def filled(app: Flask, cast: Cast) -> None:
    """One that is valid and whose next version waits, one that waits for the first time, one that is obsolete."""
    both = frozenset({Role.STAFF, Role.AUDITOR})
    valid(app, cast, "Security policy", audience=both, clauses=frozenset({(ISO, "5")}))
    with on_stage(app, cast.organisation, cast.staff) as w:
        documents.acknowledge(w, held(w, "DOC-001"), 1)
    renewed(app, cast, "DOC-001")
    sent(app, cast, "Access =cmd()")
    valid(app, cast, "Removable media")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.withdraw(w, held(w, "DOC-003"))


def test_each_document_is_a_line_and_obsolete_ones_are_marked(app: Flask, cast: Cast) -> None:
    filled(app, cast)
    today, next_year = date(2026, 6, 1), date(2027, 6, 1)
    owner, approver = cast.quality_manager.name, cast.administrator.name
    with on_stage(app, cast.organisation) as w:
        lines = list(register_lines(document_stands(w)))
    assert lines == [
        ("DOC-001", "Security policy", owner, 1, "Valid; version 2 in review", approver, today, next_year, "1 of 2"),
        ("DOC-002", "Access =cmd()", owner, None, "In review", None, None, None, None),
        ("DOC-003", "Removable media", owner, None, "Obsolete since 1 Jun 2026", approver, today, None, None),
    ]
    with on_stage(app, cast.elsewhere) as w:
        assert list(register_lines(document_stands(w))) == []


def test_it_is_a_report_and_files_for_who_keeps_documents(app: Flask, cast: Cast, client: FlaskClient) -> None:
    filled(app, cast)
    home = f"/o/{cast.organisation.slug}"
    sign_in(client, cast.quality_manager)
    assert "Register of documents" in client.get(f"{home}/reports/").get_data(as_text=True)
    page = client.get(f"{home}/reports/document-register").get_data(as_text=True)
    assert "3 documents; 1 in force, 1 obsolete. 1 acknowledgement still to come." in page
    assert "ISO/IEC 27001:2022, 7.5.3" in page
    assert "ISO/IEC 19770-1:2017, 7.6.5" in page
    narrowed = client.get(f"{home}/reports/document-register", query_string={"standard": ISO}).get_data(as_text=True)
    assert "1 document; 1 in force" in narrowed
    paper = client.get(f"{home}/reports/document-register/download/pdf")
    assert paper.data.startswith(b"%PDF-")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{home}/reports/document-register/download/xlsx").data))
    assert [row[0] for row in book["Documents"].iter_rows(values_only=True)][-3:] == ["DOC-001", "DOC-002", "DOC-003"]
    listed = client.get(f"{home}/documents").get_data(as_text=True)
    assert f'href="{home}/documents/export/csv"' in listed
    rows = client.get(f"{home}/documents/export/csv").data.decode("utf-8-sig").splitlines()
    assert rows[0].split(",") == [each.label for each in COLUMNS]
    assert len(rows) == 4
    found = client.get(f"{home}/documents/export/csv?q=removable").data.decode("utf-8-sig").splitlines()
    assert [each.split(",")[0] for each in found[1:]] == ["DOC-003"]
    assert client.get(f"{home}/documents/export/xlsx").data.startswith(b"PK")
    assert client.get(f"{home}/documents/export/docx").status_code == 404
    sign_in(client, cast.asset_manager)
    assert client.get(f"{home}/reports/document-register").status_code == 403
    assert "Register of documents" not in client.get(f"{home}/reports/").get_data(as_text=True)
    assert client.get(f"{home}/documents/export/csv").status_code == 403
    sign_in(client, cast.stranger)
    for path in ("reports/document-register", "reports/document-register/download/pdf", "documents/export/csv"):
        assert client.get(f"{home}/{path}").status_code == 404


def events(app: Flask, client: FlaskClient, cast: Cast, who: Member, **asked: Any) -> dict[str, Any]:
    with on_stage(app, cast.organisation, who) as w:
        _feed, token = feeds.subscribe(w, name="Phone", **asked)
    answer = client.get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    return {str(each["uid"]): each for each in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_reviews_stand_in_the_calendar_of_the_house_and_in_that_of_their_owner(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    valid(app, cast, owner_id=cast.staff.id, review_months=6)
    valid(app, cast, "Removable media", owner_id=cast.auditor.id)
    own = events(app, client, cast, cast.staff, only_mine=True)
    [review] = own.values()
    assert (str(review["summary"]), review["dtstart"].dt) == ("DOC-001 to be reviewed", date(2026, 12, 1))
    assert str(review["url"]).endswith("/o/alder-works/documents/DOC-001")
    assert [str(each) for each in review["categories"].cats] == ["Review"]
    assert len(review.walk("VALARM")) == 2
    whole = events(app, client, cast, cast.quality_manager, only_mine=False)
    assert [str(each["summary"]) for each in whole.values()] == ["DOC-001 to be reviewed", "DOC-002 to be reviewed"]
    assert review["uid"] in whole
    assert events(app, client, cast, cast.quality_manager, only_mine=True) == {}
    taken = sign_in(client, cast.quality_manager).get(f"/o/{cast.organisation.slug}/calendar/programme.ics")
    assert len(Calendar.from_ical(taken.data).walk("VEVENT")) == 2
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certificate(w, granted=None)
    of_one = events(app, client, cast, cast.quality_manager, only_mine=False, certificate="C-27001-1")
    assert not any(uid.startswith("review-") for uid in of_one)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.withdraw(w, held(w, "DOC-001"))
    assert events(app, client, cast, cast.staff, only_mine=True) == {}
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        _feed, token = feeds.subscribe(w, name="Phone", only_mine=False)
    assert b"DOC-" not in client.get(f"/feeds/{token}.ics").data
