"""The bank of a quiz: its questions, written, changed, put in order, removed."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.question import QuestionKind
from app.models.course import Lesson
from app.models.question import Question
from app.operations import questions as operation
from app.operations.conflict import ConflictError
from app.operations.course_stamps import stamp_of_question
from app.web.courses.area import area, course_or_404, lesson_or_404
from app.web.courses.question_form import LINES, MORE, TOLD, QuestionForm
from app.web.courses.sections import direction
from app.web.forms import PageForm, show_refusal
from app.work import Work


@area.get("/<reference>/lessons/<int:lesson_id>/questions", needs=Permission.MANAGE_TRAINING)
def bank(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """The questions of a quiz, with their right answers."""
    lesson = _quiz_or_404(work, reference, lesson_id)
    return render_template("courses/bank.html", **_page(work, reference, lesson))


@area.form("/<reference>/lessons/<int:lesson_id>/questions/new", needs=Permission.MANAGE_TRAINING)
def add_question(work: Work, reference: str, lesson_id: int) -> ResponseReturnValue:
    """Write a question of a kind."""
    lesson = _quiz_or_404(work, reference, lesson_id, lock=request.method == "POST")
    asked = request.args.get("kind", QuestionKind.SINGLE.value)
    kind = next((each for each in QuestionKind if each.value == asked), None) or abort(404)
    form = QuestionForm()
    form.fit(kind)
    page = _page(work, reference, lesson, form=form, kind=kind)
    if request.method == "GET":
        form.add_lines(LINES)
        return render_template("courses/question_form.html", **page)
    if "more" in request.form:
        form.add_lines(MORE)
        return render_template("courses/question_form.html", **page)
    refused: Any = None
    if form.validate():
        try:
            question = operation.add_question(work, lesson, form.details)
            flash(f"Question {question.place} is added.", "success")
            return redirect(url_for("courses.bank", reference=reference, lesson_id=lesson_id), 303)
        except RefusedError as refusal:
            refused = _told(form, refusal)
    return render_template("courses/question_form.html", **page, refused=refused), 422


@area.form("/<reference>/lessons/<int:lesson_id>/questions/<int:question_id>/edit", needs=Permission.MANAGE_TRAINING)
def edit_question(work: Work, reference: str, lesson_id: int, question_id: int) -> ResponseReturnValue:
    """Change a question of the draft; who saw an older one is told."""
    lesson = _quiz_or_404(work, reference, lesson_id, lock=request.method == "POST")
    question = _question_or_404(lesson, question_id)
    form = QuestionForm()
    form.fit(question.kind)
    page = _page(work, reference, lesson, form=form, kind=question.kind, question=question, number=question.place)
    if request.method == "GET":
        form.tell(question)
        form.add_lines(1)
        return render_template("courses/question_form.html", **page)
    if "more" in request.form:
        form.add_lines(MORE)
        return render_template("courses/question_form.html", **page)
    refused: Any = None
    if form.validate():
        try:
            operation.change_question(work, lesson, question, form.details, form.seen)
            flash(f"Question {question.place} is saved.", "success")
            return redirect(url_for("courses.bank", reference=reference, lesson_id=lesson_id), 303)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            shown = render_template("courses/question_form.html", **page, refused=conflict.why, theirs=conflict.now)
            return shown, 422
        except RefusedError as refusal:
            refused = _told(form, refusal)
    return render_template("courses/question_form.html", **page, refused=refused), 422


@area.post("/<reference>/lessons/<int:lesson_id>/questions/<int:question_id>/move", needs=Permission.MANAGE_TRAINING)
def move_question(work: Work, reference: str, lesson_id: int, question_id: int) -> ResponseReturnValue:
    """Move a question up or down."""
    lesson = _quiz_or_404(work, reference, lesson_id, lock=True)
    try:
        operation.move_question(work, lesson, _question_or_404(lesson, question_id), direction())
    except RefusedError as refusal:
        flash(str(refusal), "warning")
    address = url_for("courses.bank", reference=reference, lesson_id=lesson_id, _anchor=f"question-{question_id}")
    return redirect(address, 303)


@area.form("/<reference>/lessons/<int:lesson_id>/questions/<int:question_id>/remove", needs=Permission.MANAGE_TRAINING)
def remove_question(work: Work, reference: str, lesson_id: int, question_id: int) -> ResponseReturnValue:
    """Ask once, then take a question out of the draft."""
    lesson = _quiz_or_404(work, reference, lesson_id, lock=request.method == "POST")
    question, refused = _question_or_404(lesson, question_id), None
    there = url_for("courses.bank", reference=reference, lesson_id=lesson_id)
    if request.method == "POST":
        try:
            operation.remove_question(work, lesson, question, request.form.get("seen", ""))
            flash("The question is removed from the draft.", "success")
            return redirect(there, 303)
        except RefusedError as refusal:
            refused = refusal.why
    page = render_template(
        "courses/remove.html",
        course=course_or_404(work, reference),
        form=PageForm(),
        refused=refused,
        seen=stamp_of_question(question),
        back=there,
        question=f"Remove question {question.place} of “{lesson.title}”?",
        consequence="What is published stays as it is.",
        word="Remove it",
    )
    return page, 422 if refused else 200


def _page(work: Work, reference: str, lesson: Lesson, **more: Any) -> dict[str, Any]:
    version = lesson.section.version
    return {
        "course": course_or_404(work, reference),
        "lesson": lesson,
        "version": version,
        "is_draft": version.published_at is None,
        "kinds": list(QuestionKind),
        "told": TOLD,
        **more,
    }


def _quiz_or_404(work: Work, reference: str, lesson_id: int, *, lock: bool = False) -> Lesson:
    lesson = lesson_or_404(work, course_or_404(work, reference, lock=lock), lesson_id)
    return lesson if lesson.pass_mark is not None else abort(404)


def _question_or_404(lesson: Lesson, question_id: int) -> Question:
    return next((each for each in lesson.questions if each.id == question_id), None) or abort(404)


def _told(form: QuestionForm, refusal: RefusedError) -> Any:
    """The lines are rows, and a refusal of theirs stands above them all."""
    lines = [reason for each in (refusal, *refusal.besides) if each.field == "options" for reason in each.why]
    others = [RefusedError(each.why, each.field) for each in (refusal, *refusal.besides) if each.field != "options"]
    homeless = [reason for each in others for reason in show_refusal(form, each)]
    return (*lines, *homeless) or None
