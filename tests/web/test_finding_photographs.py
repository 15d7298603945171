"""Files and photographs on findings: scaled, without place and camera, kept once, refused in words."""

import io
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import ExifTags, Image, ImageFile
from sqlalchemy import select

from app.models.attachment import Attachment
from app.operations.attachments import folder
from app.storage import path_of
from app.storage.pictures import told_beside
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.stage import on_stage
from tests.web.test_attachments import PDF
from tests.web.test_findings import audit, auditor, freeze, home, rows, send

__all__ = ["audit", "auditor", "home"]


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def picture(*, place: bool = False, camera: bool = False, colour: str = "teal") -> bytes:
    """A JPEG of a telephone: larger than is kept, with what the camera writes."""
    written = Image.Exif()
    if place:
        written.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 8.0, 15.0), 3: "E", 4: (11.0, 34.0, 30.0)})
    if camera:
        written[ExifTags.Base.Make] = "Lumen"
        written[ExifTags.Base.Model] = "Pocket 9"
    kept = io.BytesIO()
    Image.new("RGB", (2000, 1500), colour).save(kept, "JPEG", exif=written)
    return kept.getvalue()


def files(app: Flask, cast: Cast) -> list[Attachment]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(Attachment).order_by(Attachment.id))


def add(client: FlaskClient, url: str, content: bytes, name: str = "rack.jpg", key: str | None = None) -> Any:
    said = {"file": (io.BytesIO(content), name), "entry_key": str(uuid4()) if key is None else key}
    return post(client, url, said, content_type="multipart/form-data", follow_redirects=True)


TOLD = [
    (True, True, "Its place and camera data were removed."),
    (True, False, "Its place data were removed."),
    (False, True, "Its camera data were removed."),
    (False, False, "is kept."),
]


@pytest.mark.parametrize(("place", "camera", "words"), TOLD)
def test_where_and_with_what_it_was_taken_is_not_kept_and_said_so(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str, place: bool, camera: bool, words: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    form = text(auditor.get(f"{home}/attachments/add/finding/NC-2026-001?photograph=yes"))
    assert 'capture="environment"' in form
    page = text(add(auditor, f"{home}/attachments/add/finding/NC-2026-001", picture(place=place, camera=camera)))
    assert words in page
    assert ("data were removed" in page) is (place or camera)
    kept = files(app, cast)[0]
    assert f'<img src="{home}/attachments/{kept.id}"' in page
    with app.app_context():
        content = path_of(folder(), kept.sha256).read_bytes()
    assert told_beside(io.BytesIO(content)) == ()
    with Image.open(io.BytesIO(content)) as small:
        assert max(small.size) == 1600


def test_with_the_finding_itself(app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str) -> None:
    url, key = f"{home}/audits/{audit}/findings/new", str(uuid4())
    for _ in range(5):
        photo = (io.BytesIO(picture(place=True)), "IMG 1.JPG")
        answer = send(auditor, url, photo=photo, entry_key=key)
        assert answer.status_code == 303
    assert len(rows(app, cast)) == len(files(app, cast)) == 1
    assert "Of the photograph, place data were removed." in text(auditor.get(answer.location))


def test_the_same_file_is_kept_once_and_an_entry_too(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    url, key = f"{home}/attachments/add/finding/NC-2026-001", str(uuid4())
    for _ in range(3):
        add(auditor, url, picture(), key=key)
    assert "was there already: it is kept once" in text(add(auditor, url, picture(), name="again.jpg"))
    assert "“minutes.pdf” is kept." in text(add(auditor, url, PDF, "minutes.pdf"))
    assert "said something else" in text(add(auditor, url, picture(colour="red"), key=key))
    assert [each.file_name for each in files(app, cast)] == ["rack.jpg", "minutes.pdf"]


def test_forty_megabytes_are_refused_at_the_field_and_the_form_is_kept(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    huge = picture() + b"\0" * (40 * 1024 * 1024)
    answer = send(auditor, f"{home}/findings/new", audit=audit, photo=(io.BytesIO(huge), "huge.jpg"))
    assert answer.status_code == 413
    page = text(answer)
    assert "It is too large: a file may have 20 MB at most." in page
    assert "Internal audits are not planned." in page
    assert rows(app, cast) == []
    send(auditor, f"{home}/findings/new", audit=audit)
    refused = add(auditor, f"{home}/attachments/add/finding/NC-2026-001", huge)
    assert (refused.status_code, files(app, cast)) == (413, [])


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "rack.jpg", "no picture that can be read"),
        (b"not a picture", "rack.jpg", "no picture that can be read"),
        (picture()[:5000], "rack.jpg", "no picture that can be read"),
        (PDF, "rack.png", "no picture that can be read"),
        (b"MZ", "tool.exe", "of no kind that is taken"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_finding_with_it(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str, content: bytes, name: str, words: str
) -> None:
    answer = send(auditor, f"{home}/findings/new", audit=audit, photo=(io.BytesIO(content), name))
    assert answer.status_code == 422
    assert words in text(answer)
    assert (rows(app, cast), files(app, cast)) == ([], [])


def test_a_picture_that_is_cut_off_is_refused_after_papers_were_printed(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    answer = send(auditor, f"{home}/findings/new", audit=audit, photo=(io.BytesIO(picture()[:5000]), "rack.jpg"))
    assert (answer.status_code, files(app, cast)) == (422, [])


def test_after_the_report_files_stay_as_they_are(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    add(auditor, f"{home}/attachments/add/finding/NC-2026-001", picture())
    freeze(app, cast, audit)
    assert "is signed" in text(add(auditor, f"{home}/attachments/add/finding/NC-2026-001", picture(colour="red")))
    kept = files(app, cast)
    assert len(kept) == 1
    assert "is signed" in text(post(auditor, f"{home}/attachments/{kept[0].id}/remove"))
    assert files(app, cast)[0].id == kept[0].id
    strange = sign_in(app.test_client(), cast.stranger)
    assert strange.get(f"{home}/attachments/{kept[0].id}").status_code == 404
    assert strange.get(f"/o/{cast.elsewhere.slug}/attachments/{kept[0].id}").status_code == 404
