"""The learner's pages: what is due, lessons, a quiz, certificates, and the public verification."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.training.course import QuizSettings
from app.domain.training.due import Terms
from app.models.completion import Completion
from app.models.enrolment import QuizAttempt
from app.operations import enrolments, invitations, persons
from app.operations.training_assignments import Wish, assign
from app.queries.course_statistics import statistics_of
from app.queries.courses import lessons_in
from app.queries.enrolments import attempt_whole, version_taken
from app.web.my_training.put import questions_put
from app.web.verification import LOOKS
from tests.cast import post, sign_in
from tests.learning import course, right_answers
from tests.stage import on_stage

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


def fields_of(app, cast, attempt_id, answers=None):
    """What the form of an attempt would send for these answers; without any, for the right ones."""
    with on_stage(app, cast.organisation, cast.staff) as w:
        attempt = attempt_whole(w, attempt_id, cast.staff.id)
        answers = right_answers(attempt) if answers is None else answers
        sent = {}
        for each in questions_put(attempt):
            said, kind = answers.get(each.question.id), each.question.kind.value
            if isinstance(said, str):
                sent[each.name] = said
            elif kind == "matching" and said:
                sent |= {f"{each.name}-{at}": str(each.order.index(line)) for at, line in enumerate(said)}
            elif kind == "ordering" and said:
                sent |= {f"{each.name}-{at}": str(said[line]) for at, line in enumerate(each.order)}
            elif said:
                sent[each.name] = [str(each.order.index(line)) for line in said]
    return sent


def completed(app, cast, **said):
    """Stella has completed a course; gives the id of the completion, its number and the course's reference."""
    with on_stage(app, cast.organisation, cast.staff) as w:
        made = course(w, **said)
        enrolment = enrolments.begin(w, made, cast.staff.id)
        for each in lessons_in(version_taken(w, enrolment.version_id)):
            completion = enrolments.do_lesson(w, enrolment, each)
        return completion.id, completion.number, made.reference


def test_a_learner_reads_answers_and_is_marked_by_what_stands_on_the_page(app, cast, client, clock):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        made = course(w, quiz=QuizSettings(pass_mark=80, minutes=20))
    sign_in(client, cast.staff)
    home = f"/o/{cast.organisation.slug}/my-training"
    assert "Open to you" in client.get(home).text
    first = post(client, f"{home}/{made.reference}/begin").location
    assert "<em>licence</em>" in client.get(first).text
    quiz = post(client, f"{first}/done").location
    assert "Begin the quiz" in client.get(quiz).text
    attempt = post(client, f"{quiz}/attempts").location
    page = client.get(attempt).text
    assert 'data-left="1200"' in page
    choice = re.search(r'type="radio" id="(q-\d+)-0"', page)[1]
    attempt_id = int(attempt.rsplit("/", 1)[1])
    # Saved by the script, with one answer; then one to a question that is not there.
    json = {"Accept": "application/json"}
    half = dict(list(fields_of(app, cast, attempt_id).items())[:1])
    assert post(client, attempt, {**half, "do": "save"}, headers=json).json["ended"] is False
    foreign = post(client, attempt, {**half, "q-99999": "0", "do": "hand-in"})
    assert foreign.status_code == 422
    assert "did not put" in foreign.text
    assert post(client, attempt, {**half, "q-99999": "0"}, headers=json).status_code == 422
    assert post(client, attempt, {choice: "77", "do": "save"}).status_code == 422
    # Handed in with a place given twice and a question left out: asked first, and what was said is kept.
    whole = {name: "36,000" if said == "36" else said for name, said in fields_of(app, cast, attempt_id).items()}
    places = sorted(name for name in whole if re.fullmatch(r"q-\d+-2", name))
    step = places[0].removesuffix("2")
    flawed = {name: said for name, said in whole.items() if said != "entitlement"} | {f"{step}0": "1", f"{step}1": "1"}
    asked = post(client, attempt, {**flawed, "do": "hand-in"}, follow_redirects=True).text
    assert "2 of 7 are not answered as they are asked. Hand in anyway?" in asked
    assert "place 2 is given twice" in asked
    assert asked.count(f'id="{step}0" name="{step}0"') == 1
    assert 'value="1" selected' in asked
    assert post(client, attempt, {**whole, "do": "hand-in"}).status_code == 303
    result = client.get(attempt).text
    assert "You said: 36<" in result
    assert "7 of 7 points, 100 %" in unescape(re.sub(r"\s+", " ", result))
    assert "It is a right." in result
    # Handed in again, with nothing: it stays as it was marked.
    assert post(client, attempt, {"do": "hand-in"}, follow_redirects=True).text.count("stays as it was marked") == 1
    last = re.search(rf'href="({home}/{made.reference}/lessons/\d+)"[^>]*>Next lesson', result)[1]
    done = post(client, f"{last}/done", follow_redirects=True).text
    assert "You have completed Licence compliance" in done
    assert post(client, f"{last}/done").status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(Completion))) == 1


