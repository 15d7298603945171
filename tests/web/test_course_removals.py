"""A page that asks whether to take a part of a draft away takes away what it showed, and nothing that came since."""

import re
from html import unescape

import pytest

from app.operations import courses, lessons, questions
from app.operations.lessons import LessonDetails
from app.queries.courses import course_by, draft_in, lessons_in
from tests.cast import post, sign_in
from tests.stage import on_stage
from tests.taught import ASKED, draft_whole, quiz_in, taught, written


@pytest.fixture
def here(cast):
    return f"/o/{cast.organisation.slug}/courses/TR-001"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def seen_on(answer):
    return re.search(r'name="seen" value="([^"]*)"', answer.get_data(as_text=True)).group(1)


def rewritten(w):
    """Somebody else changes the text of the first lesson and adds a question to the quiz."""
    version = draft_whole(w, course_by(w, "TR-001", lock=True))
    first = lessons_in(version)[0]
    lessons.change_lesson(w, version, first, LessonDetails(title=first.title, minutes=9, body="Two hours of work."))
    questions.add_question(w, quiz_in(w, course_by(w, "TR-001")), ASKED[0])


def addresses(w, here):
    version = draft_whole(w, course_by(w, "TR-001"))
    quiz = quiz_in(w, course_by(w, "TR-001"))
    return {
        "draft": f"{here}/draft/discard",
        "section": f"{here}/sections/{version.sections[0].id}/remove",
        "lesson": f"{here}/lessons/{lessons_in(version)[0].id}/remove",
        "quiz": f"{here}/lessons/{quiz.id}/remove",
    }


@pytest.mark.parametrize("what", ["draft", "section", "lesson", "quiz"])
def test_what_somebody_changed_since_is_not_taken_away(app, client, cast, here, what):
    with on_stage(app, cast.organisation) as w:
        courses.begin_draft(w, taught(w))
    with on_stage(app, cast.organisation) as w:
        address = addresses(w, here)[what]
    manager = sign_in(client, cast.quality_manager)
    seen = seen_on(manager.get(address))
    with on_stage(app, cast.organisation) as w:
        rewritten(w)
    refused = post(manager, address, {"seen": seen})
    assert refused.status_code == 422
    assert "was changed by somebody else while you had this page open. Nothing was taken away" in told(refused)
    with on_stage(app, cast.organisation) as w:
        assert lessons_in(draft_whole(w, course_by(w, "TR-001")))[0].body == "Two hours of work."
    # The page that refuses shows how it stands: who agrees to that goes on.
    assert post(manager, address, {"seen": seen_on(refused)}).status_code == 303


def test_a_question_that_was_changed_since_stays(app, client, cast, here):
    with on_stage(app, cast.organisation) as w:
        quiz = quiz_in(w, written(w))
        question = quiz.questions[0]
    address = f"{here}/lessons/{quiz.id}/questions/{question.id}/remove"
    manager = sign_in(client, cast.quality_manager)
    seen = seen_on(manager.get(address))
    with on_stage(app, cast.organisation) as w:
        again = quiz_in(w, course_by(w, "TR-001", lock=True))
        questions.change_question(w, again, again.questions[0], ASKED[1])
    assert "Question 1 was changed by somebody else" in told(post(manager, address, {"seen": seen}))
    assert post(manager, address, {"seen": seen_on(manager.get(address))}).status_code == 303


@pytest.mark.parametrize("seen", ["", "soon", "9" * 40])
def test_who_cannot_say_what_they_saw_takes_nothing_away(app, client, cast, here, seen):
    with on_stage(app, cast.organisation) as w:
        courses.begin_draft(w, taught(w))
    with on_stage(app, cast.organisation) as w:
        there = addresses(w, here)
    manager = sign_in(client, cast.quality_manager)
    for address in there.values():
        refused = post(manager, address, {"seen": seen})
        assert (refused.status_code, "It could not be read" in told(refused)) == (422, True), address
    with on_stage(app, cast.organisation) as w:
        assert draft_in(course_by(w, "TR-001")) is not None


@pytest.mark.parametrize("version", ["", "soon", "-1", "9" * 40])
def test_a_version_that_cannot_be_read_overwrites_nothing(app, client, cast, here, version):
    with on_stage(app, cast.organisation) as w:
        draft = draft_whole(w, written(w))
        lesson, quiz = lessons_in(draft)[0], quiz_in(w, course_by(w, "TR-001"))
    manager = sign_in(client, cast.quality_manager)
    question = f"{here}/lessons/{quiz.id}/questions/{quiz.questions[2].id}/edit"
    sent = {
        f"{here}/edit": {"title": "Overwritten"},
        f"{here}/lessons/{lesson.id}/edit": {"title": "Overwritten", "minutes": "1", "body": "Overwritten"},
        question: {"text": "Overwritten", "truth": "True", "points": "1"},
    }
    for address, typed in sent.items():
        refused = post(manager, address, {**typed, "version": version})
        assert (refused.status_code, "could not be read which state" in told(refused)) == (422, True), address
        assert "Overwritten" in told(refused)
        assert "Overwritten" not in told(manager.get(address))
