"""A version on paper: its control line on each page, its files by their names, and no link that leads nowhere."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.operations import documents
from app.operations.attachments import Place, attach
from app.operations.documents import VersionText
from tests.cast import Cast, sign_in
from tests.outputs.test_pdf import faults, opened
from tests.papers import approved, held, valid
from tests.stage import on_stage

BODY = """# Evacuation

Read [the plan](plan.txt), or [what is gone](gone.txt). See [our assets](/o/alder-works/assets) and
[the law](https://law.example/a).

| Floor | People |
|:--|--:|
| 1 | 12 |
"""


@pytest.fixture
def address(app: Flask, cast: Cast) -> str:
    """Where the first and the second version are; the second names a file, and is the valid one."""
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        document = documents.begin_version(w, held(w, "DOC-001")).document
        kept = FileStorage(io.BytesIO(b"Down the stairs."), filename="plan.txt", content_type="text/plain")
        attach(w, Place(document_id=document.id), kept)
        documents.save(w, document, VersionText(body=BODY))
        documents.send(w, document)
    approved(app, cast, "DOC-001")
    return f"/o/{cast.organisation.slug}/documents/DOC-001/versions"


@pytest.mark.one_database
def test_files_are_named_and_no_link_leads_nowhere(
    cast: Cast, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.staff)
    paper = client.get(f"{address}/2/pdf").data
    assert set(re.findall(rb"/URI \((.*?)\)", opened(paper))) == {b"https://law.example/a"}
    assert faults(paper) == []
    # Before it is laid out, it can be read.
    monkeypatch.setattr("app.outputs.pdf.laid_out", lambda page, _pictures: page.encode())
    page = client.get(f"{address}/2/pdf").get_data(as_text=True)
    assert re.findall(r'href="([^"]*)"', page) == ["css/paper.css", "https://law.example/a"]
    for words in ("the plan (plan.txt)", "what is gone (gone.txt)", "our assets (/o/alder-works/assets)"):
        assert words in page


@pytest.mark.one_database
def test_number_version_approval_and_first_day_stand_on_it(
    cast: Cast, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outputs.pdf.laid_out", lambda page, _pictures: page.encode())
    sign_in(client, cast.staff)
    page = client.get(f"{address}/2/pdf").get_data(as_text=True)
    facts = dict(re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', page))
    assert (facts["Number"], facts["Version"]) == ("DOC-001", "2, valid")
    assert facts["Approved by"].startswith(f"{cast.administrator.name}, ")
    assert f'data-day="DOC-001, version 2, valid from {facts["Valid from"]}"' in page
    assert '<body class="controlled">' in page
    older = client.get(f"{address}/1/pdf").get_data(as_text=True)
    assert 'data-day="DOC-001, version 1, obsolete"' in older
    assert '<body class="controlled stamped stamped-obsolete">' in older
