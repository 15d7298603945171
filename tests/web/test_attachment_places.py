"""What files may be on, and who may see and change what lies there."""

import io
from html import unescape
from typing import Any

import pytest
from flask import Flask
from PIL import ExifTags, Image
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.programme.review import ReviewProgress
from app.models.attachment import PLACES, Attachment
from app.models.change_request import ChangeRequest
from app.operations.attachments import folder
from app.storage.files import keep, path_of
from app.storage.pictures import told_beside
from app.web.attachments.places import NOUNS, Noun
from app.work import work
from tests.cast import Cast, add_person, post, sign_in
from tests.rows import fill
from tests.web.test_attachments import PDF

SEEING = {Role.QUALITY_MANAGER, Role.AUDITOR, Role.ASSET_MANAGER, Role.ADMINISTRATOR}
_OF_PROGRAMME = (SEEING, {Role.QUALITY_MANAGER})
_OF_ASSETS = (SEEING, {Role.ASSET_MANAGER})
BY_ROLE: dict[str, tuple[set[Role], set[Role]]] = {
    "certificate": _OF_PROGRAMME,
    "decision": _OF_PROGRAMME,
    "audit": _OF_PROGRAMME,
    "nonconformity": _OF_PROGRAMME,
    "asset": _OF_ASSETS,
    "entitlement": _OF_ASSETS,
    "reconciliation": _OF_ASSETS,
    "case": _OF_PROGRAMME,
    "action": _OF_PROGRAMME,
    "finding": _OF_PROGRAMME,
    "item": _OF_PROGRAMME,
    "review": _OF_PROGRAMME,
    "evidence": ({Role.QUALITY_MANAGER}, {Role.QUALITY_MANAGER}),
    "completion": ({Role.QUALITY_MANAGER}, {Role.QUALITY_MANAGER}),
    "document": ({Role.QUALITY_MANAGER, Role.ADMINISTRATOR}, {Role.QUALITY_MANAGER, Role.ADMINISTRATOR}),
    "course": ({Role.QUALITY_MANAGER}, {Role.QUALITY_MANAGER}),
    # Asked for by the member of the staff.
    "change": (
        SEEING | {Role.STAFF},
        {Role.QUALITY_MANAGER, Role.ASSET_MANAGER, Role.ADMINISTRATOR, Role.STAFF},
    ),
}
"""Who sees the files of each, and who adds and removes them."""


@pytest.fixture
def rows(app: Flask, cast: Cast) -> dict[str, Any]:
    with app.app_context():
        with work(None) as w:
            someone = add_person(w, "Sam Example")
        with work(cast.organisation.id) as w:
            made = fill(w, someone.id)
            made["change_request"].requested_by_id = cast.staff.id
            # The file that a run compared stays with it; this one is another.
            made["reconciliation"].sha256 = "0" * 64
            # While its report stands approved, nothing of an audit changes.
            made["audit"].frozen_at = None
            w.flush()
            w.session.expunge_all()
        keep(folder(), io.BytesIO(b"example"))
    return made


def row_of(noun: Noun, rows: dict[str, Any]) -> Any:
    return rows[noun.model.__tablename__]


@pytest.mark.one_database
def test_every_column_of_a_place_has_its_noun() -> None:
    assert sorted(each.column for each in NOUNS) == sorted(PLACES)
    assert {each.word for each in NOUNS} == set(BY_ROLE)


@pytest.mark.one_database
@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.word)
def test_files_are_seen_and_changed_by_who_may_see_and_change_what_they_are_on(
    app: Flask, cast: Cast, rows: dict[str, Any], noun: Noun
) -> None:
    row, home = row_of(noun, rows), f"/o/{cast.organisation.slug}/attachments"
    key = getattr(row, noun.key)
    if noun.page not in app.view_functions:
        sign_in(client := app.test_client(), cast.asset_manager)
        assert client.get(f"{home}/add/{noun.word}/{key}").status_code == 404
        return
    with app.app_context(), work(cast.organisation.id) as w:
        file = w.add(
            Attachment(
                file_name="notes.txt",
                media_type="text/plain",
                size=7,
                sha256=rows["attachment"].sha256,
                stored_at=w.now,
                **{noun.column: row.id},
            )
        )
        file_id = file.id
    seen, changed = BY_ROLE[noun.word]
    for role in Role:
        client = sign_in(app.test_client(), cast.of(role))
        assert client.get(f"{home}/{file_id}").status_code == (200 if role in seen else 404), role
        may_change = 200 if role in changed else 403 if role in seen else 404
        assert client.get(f"{home}/add/{noun.word}/{key}").status_code == may_change, role
        assert client.get(f"{home}/{file_id}/remove").status_code == may_change, role
    keeper = sign_in(app.test_client(), cast.of(next(iter(changed))))
    added = post(
        keeper,
        f"{home}/add/{noun.word}/{key}",
        {"file": (io.BytesIO(PDF), "proof.pdf")},
        content_type="multipart/form-data",
    )
    assert added.status_code == 303
    removed = post(keeper, f"{home}/{file_id}/remove")
    assert (removed.status_code, removed.location) == (303, added.location)
    sign_in(stranger := app.test_client(), cast.stranger)
    assert stranger.get(f"/o/{cast.elsewhere.slug}/attachments/add/{noun.word}/{key}").status_code == 404


