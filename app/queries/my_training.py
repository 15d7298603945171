"""A person's own training: what is due, what is in progress, what is done, what else is open to them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.training.course import Standing
from app.domain.training.progress import Progress, progress_of
from app.models.completion import Completion
from app.models.course import Course, CourseSection, Lesson
from app.models.enrolment import Enrolment, LessonProgress, QuizAttempt
from app.queries.enrolments import completions_of, holding
from app.queries.renewals import asked_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Under:
    """A course in progress."""

    course: Course
    enrolment: Enrolment
    progress: Progress
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Own:
    """All of a person's training."""

    due: list[tuple[Course, date | None]]
    """What is to be taken and is not begun, with the last day on which to; the most urgent first."""
    under: list[Under]
    done: list[Completion]
    open: list[Course]


def own_training(work: Work, person_id: int) -> Own:
    """What a person has to take, takes, has taken, and may begin by themselves."""
    asked = asked_of(work, person_id)
    under = _under(work, person_id, asked)
    begun = {each.course.id for each in under}
    # Published courses are some dozens: who asks and who may begin is told among them.
    courses = work.all(
        select(Course).where(Course.standing == Standing.PUBLISHED).order_by(Course.title, Course.reference)
    )
    due = [(course, asked[course.id]) for course in courses if course.id in asked and course.id not in begun]
    free = [each for each in courses if each.self_enrolment and each.id not in begun and each.id not in asked]
    held = holding(work, person_id, [each.id for each in free])
    return Own(
        sorted(due, key=lambda each: each[1] or date.max),
        under,
        completions_of(work, person_id),
        [each for each in free if each.id not in held],
    )


def _under(work: Work, person_id: int, asked: dict[int, date | None]) -> list[Under]:
    enrolments = work.all(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.completed_at.is_(None))
        .options(joinedload(Enrolment.course))
        .order_by(Enrolment.begun_at.desc(), Enrolment.id.desc())
    )
    lessons: dict[int, list[int]] = defaultdict(list)
    for version_id, lesson_id in work.execute(
        select(CourseSection.version_id, Lesson.id)
        .join(Lesson, Lesson.section_id == CourseSection.id)
        .where(CourseSection.version_id.in_([each.version_id for each in enrolments]))
        .order_by(CourseSection.place, CourseSection.id, Lesson.place, Lesson.id)
    ):
        lessons[version_id].append(lesson_id)
    done: dict[int, list[int]] = defaultdict(list)
    for enrolment_id, lesson_id in work.execute(
        select(LessonProgress.enrolment_id, LessonProgress.lesson_id)
        .where(LessonProgress.enrolment_id.in_([each.id for each in enrolments]))
        .order_by(LessonProgress.id)
    ):
        done[enrolment_id].append(lesson_id)
    return [
        Under(each.course, each, progress_of(lessons[each.version_id], done[each.id]), asked.get(each.course_id))
        for each in enrolments
    ]


def run_out(work: Work, person_id: int) -> list[int]:
    """The attempts of a person whose time is up and that nobody has handed in."""
    return work.all(
        select(QuizAttempt.id)
        .join(Enrolment, QuizAttempt.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, QuizAttempt.ended_at.is_(None), QuizAttempt.closes_at < work.now)
        .order_by(QuizAttempt.id)
    )
