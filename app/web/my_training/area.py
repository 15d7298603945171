"""The area of the learner's own pages, and how its addresses find what is theirs."""

from contextlib import suppress
from dataclasses import dataclass

from flask import abort
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.domain.training.course import Standing
from app.domain.training.progress import Progress, progress_of
from app.models.course import Course, CourseVersion, Lesson
from app.models.enrolment import Enrolment, LessonProgress
from app.operations.quiz_attempts import settle
from app.queries.courses import course_by, lessons_in
from app.queries.enrolments import done_lessons, latest, version_taken
from app.queries.my_training import run_out
from app.web.gate import Area
from app.work import Work

area = Area("my_training", __name__, url_prefix="/my-training")


@dataclass(frozen=True, slots=True)
class Taken:
    """A course as the visitor takes it, or took it last."""

    course: Course
    enrolment: Enrolment
    version: CourseVersion
    lessons: list[Lesson]
    done: dict[int, LessonProgress]

    @property
    def progress(self) -> Progress:
        return progress_of([each.id for each in self.lessons], self.done)


def course_or_404(work: Work, reference: str, *, lock: bool = False) -> Course:
    """A course that learners see: one that was published at some time."""
    course = course_by(work, reference, lock=lock)
    if course is None or course.standing is Standing.DRAFT:
        abort(404)
    return course


def taken_or_none(work: Work, course: Course) -> Taken | None:
    """The course as the visitor takes it; None where they never began."""
    enrolment = latest(work, current_user.id, course.id)
    if enrolment is None:
        return None
    version = version_taken(work, enrolment.version_id)
    return Taken(course, enrolment, version, lessons_in(version), done_lessons(work, enrolment.id))


def settle_what_ran_out(reading: Work) -> None:
    """Mark the visitor's attempts whose time is up before anything of them is shown."""
    for attempt_id in run_out(reading, current_user.id):
        # Where it fails, somebody else marked the same at the same moment.
        with suppress(DBAPIError, StaleDataError), reading.aside(reading.home) as marking:
            settle(marking, attempt_id, current_user.id)
