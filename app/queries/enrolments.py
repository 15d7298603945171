"""Enrolments: the one in progress, how far it is, its attempts, and what somebody has completed."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.models.completion import Completion
from app.models.course import CourseSection, CourseVersion, Lesson
from app.models.enrolment import AttemptAnswer, Enrolment, LessonProgress, QuizAttempt
from app.models.organisation import Membership
from app.models.question import Question
from app.work import Work


def in_progress(work: Work, person_id: int, course_id: int, *, lock: bool = False) -> Enrolment | None:
    """The enrolment of a person that has not led to a completion; locked, nobody else goes on with it meanwhile."""
    statement = select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.course_id == course_id, Enrolment.completed_at.is_(None)
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return work.one_or_none(statement)


def latest(work: Work, person_id: int, course_id: int) -> Enrolment | None:
    """The enrolment that a course page shows: the one in progress, or else the last that was completed."""
    return work.one_or_none(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.completed_at.is_not(None), Enrolment.id.desc())
        .limit(1)
    )


def done_lessons(work: Work, enrolment_id: int) -> dict[int, LessonProgress]:
    """The lessons that are done, by their id, in the order in which they were."""
    rows = work.all(
        select(LessonProgress).where(LessonProgress.enrolment_id == enrolment_id).order_by(LessonProgress.id)
    )
    return {row.lesson_id: row for row in rows}


def version_taken(work: Work, version_id: int) -> CourseVersion:
    """The version of an enrolment with its sections and lessons, without its questions."""
    version = work.one_or_none(
        select(CourseVersion)
        .where(CourseVersion.id == version_id)
        .options(selectinload(CourseVersion.sections).selectinload(CourseSection.lessons))
    )
    if version is None:
        raise LookupError(f"there is no version {version_id} of a course")
    return version


def lesson_with_bank(work: Work, lesson_id: int) -> Lesson:
    """A lesson with its questions and their lines."""
    lesson = work.one_or_none(
        select(Lesson)
        .where(Lesson.id == lesson_id)
        .options(selectinload(Lesson.questions).selectinload(Question.options))
    )
    if lesson is None:
        raise LookupError(f"there is no lesson {lesson_id}")
    return lesson


def attempts_at(work: Work, enrolment_id: int, lesson_id: int) -> list[QuizAttempt]:
    """The attempts of an enrolment at a quiz, the first one first."""
    return work.all(
        select(QuizAttempt)
        .where(QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.lesson_id == lesson_id)
        .order_by(QuizAttempt.number)
    )


def attempt_whole(work: Work, attempt_id: int, person_id: int, *, lock: bool = False) -> QuizAttempt | None:
    """An attempt of a person with its questions, their lines and its answers.

    Locked is its enrolment, so that of two who hand it in at once the second finds it marked.
    """
    if lock:
        held = (
            select(Enrolment)
            .join(QuizAttempt, QuizAttempt.enrolment_id == Enrolment.id)
            .where(QuizAttempt.id == attempt_id, Enrolment.person_id == person_id)
            .with_for_update(of=Enrolment)
        )
        work.one_or_none(held.execution_options(populate_existing=True))
    return work.one_or_none(
        select(QuizAttempt)
        .join(Enrolment, QuizAttempt.enrolment_id == Enrolment.id)
        .where(QuizAttempt.id == attempt_id, Enrolment.person_id == person_id)
        .options(
            joinedload(QuizAttempt.enrolment),
            joinedload(QuizAttempt.lesson),
            selectinload(QuizAttempt.answers).joinedload(AttemptAnswer.question).selectinload(Question.options),
        )
        .execution_options(populate_existing=True)
    )


def completions_of(work: Work, person_id: int) -> list[Completion]:
    """What somebody has completed, here and elsewhere, the last one first; what was revoked is among it."""
    return work.all(
        select(Completion)
        .where(Completion.person_id == person_id)
        .options(joinedload(Completion.course))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )


def holding(work: Work, person_id: int, course_ids: Collection[int]) -> set[int]:
    """Those of the courses that somebody has passed, as far as it counts today."""
    found = select(Completion.course_id).where(
        Completion.person_id == person_id,
        Completion.course_id.in_(course_ids),
        Completion.revoked_at.is_(None),
        or_(Completion.valid_until.is_(None), Completion.valid_until >= work.today),
    )
    return set(work.all(found)) if course_ids else set()


def completion_by(work: Work, completion_id: int, *, lock: bool = False) -> Completion | None:
    """A completion with its person and its course, and who revoked it."""
    statement = (
        select(Completion)
        .where(Completion.id == completion_id)
        .options(
            joinedload(Completion.person),
            joinedload(Completion.course),
            joinedload(Completion.revoked_by),
            joinedload(Completion.enrolment).joinedload(Enrolment.course_version),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Completion).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def membership_of(work: Work, person_id: int) -> Membership | None:
    """The membership by which somebody belongs to the organisation; None for who never did."""
    return work.one_or_none(select(Membership).where(Membership.person_id == person_id))
