"""What was approved stays what was approved: its files, the text that was read, and who may approve what."""

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.datastructures import FileStorage

from app.domain.explained import RefusedError
from app.operations import documents
from app.operations.attachments import Place, attach, detach
from app.operations.documents import DocumentDetails, VersionText
from app.queries.document_duties import own_documents
from app.queries.document_writers import writers_of
from app.queries.documents import files_of_document, versions_with
from app.work import Work
from tests.cast import Cast, Member, post, sign_in
from tests.certified import NOON
from tests.papers import approved, held, renewed, sent, valid
from tests.stage import on_stage


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def keep(w: Work, name: str = "manual.txt", content: bytes = b"As it was read.") -> Any:
    place = Place(document_id=held(w, "DOC-001").id)
    return attach(w, place, FileStorage(io.BytesIO(content), filename=name, content_type="text/plain"))


def naming(app: Flask, cast: Cast, body: str, *files: str) -> None:
    """The second version of a document, with these files, waits for approval."""
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        for each in files:
            keep(w, each)
        documents.begin_version(w, held(w, "DOC-001"))
        documents.save(w, held(w, "DOC-001"), VersionText(body=body))
        documents.send(w, held(w, "DOC-001"))


@pytest.mark.parametrize("body", ["[x](man%75al.txt)", "![x](manual.txt)", "[x][1]\n\n[1]: man&#117;al.txt"])
def test_a_file_that_a_sent_or_approved_or_obsolete_version_names_is_neither_removed_nor_replaced(
    app: Flask, cast: Cast, body: str
) -> None:
    naming(app, cast, body, "manual.txt", "spare.txt")

    def stays() -> None:
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            files = files_of_document(w, held(w, "DOC-001").id)
            assert versions_with(w, held(w, "DOC-001").id, "manual.txt") == [2]
            with pytest.raises(RefusedError, match=r"“manual\.txt” stays"):
                detach(w, files["manual.txt"])
            with pytest.raises(RefusedError, match="under another name"):
                keep(w, "Manual.txt", b"Another.")

    stays()
    approved(app, cast, "DOC-001")
    stays()
    renewed(app, cast, "DOC-001")
    approved(app, cast, "DOC-001")
    stays()
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.withdraw(w, held(w, "DOC-001"))
    stays()
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        detach(w, files_of_document(w, held(w, "DOC-001").id)["spare.txt"])


def test_what_was_approved_without_a_file_gets_none_of_that_name_later(app: Flask, cast: Cast) -> None:
    naming(app, cast, "[x](man%75al.txt)")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        with pytest.raises(RefusedError, match=r"Version 2 names a file “manual\.txt”"):
            keep(w)
        documents.send_back(w, held(w, "DOC-001"), "The file is missing.")
        keep(w)


class Pages:
    """A browser of somebody at the pages of DOC-001."""

    def __init__(self, app: Flask, cast: Cast, who: Member) -> None:
        self.home = f"/o/{cast.organisation.slug}/documents/DOC-001"
        self.client = sign_in(app.test_client(), who)

    def get(self, page: str) -> str:
        answer = self.client.get(self.home + page)
        assert answer.status_code == 200
        return unescape(answer.get_data(as_text=True))

    def mark(self, page: str) -> str:
        return mark_in(self.get(page))

    def post(self, page: str, **typed: str) -> tuple[int, str]:
        answer = post(self.client, self.home + page, typed)
        return answer.status_code, unescape(answer.get_data(as_text=True))


def mark_in(page: str) -> str:
    found = re.search(r'<input[^>]*name="seen"[^>]*value="(\w+)"', page)
    assert found is not None
    return found[1]


