"""Courses, paths and completions, for the tests of who is trained in what."""

from datetime import date
from typing import Any

from app.domain.training.course import Standing
from app.models.completion import Completion
from app.models.course import Course, LearningPath, PathCourse
from app.work import Work


def course(w: Work, reference: str = "TR-001", title: str = "Internal auditing", **more: Any) -> Course:
    """A published course."""
    return w.add(Course(reference=reference, title=title, **{"standing": Standing.PUBLISHED, **more}))


def path(w: Work, *courses: Course, title: str = "Auditors") -> LearningPath:
    """A path of these courses, in their order."""
    parts = [PathCourse(course_id=each.id, place=place) for place, each in enumerate(courses, start=1)]
    return w.add(LearningPath(title=title, courses=parts))


def passed(w: Work, person_id: int, taken: Course, on: date, until: date | None = None) -> Completion:
    """Somebody passed a course elsewhere."""
    return w.add(
        Completion(
            person_id=person_id,
            course_id=taken.id,
            completed_on=on,
            valid_until=until,
            provider="An institute",
            recorded_at=w.now,
        )
    )
