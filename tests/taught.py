"""A course for the tests: a text with a picture, a file, a linked film, and a quiz with a question of each kind."""

import io
from decimal import Decimal
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

from app.domain.training.course import QuizSettings
from app.domain.training.question import QuestionKind as Kind
from app.models.course import Course, CourseVersion, Lesson
from app.operations import courses, lessons, questions
from app.operations.attachments import Place, attach
from app.operations.courses import CourseDetails
from app.operations.lessons import LessonDetails
from app.operations.questions import Line, QuestionDetails
from app.queries.courses import course_by, draft_in, lesson_of, version_whole
from app.work import Work

RIGHT = Line("Its owner", is_right=True)
ASKED = (
    QuestionDetails(kind=Kind.SINGLE, text="Who classifies it?", lines=(RIGHT, Line("Whoever prints it"))),
    QuestionDetails(
        kind=Kind.MULTIPLE,
        text="Which are personal data?",
        points=2,
        lines=(
            Line("A name", is_right=True),
            Line("A payroll number", is_right=True),
            Line("The melting point of tin"),
        ),
    ),
    QuestionDetails(kind=Kind.TRUE_FALSE, text="A loss is reported at once.", lines=(Line("True", is_right=True),)),
    QuestionDetails(
        kind=Kind.MATCHING,
        text="Which aim is hurt?",
        lines=(Line("A disk fails", match="Availability"), Line("A list leaks", match="Confidentiality")),
    ),
    QuestionDetails(kind=Kind.ORDERING, text="In which order?", lines=(Line("Notice"), Line("Report"), Line("Learn"))),
    QuestionDetails(kind=Kind.NUMBER, text="How many?", number=Decimal("14.5"), tolerance=Decimal("0.5")),
    QuestionDetails(kind=Kind.SHORT_TEXT, text="What is it called?", lines=(Line("phishing"), Line("a phishing mail"))),
)
"""A question of each kind."""


def picture(name: str = "rack.png") -> FileStorage:
    """A picture as a form sends it."""
    held = io.BytesIO()
    Image.new("RGB", (8, 4), (11, 92, 90)).save(held, "PNG")
    held.seek(0)
    return FileStorage(held, name)


def draft_whole(w: Work, course: Course) -> CourseVersion:
    """The draft of a course with all that is in it."""
    draft = draft_in(course)
    whole = version_whole(w, draft.id) if draft is not None else None
    assert whole is not None
    return whole


def quiz_in(w: Work, course: Course) -> Lesson:
    """The quiz in the draft of a course, with its questions."""
    version = draft_whole(w, course)
    found = next(each for section in version.sections for each in section.lessons if each.pass_mark is not None)
    lesson = lesson_of(w, course.id, found.id)
    assert lesson is not None
    return lesson


def written(w: Work, title: str = "Information security basics", **said: Any) -> Course:
    """A draft with a lesson of each kind."""
    course = courses.write(w, CourseDetails(title=title, **said))
    attach(w, Place(course_id=course.id), picture())
    version = draft_whole(w, course)
    first = version.sections[0]
    lessons.add_lesson(
        w, version, first, "text", LessonDetails(title="Aims", minutes=10, body="# Aims\n\n![A rack](rack.png)")
    )
    lessons.add_lesson(w, version, first, "file", LessonDetails(title="Picture", minutes=5, file_name="rack.png"))
    lessons.add_lesson(
        w, version, first, "video", LessonDetails(title="Film", minutes=5, link="https://film.example/a.mp4")
    )
    last = lessons.add_section(w, version, "What you have learnt")
    quiz = QuizSettings(80, drawn=5, attempts=3, minutes=15)
    lessons.add_lesson(
        w, version, last, "quiz", LessonDetails(title="Quiz", minutes=10, body="Five of seven.", quiz=quiz)
    )
    lesson = quiz_in(w, course)
    for each in ASKED:
        questions.add_question(w, lesson, each)
    return course


def taught(w: Work, title: str = "Information security basics", **said: Any) -> Course:
    """The same, published."""
    course = written(w, title, **said)
    found = course_by(w, course.reference, lock=True)
    assert found is not None
    courses.publish(w, found, "The first version.")
    return found