def rewritten(app: Flask, cast: Cast, body: str) -> None:
    """What was in review is sent back, changed and sent anew by its writer."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.send_back(w, held(w, "DOC-001"), "One thing more.")
        documents.save(w, held(w, "DOC-001"), VersionText(body=body))
        documents.send(w, held(w, "DOC-001"))


@pytest.mark.parametrize(
    ("page", "typed"), [("/approve", {"valid_from": "2026-06-01"}), ("/send-back", {"reason": "Say more."})]
)
def test_nobody_judges_a_text_that_they_were_not_shown(
    app: Flask, cast: Cast, page: str, typed: dict[str, str]
) -> None:
    sent(app, cast)
    browser = Pages(app, cast, cast.administrator)
    shown = browser.get(page)
    assert "Lock your screen." in shown
    rewritten(app, cast, "Never lock anything.")
    status, answer = browser.post(page, seen=mark_in(shown), **typed)
    assert (status, "Version 1 of DOC-001 has been changed since you opened it" in answer) == (422, True)
    assert "Never lock anything." in answer
    assert all(value in answer for value in typed.values())
    assert browser.post(page, **typed)[0] == 422
    assert browser.post(page, seen="x", **typed)[0] == 422
    assert "In review." in browser.get("/versions/1")
    assert browser.post(page, seen=mark_in(answer), **typed)[0] == 303
    assert "In review." not in browser.get("/versions/1")


def test_a_file_that_came_after_the_page_was_opened_is_a_change(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.begin_version(w, held(w, "DOC-001"))
        documents.save(w, held(w, "DOC-001"), VersionText(body="[x](man%75al.txt)"))
    browser = Pages(app, cast, cast.quality_manager)
    mark = browser.mark("/versions/2")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        keep(w)
    status, _ = browser.post("/send", seen=mark)
    page = browser.get("/versions/2")
    assert status == 303
    assert "has been changed since you opened it" in page
    assert "Draft." in page
    assert browser.post("/send", seen=mark_in(page))[0] == 303
    assert "In review." in browser.get("/versions/2")


def test_a_draft_is_sent_as_it_was_shown(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.begin_version(w, held(w, "DOC-001"))
    browser = Pages(app, cast, cast.administrator)
    mark = browser.mark("/versions/2")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.save(w, held(w, "DOC-001"), VersionText(body="Other."))
    for seen in ({"seen": mark}, {}):
        browser.post("/send", **seen)
        page = browser.get("/versions/2")
        assert "has been changed since you opened it" in page
        assert "Draft." in page


def test_an_older_version_is_not_acknowledged_for_the_valid_one(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    browser = Pages(app, cast, cast.staff)
    browser.get("")
    renewed(app, cast, "DOC-001")
    approved(app, cast, "DOC-001")
    browser.post("/versions/1/acknowledge")
    assert "Version 1 is not the valid one" in (page := browser.get(""))
    assert "I have read version 2" in page
    browser.post("/versions/2/acknowledge")
    assert "You acknowledged version 2" in browser.get("")


def test_who_saves_a_text_as_it_was_wrote_nothing_and_who_wrote_it_does_not_approve_it(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.write(w, DocumentDetails(title="Policy", owner_id=cast.staff.id), "All of this,\nline by line.")
    other = Pages(app, cast, cast.administrator)
    found = re.search(r'name="version"[^>]*value="(\d+)"', other.get("/draft"))
    assert found is not None
    assert other.post("/draft", version=found[1], body="All of this,\r\nline by line.")[0] == 303
    assert f"Written by {cast.quality_manager.name};" in (page := other.get("/versions/1"))
    assert other.post("/send", seen=mark_in(page))[0] == 303
    writer = Pages(app, cast, cast.quality_manager)
    status, answer = writer.post("/approve", seen=writer.mark("/approve"), valid_from="2026-06-01")
    assert status == 422
    assert "another person than those who wrote any of its text" in answer
    assert "ISO 9001:2015, 7.5.2" in answer
    assert other.post("/approve", seen=other.mark("/approve"), valid_from="2026-06-01")[0] == 303


def test_everybody_who_changed_a_text_or_kept_a_file_of_it_wrote_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, first, second = cast.organisation, cast.quality_manager, cast.administrator
    with on_stage(app, house, first) as w:
        documents.write(w, DocumentDetails(title="Policy", owner_id=first.id), "Ours.")
    with on_stage(app, house, second) as w:
        documents.save(w, held(w, "DOC-001"), VersionText(body="Ours, and a word more. [x](manual.txt)"))
    with on_stage(app, house, cast.auditor) as w:
        keep(w)
    with on_stage(app, house, first) as w:
        documents.send(w, held(w, "DOC-001"))
        [version] = held(w, "DOC-001").versions
        wrote = {each.id for each in writers_of(w, [version])[version.id]}
        assert wrote == {first.id, second.id, cast.auditor.id}
        assert all(own_documents(w, each, approves=True) == [] for each in wrote)
        assert len(own_documents(w, cast.staff.id, approves=True)) == 1
    for each in (first, second, cast.auditor):
        with (
            on_stage(app, house, each) as w,
            pytest.raises(RefusedError, match="those who wrote any of its text"),
        ):
            documents.approve(w, held(w, "DOC-001"), w.today)
    with on_stage(app, house, cast.staff) as w:
        documents.approve(w, held(w, "DOC-001"), w.today)
    names = ", ".join(sorted((each.name for each in (first, second, cast.auditor)), key=str.lower))
    browser = Pages(app, cast, first)
    assert f"written by {names}" in browser.get("")
    assert f"written by {names}" in browser.get("/versions/1")
    monkeypatch.setattr("app.outputs.pdf.laid_out", lambda page, _pictures: page.encode())
    assert f"<td>{names}</td>" in browser.get("/versions/1/pdf")


def test_who_begins_a_version_as_a_copy_wrote_nothing_of_it(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.begin_version(w, held(w, "DOC-001"))
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.save(w, held(w, "DOC-001"), VersionText(body='It says "body":["a","b"] now.'))
        documents.send(w, held(w, "DOC-001"))
    approved(app, cast, "DOC-001")
