"""Learning paths: courses taken one after another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.course import Course, LearningPath, PathCourse
from app.operations.conflict import refuse_if_changed
from app.work import Work

MOST_COURSES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDetails:
    """What is said of a path; its courses by reference, in their order."""

    title: str
    summary: str = ""
    courses: Sequence[str] = ()


def write_path(work: Work, details: PathDetails) -> LearningPath:
    """Lay out a learning path."""
    path = LearningPath(courses=[])
    _tell(work, path, details)
    return work.add(path)


def change_path(work: Work, path: LearningPath, details: PathDetails, seen: int | None = None) -> None:
    """Change a learning path that was loaded for update; who saw an older one is refused."""
    refuse_if_changed(path, seen, f"“{path.title}”")
    before = [each.course_id for each in path.courses]
    _tell(work, path, details)
    work.flush()
    if before != [each.course_id for each in path.courses]:
        path.version += 1
        work.flush()


def retire_path(work: Work, path: LearningPath) -> None:
    """Take a learning path out of use; its courses stay."""
    path.retired_at = path.retired_at or work.now
    work.flush()


def bring_path_back(work: Work, path: LearningPath) -> None:
    """Take a retired learning path into use again."""
    path.retired_at = None
    work.flush()


def _tell(work: Work, path: LearningPath, details: PathDetails) -> None:
    title = " ".join(details.title.split())
    if not title:
        raise RefusedError("Give the path a title.", "title")
    with work.session.no_autoflush:
        taken = work.all(select(LearningPath.id).where(LearningPath.title == title, LearningPath.id != path.id))
        if taken:
            raise RefusedError(f"There is a path “{title}” already.", "title")
        wanted = list(dict.fromkeys(details.courses))
        found = {each.reference: each for each in work.all(select(Course).where(Course.reference.in_(wanted)))}
    if set(wanted) - set(found):
        raise RefusedError("Choose courses from the list.", "courses")
    if not wanted:
        raise RefusedError("Put at least one course on the path.", "courses")
    if len(wanted) > MOST_COURSES:
        raise RefusedError(f"A path has {MOST_COURSES} courses at most.", "courses")
    path.title, path.summary = title, details.summary.strip()
    there = {each.course_id: each for each in path.courses}
    ids = [found[reference].id for reference in wanted]
    for gone in set(there) - set(ids):
        path.courses.remove(there[gone])
    for place, id_ in enumerate(ids, start=1):
        if id_ in there:
            there[id_].place = place
        else:
            path.courses.append(PathCourse(course_id=id_, place=place))
