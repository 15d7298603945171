"""A course with a quiz for the tests of learning, put there by operations."""

from decimal import Decimal
from typing import Any

from app.demonstration.training.learning import right_answer
from app.domain.training.course import QuizSettings
from app.domain.training.question import QuestionKind as K
from app.models.course import Course
from app.models.enrolment import QuizAttempt
from app.operations import courses, lessons, questions
from app.operations.courses import CourseDetails
from app.operations.lessons import LessonDetails
from app.operations.questions import Line, QuestionDetails
from app.queries.courses import course_by, draft_in, version_whole
from app.queries.lesson_shapes import question_shape
from app.work import Work

QUESTIONS = (
    QuestionDetails(
        kind=K.SINGLE,
        text="Which is an entitlement?",
        feedback="It is a right.",
        lines=(Line("A right of use", True), Line("A device", feedback="That is an asset.")),
    ),
    QuestionDetails(
        kind=K.MULTIPLE,
        text="Which are assets?",
        lines=(Line("A laptop", True), Line("A server", True), Line("A wish")),
    ),
    QuestionDetails(kind=K.TRUE_FALSE, text="A trial is for ever.", lines=(Line("False", True),)),
    QuestionDetails(
        kind=K.MATCHING, text="What goes with what?", lines=(Line("SWID", match="tag"), Line("ENT", match="right"))
    ),
    QuestionDetails(kind=K.ORDERING, text="In which order?", lines=(Line("Plan"), Line("Do"), Line("Check"))),
    QuestionDetails(kind=K.NUMBER, text="Months in a cycle?", number=Decimal(36)),
    QuestionDetails(kind=K.SHORT_TEXT, text="The word for a right of use?", lines=(Line("entitlement"),)),
)
"""One of each kind."""


def course(
    w: Work,
    title: str = "Licence compliance",
    *,
    quiz: QuizSettings | None = None,
    requires: tuple[str, ...] = (),
    publish: bool = True,
    **said: Any,
) -> Course:
    """A course: two pages to read, and between them a quiz where one is asked for."""
    details = {"self_enrolment": True, "valid_months": 12, **said}
    made = courses.write(w, CourseDetails(title=title, prerequisites=frozenset(requires), **details))
    draft = draft_in(made)
    version = version_whole(w, draft.id) if draft else None
    assert version is not None
    section = version.sections[0]
    lessons.add_lesson(w, version, section, "text", LessonDetails(title="Terms", body="A *licence*.", minutes=5))
    if quiz is not None:
        lesson = lessons.add_lesson(w, version, section, "quiz", LessonDetails(title="The quiz", minutes=10, quiz=quiz))
        lesson.section = section
        for each in QUESTIONS:
            questions.add_question(w, lesson, each)
    lessons.add_lesson(w, version, section, "text", LessonDetails(title="In practice", body="Count.", minutes=5))
    if publish:
        courses.publish(w, made)
    found = course_by(w, made.reference)
    assert found is not None
    return found


def right_answers(attempt: QuizAttempt) -> dict[int, Any]:
    """What is right, by question, as the rules have it."""
    return {each.question_id: right_answer(question_shape(each.question)) for each in attempt.answers}
