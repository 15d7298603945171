"""Pictures of lessons: added from the page of the lesson itself, and none is published that is not there."""

import io
import re
from html import unescape

import pytest
from werkzeug.datastructures import FileStorage

from app.operations import lessons
from app.operations.lesson_pictures import missing_in, pictures_in, shown_as
from app.operations.lessons import LessonDetails
from app.outputs.markdown import html_of
from app.queries.courses import course_by, files_of, lessons_in
from tests.cast import post, sign_in
from tests.stage import on_stage
from tests.taught import draft_whole, picture, written


@pytest.fixture
def here(cast):
    return f"/o/{cast.organisation.slug}/courses/TR-001"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def typed_in(answer):
    text = re.search(r"<textarea[^>]*name=\"body\"[^>]*>(.*?)</textarea>", answer.get_data(as_text=True), re.S).group(1)
    return unescape(text).strip()


@pytest.mark.parametrize("name", ["rack.png", "my rack (1).png", "Übersicht 100 %.jpg", "a_b*c.png"])
def test_a_picture_is_found_again_by_the_name_under_which_it_is_shown(name):
    text = f"Words.\n\n| a |\n|---|\n| {shown_as(name)} |"
    assert pictures_in(text) == [name]
    assert f'src="/{name.replace("&", "&amp;")}"' in html_of(text, lambda each: f"/{each}")
    assert missing_in(text, "", {name: 1}) == ()
    assert missing_in(text, "film.mp4", {}) == (name, "film.mp4")


def test_a_picture_is_added_from_the_lesson_and_what_was_typed_stays(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        lesson = lessons_in(draft_whole(w, written(w)))[0]
    address = f"{here}/lessons/{lesson.id}/edit"
    manager = sign_in(client, cast.quality_manager)
    typed = {"title": "", "minutes": "7", "body": "Half a sentence", "version": str(lesson.version), "upload": "yes"}
    answer = post(manager, address, {**typed, "picture": picture("floor plan.png")}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert typed_in(answer) == "Half a sentence\n\n![What it shows](<floor plan.png>)"
    assert 'name="minutes" type="number" value="7"' in told(answer) or 'value="7"' in told(answer)
    assert "The lesson is not saved yet." in told(answer)
    assert 'alt="What it shows"' in answer.get_data(as_text=True)
    with on_stage(app, cast.organisation) as w:
        course = course_by(w, "TR-001")
        assert "floor plan.png" in files_of(w, course.id)
        assert lessons_in(draft_whole(w, course))[0].body == lesson.body


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (None, "Choose a picture."),
        ((b"%PDF-1.7", "plan.pdf"), "is no picture that a lesson shows"),
        ((b"<svg onload=alert(1)>", "plan.svg"), "is no picture that a lesson shows"),
        ((b"no picture", "plan.png"), "what is in it is something else"),
        ("rack.png", "has a file “rack.png” already"),
    ],
)
def test_what_is_no_picture_is_refused_at_the_field_and_the_text_stays(app, client, cast, here, sent, says):
    with on_stage(app, cast.organisation) as w:
        section = draft_whole(w, written(w)).sections[0].id
    manager = sign_in(client, cast.quality_manager)
    typed = {"title": "New", "body": "Half a sentence", "upload": "yes"}
    if sent is not None:
        typed["picture"] = picture(sent) if isinstance(sent, str) else FileStorage(io.BytesIO(sent[0]), sent[1])
    answer = post(
        manager, f"{here}/sections/{section}/lessons/new?kind=text", typed, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert says in told(answer)
    assert typed_in(answer) == "Half a sentence"


def test_a_version_with_a_picture_that_is_not_there_is_not_published_and_the_lesson_is_named(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        version = draft_whole(w, written(w))
        first, second = lessons_in(version)[:2]
        body = "![A rack](rack.png) ![A plan](plan.png) ![Elsewhere](https://example.org/a.png) `![code](x.png)`"
        lessons.change_lesson(w, version, first, LessonDetails(title="Aims", minutes=5, body=body))
        second.file_name = "gone.png"
    manager = sign_in(client, cast.quality_manager)
    refused = post(manager, f"{here}/publish", {"note": "First."})
    assert refused.status_code == 422
    page = told(refused)
    for name in ("plan.png", "https://example.org/a.png"):
        assert f"“Aims” shows “{name}”, which is not among the files of the course." in page
    assert "“Picture” shows “gone.png”, which is not among" in page
    assert "“rack.png”" not in page
    assert "“x.png”" not in page
    with on_stage(app, cast.organisation) as w:
        version = draft_whole(w, course_by(w, "TR-001"))
        first, second = lessons_in(version)[:2]
        lessons.change_lesson(w, version, first, LessonDetails(title="Aims", minutes=5, body="![A rack](rack.png)"))
        second.file_name = "rack.png"
    assert post(manager, f"{here}/publish", {"note": "First."}).status_code == 303
