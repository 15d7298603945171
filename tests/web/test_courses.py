"""Pages of courses: who sees what, the editor without a script, the preview, files, and two people at one lesson."""

from html import unescape

import pytest

from app.operations import courses
from app.queries.courses import course_by, files_of, lessons_in
from tests.cast import post, sign_in
from tests.stage import on_stage
from tests.taught import draft_whole, picture, quiz_in, taught, written


@pytest.fixture
def here(cast):
    return f"/o/{cast.organisation.slug}/courses"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_learners_see_what_is_published_and_nothing_else(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        course = taught(w, "Published basics")
        shown = files_of(w, course.id)["rack.png"].id
        draft = written(w, "Secret plans")
        hidden = files_of(w, draft.id)["rack.png"].id
        lesson = lessons_in(draft_whole(w, draft))[0].id
    manager, learner = sign_in(app.test_client(), cast.quality_manager), sign_in(client, cast.staff)
    assert "Published basics" in told(learner.get(here))
    assert "Secret plans" not in told(learner.get(here))
    assert "Secret plans" in told(manager.get(here))
    assert "Aims" in told(learner.get(f"{here}/TR-001"))
    answer = learner.get(f"{here}/TR-001/files/{shown}", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data, answer.content_type) == (206, b"\x89PNG", "image/png")
    for address in ("TR-002", f"TR-002/files/{hidden}", f"TR-001/files/{hidden}", "TR-999"):
        assert learner.get(f"{here}/{address}").status_code == 404, address
    assert manager.get(f"{here}/TR-002/files/{hidden}").status_code == 200
    for address in ("TR-001/draft", f"TR-002/lessons/{lesson}", "TR-001/versions/1", "new"):
        assert learner.get(f"{here}/{address}").status_code == 403, address


def test_a_course_is_written_and_published_without_a_script(app, client, cast, here):
    manager = sign_in(client, cast.quality_manager)
    assert "No course yet" in told(manager.get(here))
    done = post(
        manager, f"{here}/new", {"title": "Basics", "valid_months": "12", "clauses": ["ISO/IEC 27001:2022|7.3"]}
    )
    assert done.location.endswith("/courses/TR-001/draft")
    refused = post(manager, f"{here}/TR-001/publish", {})
    assert (refused.status_code, "without a lesson" in told(refused)) == (422, True)
    with on_stage(app, cast.organisation) as w:
        section = draft_whole(w, course_by(w, "TR-001")).sections[0].id
    adding = f"{here}/TR-001/sections/{section}/lessons/new"
    post(manager, f"{adding}?kind=text", {"title": "Aims", "minutes": "5", "body": "# Aims\r\n\r\n<script>x</script>"})
    refused = post(manager, f"{adding}?kind=video", {"title": "Film", "link": "javascript:alert(1)"})
    assert (refused.status_code, "Write the whole address" in told(refused)) == (422, True)
    post(manager, f"{adding}?kind=file", {"title": "Picture", "file": picture()}, content_type="multipart/form-data")
    done = post(manager, f"{adding}?kind=quiz", {"title": "Quiz", "pass_mark": "80", "drawn": "1", "shuffled": "y"})
    bank = done.location
    question = {"text": "Who?", "options-0-text": "Its owner", "options-0-is_right": "y", "options-1-text": "Others"}
    more = post(manager, f"{bank}/new?kind=single", {**question, "more": "yes"})
    assert (more.status_code, 'name="options-4-text"' in more.get_data(as_text=True)) == (200, True)
    refused = post(manager, f"{bank}/new?kind=single", {"text": "Who?", "options-0-text": "Its owner"})
    assert (refused.status_code, "at least two lines" in told(refused)) == (422, True)
    assert post(manager, f"{bank}/new?kind=single", question).status_code == 303
    assert "The bank holds 1 question;" in told(manager.get(bank))
    with on_stage(app, cast.organisation) as w:
        first, second = lessons_in(draft_whole(w, course_by(w, "TR-001")))[:2]
    post(manager, f"{here}/TR-001/lessons/{second.id}/move", {"to": "up"})
    preview = told(manager.get(f"{here}/TR-001/lessons/{first.id}"))
    assert "Preview of lesson 2 of 3" in preview
    assert "<script>x" not in manager.get(f"{here}/TR-001/lessons/{first.id}").get_data(as_text=True)
    assert post(manager, f"{here}/TR-001/publish", {"note": "First."}).status_code == 303
    assert manager.get(f"{here}/TR-001/draft").status_code == 404
    with on_stage(app, cast.organisation) as w:
        assert course_by(w, "TR-001").versions[0].published_by_id == cast.quality_manager.id


def test_the_preview_shows_what_learners_will_see_and_saves_nothing(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        course = written(w)
        file = files_of(w, course.id)["rack.png"].id
    manager = sign_in(client, cast.quality_manager)
    html = post(manager, f"{here}/TR-001/markdown", {"body": "**Hi** ![A](rack.png) <script>"}).get_data(as_text=True)
    assert f'src="{here}/TR-001/files/{file}"' in html
    assert "<strong>Hi</strong>" in html
    assert "&lt;script&gt;" in html


def test_the_second_of_two_at_a_lesson_is_shown_both_versions(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        lesson = lessons_in(draft_whole(w, written(w)))[0]
    address = f"{here}/TR-001/lessons/{lesson.id}/edit"
    manager = sign_in(client, cast.quality_manager)
    page = {"title": "Aims", "minutes": "10", "version": str(lesson.version)}
    assert post(manager, address, {**page, "body": "The first."}).status_code == 303
    second = post(manager, address, {**page, "body": "The second."})
    assert second.status_code == 422
    assert all(each in told(second) for each in ("changed by somebody else", "The first.", "The second."))


def test_questions_of_what_is_published_are_read_and_not_changed(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        quiz = quiz_in(w, written(w))
        courses.publish(w, course_by(w, "TR-001", lock=True))
    manager = sign_in(client, cast.quality_manager)
    bank = f"{here}/TR-001/lessons/{quiz.id}/questions"
    assert "they stay as they are" in told(manager.get(bank))
    question = quiz.questions[2].id
    assert "is published and stays as it is" in told(
        post(manager, f"{bank}/{question}/edit", {"text": "Other?", "truth": "True", "version": "1"})
    )
    assert "is published and stays as it is" in told(post(manager, f"{bank}/{question}/remove", {}))
    assert "A loss is reported at once." in told(manager.get(bank))


def test_nothing_is_chosen_beforehand_of_a_new_true_or_false_question(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        quiz = quiz_in(w, written(w))
    manager = sign_in(client, cast.quality_manager)
    new = f"{here}/TR-001/lessons/{quiz.id}/questions/new?kind=true-false"
    assert " checked" not in told(manager.get(new))
    refused = post(manager, new, {"text": "A loss can wait.", "points": "1"})
    assert refused.status_code == 422
    assert told(refused).count("Choose whether it is true or false.") == 2
    assert post(manager, new, {"text": "A loss can wait.", "points": "1", "truth": "False"}).status_code == 303


def test_a_learning_path_keeps_its_order_and_hides_drafts(app, client, cast):
    with on_stage(app, cast.organisation) as w:
        taught(w, "Published basics")
        written(w, "Secret plans")
    paths = f"/o/{cast.organisation.slug}/learning-paths"
    manager, learner = sign_in(app.test_client(), cast.quality_manager), sign_in(client, cast.staff)
    assert "No learning path yet" in told(learner.get(paths))
    refused = post(manager, f"{paths}/new", {"title": "New", "courses-0": ""})
    assert (refused.status_code, "at least one course" in told(refused)) == (422, True)
    done = post(manager, f"{paths}/new", {"title": "New", "courses-0": "TR-002", "courses-1": "TR-001"})
    shown = told(manager.get(done.location))
    assert shown.index("Secret plans") < shown.index("Published basics")
    assert "Secret plans" not in told(learner.get(done.location))
    with on_stage(app, cast.organisation) as w:
        assert course_by(w, "TR-001").standing.value == "published"
    assert post(manager, f"{done.location}/retire", {}).status_code == 303
    assert learner.get(done.location).status_code == 404
