"""A lesson of any version, as a learner would see it; nothing of it is recorded."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.courses import lessons_in, version_whole
from app.web.courses.area import area, course_or_404, lesson_or_404
from app.web.courses.lessons import beside, shown_lesson
from app.work import Work


@area.get("/<reference>/lessons/<int:lesson_id>", needs=Permission.MANAGE_TRAINING)
def lesson(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """One lesson with the way to the one before and the next."""
    course = course_or_404(work, reference)
    row = lesson_or_404(work, course, lesson_id)
    version = version_whole(work, row.section.version_id)
    order = lessons_in(version) if version is not None else []
    return render_template(
        "courses/lesson.html",
        course=course,
        version=version,
        row=row,
        lesson=shown_lesson(work, course, row),
        of=len(order),
        **beside(order, row.id),
    )
