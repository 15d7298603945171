"""Courses: written, published version by version, retired; what they cover and require."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from uuid import uuid4

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.programme.scope import Numbered
from app.domain.training.course import Standing, refuse_circle, refuse_unready
from app.models.course import Course, CourseClause, CoursePrerequisite, CourseSection, CourseVersion, Lesson
from app.models.organisation import Organisation
from app.models.question import Question, QuestionOption
from app.operations.conflict import refuse_if_changed
from app.operations.course_stamps import refuse_if_unlike, stamp_of_draft
from app.operations.lesson_pictures import missing_in
from app.operations.processes import checked_points
from app.operations.references import next_reference
from app.queries.courses import draft_in, files_of, lessons_in, published_of, required_by_reference, version_whole
from app.queries.lesson_shapes import shape_of
from app.work import Work

LONGEST_VALIDITY = 240
FIRST_SECTION = "Lessons"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDetails:
    """What is said of a course; prerequisites by reference, clauses by standard and number."""

    title: str
    summary: str = ""
    self_enrolment: bool = False
    valid_months: int | None = None
    prerequisites: frozenset[str] = frozenset()
    clauses: frozenset[Numbered] = frozenset()


def write(work: Work, details: CourseDetails) -> Course:
    """Begin a course: a draft of its first version, with a section for its lessons."""
    course = Course(
        reference=next_reference(work, Course, "TR-"), versions=[], clauses=[], prerequisites=[], title=details.title
    )
    _tell(work, course, details)
    course.versions.append(CourseVersion(number=1, sections=[CourseSection(place=1, title=FIRST_SECTION, lessons=[])]))
    return work.add(course)


def change(work: Work, course: Course, details: CourseDetails, seen: int | None = None) -> None:
    """Change what is said of a course that was loaded for update; who saw an older one is refused."""
    refuse_if_changed(course, seen, course.reference)
    _tell(work, course, details)
    work.flush()


def begin_draft(work: Work, course: Course) -> CourseVersion:
    """The draft of the next version: the one that is there, or a copy of what is published."""
    if (draft := draft_in(course)) is not None:
        return draft
    published = published_of(course)
    latest = version_whole(work, published.id) if published is not None else None
    if latest is None:
        raise LookupError(f"{course.reference} has no version")
    draft = CourseVersion(
        number=max(each.number for each in course.versions) + 1,
        minutes=latest.minutes,
        sections=[_copy_of_section(each) for each in latest.sections],
    )
    course.versions.append(draft)
    work.flush()
    return draft


def discard_draft(work: Work, course: Course, seen: str | None = None) -> None:
    """Take away the draft of a next version; the first draft of a course stays. Who saw another draft is refused."""
    draft = draft_in(course)
    if draft is None or published_of(course) is None:
        raise RefusedError("There is no draft beside what is published.")
    whole = version_whole(work, draft.id)
    if whole is not None:
        refuse_if_unlike(seen, stamp_of_draft(whole), "the draft")
        course.versions.remove(whole)
    work.flush()


def publish(work: Work, course: Course, note: str = "") -> CourseVersion:
    """Publish the draft: whoever begins from now on takes it, and it never changes again.

    Whoever has begun an earlier version finishes that one.
    """
    draft = draft_in(course)
    whole = version_whole(work, draft.id) if draft is not None else None
    if whole is None:
        raise RefusedError("There is no draft to publish: change something first.")
    files = files_of(work, course.id)
    refuse_unready(shape_of(each, missing_in(each.body, each.file_name, files)) for each in lessons_in(whole))
    whole.note, whole.published_at, whole.published_by_id = note.strip(), work.now, work.actor_id
    course.standing = Standing.PUBLISHED
    work.flush()
    return whole


def retire(work: Work, course: Course) -> None:
    """Take a published course out of use: nobody begins it any more, and who has begun it finishes it."""
    if course.standing is not Standing.PUBLISHED:
        raise RefusedError("Only what is published can be retired.")
    course.standing = Standing.RETIRED
    work.flush()


def bring_back(work: Work, course: Course) -> None:
    """Take a retired course into use again, as it was last published."""
    if course.standing is not Standing.RETIRED:
        raise RefusedError("Only what is retired can be brought back.")
    course.standing = Standing.PUBLISHED
    work.flush()


def new_key() -> str:
    """A key that a lesson or a question keeps from version to version."""
    return uuid4().hex


def _tell(work: Work, course: Course, details: CourseDetails) -> None:
    title = " ".join(details.title.split())
    if not title:
        raise RefusedError("Give the course a title.", "title")
    if details.valid_months is not None and not 1 <= details.valid_months <= LONGEST_VALIDITY:
        raise RefusedError(f"Write 1 to {LONGEST_VALIDITY} months, or nothing for ever.", "valid_months")
    clauses = checked_points(details.clauses, "clauses")
    course.title, course.summary = title, details.summary.strip()
    course.self_enrolment, course.valid_months = details.self_enrolment, details.valid_months
    with work.session.no_autoflush:
        _require(work, course, details.prerequisites)
    covered = {(each.standard, each.clause): each for each in course.clauses}
    for point in set(covered) - clauses:
        course.clauses.remove(covered[point])
    new = [CourseClause(standard=standard, clause=clause) for standard, clause in clauses - set(covered)]
    course.clauses.extend(sorted(new, key=attrgetter("standard", "clause")))


def _require(work: Work, course: Course, wanted: Iterable[str]) -> None:
    """Set what is completed before the course is begun; refused where that goes in a circle."""
    wanted = sorted(set(wanted))
    # One at a time: two that ask at once could close a circle together.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    found = {each.reference: each for each in work.all(select(Course).where(Course.reference.in_(wanted)))}
    if set(wanted) - set(found):
        raise RefusedError("Choose courses from the list.", "prerequisites")
    refuse_circle(course.reference, wanted, required_by_reference(work))
    there = {each.required_id: each for each in course.prerequisites}
    ids = {each.id for each in found.values()}
    for gone in set(there) - ids:
        course.prerequisites.remove(there[gone])
    for reference in wanted:
        if found[reference].id not in there:
            course.prerequisites.append(CoursePrerequisite(required=found[reference]))


def _copy_of_section(section: CourseSection) -> CourseSection:
    return CourseSection(
        place=section.place, title=section.title, lessons=[_copy_of_lesson(each) for each in section.lessons]
    )


def _copy_of_lesson(lesson: Lesson) -> Lesson:
    kept = ("place", "lasting_key", "kind", "title", "minutes", "body", "file_name", "link")
    quiz = ("pass_mark", "drawn", "shuffled", "attempts", "quiz_minutes")
    return Lesson(
        **{name: getattr(lesson, name) for name in (*kept, *quiz)},
        questions=[_copy_of_question(each) for each in lesson.questions],
    )


def _copy_of_question(question: Question) -> Question:
    kept = ("place", "lasting_key", "kind", "text", "points", "feedback", "number", "tolerance")
    lines = ("place", "text", "is_right", "match", "feedback")
    return Question(
        **{name: getattr(question, name) for name in kept},
        options=[QuestionOption(**{name: getattr(each, name) for name in lines}) for each in question.options],
    )