@pytest.mark.one_database
def test_a_request_of_somebody_else_keeps_its_files_from_the_staff(
    app: Flask, cast: Cast, rows: dict[str, Any]
) -> None:
    with app.app_context(), work(cast.organisation.id) as w:
        change = w.all(select(ChangeRequest))[0]
        change.requested_by_id = cast.auditor.id
        file = w.all(select(Attachment))[0]
        file.certificate_id, file.change_id = None, change.id
        file_id = file.id
    client = sign_in(app.test_client(), cast.staff)
    assert client.get(f"/o/{cast.organisation.slug}/attachments/{file_id}").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("word", "words"),
    [("audit", "is signed, and the audit is frozen"), ("review", "nothing about it changes any more")],
)
def test_the_files_of_what_is_over_stay_as_they_are(
    app: Flask, cast: Cast, rows: dict[str, Any], word: str, words: str
) -> None:
    noun = next(each for each in NOUNS if each.word == word)
    with app.app_context(), work(cast.organisation.id) as w:
        file, row = w.all(select(Attachment))[0], w.all(select(noun.model))[0]
        file.certificate_id, file_id = None, file.id
        setattr(file, noun.column, row.id)
        if word == "audit":
            row.frozen_at = w.now
        else:
            row.progress = ReviewProgress.CLOSED
    home = f"/o/{cast.organisation.slug}"
    keeper = sign_in(app.test_client(), cast.quality_manager)
    sent = {"file": (io.BytesIO(PDF), "proof.pdf")}
    added = post(keeper, f"{home}/attachments/add/{word}/{row_of(noun, rows).reference}", sent)
    removed = post(keeper, f"{home}/attachments/{file_id}/remove")
    for answer in (added, removed):
        assert answer.status_code == 422
        assert words in unescape(answer.get_data(as_text=True))
    with app.app_context(), work(cast.organisation.id) as w:
        assert [each.id for each in w.all(select(Attachment))] == [file_id]
    assert "Add a file" not in keeper.get(added.request.path.replace("attachments/add/", "")).get_data(as_text=True)


@pytest.mark.one_database
@pytest.mark.parametrize("place", ["audit", "nonconformity", "asset", "change", "review", "certificate"])
def test_where_a_picture_was_taken_is_kept_nowhere(app: Flask, cast: Cast, rows: dict[str, Any], place: str) -> None:
    noun = next(each for each in NOUNS if each.word == place)
    key = getattr(row_of(noun, rows), noun.key)
    keeper = sign_in(app.test_client(), cast.of(next(iter(BY_ROLE[place][1] - {Role.STAFF, Role.ADMINISTRATOR}))))
    taken = turned()
    sent = {"file": (io.BytesIO(taken), "rack.jpg")}
    answer = post(keeper, f"/o/{cast.organisation.slug}/attachments/add/{place}/{key}", sent, follow_redirects=True)
    assert "Its place and camera data were removed." in unescape(answer.get_data(as_text=True))
    with app.app_context(), work(cast.organisation.id) as w:
        kept = path_of(folder(), w.all(select(Attachment).order_by(Attachment.id.desc()))[0].sha256).read_bytes()
    assert told_beside(io.BytesIO(kept)) == ()
    assert not any(word in kept for word in (b"Lumen", b"GPS", b"Secret", b"film"))
    with Image.open(io.BytesIO(taken)) as was, Image.open(io.BytesIO(kept)) as now:
        assert now.getexif()[ExifTags.Base.Orientation] == 6
        assert now.tobytes() == was.tobytes()


def turned() -> bytes:
    """What a telephone held upright writes: place, camera and words, with a film behind the picture."""
    written = Image.Exif()
    written[ExifTags.Base.Orientation], written[ExifTags.Base.Make] = 6, "Lumen"
    written.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 8.0, 15.0), 3: "E", 4: (11.0, 34.0, 30.0)})
    kept = io.BytesIO()
    Image.effect_noise((60, 40), 90).save(
        kept, "JPEG", exif=written, comment=b"Secret", xmp=b"<x exif:GPSLatitude=''/>", progressive=True
    )
    return kept.getvalue() + b"film"
