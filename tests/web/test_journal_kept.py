"""What is being written, what was agreed and paid, and what is said of colleagues: the journal keeps it from others."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.journal_seen import SHOWN_TO
from app.operations import documents, subscriptions
from app.operations.documents import DocumentDetails, VersionText
from app.queries.documents import document_by
from tests.cast import Cast, sign_in
from tests.stage import on_stage
from tests.subscribed import agree, starting, terms

SECRET, WHY = "Zeroth secret", "Whispered grounds"


@pytest.fixture(autouse=True)
def _a_day() -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def journal(app: Flask, cast: Cast) -> str:
    """A draft, a subscription, and an entry of each table with a value and a reason."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, row)
        made = documents.write(w, DocumentDetails(title="Redundancies", owner_id=cast.quality_manager.id))
        reference = made.reference
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        written = document_by(w, reference)
        assert written is not None
        documents.save(w, written, VersionText(body="Half of us leave", file_name="", note=""))
        for noun in SHOWN_TO:
            w.record("changed", noun, 4711, {"name": SECRET, "note": [None, SECRET]}, reason=WHY)
    return f"/o/{cast.organisation.slug}/journal/"


def rows(client: FlaskClient, address: str, **asked: Any) -> str:
    page = " ".join(client.get(address, query_string=asked).get_data(as_text=True).split())
    # A form says what was asked for; only what was found counts.
    return page.rpartition("<tbody>")[2].partition("</tbody>")[0] if "<html" in page else page


HELD = (SECRET, WHY, "Redundancies", "Half of us leave", "9,999.99", "999999")


@pytest.mark.parametrize("path", ["", "entries.csv"])
def test_who_may_not_open_it_reads_that_it_changed_and_no_more(
    client: FlaskClient, cast: Cast, journal: str, path: str
) -> None:
    sign_in(client, cast.asset_manager)
    whole = rows(client, journal + path)
    for held in HELD:
        assert held not in whole, held
    for noun in SHOWN_TO:
        assert "not shown to you" in rows(client, journal + path, noun=noun), noun
    for asked in HELD:
        assert "not shown to you" not in rows(client, journal + path, text=asked), asked
    # The number that we gave says nothing: by it the entries are told and found.
    assert "document DOC-001" in whole
    assert "not shown to you" in rows(client, journal + path, reference="DOC-001")


@pytest.mark.parametrize("path", ["", "entries.csv"])
def test_who_may_open_it_reads_and_finds_it(client: FlaskClient, cast: Cast, journal: str, path: str) -> None:
    sign_in(client, cast.quality_manager)
    for held in HELD[:-2]:
        assert held in rows(client, journal + path, text=held), held
    assert "not shown to you" not in rows(client, journal + path)


def test_an_administrator_reads_of_the_plan_and_documents_and_not_of_colleagues(
    client: FlaskClient, cast: Cast, journal: str
) -> None:
    sign_in(client, cast.administrator)
    for noun in ("subscription", "invoice", "payment", "agreement", "document_version"):
        assert SECRET in rows(client, journal, noun=noun), noun
    for noun in ("competence_evidence", "training_exemption"):
        assert SECRET not in rows(client, journal, noun=noun), noun
        assert WHY not in rows(client, journal, noun=noun), noun
