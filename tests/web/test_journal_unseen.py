"""What a question holds and what a colleague answered stand in the journal; those alone who may read them there."""

import pytest

from app.domain.training.course import QuizSettings
from app.operations import enrolments, quiz_attempts
from app.queries.courses import course_by, lessons_in
from app.queries.enrolments import attempt_whole, lesson_with_bank, version_taken
from tests.cast import sign_in
from tests.learning import course, right_answers
from tests.stage import on_stage

NOUNS = ("question", "question_option", "quiz_attempt", "attempt_answer")


@pytest.fixture
def answered(app, cast):
    """A course with a quiz that a colleague took and passed."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        made = course(w, quiz=QuizSettings(pass_mark=80, attempts=2))
        reference = made.reference
    with on_stage(app, cast.organisation, cast.staff) as w:
        enrolment = enrolments.begin(w, course_by(w, reference), cast.staff.id)
        quiz = lessons_in(version_taken(w, enrolment.version_id))[1]
        begun = quiz_attempts.begin(w, enrolment, lesson_with_bank(w, quiz.id))
        attempt = attempt_whole(w, begun.id, cast.staff.id)
        quiz_attempts.hand_in(w, attempt, right_answers(attempt))
    return f"/o/{cast.organisation.slug}/journal/"


def told(client, address, **asked):
    return " ".join(client.get(address, query_string=asked).get_data(as_text=True).split())


@pytest.mark.parametrize("who", ["asset_manager", "administrator"])
def test_who_does_not_write_courses_reads_that_it_changed_and_nothing_of_what_it_holds(client, cast, answered, who):
    sign_in(client, getattr(cast, who))
    for noun in NOUNS:
        page = told(client, answered, noun=noun)
        assert "not shown to you" in page, noun
        sheet = told(client, f"{answered}entries.csv", noun=noun)
        assert "not shown to you" in sheet
        for held in ("A right of use", "Which is an entitlement?", "entitlement", "It is a right."):
            assert held not in page.split("<tbody>")[1].split("</tbody>")[0], (noun, held)
            assert held not in sheet, (noun, held)
    page = told(client, answered, noun="attempt_answer").split("<tbody>")[1]
    assert "answer of question" in page


@pytest.mark.parametrize("who", ["asset_manager", "administrator"])
def test_nor_does_a_search_find_what_it_holds(client, cast, answered, who):
    sign_in(client, getattr(cast, who))
    for asked in ({"text": "A right of use"}, {"text": '"is_right":[null,true]'}, {"reference": "In which order?"}):
        for address in (answered, f"{answered}entries.csv"):
            page = told(client, address, **asked)
            assert "not shown to you" not in page
    # What other rows hold is found as ever.
    assert "Licence compliance" in told(client, answered, text="Licence compliance").split("<tbody>")[1]


def test_who_writes_courses_reads_and_finds_it(client, cast, answered):
    sign_in(client, cast.quality_manager)
    assert "not shown to you" not in told(client, answered)
    assert "A right of use" in told(client, answered, noun="question_option")
    assert "A right of use" in told(client, f"{answered}entries.csv", text="A right of use")
    assert "answer of Which is an entitlement?" in told(client, f"{answered}entries.csv", noun="attempt_answer")
