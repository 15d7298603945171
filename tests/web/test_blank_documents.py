"""An outline that is not filled in is named before it goes on, and covers nothing."""

import re

from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.outlines import clauses_of_outline, outline
from app.domain.documents.version import Step
from app.operations import documents
from app.operations.documents import DocumentDetails, VersionText
from app.queries.documents import pending_in
from tests.cast import Cast, post, sign_in
from tests.papers import held
from tests.stage import on_stage

ISO = "ISO 9001:2015"
CONTEXT = "## 4.1 Organisation and its context\n\n*What we do:*\n"


def drafted(app: Flask, cast: Cast, body: str) -> str:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        details = DocumentDetails(title="Manual", owner_id=cast.quality_manager.id, clauses=clauses_of_outline(ISO))
        return documents.write(w, details, body).reference


def step_of(app: Flask, cast: Cast, reference: str) -> Step | None:
    with on_stage(app, cast.organisation) as w:
        pending = pending_in(held(w, reference))
        return pending.step if pending is not None else None


def seen_on(client: FlaskClient, address: str) -> dict[str, str]:
    """What the form of a page says of the text that it showed."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(address).text)
    return {"seen": found[1] if found else ""}


def test_empty_headings_are_named_and_it_goes_on_with_a_tick(app: Flask, cast: Cast, client: FlaskClient) -> None:
    reference = drafted(app, cast, outline(ISO).replace(CONTEXT, f"{CONTEXT} We look around each year.\n"))
    home = f"/o/{cast.organisation.slug}/documents/{reference}"
    sign_in(client, cast.quality_manager)
    page = client.get(f"{home}/versions/1").text
    assert "Nothing is said yet below 55 of its headings" in page
    shown = client.get(f"{home}/send").text
    assert "4.2 Interested parties" in shown
    assert "4.1 Organisation" not in shown
    refused = post(client, f"{home}/send", data={})
    assert refused.status_code == 422
    assert "Tick that it goes on all the same" in refused.text
    assert step_of(app, cast, reference) is Step.DRAFT
    post(client, f"{home}/send", data={"anyway": "y", **seen_on(client, f"{home}/send")})
    assert step_of(app, cast, reference) is Step.IN_REVIEW

    sign_in(client, cast.administrator)
    assert "4.2 Interested parties" in client.get(f"{home}/approve").text
    mark = seen_on(client, f"{home}/approve")
    day = {"valid_from": client.get(f"{home}/approve").text.partition('name="valid_from"')[2].split('value="')[1][:10]}
    day |= mark
    refused = post(client, f"{home}/approve", data=day)
    assert refused.status_code == 422
    assert "Tick that it goes on all the same" in refused.text
    assert step_of(app, cast, reference) is Step.IN_REVIEW
    assert post(client, f"{home}/approve", data={**day, "anyway": "y"}).status_code == 303
    assert step_of(app, cast, reference) is None

    coverage = client.get(f"/o/{cast.organisation.slug}/documents/coverage").text
    assert "1 of 56 clauses" in coverage
    assert coverage.count(">outline only<") == 55
    assert "table-frame tall" not in coverage


def test_a_text_with_nothing_empty_is_sent_without_a_tick(app: Flask, cast: Cast, client: FlaskClient) -> None:
    reference = drafted(app, cast, "# Context\n\n## 4.1 Where we stand\n\nBy the sea.")
    home = f"/o/{cast.organisation.slug}/documents/{reference}"
    sign_in(client, cast.quality_manager)
    assert "all the same" not in client.get(f"{home}/send").text
    post(client, f"{home}/send", data=seen_on(client, f"{home}/send"))
    assert step_of(app, cast, reference) is Step.IN_REVIEW
    sign_in(client, cast.administrator)
    assert "all the same" not in client.get(f"{home}/approve").text


def test_compared_versions_read_as_words(app: Flask, cast: Cast, client: FlaskClient) -> None:
    reference = drafted(app, cast, "# Policy\n\n- **Lock** your screen.\n\n*Always*")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.send(w, held(w, reference))
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.approve(w, held(w, reference), w.today)
        documents.begin_version(w, held(w, reference))
        documents.save(w, held(w, reference), VersionText(body="# Policy\n\n- **Lock** your door.\n\n*Always*"))
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/documents/{reference}/compare").text
    assert "<del>Lock your screen.</del>" in page
    assert "<ins>Lock your door.</ins>" in page
    assert "*" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert ">Policy</td>" in page
    assert ">same<" not in page
