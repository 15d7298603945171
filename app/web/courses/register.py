"""The list of courses, and the page of one."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.domain.training.course import KINDS, Standing
from app.models.course import Course, CourseVersion
from app.queries.attachments import attachments_on
from app.queries.courses import (
    PAGE,
    CourseFilters,
    course_list,
    draft_in,
    paths_with,
    published_of,
    standards_covered,
    version_whole,
)
from app.web.courses.area import area, course_or_404
from app.web.fields import asked_page
from app.web.gate import may
from app.web.points import in_words
from app.work import Work


@area.get("", needs=Permission.TAKE_TRAINING)
def index(work: Work) -> ResponseReturnValue:
    """The courses by title, fifty a page; what is not published is seen by those alone who write courses."""
    manages = may(Permission.MANAGE_TRAINING)
    asked: dict[str, Any] = {name: request.args.get(name, "").strip()[:200] for name in ("q", "standing", "standard")}
    asked = {name: value for name, value in asked.items() if value}
    standing = next((each for each in Standing if each.value == asked.get("standing")), None)
    wanted = CourseFilters(asked.get("q", ""), standing if manages else Standing.PUBLISHED, asked.get("standard", ""))
    lines, total, page = course_list(work, wanted, asked_page())
    return render_template(
        "courses/index.html",
        lines=lines,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        asked=asked,
        standings=list(Standing),
        standards=standards_covered(work),
        manages=manages,
        link=lambda number: url_for("courses.index", **asked, page=number),
    )


@area.get("/<reference>", needs=Permission.TAKE_TRAINING)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """A course: what it is about, what it needs, what is in the version that is taken now."""
    course = course_or_404(work, reference)
    version = published_of(course) or draft_in(course)
    return render_template("courses/show.html", **_page(work, course, version))


@area.get("/<reference>/versions/<int:number>", needs=Permission.MANAGE_TRAINING)
def version(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """The same for another version."""
    course = course_or_404(work, reference)
    wanted = next((each for each in course.versions if each.number == number), None) or abort(404)
    return render_template("courses/show.html", **_page(work, course, wanted))


def _page(work: Work, course: Course, version: CourseVersion | None) -> dict[str, Any]:
    manages = may(Permission.MANAGE_TRAINING)
    return {
        "course": course,
        "version": version_whole(work, version.id) if version is not None else None,
        "published": published_of(course),
        "draft": draft_in(course),
        "covers": in_words((each.standard, each.clause) for each in course.clauses),
        "paths": paths_with(work, course.id),
        "files": attachments_on(work, course_id=course.id) if manages else (),
        "kinds": KINDS,
        "manages": manages,
    }
