"""The area of courses, and how its addresses find what they name."""

from flask import abort

from app.domain.permission import Permission
from app.domain.training.course import Standing
from app.models.course import Course, CourseSection, CourseVersion, Lesson
from app.queries.courses import course_by, draft_in, lesson_of, version_whole
from app.web.gate import Area, may
from app.work import Work

area = Area("courses", __name__, url_prefix="/courses")


def course_or_404(work: Work, reference: str, *, lock: bool = False) -> Course:
    """A course; what was never published is seen by those alone who write courses."""
    course = course_by(work, reference, lock=lock)
    if course is None or (course.standing is Standing.DRAFT and not may(Permission.MANAGE_TRAINING)):
        abort(404)
    return course


def draft_or_404(work: Work, reference: str, *, lock: bool = False) -> CourseVersion:
    """The draft of a course with all that is in it; its course is loaded with versions, clauses and prerequisites."""
    draft = draft_in(course_or_404(work, reference, lock=lock))
    version = version_whole(work, draft.id) if draft is not None else None
    if version is None:
        abort(404)
    return version


def section_or_404(version: CourseVersion, section_id: int) -> CourseSection:
    """A section of a version."""
    return next((each for each in version.sections if each.id == section_id), None) or abort(404)


def lesson_in_draft_or_404(version: CourseVersion, lesson_id: int) -> tuple[CourseSection, Lesson]:
    """A lesson of a version with the section it lies in."""
    for section in version.sections:
        for lesson in section.lessons:
            if lesson.id == lesson_id:
                return section, lesson
    abort(404)


def lesson_or_404(work: Work, course: Course, lesson_id: int) -> Lesson:
    """A lesson of any version of a course, with its questions."""
    return lesson_of(work, course.id, lesson_id) or abort(404)
