"""A lesson as learners see it: what `courses/_lesson.html` draws, here in the preview and where a course is taken.

A page that shows one hands `shown_lesson(work, course, lesson)` to the template as `lesson` and includes
`courses/_lesson.html`; the head of the page takes `css/courses.css`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlsplit

from flask import url_for

from app.domain.training.course import KINDS, LessonKind, QuizSettings
from app.models.attachment import Attachment
from app.models.course import Course, Lesson
from app.outputs.markdown import html_of
from app.queries.courses import files_of
from app.queries.lesson_shapes import quiz_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a lesson, with the address that shows it."""

    name: str
    url: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class ShownLesson:
    """A lesson ready to be drawn; `html` is safe to show as it is."""

    id: int
    kind: LessonKind
    title: str
    minutes: int
    html: str
    file: ShownFile | None
    link: str
    host: str
    """The host of the link."""
    quiz: QuizSettings | None
    questions: int
    """How many are put in one attempt."""


class Beside(TypedDict):
    """Where a lesson stands in its course, counted from 1, and the ones on either side."""

    at: int
    previous: Lesson | None
    following: Lesson | None


def beside(lessons: Sequence[Lesson], lesson_id: int) -> Beside:
    """The way from a lesson to the one before and the next; it is one of the lessons."""
    at = [each.id for each in lessons].index(lesson_id)
    return {
        "at": at + 1,
        "previous": lessons[at - 1] if at else None,
        "following": lessons[at + 1] if at + 1 < len(lessons) else None,
    }


def shown_lesson(work: Work, course: Course, lesson: Lesson) -> ShownLesson:
    """A lesson that was loaded with its questions, ready to be drawn."""
    files = files_of(work, course.id)
    quiz, file = quiz_of(lesson), files.get(lesson.file_name)
    bank = len(lesson.questions)
    return ShownLesson(
        lesson.id,
        KINDS[lesson.kind],
        lesson.title,
        lesson.minutes,
        _html(course, files, lesson.body),
        ShownFile(file.file_name, _address(course, file), file.media_type, file.size) if file is not None else None,
        lesson.link,
        urlsplit(lesson.link).hostname or "",
        quiz,
        min(bank, quiz.drawn or bank) if quiz is not None else 0,
    )


def html_of_body(work: Work, course: Course, body: str) -> str:
    """Markdown as HTML, its pictures and links among the files of the course."""
    return _html(course, files_of(work, course.id), body)


def _html(course: Course, files: Mapping[str, Attachment], body: str) -> str:
    def address_of(name: str) -> str | None:
        return _address(course, files[name]) if name in files else None

    return html_of(body, address_of)


def _address(course: Course, file: Attachment) -> str:
    return url_for("courses.file", reference=course.reference, file_id=file.id)