def test_what_is_right_is_not_told_while_a_try_is_left(app, cast, client, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made = course(w, quiz=QuizSettings(pass_mark=80, attempts=2))
        enrolment = enrolments.begin(w, made, cast.staff.id)
        quiz = lessons_in(version_taken(w, enrolment.version_id))[1]
    sign_in(client, cast.staff)
    lesson = f"/o/{cast.organisation.slug}/my-training/{made.reference}/lessons/{quiz.id}"
    first = post(client, f"{lesson}/attempts").location
    post(client, first, {"do": "hand-in-anyway"})
    second = post(client, f"{lesson}/attempts").location
    while_open = client.get(first).text
    post(client, second, {"do": "hand-in-anyway"})
    assert "Not passed" in while_open
    for said, is_told in ((while_open, False), (client.get(first).text, True), (client.get(second).text, True)):
        assert ("It is a right." in said) is is_told
        assert ("Right: " in said) is is_told


def test_the_time_of_a_quiz_goes_on_and_what_was_saved_is_marked_whoever_looks(app, cast, client, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made = course(w, quiz=QuizSettings(pass_mark=80, minutes=20, attempts=1))
        enrolment = enrolments.begin(w, made, cast.staff.id)
        quiz = lessons_in(version_taken(w, enrolment.version_id))[1]
    sign_in(client, cast.staff)
    stem = f"/o/{cast.organisation.slug}/my-training/{made.reference}"
    attempt = post(client, f"{stem}/lessons/{quiz.id}/attempts").location
    sent = fields_of(app, cast, int(attempt.rsplit("/", 1)[1]))
    # A question that is answered in one field; which comes first is drawn.
    whole = next(name for name, value in sent.items() if value == "entitlement")
    post(client, attempt, {whole: sent[whole], "do": "save"})
    clock.move_to(NOON + timedelta(minutes=21))
    said = post(client, attempt, {**sent, "do": "hand-in"}, follow_redirects=True).text
    assert "The time was up" in said
    assert "1 of 7 points" in said
    # No attempt is left: what would be right is told, and one more can be granted.
    assert "Right: " in said
    assert post(client, f"{stem}/lessons/{quiz.id}/attempts").status_code == 422
    sign_in(client, cast.quality_manager)
    page = f"/o/{cast.organisation.slug}/courses/{made.reference}"
    assert "Out of attempts" in client.get(f"{page}/statistics").text
    grant = f"{page}/enrolments/{enrolment.id}/grant"
    person = f"/o/{cast.organisation.slug}/training/people/{cast.staff.id}"
    assert f"{grant}?back=person" in client.get(person).text
    assert post(client, grant, {"reason": " "}).status_code == 422
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', client.get(grant).text)
    assert seen is not None
    said = {"reason": "The line broke down.", "seen": seen[1]}
    assert post(client, f"{grant}?back=person", said).location == person
    assert "Out of attempts" not in client.get(f"{page}/statistics").text
    sign_in(client, cast.staff)
    begun = post(client, f"{stem}/lessons/{quiz.id}/attempts").location
    clock.move_to(NOON + timedelta(minutes=60))
    assert "Not answered" in client.get(begun).text
    with on_stage(app, cast.organisation) as w:
        ended = [(each.number, each.is_late, each.points) for each in w.all(select(QuizAttempt))]
        assert sorted(ended) == [(1, True, 1), (2, True, 0)]
        assert statistics_of(w, made.id).quizzes[0].attempts == 2


def test_a_certificate_is_its_owners_and_says_to_everybody_only_what_it_is_worth(app, cast, client, clock):
    id_, number, reference = completed(app, cast)
    page, verify = f"/o/{cast.organisation.slug}/completions/{id_}", f"/verify/{number}"
    anybody = app.test_client()
    told = anybody.get(verify)
    assert (told.status_code, "is valid today" in told.text) == (200, True)
    for kept in (cast.staff.name, cast.organisation.name, reference, "Licence compliance"):
        assert kept not in told.text
    assert anybody.get("/verify?number=TC-2222-2222-2222-2222").status_code == 404
    assert anybody.get("/verify").status_code == 200
    sign_in(client, cast.auditor)
    assert client.get(page).status_code == 404
    assert client.get(f"{page}/certificate.pdf").status_code == 404
    sign_in(client, cast.staff)
    made = client.get(f"{page}/certificate.pdf")
    assert made.data.startswith(b"%PDF-1.7")
    assert client.get(f"{page}/certificate.pdf").data == made.data
    assert post(client, f"{page}/revoke", {"reason": "x"}).status_code == 403
    sign_in(client, cast.quality_manager)
    assert cast.staff.name in client.get(page).text
    assert post(client, f"{page}/revoke", {"reason": ""}).status_code == 422
    assert post(client, f"{page}/revoke", {"reason": "Taken by another.", "version": "1"}).status_code == 303
    assert post(client, f"{page}/revoke", {"reason": "Again."}).status_code == 422
    assert "was revoked" in anybody.get(verify).text
    assert client.get(f"{page}/certificate.pdf").status_code == 404
    for _ in range(LOOKS.tries):
        last = anybody.get(verify)
    assert last.status_code == 429


def test_strangers_find_nothing_and_a_course_that_is_not_begun_has_no_lessons(app, cast, client):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made = course(w)
        enrolment = enrolments.begin(w, made, cast.staff.id)
        lesson = lessons_in(version_taken(w, enrolment.version_id))[0]
        hidden = course(w, "A draft", publish=False)
    stem = f"/o/{cast.organisation.slug}/my-training"
    sign_in(client, cast.stranger)
    for path in ("", f"/{made.reference}", f"/{made.reference}/lessons/{lesson.id}"):
        assert client.get(stem + path).status_code == 404
    sign_in(client, cast.auditor)
    assert client.get(f"{stem}/{made.reference}").status_code == 200
    assert client.get(f"{stem}/{made.reference}/lessons/{lesson.id}").status_code == 404
    assert post(client, f"{stem}/{made.reference}/lessons/{lesson.id}/done").status_code == 303
    assert client.get(f"{stem}/{hidden.reference}").status_code == 404
    sign_in(client, cast.assessor)
    assert client.get(stem).status_code == 403


def test_what_is_to_be_passed_before_is_named_where_a_course_cannot_be_begun(app, cast, client):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        basics = course(w, "Basics")
        after = course(w, "Auditing", requires=(basics.reference,))
    sign_in(client, cast.staff)
    stem = f"/o/{cast.organisation.slug}/my-training/{after.reference}"
    assert f"Pass this first: Basics ({basics.reference})." in client.get(stem).text
    refused = post(client, f"{stem}/begin")
    assert refused.status_code == 422
    assert "Pass this first" in refused.text


def test_the_page_of_a_course_says_who_asked_by_when_and_what_passes_its_quiz(app, cast, client, clock):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        made = course(w, quiz=QuizSettings(pass_mark=80))
        asked = Wish(course_id=made.id, people=frozenset({cast.staff.id}), terms=Terms(due_on=NOON.date()))
        assign(w, asked)
        page = f"/o/{cast.organisation.slug}/my-training/{made.reference}"
    said = []
    for who in (cast.staff, cast.auditor):
        sign_in(client, who)
        said.append(" ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(page).text)).split()))
    assert "Asked of you by Quentin Marsh since 1 Mar 2026 . It is due by 1 Mar 2026 ." in said[0]
    assert "Asked of you" not in said[1]
    assert all("pass mark 80 %" in each for each in said)


def test_retiring_a_course_asks_first_and_names_who_is_under_way_and_the_rules(app, cast, client):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        made = course(w)
        enrolments.begin(w, made, cast.staff.id)
        assign(w, Wish(course_id=made.id, role=Role.AUDITOR, goes_on=True))
        reference = made.reference
    sign_in(client, cast.quality_manager)
    page = f"/o/{cast.organisation.slug}/courses/{reference}"
    assert f'href="{page}/retire"' in client.get(page).text
    asked = client.get(f"{page}/retire").text
    assert "1 person is under way and may finish it: Stella Farrow." in asked
    assert "No longer assigned by TA-001." in asked
    assert f'href="{page}/retire"' in client.get(page).text
    assert post(client, f"{page}/retire", {}).status_code == 303
    assert "Bring back" in client.get(page).text


def test_a_learner_with_the_same_mail_in_another_case_is_one_person(app, cast):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        invited = {"name": "Stella", "roles": frozenset({Role.STAFF}), "access_until": None}
        with pytest.raises(RefusedError, match="a member already"):
            invitations.invite(w, email=cast.staff.email.swapcase(), **invited)
        with w.within(None) as house:
            found = persons.person_by_email(house, cast.staff.email.upper())
            assert found is not None
            assert found.id == cast.staff.id


def test_my_work_lists_courses_to_take_and_under_way_with_where_to_go_on(app, client, cast, clock):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        late, begun = course(w, "Awareness"), course(w, "Compliance")
        people = frozenset({cast.staff.id})
        assign(w, Wish(course_id=late.id, people=people, terms=Terms(due_on=NOON.date() - timedelta(days=3))))
        enrolment = enrolments.begin(w, begun, cast.staff.id)
        first = lessons_in(version_taken(w, enrolment.version_id))[0].id
        references = late.reference, begun.reference
    sign_in(client, cast.staff)
    page = unescape(client.get(f"/o/{cast.organisation.slug}/my-work").text)
    home = f"/o/{cast.organisation.slug}/my-training"
    assert "2 courses are to be taken, 1 overdue." in page
    assert f'href="{home}/{references[0]}">Begin' in page
    assert f'href="{home}/{references[1]}/lessons/{first}">Go on' in page
    sign_in(client, cast.auditor)
    assert "to be taken" not in client.get(f"/o/{cast.organisation.slug}/my-work").text
