"""Taking a course: begun in the version that is published, gone on with lesson by lesson, completed with the last."""

from datetime import datetime

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission, granted
from app.domain.subscription.seats import SeatKind
from app.domain.training.completion import last_valid_day, new_number
from app.domain.training.course import COMPETENCE, KINDS, Standing
from app.models.completion import Completion
from app.models.course import Course, Lesson
from app.models.enrolment import Enrolment, LessonProgress
from app.operations.seat_gate import refuse_without_seat
from app.queries.courses import lessons_in, published_of
from app.queries.enrolments import done_lessons, holding, in_progress, membership_of, version_taken
from app.queries.members import is_live
from app.queries.renewals import asked_of
from app.work import Work, today_in


def refuse_non_learner(work: Work, person_id: int) -> None:
    """Courses are taken by members who may take them. Everything that takes a course passes here: beginning it, doing
    a lesson, beginning an attempt and handing one in."""
    membership = membership_of(work, person_id)
    if membership is None or not is_live(work, membership):
        raise RefusedError("Courses are taken by members of the organisation.")
    if Permission.TAKE_TRAINING not in granted(membership.roles):
        raise RefusedError("An external assessor takes no courses.")
    refuse_without_seat(work, person_id, SeatKind.LMS, work.today)


def lacking(work: Work, course: Course, person_id: int) -> list[Course]:
    """The courses to be passed before this one that the person has not, or whose completion counts no more."""
    required = {each.required_id: each.required for each in course.prerequisites}
    passed = holding(work, person_id, required.keys())
    return sorted(
        (each for id_, each in required.items() if id_ not in passed), key=lambda each: (each.title, each.reference)
    )


def refuse_beginning(work: Work, course: Course, person_id: int, *, is_assigned: bool = False) -> None:
    """A course is begun by who is asked to take it or where anybody may; what comes before it is passed.

    The refusal names what is to be passed first. [ISO 9001:2015, 7.2]
    """
    refuse_non_learner(work, person_id)
    if course.standing is not Standing.PUBLISHED or published_of(course) is None:
        raise RefusedError(f"{course.title} is not open to learners.")
    if not (course.self_enrolment or is_assigned or course.id in asked_of(work, person_id)):
        raise RefusedError(f"{course.title} is taken by those it is assigned to: ask the quality manager.")
    if first := lacking(work, course, person_id):
        named = ", ".join(f"{each.title} ({each.reference})" for each in first)
        raise RefusedError(Reason(f"Pass this first: {named}.", COMPETENCE))


def begin(work: Work, course: Course, person_id: int, *, is_assigned: bool = False) -> Enrolment:
    """Begin a course that was loaded for update with its versions and prerequisites; go on where it is begun already.

    The version that is published now is the one that will be finished.
    """
    if (there := in_progress(work, person_id, course.id)) is not None:
        return there
    refuse_beginning(work, course, person_id, is_assigned=is_assigned)
    version = published_of(course)
    if version is None:
        raise LookupError(f"{course.reference} has no published version")
    return work.add(
        Enrolment(person_id=person_id, course_id=course.id, version_id=version.id, begun_at=work.now, more_attempts=0)
    )


def do_lesson(work: Work, enrolment: Enrolment, lesson: Lesson) -> Completion | None:
    """A lesson that is not marked is done by saying so, once; gives the completion where it was the last.

    The enrolment was loaded for update.
    """
    refuse_non_learner(work, enrolment.person_id)
    if KINDS[lesson.kind].is_marked:
        raise RefusedError(f"“{lesson.title}” is done by passing it.")
    return note_done(work, enrolment, lesson.id, work.now)


def note_done(work: Work, enrolment: Enrolment, lesson_id: int, at: datetime) -> Completion | None:
    """Keep that a lesson is done, and complete the course with the last one."""
    lessons = {each.id for each in lessons_in(version_taken(work, enrolment.version_id))}
    if lesson_id not in lessons:
        raise RefusedError("This lesson is not part of the version that was begun.")
    done = done_lessons(work, enrolment.id)
    if lesson_id not in done:
        work.add(LessonProgress(enrolment_id=enrolment.id, lesson_id=lesson_id, done_at=at))
    if enrolment.completed_at is not None or lessons - done.keys() - {lesson_id}:
        return None
    return _complete(work, enrolment, at)


def _complete(work: Work, enrolment: Enrolment, at: datetime) -> Completion:
    """The course is completed on the organisation's day of the moment at which its last lesson was done."""
    course = work.session.scalars(select(Course).where(Course.id == enrolment.course_id)).one()
    enrolment.completed_at = at
    completed_on = today_in(work.organisation.time_zone, at)
    return work.add(
        Completion(
            person_id=enrolment.person_id,
            course_id=course.id,
            enrolment_id=enrolment.id,
            completed_on=completed_on,
            valid_until=last_valid_day(completed_on, course.valid_months),
            number=new_number(),
            recorded_at=work.now,
            recorded_by_id=enrolment.person_id,
        )
    )


def grant_attempt(work: Work, enrolment: Enrolment, reason: str) -> None:
    """Grant one more attempt at each quiz of an enrolment in progress, loaded for update; the journal keeps why."""
    if enrolment.completed_at is not None:
        raise RefusedError("The course is completed: there is nothing left to try.")
    if not reason.strip():
        raise RefusedError("Say why: it stands in the journal.", "reason")
    work.reason = reason.strip()
    enrolment.more_attempts += 1
    work.flush()
