"""Files: what is taken and what is not, how they are kept, served and removed."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.programme.team import TeamRole
from app.models.attachment import Attachment
from app.models.audit import TeamMember
from app.models.certificate import Decision
from app.models.journal import JournalEntry
from app.operations.attachments import sweep
from app.queries.certificates import certificate_by
from app.storage import safe_name
from app.work import now_utc, work
from tests.cast import Cast, post, sign_in
from tests.certified import NOON, audited, certified
from tests.stories import add_audit

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043000101") + b"\x01" * 64 + b"\xff\xd9"
MAIL = b"From: body@example.org\r\nTo: us@example.org\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\n\r\nGranted.\r\n"


def zipped(*members: str, mimetype: bytes = b"") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for each in members:
            archive.writestr(each, mimetype if each == "mimetype" else b"<x/>")
    return kept.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
ODT = zipped("mimetype", "content.xml", mimetype=b"application/vnd.oasis.opendocument.text")


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def certificate(app: Flask, cast: Cast) -> str:
    with inside(app, cast) as w:
        return certified(w).reference


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Any]:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        yield w


def send(client: FlaskClient, home: str, name: str, content: bytes, on: str = "certificate/C-27001-1") -> Any:
    return post(
        client,
        f"{home}/attachments/add/{on}",
        {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def kept(app: Flask, cast: Cast) -> list[Attachment]:
    with inside(app, cast) as w:
        rows = w.all(select(Attachment).order_by(Attachment.id))
        w.session.expunge_all()
        return list(rows)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


TAKEN = [
    ("letter.pdf", PDF, "application/pdf"),
    ("scan.PNG", PNG, "image/png"),
    ("photo.jpeg", JPEG, "image/jpeg"),
    ("letter.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("sheet.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("letter.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ("notes.txt", "Größe, 尺寸\r\n".encode(), "text/plain"),
    ("list.csv", b"a;b\n1;2\n", "text/csv"),
    ("mail.eml", MAIL, "message/rfc822"),
]


@pytest.mark.parametrize(("name", "content", "media_type"), TAKEN, ids=[name for name, *_ in TAKEN])
def test_taken_kept_by_its_hash_and_served_as_an_attachment(
    app: Flask,
    cast: Cast,
    manager: FlaskClient,
    home: str,
    certificate: str,
    name: str,
    content: bytes,
    media_type: str,
) -> None:
    answer = send(manager, home, name, content)
    assert (answer.status_code, answer.location) == (303, f"{home}/certificates/{certificate}")
    assert name in text(manager.get(answer.location))
    row = kept(app, cast)[0]
    assert (row.file_name, row.size, row.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())
    served = manager.get(f"{home}/attachments/{row.id}")
    assert served.data == content
    assert served.mimetype == media_type
    assert served.headers["Content-Disposition"].startswith("attachment; filename=")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "public" not in served.headers["Cache-Control"]
    assert "default-src 'none'" in served.headers["Content-Security-Policy"]


REFUSED = [
    ("", b"", "Choose a file"),
    ("letter.pdf", b"", "is empty"),
    ("page.html", b"<script>", "of no kind that is taken"),
    ("picture.svg", b"<svg/>", "of no kind that is taken"),
    ("program.exe", b"MZ", "of no kind that is taken"),
    ("letter.pdf.exe", PDF, "of no kind that is taken"),
    ("pdf", PDF, "of no kind that is taken"),
    ("letter.pdf", b"<html><script>alert(1)</script>", "what is in it is something else"),
    ("letter.pdf", PNG, "what is in it is something else"),
    ("scan.png", PDF, "what is in it is something else"),
    ("scan.jpg", b"GIF89a" + b"\x00" * 40, "what is in it is something else"),
    ("letter.docx", XLSX, "what is in it is something else"),
    ("letter.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "is something else"),
    ("letter.docx", DOCX[:60], "what is in it is something else"),
    ("letter.docx", PDF, "what is in it is something else"),
    ("letter.odt", zipped("mimetype", "content.xml", mimetype=b"text/html"), "what is in it is something else"),
    ("notes.txt", b"\xff\xfe\x00", "what is in it is something else"),
    ("notes.txt", b"a\x00b", "what is in it is something else"),
    ("mail.eml", b"Hello.\r\n", "what is in it is something else"),
]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED, ids=[f"{n} {row[0]}" for n, row in enumerate(REFUSED)])
def test_what_is_not_taken_is_said_at_the_field(
    app: Flask,
    cast: Cast,
    manager: FlaskClient,
    home: str,
    certificate: str,
    name: str,
    content: bytes,
    words: str,
) -> None:
    answer = send(manager, home, name, content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'id="file-error"' in text(answer)
    assert kept(app, cast) == []
    assert on_disk(app.extensions["settings"].uploads) == []


def test_a_file_that_is_too_large_leaves_the_form_filled_in(
    app: Flask, cast: Cast, certificate: str, home: str, make_app: Callable[..., Flask]
) -> None:
    small = make_app(upload_limit=1024 * 1024)
    client = sign_in(small.test_client(), cast.quality_manager)
    for size in (1024 * 1024 + 1, 10 * 1024 * 1024):
        answer = post(
            client,
            f"{home}/certificates/{certificate}/decide",
            {
                "kind": "maintained",
                "decided_on": "2026-05-01",
                "note": "What was typed stays.",
                "letter": (io.BytesIO(PDF + b" " * size), "letter.pdf"),
            },
            content_type="multipart/form-data",
        )
        assert answer.status_code == 413
        assert "is too large: a file may have 1 MB at most" in text(answer)
        assert "What was typed stays." in text(answer)
    with inside(app, cast) as w:
        assert len(w.all(select(Decision))) == 1
    whole = send(client, home, "letter.pdf", PDF + b" " * (1024 * 1024 - len(PDF)))
    assert whole.status_code == 303


def test_a_request_beyond_all_measure_is_refused_unread(
    cast: Cast, certificate: str, home: str, make_app: Callable[..., Flask]
) -> None:
    client = sign_in(make_app(upload_limit=1024).test_client(), cast.quality_manager)
    answer = send(client, home, "letter.pdf", PDF + b" " * 200_000)
    assert answer.status_code == 413
    assert "This is too large" in text(answer)


def test_the_same_content_lies_there_once(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    for name in ("one.pdf", "two.pdf"):
        assert send(manager, home, name, PDF).status_code == 303
    rows = kept(app, cast)
    assert len(rows) == 2
    assert len(on_disk(app.extensions["settings"].uploads)) == 1
    post(manager, f"{home}/attachments/{rows[0].id}/remove")
    assert manager.get(f"{home}/attachments/{rows[0].id}").status_code == 404
    assert manager.get(f"{home}/attachments/{rows[1].id}").data == PDF


def test_removing_asks_once_and_the_journal_keeps_the_hash(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    send(manager, home, "letter.pdf", PDF)
    row = kept(app, cast)[0]
    question = text(manager.get(f"{home}/attachments/{row.id}/remove"))
    assert "Remove “letter.pdf” from C-27001-1?" in question
    assert len(kept(app, cast)) == 1
    assert post(manager, f"{home}/attachments/{row.id}/remove").status_code == 303
    assert kept(app, cast) == []
    with inside(app, cast) as w:
        entry = w.session.scalars(
            select(JournalEntry).where(JournalEntry.noun == "attachment", JournalEntry.action == "deleted")
        ).one()
        assert row.sha256 in entry.changes


@pytest.mark.parametrize("place", ["certificate/C-9-9", "decision/4711", "decision/x", "audit/SA-1", "nowhere/1"])
def test_nothing_is_added_to_what_is_not_there(manager: FlaskClient, home: str, certificate: str, place: str) -> None:
    assert send(manager, home, "letter.pdf", PDF, place).status_code == 404


def test_others_cannot_fetch_add_or_remove(
    app: Flask, cast: Cast, client: FlaskClient, home: str, certificate: str
) -> None:
    sign_in(client, cast.quality_manager)
    send(client, home, "letter.pdf", PDF)
    row = kept(app, cast)[0]
    there = f"/o/{cast.elsewhere.slug}"
    sign_in(client, cast.stranger)
    for place in (home, there):
        assert client.get(f"{place}/attachments/{row.id}").status_code == 404
        assert post(client, f"{place}/attachments/{row.id}/remove").status_code == 404
        assert send(client, place, "letter.pdf", PDF).status_code == 404
    sign_in(client, cast.auditor)
    assert client.get(f"{home}/attachments/{row.id}").status_code == 200
    assert post(client, f"{home}/attachments/{row.id}/remove").status_code == 403
    for who in (cast.staff, cast.assessor):
        sign_in(client, who)
        assert client.get(f"{home}/attachments/{row.id}").status_code == 404
    assert len(kept(app, cast)) == 1


def test_a_file_that_is_sent_twice_is_kept_once(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    for _ in range(2):
        sent = {"file": (io.BytesIO(PDF), "letter.pdf"), "entry_key": "k-1"}
        assert post(manager, f"{home}/attachments/add/certificate/{certificate}", sent).status_code == 303
    assert [each.file_name for each in kept(app, cast)] == ["letter.pdf"]


def test_who_is_invited_to_an_audit_fetches_its_files_and_no_others(
    app: Flask, cast: Cast, client: FlaskClient, home: str, certificate: str
) -> None:
    with inside(app, cast) as w:
        add_audit(w, "IA-2026-01", AuditKind.INTERNAL, date(2026, 6, 9), person_id=cast.assessor.id)
        add_audit(w, "IA-2026-02", AuditKind.INTERNAL, date(2026, 6, 9))
    sign_in(client, cast.quality_manager)
    for on in ("audit/IA-2026-01", "audit/IA-2026-02", "certificate/C-27001-1"):
        assert send(client, home, "plan.pdf", PDF, on).status_code == 303
    theirs, *others = kept(app, cast)
    sign_in(client, cast.assessor)
    assert f'href="{home}/attachments/{theirs.id}"' in client.get(f"{home}/audits/IA-2026-01").text
    assert client.get(f"{home}/attachments/{theirs.id}").data == PDF
    assert [client.get(f"{home}/attachments/{each.id}").status_code for each in others] == [404, 404]
    assert post(client, f"{home}/attachments/{theirs.id}/remove").status_code == 403
    assert send(client, home, "mine.pdf", PDF, "audit/IA-2026-01").status_code == 403
    sign_in(client, cast.staff)
    assert client.get(f"{home}/attachments/{theirs.id}").status_code == 404


def test_who_leads_an_audit_adds_and_removes_its_files(
    app: Flask, cast: Cast, client: FlaskClient, home: str, certificate: str
) -> None:
    with inside(app, cast) as w:
        for reference, role in (("IA-2026-01", TeamRole.LEAD), ("IA-2026-02", TeamRole.OBSERVER)):
            audit = add_audit(w, reference, AuditKind.INTERNAL, date(2026, 6, 9))
            w.add(TeamMember(audit=audit, person_id=cast.auditor.id, role=role))
    sign_in(client, cast.auditor)
    assert "Add a file" in client.get(f"{home}/audits/IA-2026-01").text
    assert "Add a file" not in client.get(f"{home}/audits/IA-2026-02").text
    assert send(client, home, "notes.pdf", PDF, "audit/IA-2026-01").status_code == 303
    assert send(client, home, "notes.pdf", PDF, "audit/IA-2026-02").status_code == 403
    assert post(client, f"{home}/attachments/{kept(app, cast)[0].id}/remove").status_code == 303


def test_a_file_that_is_gone_from_the_disk_is_not_there(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    send(manager, home, "letter.pdf", PDF)
    for path in on_disk(app.extensions["settings"].uploads):
        path.unlink()
    assert manager.get(f"{home}/attachments/{kept(app, cast)[0].id}").status_code == 404


def test_the_sweeper_takes_what_no_organisation_refers_to_after_a_day(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    send(manager, home, "letter.pdf", PDF)
    send(manager, home, "notes.txt", b"Removed soon.")
    letter, notes = kept(app, cast)
    post(manager, f"{home}/attachments/{notes.id}/remove")
    folder = app.extensions["settings"].uploads
    old = (now_utc() - timedelta(hours=23)).timestamp()
    for path in on_disk(folder):
        os.utime(path, (old, old))
    assert swept(app, now_utc()) == 0
    assert swept(app, now_utc() + timedelta(hours=2)) == 1
    assert [path.name for path in on_disk(folder)] == [letter.sha256]
    assert manager.get(f"{home}/attachments/{letter.id}").data == PDF


def swept(app: Flask, now: datetime) -> int:
    with app.app_context(), work(None, now=now) as w:
        return sweep(w)


def test_the_report_is_kept_with_its_audit(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, certificate: str
) -> None:
    with inside(app, cast) as w:
        row = certificate_by(w, certificate)
        assert row is not None
        audited(w, row, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
    answer = send(manager, home, "report.pdf", PDF, "audit/SA-2026-01")
    assert (answer.status_code, answer.location) == (303, f"{home}/audits/SA-2026-01")
    assert "report.pdf" in text(manager.get(answer.location))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\letter.pdf", "letter.pdf"),
        ('a<b>"c|d?.pdf', "a-b-c-d-.pdf"),
        ("evil\u202efdp.pdf", "evilfdp.pdf"),
        ("line\r\nbreak.pdf", "linebreak.pdf"),
        ("  .pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 147 + ".pdf"),
        ("Prüfbericht 2026.pdf", "Prüfbericht 2026.pdf"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.one_database
def test_a_damaged_zip_is_refused_wherever_the_damage_is(manager: FlaskClient, home: str, certificate: str) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text" * 9)
        archive.writestr("content.xml", b"<x/>")
    whole = kept.getvalue()
    answers = {
        send(manager, home, "letter.odt", whole[:place] + bytes([byte]) + whole[place + 1 :]).status_code
        for place in range(4, len(whole), 3)
        for byte in (whole[place] ^ 0xFF, whole[place] ^ 0x08)
    }
    assert answers <= {422}


def test_a_full_disk_is_said_at_the_field(
    manager: FlaskClient, home: str, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.operations.attachments.keep", full)
    answer = send(manager, home, "letter.pdf", PDF)
    assert answer.status_code == 422
    assert "the server has no room for it" in text(answer)
