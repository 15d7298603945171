"""Who has no attempt left asks for another: granted or refused by who manages training, told and journalled."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.domain.training.course import QuizSettings
from app.models.attempt_request import AttemptRequest
from app.operations import attempt_requests, enrolments, quiz_attempts
from app.queries.courses import course_by, lessons_in
from app.queries.enrolments import attempt_whole, in_progress, lesson_with_bank, version_taken
from tests.cast import post, sign_in
from tests.learning import course
from tests.stage import on_stage
from tests.web.mailbox import mails


@pytest.fixture
def stuck(app, cast):
    """Stella failed the quiz as often as it allows."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        course(w, quiz=QuizSettings(pass_mark=80, attempts=1))
    with on_stage(app, cast.organisation, cast.staff) as w:
        enrolment = enrolments.begin(w, course_by(w, "TR-001"), cast.staff.id)
        quiz = lessons_in(version_taken(w, enrolment.version_id))[1]
        fail(w, enrolment, quiz.id)
        return enrolment.id, quiz.id


def fail(w, enrolment, quiz_id):
    begun = quiz_attempts.begin(w, enrolment, lesson_with_bank(w, quiz_id))
    quiz_attempts.hand_in(w, attempt_whole(w, begun.id, enrolment.person_id), {})


def told(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def decided(client, page, **said):
    """Open the form of a decision and send it."""
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True))[1]
    return post(client, page, {"seen": seen, **said})


def requests(app, cast):
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(AttemptRequest).order_by(AttemptRequest.id))
        return [(each.is_granted, each.answer, each.decided_by_id) for each in rows]


def test_a_request_is_granted_from_my_work_and_the_learner_tries_again(app, client, cast, stuck):
    enrolment, quiz = stuck
    home = f"/o/{cast.organisation.slug}"
    lesson = f"{home}/my-training/TR-001/lessons/{quiz}"
    learner = sign_in(client, cast.staff)
    assert f'href="{lesson}/ask"' in learner.get(lesson).get_data(as_text=True)
    assert learner.get(f"{lesson}/ask").status_code == 200
    empty = post(learner, f"{lesson}/ask", {"says": " "})
    assert (empty.status_code, "Say why you ask for another attempt." in told(empty)) == (422, True)
    assert post(learner, f"{lesson}/ask", {"says": "The line broke down."}).status_code == 303
    assert "You asked for another on" in told(learner.get(lesson))
    (mail,) = mails(app)
    assert (mail.to, mail.subject) == (
        cast.quality_manager.email,
        "Stella Farrow asks for another attempt at The quiz",
    )
    assert "The line broke down." in mail.body
    again = post(learner, f"{lesson}/ask", {"says": "Please."})
    assert (again.status_code, "You have asked already" in told(again)) == (422, True)
    manager = sign_in(app.test_client(), cast.quality_manager)
    work = manager.get(f"{home}/my-work")
    assert "Stella Farrow asks for another attempt at “The quiz”" in told(work)
    page = f"{home}/courses/TR-001/enrolments/{enrolment}/grant"
    assert f'href="{page}?back=work"' in work.get_data(as_text=True)
    assert "The line broke down." in told(manager.get(page))
    silent = decided(manager, page, do="grant", reason="")
    assert (silent.status_code, "Say why" in told(silent)) == (422, True)
    done = decided(manager, f"{page}?back=work", do="grant", reason="It did break down.")
    assert done.location.endswith("/my-work")
    assert requests(app, cast) == [(True, "It did break down.", cast.quality_manager.id)]
    assert "asks for another attempt" not in told(manager.get(f"{home}/my-work"))
    answer = mails(app, cast.staff.email)[-1]
    assert answer.subject == "You may try Licence compliance once more"
    assert "It did break down." in answer.body
    assert post(learner, f"{lesson}/attempts", {}).status_code == 303
    journal = told(manager.get(f"{home}/journal/?noun=attempt_request"))
    assert "request for another attempt of The quiz" in journal
    assert "It did break down." in journal


