"""Courses: the list, one of them, its versions with all that is in them, its files."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.named_files import names_in
from app.domain.training.course import Standing
from app.models.attachment import Attachment
from app.models.course import (
    Course,
    CourseClause,
    CoursePrerequisite,
    CourseSection,
    CourseVersion,
    LearningPath,
    Lesson,
    PathCourse,
)
from app.models.question import Question
from app.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class CourseFilters:
    """Which courses: every condition that is set has to hold."""

    text: str = ""
    standing: Standing | None = None
    standard: str = ""
    path_id: int | None = None


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A line of the list: what is published of a course, or its draft where nothing is yet."""

    reference: str
    title: str
    standing: Standing
    version: int
    lessons: int
    minutes: int
    self_enrolment: bool
    valid_months: int | None
    has_draft: bool
    standards: tuple[str, ...]


def course_list(work: Work, wanted: CourseFilters, page: int = 1) -> tuple[list[CourseLine], int, int]:
    """A page of the courses by title, how many there are, and the number of the page."""
    conditions = _conditions(wanted)
    total = work.session.scalar(select(func.count(Course.id)).where(*conditions)) or 0
    page = max(1, min(page, -(-total // PAGE)))
    courses = work.all(
        select(Course)
        .where(*conditions)
        .options(selectinload(Course.versions), selectinload(Course.clauses))
        .order_by(Course.title, Course.reference)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    shown = {course.id: published_of(course) or course.versions[-1] for course in courses if course.versions}
    counted = (
        select(CourseSection.version_id, func.count(Lesson.id))
        .join(Lesson, Lesson.section_id == CourseSection.id)
        .where(CourseSection.version_id.in_([each.id for each in shown.values()]))
        .group_by(CourseSection.version_id)
    )
    lessons: dict[int, int] = dict(work.execute(counted).tuples().all())
    lines = [
        CourseLine(
            course.reference,
            course.title,
            course.standing,
            shown[course.id].number,
            lessons.get(shown[course.id].id, 0),
            shown[course.id].minutes,
            course.self_enrolment,
            course.valid_months,
            draft_in(course) is not None,
            tuple(sorted({each.standard for each in course.clauses})),
        )
        for course in courses
        if course.id in shown
    ]
    return lines, total, page


def _conditions(wanted: CourseFilters) -> list[Any]:
    conditions: list[Any] = []
    if wanted.text:
        named = (Course.title, Course.reference, Course.summary)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in named)))
    if wanted.standing is not None:
        conditions.append(Course.standing == wanted.standing)
    if wanted.standard:
        conditions.append(Course.id.in_(select(CourseClause.course_id).where(CourseClause.standard == wanted.standard)))
    if wanted.path_id is not None:
        conditions.append(Course.id.in_(select(PathCourse.course_id).where(PathCourse.path_id == wanted.path_id)))
    return conditions


def standards_covered(work: Work) -> list[str]:
    """The standards that any course covers, by name."""
    return sorted(work.all(select(CourseClause.standard).distinct()))


def course_by(work: Work, reference: str, *, lock: bool = False) -> Course | None:
    """One course with its versions, clauses and prerequisites; locked, nobody else changes anything of it meanwhile."""
    statement = (
        select(Course)
        .where(Course.reference == reference)
        .options(
            selectinload(Course.versions),
            selectinload(Course.clauses),
            selectinload(Course.prerequisites).joinedload(CoursePrerequisite.required),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Course).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def published_of(course: Course) -> CourseVersion | None:
    """The version that whoever begins now takes: the latest that is published; None before the first."""
    return next((each for each in reversed(course.versions) if each.published_at is not None), None)


def draft_in(course: Course) -> CourseVersion | None:
    """The version that is being written; None where none is."""
    return next((each for each in reversed(course.versions) if each.published_at is None), None)


def version_whole(work: Work, version_id: int) -> CourseVersion | None:
    """A version with its sections, lessons, questions and their lines, in their order."""
    return work.one_or_none(
        select(CourseVersion)
        .where(CourseVersion.id == version_id)
        .options(
            joinedload(CourseVersion.course),
            selectinload(CourseVersion.sections)
            .selectinload(CourseSection.lessons)
            .selectinload(Lesson.questions)
            .selectinload(Question.options),
        )
    )


def lessons_in(version: CourseVersion) -> list[Lesson]:
    """The lessons of a version in the order in which they are taken."""
    return [lesson for section in version.sections for lesson in section.lessons]


def lesson_of(work: Work, course_id: int, lesson_id: int) -> Lesson | None:
    """A lesson of a course with its version, its questions and their lines."""
    return work.one_or_none(
        select(Lesson)
        .join(CourseSection, Lesson.section_id == CourseSection.id)
        .join(CourseVersion, CourseSection.version_id == CourseVersion.id)
        .where(Lesson.id == lesson_id, CourseVersion.course_id == course_id)
        .options(
            joinedload(Lesson.section).joinedload(CourseSection.version),
            selectinload(Lesson.questions).selectinload(Question.options),
        )
    )


def files_of(work: Work, course_id: int) -> dict[str, Attachment]:
    """The files of a course by their names, which are its own."""
    rows = work.all(select(Attachment).where(Attachment.course_id == course_id).order_by(Attachment.file_name))
    return {row.file_name: row for row in rows}


def shown_in(work: Work, course_id: int, file_name: str) -> list[int]:
    """The numbers of the published versions in which a lesson names a file of the course."""
    rows = work.execute(
        select(CourseVersion.number, Lesson.file_name, Lesson.body)
        .join(CourseSection, CourseSection.version_id == CourseVersion.id)
        .join(Lesson, Lesson.section_id == CourseSection.id)
        .where(CourseVersion.course_id == course_id, CourseVersion.published_at.is_not(None))
    )
    return sorted({number for number, file, body in rows if file_name == file or file_name in names_in(body)})


def required_by_reference(work: Work) -> dict[str, list[str]]:
    """By the reference of each course, those that it requires."""
    names = dict(work.execute(select(Course.id, Course.reference)).tuples().all())
    found: dict[str, list[str]] = {}
    for row in work.all(select(CoursePrerequisite)):
        found.setdefault(names[row.course_id], []).append(names[row.required_id])
    return found


def courses_to_choose(work: Work, but: int | None = None) -> list[tuple[str, str]]:
    """The courses that are not retired, by title: reference and words."""
    rows = work.execute(
        select(Course.id, Course.reference, Course.title)
        .where(Course.standing != Standing.RETIRED)
        .order_by(Course.title, Course.reference)
    )
    return [(reference, f"{title} ({reference})") for id_, reference, title in rows if id_ != but]


def path_list(work: Work) -> list[LearningPath]:
    """The learning paths by title with their courses, those that are retired at the end."""
    rows = work.all(_paths().order_by(LearningPath.title))
    return sorted(rows, key=lambda each: each.retired_at is not None)


def path_by(work: Work, path_id: int, *, lock: bool = False) -> LearningPath | None:
    """One learning path with its courses in their order."""
    statement = _paths().where(LearningPath.id == path_id)
    if lock:
        statement = statement.with_for_update(of=LearningPath).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def paths_with(work: Work, course_id: int) -> list[LearningPath]:
    """The learning paths in use on which a course lies."""
    on = select(PathCourse.path_id).where(PathCourse.course_id == course_id)
    return work.all(
        select(LearningPath)
        .where(LearningPath.id.in_(on), LearningPath.retired_at.is_(None))
        .order_by(LearningPath.title)
    )


def _paths() -> Any:
    return select(LearningPath).options(
        selectinload(LearningPath.courses).joinedload(PathCourse.course).selectinload(Course.versions)
    )
