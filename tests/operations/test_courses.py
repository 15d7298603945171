"""Courses: what is published never changes, a draft is a copy, and nothing goes in a circle."""

import pytest
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.training.course import Standing
from app.models.course import Course, CourseSection, CourseVersion, Lesson
from app.models.journal import JournalEntry
from app.models.question import Question, QuestionOption
from app.operations import courses, lessons, questions
from app.operations.attachments import Place, attach, detach
from app.operations.courses import CourseDetails
from app.operations.lessons import LessonDetails
from app.operations.questions import Line, QuestionDetails
from app.queries.courses import course_by, draft_in, files_of, lesson_of, lessons_in, published_of, version_whole
from tests.stage import on_stage
from tests.taught import ASKED, draft_whole, picture, quiz_in, taught, written


def loaded(w, reference="TR-001"):
    course = course_by(w, reference, lock=True)
    assert course is not None
    return course


def whole(w, number, reference="TR-001"):
    return version_whole(w, next(each.id for each in loaded(w, reference).versions if each.number == number))


def said_of(version):
    """All that a learner could read of a version."""
    read = ("kind", "title", "minutes", "body", "file_name", "link", "pass_mark", "drawn", "attempts", "lasting_key")
    asked = ("kind", "text", "points", "number", "tolerance", "lasting_key")
    return [
        (
            [getattr(lesson, name) for name in read],
            [[getattr(question, name) for name in asked] for question in lesson.questions],
            [[(each.text, each.is_right, each.match) for each in question.options] for question in lesson.questions],
        )
        for lesson in lessons_in(version)
    ]


def test_what_is_published_stays_and_the_next_version_is_a_copy(app, cast):
    with on_stage(app, cast.organisation) as w:
        taught(w)
    with on_stage(app, cast.organisation) as w:
        course = loaded(w)
        assert (course.standing, published_of(course).number, published_of(course).minutes) == (
            Standing.PUBLISHED,
            1,
            30,
        )
        first = whole(w, 1)
        refusing = [
            lambda: lessons.add_section(w, first, "More"),
            lambda: lessons.rename_section(w, first, first.sections[0], "Other"),
            lambda: lessons.move_section(w, first, first.sections[0], 1),
            lambda: lessons.remove_section(w, first, first.sections[0]),
            lambda: lessons.add_lesson(w, first, first.sections[0], "text", LessonDetails(title="More")),
            lambda: lessons.change_lesson(w, first, lessons_in(first)[0], LessonDetails(title="Other")),
            lambda: lessons.move_lesson(w, first, first.sections[0], lessons_in(first)[0], 1),
            lambda: lessons.remove_lesson(w, first, first.sections[0], lessons_in(first)[0]),
        ]
        quiz = lesson_of(w, course.id, lessons_in(first)[-1].id)
        refusing += [
            lambda: questions.add_question(w, quiz, ASKED[0]),
            lambda: questions.change_question(w, quiz, quiz.questions[0], ASKED[0]),
            lambda: questions.move_question(w, quiz, quiz.questions[0], 1),
            lambda: questions.remove_question(w, quiz, quiz.questions[0]),
        ]
        for each in refusing:
            with pytest.raises(RefusedError, match="Version 1 is published and stays as it is"):
                each()
        courses.begin_draft(w, course)
    with on_stage(app, cast.organisation) as w:
        before = said_of(whole(w, 1))
        assert said_of(whole(w, 2)) == before
        assert len(before) == 4
        draft = draft_whole(w, loaded(w))
        lessons.change_lesson(w, draft, lessons_in(draft)[0], LessonDetails(title="Aims", minutes=20, body="New."))
        quiz = quiz_in(w, loaded(w))
        questions.remove_question(w, quiz, quiz.questions[0])
        assert courses.begin_draft(w, loaded(w)).id == draft.id
    with on_stage(app, cast.organisation) as w:
        courses.publish(w, loaded(w), "Aims are told anew.")
    with on_stage(app, cast.organisation) as w:
        assert said_of(whole(w, 1)) == before
        assert said_of(whole(w, 2)) != before
        assert published_of(loaded(w)).minutes == 40
        assert draft_in(loaded(w)) is None


def test_a_draft_is_discarded_whole_and_only_beside_what_is_published(app, cast):
    with on_stage(app, cast.organisation) as w:
        course = written(w)
        with pytest.raises(RefusedError, match="no draft beside"):
            courses.discard_draft(w, loaded(w, course.reference))
        counted = [len(w.all(select(model.id))) for model in (Question, QuestionOption, Lesson, CourseSection)]
        courses.publish(w, loaded(w), "")
        courses.begin_draft(w, loaded(w))
    with on_stage(app, cast.organisation) as w:
        courses.discard_draft(w, loaded(w))
    with on_stage(app, cast.organisation) as w:
        assert [each.number for each in w.all(select(CourseVersion))] == [1]
        assert counted == [len(w.all(select(model.id))) for model in (Question, QuestionOption, Lesson, CourseSection)]


