"""Write lessons: what the kind asks for, with a preview of the text beside it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.course import KINDS
from app.models.course import CourseVersion
from app.operations import lessons as operation
from app.operations.attachments import Place, TooLargeError, attach
from app.operations.conflict import ConflictError
from app.operations.lesson_pictures import attach_picture, shown_as
from app.outputs.markdown import LONGEST_BODY
from app.queries.courses import files_of
from app.web.certificates.forms import has_file
from app.web.courses.area import area, draft_or_404, lesson_in_draft_or_404, section_or_404
from app.web.courses.forms import LessonForm
from app.web.courses.lessons import html_of_body
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<reference>/sections/<int:section_id>/lessons/new", needs=Permission.MANAGE_TRAINING)
def add_lesson(work: Work, reference: str, section_id: int) -> ResponseReturnValue:
    """Add a lesson of a kind at the end of a section."""
    version = draft_or_404(work, reference, lock=request.method == "POST")
    section = section_or_404(version, section_id)
    kind = KINDS.get(request.args.get("kind", "text")) or abort(404)
    files = files_of(work, version.course_id)
    form = LessonForm()
    form.fit(kind, list(files))
    page: dict[str, Any] = {"course": version.course, "section": section, "kind": kind, "form": form, "files": files}
    if request.method == "GET":
        return render_template("courses/lesson_form.html", **page, html="")
    if "upload" in request.form:
        return _with_picture(work, version, page)
    if form.validate():
        try:
            lesson = operation.add_lesson(work, version, section, kind.word, form.details(_kept(work, version, form)))
            flash(f"“{lesson.title}” is added.", "success")
            return redirect(_next(reference, lesson.id, is_quiz="quiz" in kind.asks), 303)
        except RefusedError as refusal:
            return _refused(work, version, page, refusal)
    return render_template("courses/lesson_form.html", **page, html=_html(work, version, form)), 422


@area.form("/<reference>/lessons/<int:lesson_id>/edit", needs=Permission.MANAGE_TRAINING)
def edit_lesson(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Change a lesson of the draft; the second of two is shown both versions."""
    version = draft_or_404(work, reference, lock=request.method == "POST")
    section, lesson = lesson_in_draft_or_404(version, lesson_id)
    kind, files = KINDS[lesson.kind], files_of(work, version.course_id)
    form = LessonForm()
    form.fit(kind, list(files))
    page: dict[str, Any] = {
        "course": version.course,
        "section": section,
        "lesson": lesson,
        "title": lesson.title,
        "kind": kind,
        "form": form,
        "files": files,
    }
    if request.method == "GET":
        form.tell(lesson)
        return render_template("courses/lesson_form.html", **page, html=_html(work, version, form))
    if "upload" in request.form:
        return _with_picture(work, version, page)
    if form.validate():
        try:
            uploaded = _kept(work, version, form)
            operation.change_lesson(work, version, lesson, form.details(uploaded), form.seen)
            flash(f"“{lesson.title}” is saved.", "success")
            return redirect(_next(reference, lesson_id, is_quiz="quiz" in kind.asks), 303)
        except ConflictError as conflict:
            kept = LessonForm(formdata=None)
            kept.fit(kind, list(files))
            kept.tell(conflict.now)
            form.version.data = str(conflict.now.version)
            return _refused(work, version, {**page, "kept": kept}, conflict)
        except RefusedError as refusal:
            return _refused(work, version, page, refusal)
    return render_template("courses/lesson_form.html", **page, html=_html(work, version, form)), 422


@area.post("/<reference>/markdown", needs=Permission.MANAGE_TRAINING, writes=False)
def markdown(work: Work, reference: str) -> ResponseReturnValue:
    """A text as learners would see it; nothing is saved."""
    version = draft_or_404(work, reference)
    body = request.form.get("body", "")
    shown = render_template("courses/_markdown.html", html=html_of_body(work, version.course, body))
    return shown, 413 if len(body) > LONGEST_BODY else 200


def _html(work: Work, version: CourseVersion, form: LessonForm) -> str:
    return html_of_body(work, version.course, form.body.data or "")


def _with_picture(work: Work, version: CourseVersion, page: dict[str, Any]) -> ResponseReturnValue:
    """The form as it was typed, with one more picture at the end of its text; of the lesson nothing is saved."""
    form = page["form"]
    if not has_file(form.picture):
        form.picture.errors = ["Choose a picture."]
        return render_template("courses/lesson_form.html", **page, html=_html(work, version, form)), 422
    try:
        added = attach_picture(work, version.course_id, form.picture.data)
    except RefusedError as refusal:
        return _refused(work, version, page, refusal)
    form.body.data = f"{(form.body.data or '').rstrip()}\n\n{shown_as(added.file_name)}\n".lstrip()
    page["files"] = files_of(work, version.course_id)
    form.offer(list(page["files"]))
    return render_template("courses/lesson_form.html", **page, added=added.file_name, html=_html(work, version, form))


def _kept(work: Work, version: CourseVersion, form: LessonForm) -> str:
    """The name of the file that was uploaded, kept with the course; empty where none was."""
    if "file" not in form or not has_file(form.file):
        return ""
    return attach(work, Place(course_id=version.course_id), form.file.data).file_name


def _next(reference: str, lesson_id: int, *, is_quiz: bool) -> str:
    """A quiz goes on with its questions, everything else with the order of the lessons."""
    if is_quiz:
        return url_for("courses.bank", reference=reference, lesson_id=lesson_id)
    return url_for("courses.draft", reference=reference, _anchor=f"lesson-{lesson_id}")


def _refused(work: Work, version: CourseVersion, page: dict[str, Any], refusal: RefusedError) -> ResponseReturnValue:
    form = page["form"]
    refused = show_refusal(form, refusal)
    shown = render_template("courses/lesson_form.html", **page, refused=refused, html=_html(work, version, form))
    return shown, 413 if isinstance(refusal, TooLargeError) else 422