def test_a_request_is_refused_with_a_reason_that_the_learner_reads(app, client, cast, stuck):
    enrolment, quiz = stuck
    home = f"/o/{cast.organisation.slug}"
    learner = sign_in(client, cast.staff)
    lesson = f"{home}/my-training/TR-001/lessons/{quiz}"
    post(learner, f"{lesson}/ask", {"says": "Once more, please."})
    manager = sign_in(app.test_client(), cast.quality_manager)
    page = f"{home}/courses/TR-001/enrolments/{enrolment}/grant"
    silent = decided(manager, page, do="refuse", reason="")
    assert (silent.status_code, "Say why: whoever asked is told it." in told(silent)) == (422, True)
    assert decided(manager, page, do="refuse", reason="Read the text first.").status_code == 303
    assert requests(app, cast) == [(False, "Read the text first.", cast.quality_manager.id)]
    assert mails(app, cast.staff.email)[-1].subject == "Another attempt at Licence compliance was refused"
    assert "it was refused on" in told(learner.get(lesson))
    assert "by Quentin Marsh: Read the text first." in told(learner.get(lesson))
    late = post(manager, page, {"do": "refuse", "reason": "Twice."})
    assert (late.status_code, "Nothing waits for an answer" in told(late)) == (422, True)
    # Who was refused may ask again.
    assert post(learner, f"{lesson}/ask", {"says": "I have read it."}).status_code == 303


def test_who_has_an_attempt_left_or_is_not_the_learner_asks_for_none(app, client, cast, stuck):
    enrolment, quiz = stuck
    lesson = f"/o/{cast.organisation.slug}/my-training/TR-001/lessons/{quiz}"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        attempt_requests.grant(w, in_progress(w, cast.staff.id, course_by(w, "TR-001").id, lock=True), "Unasked.")
    assert requests(app, cast) == []
    learner = sign_in(client, cast.staff)
    refused = post(learner, f"{lesson}/ask", {"says": "One more."})
    assert (refused.status_code, "An attempt is left" in told(refused)) == (422, True)
    assert post(learner, f"{lesson}/attempts", {}).status_code == 303
    assert "An attempt is open" in told(post(learner, f"{lesson}/ask", {"says": "One more."}))
    for who, code in ((cast.auditor, 404), (cast.stranger, 404), (cast.assessor, 403)):
        other = sign_in(app.test_client(), who)
        assert other.get(f"{lesson}/ask").status_code == code
        assert post(other, f"{lesson}/ask", {"says": "Mine too."}).status_code == code
    grant = f"/o/{cast.organisation.slug}/courses/TR-001/enrolments/{enrolment}/grant"
    assert post(sign_in(app.test_client(), cast.administrator), grant, {"do": "refuse"}).status_code == 403
    assert post(sign_in(app.test_client(), cast.stranger), grant, {"do": "refuse"}).status_code == 404


@pytest.mark.parametrize("is_asked", [True, False])
def test_an_attempt_is_granted_once_however_often_the_form_is_sent(app, client, cast, stuck, is_asked):
    enrolment, quiz = stuck
    home = f"/o/{cast.organisation.slug}"
    if is_asked:
        lesson = f"{home}/my-training/TR-001/lessons/{quiz}"
        post(sign_in(client, cast.staff), f"{lesson}/ask", {"says": "Once more, please."})
    manager = sign_in(app.test_client(), cast.quality_manager)
    page = f"{home}/courses/TR-001/enrolments/{enrolment}/grant"
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', manager.get(page).get_data(as_text=True))[1]
    said = {"do": "grant", "reason": "The line broke down.", "seen": seen}
    assert post(manager, page, said).status_code == 303
    for again in (said, {**said, "seen": ""}, {**said, "do": "refuse"}):
        refused = post(manager, page, again)
        assert refused.status_code == 422
        assert re.search("answered already since you opened it|Nothing waits for an answer", told(refused))
    with on_stage(app, cast.organisation) as w:
        assert in_progress(w, cast.staff.id, course_by(w, "TR-001").id).more_attempts == 1
    assert decided(manager, page, do="grant", reason="Another, meant so.").status_code == 303