def test_lessons_are_put_in_order_across_sections(app, cast):
    with on_stage(app, cast.organisation) as w:
        version = draft_whole(w, written(w))
        film = lessons_in(version)[2]

    def moved(by):
        with on_stage(app, cast.organisation) as w:
            version = draft_whole(w, loaded(w))
            section = next(s for s in version.sections if any(each.id == film.id for each in s.lessons))
            lesson = next(each for each in section.lessons if each.id == film.id)
            lessons.move_lesson(w, version, section, lesson, by)
        with on_stage(app, cast.organisation) as w:
            version = draft_whole(w, loaded(w))
            return [[(each.place, each.title) for each in section.lessons] for section in version.sections]

    aims, file = (1, "Aims"), (2, "Picture")
    assert moved(1) == [[aims, file], [(1, "Film"), (2, "Quiz")]]
    assert moved(1) == [[aims, file], [(1, "Quiz"), (2, "Film")]]
    assert moved(1) == [[aims, file], [(1, "Quiz"), (2, "Film")]]
    assert moved(-1) == [[aims, file], [(1, "Film"), (2, "Quiz")]]
    assert moved(-1) == [[aims, file, (3, "Film")], [(1, "Quiz")]]
    assert moved(-1) == [[aims, (2, "Film"), (3, "Picture")], [(1, "Quiz")]]


def test_prerequisites_that_go_in_a_circle_are_refused_and_nothing_changes(app, cast):
    with on_stage(app, cast.organisation) as w:
        courses.write(w, CourseDetails(title="A"))
        courses.write(w, CourseDetails(title="B", prerequisites=frozenset({"TR-001"})))
        courses.write(w, CourseDetails(title="C", prerequisites=frozenset({"TR-002"})))
    with on_stage(app, cast.organisation) as w:
        asked = CourseDetails(title="A", prerequisites=frozenset({"TR-003"}))
        with pytest.raises(RefusedError, match="TR-001 → TR-003 → TR-002 → TR-001"):
            courses.change(w, loaded(w), asked)
    with on_stage(app, cast.organisation) as w:
        assert [each.prerequisites for each in [loaded(w)]] == [[]]
        with pytest.raises(RefusedError, match="from the list"):
            courses.change(w, loaded(w), CourseDetails(title="A", prerequisites=frozenset({"TR-999"})))


def test_an_empty_course_is_not_published_nor_a_quiz_with_too_few_questions(app, cast):
    with on_stage(app, cast.organisation) as w:
        course = courses.write(w, CourseDetails(title="A"))
        with pytest.raises(RefusedError, match="without a lesson"):
            courses.publish(w, loaded(w, course.reference))
    with on_stage(app, cast.organisation) as w:
        course = written(w, "B")
        quiz = quiz_in(w, course)
        for each in list(quiz.questions)[:3]:
            questions.remove_question(w, quiz, each)
        with pytest.raises(RefusedError, match="draws 5 from its bank, and the bank holds 4 questions"):
            courses.publish(w, loaded(w, course.reference))
        assert loaded(w, course.reference).standing is Standing.DRAFT


def test_retired_and_brought_back(app, cast):
    with on_stage(app, cast.organisation) as w:
        taught(w)
        courses.retire(w, loaded(w))
        assert loaded(w).standing is Standing.RETIRED
        with pytest.raises(RefusedError):
            courses.retire(w, loaded(w))
        courses.bring_back(w, loaded(w))
        assert loaded(w).standing is Standing.PUBLISHED
        with pytest.raises(RefusedError):
            courses.bring_back(w, loaded(w))


def test_files_are_named_once_and_stay_while_a_published_version_shows_them(app, cast):
    with on_stage(app, cast.organisation) as w:
        course = taught(w)
        attach(w, Place(course_id=course.id), picture("spare.png"))
        with pytest.raises(RefusedError, match=r"has a file “RACK\.png” already"):
            attach(w, Place(course_id=course.id), picture("RACK.png"))
        files = files_of(w, course.id)
        with pytest.raises(RefusedError, match="version 1 of the course shows it"):
            detach(w, files["rack.png"])
        detach(w, files["spare.png"])
        assert list(files_of(w, course.id)) == ["rack.png"]


def test_a_question_changes_with_its_lines_and_forgets_what_its_kind_does_not_ask(app, cast):
    with on_stage(app, cast.organisation) as w:
        quiz = quiz_in(w, written(w))
        first, seen = quiz.questions[0], quiz.questions[0].version
        lines = (Line("Nobody", feedback="No."), Line("Its owner", is_right=True, match="left out"), Line(" "))
        questions.change_question(w, quiz, first, QuestionDetails(kind=first.kind, text="Who?", lines=lines), seen)
        with pytest.raises(RefusedError, match="changed by somebody else"):
            questions.change_question(w, quiz, first, ASKED[0], seen)
    with on_stage(app, cast.organisation) as w:
        first = quiz_in(w, loaded(w)).questions[0]
        told = [(each.place, each.text, each.is_right, each.match, each.feedback) for each in first.options]
        assert told == [(1, "Nobody", False, "", "No."), (2, "Its owner", True, "", "")]
        number = quiz_in(w, loaded(w)).questions[5]
        assert (str(number.number.normalize()), str(number.tolerance.normalize())) == ("14.5", "0.5")


def test_all_of_it_is_in_the_journal(app, cast):
    with on_stage(app, cast.organisation) as w:
        taught(w, clauses=frozenset({("ISO/IEC 27001:2022", "7.3")}))
    with on_stage(app, cast.organisation) as w:
        nouns = set(w.all(select(JournalEntry.noun).distinct()))
    parts = {"course_version", "course_section", "lesson", "question", "question_option", "course_clause"}
    assert nouns >= {"course", "attachment", *parts}


def test_nothing_of_it_is_seen_from_another_organisation(app, cast):
    with on_stage(app, cast.organisation) as w:
        taught(w)
    with on_stage(app, cast.elsewhere) as w:
        assert course_by(w, "TR-001") is None
        assert all(not w.all(select(model.id)) for model in (Course, CourseVersion, Lesson, Question))
