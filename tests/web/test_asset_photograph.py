"""The photograph of an asset: kept small and without its place, served as a picture, and nothing else by that way."""

import io
import zlib
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.models.attachment import Attachment
from app.operations.attachments import folder
from app.storage import path_of
from app.storage.pictures import PictureError, as_jpeg
from tests.cast import Cast, post, sign_in
from tests.equipped import equip
from tests.stage import on_stage
from tests.web.test_attachments import PDF, send

GPS, ORIENTATION = 0x8825, 0x0112


def picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), **options: Any) -> bytes:
    kept = io.BytesIO()
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    Image.new(mode, size, (200, 30, 30, 128)[: len(mode)]).save(kept, kind, **options)
    return kept.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 12.0)}
    exif[0x010F] = "CameraMaker"
    return picture(exif=exif)


@pytest.fixture
def home(app: Flask, cast: Cast) -> str:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        return f"/o/{cast.organisation.slug}/assets/{equip(w).id}"


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


def put(client: FlaskClient, home: str, name: str, content: bytes) -> Any:
    said = {"file": (io.BytesIO(content), name)}
    return post(client, f"{home}/photograph/change", said, content_type="multipart/form-data")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a.heic", "HEIF")]
)
def test_each_kind_becomes_a_small_jpeg(keeper: FlaskClient, home: str, name: str, kind: str) -> None:
    assert put(keeper, home, name, picture(kind)).status_code == 303
    served = keeper.get(f"{home}/photograph")
    assert (served.status_code, served.mimetype) == (200, "image/jpeg")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in served.headers["Cache-Control"]
    with Image.open(io.BytesIO(served.data)) as kept:
        assert (kept.format, kept.size) == ("JPEG", (1600, 800))
    assert f"{home}/photograph" in keeper.get(home).get_data(as_text=True)


@pytest.mark.one_database
def test_the_place_and_the_camera_are_not_kept_and_it_stands_upright() -> None:
    sent = with_place()
    assert b"CameraMaker" in sent
    kept = as_jpeg(io.BytesIO(sent)).getvalue()
    assert b"CameraMaker" not in kept
    with Image.open(io.BytesIO(kept)) as seen:
        assert dict(seen.getexif()) == {}
        assert seen.size == (800, 1600)


REFUSED = [
    ("a.pdf", PDF, "A photograph is a JPEG, PNG, WebP or HEIC."),
    ("a.jpg", PDF, "no picture that can be read"),
    ("a.svg", b"<svg/>", "A photograph is a JPEG"),
    ("a.jpg", picture()[:400], "or it is damaged"),
    ("a.jpg", b"", "no picture that can be read"),
    ("a.gif", b"GIF89a", "A photograph is a JPEG"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "content", "says"), REFUSED)
def test_what_is_no_picture_is_refused_at_the_field(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, name: str, content: bytes, says: str
) -> None:
    answer = put(keeper, home, name, content)
    assert answer.status_code == 422
    assert says in unescape(answer.get_data(as_text=True))
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(Attachment)) == []


@pytest.mark.one_database
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    # A PNG says how large it is in its first bytes; there are no pixels behind these.
    bomb = bytearray(picture("PNG", (1, 1)))
    bomb[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4)
    with pytest.raises(PictureError, match="too many"):
        as_jpeg(io.BytesIO(bytes(bomb)))


def test_one_replaces_the_other_and_files_never_come_by_this_way(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    asset_id = home.rpartition("/")[2]
    send(keeper, f"/o/{cast.organisation.slug}", "proof.pdf", PDF, f"asset/{asset_id}")
    assert keeper.get(f"{home}/photograph").status_code == 404
    put(keeper, home, "a.jpg", picture())
    put(keeper, home, "b.png", picture("PNG", (300, 300)))
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(Attachment).order_by(Attachment.id))
        assert [each.is_photograph for each in rows] == [False, True]
    with Image.open(io.BytesIO(keeper.get(f"{home}/photograph").data)) as kept:
        assert kept.size == (300, 300)
    page = keeper.get(home).get_data(as_text=True)
    assert "proof.pdf" in page
    assert page.count("NW-0001.jpg") == 0, "the photograph is no file among the files"
    assert post(keeper, f"{home}/photograph/remove").status_code == 303
    assert keeper.get(f"{home}/photograph").status_code == 404


def test_a_photograph_whose_file_is_gone_is_not_there(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    put(keeper, home, "a.jpg", picture())
    with on_stage(app, cast.organisation) as w:
        path_of(folder(), w.all(select(Attachment.sha256))[0]).unlink()
    assert keeper.get(f"{home}/photograph").status_code == 404
