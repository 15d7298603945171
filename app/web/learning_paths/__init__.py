"""Learning paths: courses that are taken one after another."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.course import LearningPath
from app.operations import learning_paths as operation
from app.operations.conflict import ConflictError
from app.operations.learning_paths import MOST_COURSES, PathDetails
from app.queries.courses import courses_to_choose, path_by, path_list, published_of
from app.web.audits.forms import Rows
from app.web.fields import read_version
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area, may
from app.work import Work

area = Area("learning_paths", __name__, url_prefix="/learning-paths")
ROWS = 3


class PathForm(PageForm):
    """A learning path: its courses in rows, from the first to the last."""

    version = HiddenField()
    title = StringField("Title", [InputRequired("Give the path a title."), Length(max=200)])
    summary = TextAreaField("Summary", [Length(max=5000)], render_kw={"rows": 3})
    courses = Rows(
        SelectField("Course", validate_choice=False, default=""), label="Courses, from the first to the last"
    )

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Fill the list of each row."""
        self.choices = [("", "None"), *choices]
        for entry in self.courses.entries:
            entry.choices = self.choices

    def add_rows(self, many: int) -> None:
        """Some empty rows at the end, as far as there is room."""
        for _ in range(many):
            if len(self.courses.entries) < MOST_COURSES:
                self.courses.append_entry().choices = self.choices

    def tell(self, path: LearningPath) -> None:
        """Show what is kept."""
        self.version.data = str(path.version)
        self.title.data, self.summary.data = path.title, path.summary
        for each in path.courses:
            entry = self.courses.append_entry(each.course.reference)
            entry.choices = self.choices
            if each.course.reference not in dict(self.choices):
                entry.choices = [*self.choices, (each.course.reference, f"{each.course.title} (retired)")]

    @property
    def details(self) -> PathDetails:
        """What was typed."""
        chosen = [each.data for each in self.courses.entries if each.data]
        return PathDetails(title=self.title.data or "", summary=self.summary.data or "", courses=chosen)


@area.get("", needs=Permission.TAKE_TRAINING)
def index(work: Work) -> ResponseReturnValue:
    """The paths by title."""
    paths = path_list(work)
    if not may(Permission.MANAGE_TRAINING):
        paths = [each for each in paths if each.retired_at is None]
    return render_template("learning_paths/index.html", paths=paths, minutes=_minutes)


@area.get("/<int:path_id>", needs=Permission.TAKE_TRAINING)
def show(work: Work, path_id: int) -> ResponseReturnValue:
    """A path with its courses in their order."""
    path = _or_404(work, path_id)
    return render_template("learning_paths/show.html", path=path, minutes=_minutes, published_of=published_of)


@area.form("/new", needs=Permission.MANAGE_TRAINING)
def create(work: Work) -> ResponseReturnValue:
    """Lay out a path."""
    form = PathForm()
    form.offer(courses_to_choose(work))
    if request.method == "GET" or "more" in request.form:
        form.add_rows(ROWS)
    elif form.validate():
        try:
            path = operation.write_path(work, form.details)
            flash(f"“{path.title}” is laid out.", "success")
            return redirect(url_for("learning_paths.show", path_id=path.id), 303)
        except RefusedError as refusal:
            refused = _told(form, refusal)
            return render_template("learning_paths/form.html", form=form, path=None, refused=refused), 422
    status = 422 if request.method == "POST" and "more" not in request.form else 200
    return render_template("learning_paths/form.html", form=form, path=None), status


@area.form("/<int:path_id>/edit", needs=Permission.MANAGE_TRAINING)
def edit(work: Work, path_id: int) -> ResponseReturnValue:
    """Change a path; the second of two is shown both versions."""
    path = _or_404(work, path_id, lock=request.method == "POST")
    form = PathForm()
    form.offer(courses_to_choose(work))
    page: dict[str, Any] = {"form": form, "path": path, "title": path.title}
    if request.method == "GET":
        form.tell(path)
        form.add_rows(1)
    elif "more" in request.form:
        form.add_rows(ROWS)
    elif form.validate():
        try:
            operation.change_path(work, path, form.details, read_version(form.version.data))
            flash(f"“{path.title}” is saved.", "success")
            return redirect(url_for("learning_paths.show", path_id=path_id), 303)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            page |= {"refused": conflict.why, "theirs": conflict.now}
            return render_template("learning_paths/form.html", **page), 422
        except RefusedError as refusal:
            return render_template("learning_paths/form.html", **page, refused=_told(form, refusal)), 422
    status = 422 if request.method == "POST" and "more" not in request.form else 200
    return render_template("learning_paths/form.html", **page), status


@area.post("/<int:path_id>/retire", needs=Permission.MANAGE_TRAINING)
def retire(work: Work, path_id: int) -> ResponseReturnValue:
    """Take a path out of use."""
    path = _or_404(work, path_id, lock=True)
    operation.retire_path(work, path)
    flash(f"“{path.title}” is retired; its courses stay.", "success")
    return redirect(url_for("learning_paths.show", path_id=path_id), 303)


@area.post("/<int:path_id>/bring-back", needs=Permission.MANAGE_TRAINING)
def bring_back(work: Work, path_id: int) -> ResponseReturnValue:
    """Take a retired path into use again."""
    path = _or_404(work, path_id, lock=True)
    operation.bring_path_back(work, path)
    flash(f"“{path.title}” is in use again.", "success")
    return redirect(url_for("learning_paths.show", path_id=path_id), 303)


def _told(form: PathForm, refusal: RefusedError) -> Any:
    """The courses are rows, and a refusal of theirs stands above them all."""
    return refusal.why if refusal.field == "courses" else show_refusal(form, refusal)


def _minutes(path: LearningPath) -> int:
    """How long the published versions of its courses take together."""
    versions = (published_of(each.course) for each in path.courses)
    return sum(each.minutes for each in versions if each is not None)


def _or_404(work: Work, path_id: int, *, lock: bool = False) -> LearningPath:
    path = path_by(work, path_id, lock=lock)
    if path is None or (path.retired_at is not None and not may(Permission.MANAGE_TRAINING)):
        abort(404)
    return path
