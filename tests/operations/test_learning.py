"""Taking courses: the version begun is finished, a quiz is marked once and in time, what was passed runs out."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.domain.explained import RefusedError
from app.domain.subscription.seats import PoolSource, SeatKind
from app.domain.training.completion import Worth
from app.domain.training.course import QuizSettings
from app.models.completion import Completion
from app.models.enrolment import AttemptAnswer, Enrolment, QuizAttempt
from app.models.training_assignment import TrainingAssignment
from app.operations import completions, courses, enrolments, quiz_attempts, seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails
from app.operations.training_records import External, record_external
from app.queries.course_statistics import statistics_of
from app.queries.courses import course_by, lessons_in
from app.queries.enrolments import attempt_whole, completion_by, in_progress, lesson_with_bank, version_taken
from app.queries.my_training import own_training, run_out
from app.queries.verification import worth_of
from app.work import work
from tests.learning import course, right_answers
from tests.stage import on_stage

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUIZ = QuizSettings(pass_mark=80, attempts=2, minutes=20)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


def attempt_of(w: Any, enrolment: Enrolment, lesson_id: int) -> QuizAttempt:
    """An attempt begun, or gone on with, as a page would load it."""
    begun_one = quiz_attempts.begin(w, enrolment, lesson_with_bank(w, lesson_id))
    found = attempt_whole(w, begun_one.id, enrolment.person_id)
    assert found is not None
    return found


def begun(w: Any, cast: Any, **more: Any) -> tuple[Any, Enrolment, list[Any]]:
    """Stella begins a course; gives it, her enrolment and its lessons."""
    made = course(w, **more)
    enrolment = enrolments.begin(w, made, cast.staff.id)
    return made, enrolment, lessons_in(version_taken(w, enrolment.version_id))


def test_a_course_is_completed_with_its_last_lesson_and_counts_through_the_day_before_the_anniversary(app, cast, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made, enrolment, (first, last) = begun(w, cast)
        assert enrolments.begin(w, made, cast.staff.id) is enrolment
        assert enrolments.do_lesson(w, enrolment, last) is None
        completion = enrolments.do_lesson(w, enrolment, first)
        assert completion is not None
        assert (completion.completed_on, completion.valid_until) == (date(2026, 3, 1), date(2027, 2, 28))
        assert enrolments.do_lesson(w, enrolment, first) is None
        assert w.session.scalar(select(func.count(Completion.id))) == 1
        number = completion.number
    for day, expected in ((date(2027, 2, 28), Worth.VALID), (date(2027, 3, 1), Worth.EXPIRED)):
        clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        with app.app_context(), work(None, writes=False) as w:
            assert worth_of(w, f" {number.lower()} ") is expected
            assert worth_of(w, number[:-1] + ("2" if number[-1] != "2" else "3")) is None
        with on_stage(app, cast.organisation, cast.staff) as w:
            assert [each.id for each, by in own_training(w, cast.staff.id).due] == [made.id]


def test_where_seats_are_counted_a_course_is_taken_with_one_that_counts_today(app, cast, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        _, enrolment, (first, last) = begun(w, cast)
        seat_pools.record(
            w, PoolDetails(kind=SeatKind.LMS, source=PoolSource.BOUGHT, quantity=1, starts_on=date(2026, 3, 1))
        )
        with pytest.raises(RefusedError, match="seat"):
            enrolments.do_lesson(w, enrolment, first)
        subscription_seats.assign(w, SeatKind.LMS, [cast.staff.id], date(2026, 3, 2))
        with pytest.raises(RefusedError, match="seat"):
            enrolments.do_lesson(w, enrolment, first)
    clock.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC))
    with on_stage(app, cast.organisation, cast.staff) as w:
        under = w.all(select(Enrolment).where(Enrolment.id == enrolment.id))[0]
        enrolments.do_lesson(w, under, first)
        assert enrolments.do_lesson(w, under, last) is not None


def test_the_version_begun_is_the_one_that_is_finished(app, cast):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made, enrolment, lessons = begun(w, cast)
        courses.begin_draft(w, made)
        second = courses.publish(w, course_by(w, made.reference))
        for each in lessons:
            enrolments.do_lesson(w, enrolment, each)
        assert enrolment.completed_at is not None
        again = enrolments.begin(w, course_by(w, made.reference), cast.staff.id)
        assert again.version_id == second.id
        with pytest.raises(RefusedError, match="not part of the version"):
            enrolments.do_lesson(w, again, lessons[0])


def test_who_may_begin_a_course_and_what_is_to_be_passed_before(app, cast):
    with on_stage(app, cast.organisation, cast.staff) as w:
        basics, enrolment, lessons = begun(w, cast, title="Basics")
        after = course(w, "Auditing", requires=(basics.reference,), self_enrolment=False)
        with pytest.raises(RefusedError, match="assigned"):
            enrolments.begin(w, after, cast.staff.id)
        with pytest.raises(RefusedError, match=rf"Pass this first: Basics \({basics.reference}\)"):
            enrolments.begin(w, after, cast.staff.id, is_assigned=True)
        for each in lessons:
            completion = enrolments.do_lesson(w, enrolment, each)
        enrolments.begin(w, after, cast.staff.id, is_assigned=True)
        completions.revoke(w, completion_by(w, completion.id), "Taken by somebody else.")
        with pytest.raises(RefusedError, match="Pass this first"):
            enrolments.refuse_beginning(w, after, cast.staff.id, is_assigned=True)
        courses.retire(w, basics)
        with pytest.raises(RefusedError, match="not open"):
            enrolments.begin(w, basics, cast.auditor.id)
        for outsider in (cast.assessor.id, cast.stranger.id):
            with pytest.raises(RefusedError):
                enrolments.begin(w, after, outsider, is_assigned=True)
    with app.app_context(), work(None, writes=False) as w:
        assert worth_of(w, completion.number) is Worth.REVOKED


def test_a_quiz_is_failed_tried_again_and_passed_and_its_questions_stay_as_drawn(app, cast, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made, enrolment, (first, quiz, last) = begun(w, cast, quiz=QUIZ)
        attempt = attempt_of(w, enrolment, quiz.id)
        put = [each.question_id for each in attempt.answers]
        attempt = attempt_of(w, enrolment, quiz.id)
        assert (attempt.number, [each.question_id for each in attempt.answers]) == (1, put)
        assert set(put) == {each.id for each in lesson_with_bank(w, quiz.id).questions}
        right = right_answers(attempt)
        half = dict(list(right.items())[:3])
        quiz_attempts.hand_in(w, attempt, half)
        assert (attempt.points, attempt.out_of, attempt.has_passed, attempt.is_late) == (3, 7, False, False)
        with pytest.raises(RefusedError, match="done by passing"):
            enrolments.do_lesson(w, enrolment, quiz)
        attempt = attempt_of(w, enrolment, quiz.id)
        quiz_attempts.save(w, attempt, right)
        assert attempt.ended_at is None
        quiz_attempts.hand_in(w, attempt, {})
        assert (attempt.number, attempt.points, attempt.has_passed) == (2, 7, True)
        with pytest.raises(RefusedError, match="passed this quiz"):
            attempt_of(w, enrolment, quiz.id)
        for each in (first, last):
            completion = enrolments.do_lesson(w, enrolment, each)
        assert completion is not None
        # Passed elsewhere: that is no taking of this course, neither in the headline nor by month.
        record_external(
            w, cast.auditor.id, External(course_id=made.id, completed_on=NOON.date(), provider="An institute")
        )
        found = statistics_of(w, made.id)
        assert (found.begun, found.days, found.by_month[-1]) == (1, [0], (date(2026, 3, 1), 1))
        assert [(each.attempts, each.passed, each.passed_at_once) for each in found.quizzes] == [(2, 1, 0)]
        assert sorted((each.put, each.right, each.unanswered) for each in found.questions) == [
            *[(2, 1, 1)] * 4,
            *[(2, 2, 0)] * 3,
        ]
        assert found.questions[0].per_cent == 50


def test_an_answer_to_a_question_that_was_not_drawn_saves_nothing(app, cast):
    with on_stage(app, cast.organisation, cast.staff) as w:
        _, enrolment, (_, quiz, _) = begun(w, cast, quiz=QuizSettings(pass_mark=50, drawn=3))
        bank = [each.id for each in lesson_with_bank(w, quiz.id).questions]
        attempt = attempt_of(w, enrolment, quiz.id)
        drawn = {each.question_id for each in attempt.answers}
        foreign = next(each for each in bank if each not in drawn)
        assert len(drawn) == 3
        with pytest.raises(RefusedError, match="did not put"):
            quiz_attempts.hand_in(w, attempt, {**right_answers(attempt), foreign: "x"})
        assert attempt.ended_at is None
        assert all(each.answer is None for each in attempt.answers)


def test_what_arrives_late_is_not_kept_and_what_was_saved_in_time_is_marked(app, cast, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        _, enrolment, (_, quiz, _) = begun(w, cast, quiz=QUIZ)
        attempt = attempt_of(w, enrolment, quiz.id)
        right = right_answers(attempt)
        quiz_attempts.save(w, attempt, dict(list(right.items())[:2]))
    clock.move_to(NOON + timedelta(minutes=20))
    with on_stage(app, cast.organisation, cast.staff) as w:
        assert quiz_attempts.save(
            w, attempt_whole(w, attempt.id, cast.staff.id, lock=True), dict(list(right.items())[:3])
        )
    clock.move_to(NOON + timedelta(minutes=20, seconds=1))
    with on_stage(app, cast.organisation, cast.staff) as w:
        assert run_out(w, cast.staff.id) == [attempt.id]
        late = attempt_whole(w, attempt.id, cast.staff.id, lock=True)
        assert quiz_attempts.hand_in(w, late, right) is None
        assert (late.points, late.is_late, late.has_passed) == (3, True, False)
        assert late.ended_at == NOON + timedelta(minutes=20)
        assert run_out(w, cast.staff.id) == []
        # The second attempt is its last; a further one is granted, with a reason.
        quiz_attempts.hand_in(w, attempt_of(w, enrolment, quiz.id), {})
        with pytest.raises(RefusedError, match="allows 2 attempts"):
            attempt_of(w, enrolment, quiz.id)
        found = statistics_of(w, enrolment.course_id).out_of_attempts
        assert [(each.enrolment.id, each.attempts) for each in found] == [(enrolment.id, 2)]
        enrolments.grant_attempt(w, enrolment, "The line broke down.")
        assert attempt_of(w, enrolment, quiz.id).number == 3


def test_an_attempt_handed_in_by_two_at_once_has_one_result(app, cast):
    with on_stage(app, cast.organisation, cast.staff) as w:
        _, enrolment, (first, quiz, last) = begun(w, cast, quiz=QuizSettings(pass_mark=80))
        for each in (first, last):
            enrolments.do_lesson(w, enrolment, each)
        attempt = attempt_of(w, enrolment, quiz.id)
        right = right_answers(attempt)
    ready, results = threading.Barrier(4), []

    def hand_in() -> None:
        ready.wait()
        with on_stage(app, cast.organisation, cast.staff) as w:
            row = attempt_whole(w, attempt.id, cast.staff.id, lock=True)
            results.append(quiz_attempts.hand_in(w, row, right) is not None)

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(results) == [False, False, False, True]
    with on_stage(app, cast.organisation, cast.staff) as w:
        assert w.session.scalar(select(func.count(Completion.id))) == 1
        assert w.session.scalar(select(func.count(QuizAttempt.id))) == 1
        assert w.session.scalar(select(func.count(AttemptAnswer.id))) == 7
        assert in_progress(w, cast.staff.id, enrolment.course_id) is None


def test_what_is_assigned_is_due_and_may_be_begun_by_who_is_asked(app, cast, clock):
    with on_stage(app, cast.organisation, cast.staff) as w:
        made = course(w, self_enrolment=False)
        for person_id, withdrawn_on in ((cast.staff.id, None), (cast.auditor.id, date(2026, 2, 1))):
            w.add(
                TrainingAssignment(
                    person_id=person_id,
                    course_id=made.id,
                    assigned_on=date(2026, 1, 1),
                    due_on=date(2026, 2, 28),
                    withdrawn_on=withdrawn_on,
                )
            )
        assert [(each.id, by) for each, by in own_training(w, cast.staff.id).due] == [(made.id, date(2026, 2, 28))]
        with pytest.raises(RefusedError, match="assigned to"):
            enrolments.begin(w, made, cast.auditor.id)
        enrolment = enrolments.begin(w, made, cast.staff.id)
        own = own_training(w, cast.staff.id)
        assert (own.due, [each.due_on for each in own.under]) == ([], [date(2026, 2, 28)])
        for each in lessons_in(version_taken(w, enrolment.version_id)):
            enrolments.do_lesson(w, enrolment, each)
        own = own_training(w, cast.staff.id)
        assert (own.due, own.under, len(own.done)) == ([], [], 1)
