"""Sections and lessons of a draft: added, changed, put in order, removed. What is published stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.explained import RefusedError
from app.domain.training.course import KINDS, QuizSettings, refuse_link, refuse_settings
from app.models.course import CourseSection, CourseVersion, Lesson
from app.operations.conflict import refuse_if_changed
from app.operations.course_stamps import refuse_if_unlike, stamp_of_lesson, stamp_of_section
from app.operations.courses import new_key
from app.queries.courses import files_of, lessons_in
from app.work import Work

MOST_MINUTES = 600
DEFAULT_PASS_MARK = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDetails:
    """What is said of a lesson; what its kind does not ask for is left out."""

    title: str
    minutes: int = 0
    body: str = ""
    file_name: str = ""
    link: str = ""
    quiz: QuizSettings | None = None


def add_section(work: Work, version: CourseVersion, title: str) -> CourseSection:
    """Add a section at the end of a draft that was loaded whole."""
    _refuse_published(version)
    section = CourseSection(place=_next(version.sections), title=_titled(title), lessons=[])
    version.sections.append(section)
    work.flush()
    return section


def rename_section(work: Work, version: CourseVersion, section: CourseSection, title: str) -> None:
    """Give a section of a draft another title."""
    _refuse_published(version)
    section.title = _titled(title)
    work.flush()


def remove_section(work: Work, version: CourseVersion, section: CourseSection, seen: str | None = None) -> None:
    """Take a section away with the lessons in it; who saw another state of them is refused."""
    _refuse_published(version)
    refuse_if_unlike(seen, stamp_of_section(section), f"“{section.title}”")
    version.sections.remove(section)
    _number(version)
    work.flush()


def move_section(work: Work, version: CourseVersion, section: CourseSection, by: int) -> None:
    """Move a section one place up (-1) or down (1); at the end of the road it stays where it is."""
    _refuse_published(version)
    _swap(version.sections, section, by)
    _number(version)
    work.flush()


def add_lesson(work: Work, version: CourseVersion, section: CourseSection, kind: str, details: LessonDetails) -> Lesson:
    """Add a lesson of a kind from the register at the end of a section."""
    _refuse_published(version)
    if kind not in KINDS:
        raise RefusedError("Choose a kind of lesson from the list.", "kind")
    lesson = Lesson(place=_next(section.lessons), lasting_key=new_key(), kind=kind, questions=[])
    _tell(work, version, lesson, details)
    section.lessons.append(lesson)
    _number(version)
    work.flush()
    return lesson


def change_lesson(
    work: Work, version: CourseVersion, lesson: Lesson, details: LessonDetails, seen: int | None = None
) -> None:
    """Change a lesson of a draft; who saw an older one is refused."""
    _refuse_published(version)
    refuse_if_changed(lesson, seen, f"“{lesson.title}”")
    _tell(work, version, lesson, details)
    _number(version)
    work.flush()


def remove_lesson(
    work: Work, version: CourseVersion, section: CourseSection, lesson: Lesson, seen: str | None = None
) -> None:
    """Take a lesson away from a draft; who saw another state of it or of its questions is refused."""
    _refuse_published(version)
    refuse_if_unlike(seen, stamp_of_lesson(lesson), f"“{lesson.title}”")
    section.lessons.remove(lesson)
    _number(version)
    work.flush()


def move_lesson(work: Work, version: CourseVersion, section: CourseSection, lesson: Lesson, by: int) -> None:
    """Move a lesson one place up (-1) or down (1); beyond the edge of its section it goes into the next one."""
    _refuse_published(version)
    here = section.lessons.index(lesson)
    if 0 <= here + by < len(section.lessons):
        _swap(section.lessons, lesson, by)
    else:
        there = version.sections.index(section) + by
        if 0 <= there < len(version.sections):
            other = version.sections[there]
            places = [each.place for each in other.lessons]
            other.lessons.append(lesson)
            lesson.place = max(places, default=0) + 1 if by < 0 else min(places, default=2) - 1
    _number(version)
    work.flush()


def _tell(work: Work, version: CourseVersion, lesson: Lesson, details: LessonDetails) -> None:
    kind = KINDS[lesson.kind]
    title = _titled(details.title)
    if not 0 <= details.minutes <= MOST_MINUTES:
        raise RefusedError(f"A lesson takes 0 to {MOST_MINUTES} minutes.", "minutes")
    lesson.title, lesson.minutes, lesson.body = title, details.minutes, details.body.replace("\r\n", "\n").strip()
    lesson.file_name, lesson.link = "", ""
    if "file" in kind.asks and details.file_name:
        if details.file_name not in files_of(work, version.course_id):
            raise RefusedError("Choose a file of the course.", "file_name")
        lesson.file_name = details.file_name
    if "link" in kind.asks:
        refuse_link(details.link.strip())
        lesson.link = details.link.strip()
    if "quiz" in kind.asks:
        quiz = details.quiz or QuizSettings(DEFAULT_PASS_MARK)
        refuse_settings(quiz)
        lesson.pass_mark, lesson.drawn, lesson.shuffled = quiz.pass_mark, quiz.drawn, quiz.shuffled
        lesson.attempts, lesson.quiz_minutes = quiz.attempts, quiz.minutes


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise RefusedError("Give it a title.", "title")
    return title


def _refuse_published(version: CourseVersion) -> None:
    """What is published never changes: who has begun it finishes what they began."""
    if version.published_at is not None:
        raise RefusedError(
            f"Version {version.number} is published and stays as it is. Changes go into a draft of the next version."
        )


def _next(rows: Sequence[Any]) -> int:
    return max((each.place for each in rows), default=0) + 1


def _swap(rows: Sequence[Any], row: Any, by: int) -> None:
    here = rows.index(row)
    if 0 <= here + by < len(rows):
        other = rows[here + by]
        row.place, other.place = other.place, row.place


def _number(version: CourseVersion) -> None:
    """Sections and lessons count from one without a gap, and the version knows how long it takes."""
    for number, section in enumerate(sorted(version.sections, key=lambda each: each.place), start=1):
        section.place = number
        for place, lesson in enumerate(sorted(section.lessons, key=lambda each: each.place), start=1):
            lesson.place = place
    version.minutes = sum(each.minutes for each in lessons_in(version))
