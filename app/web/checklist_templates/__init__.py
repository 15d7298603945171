"""Templates of checklists: what the organisation asks again and again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.checklist import ChecklistTemplate
from app.operations import checklist_templates as operation
from app.operations.conflict import ConflictError
from app.queries.checklist_templates import template_by, template_lines
from app.web.checklist_templates.forms import EMPTY_ROWS, MORE_ROWS, TemplateForm
from app.web.fields import seen_version
from app.web.forms import show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("checklist_templates", __name__, url_prefix="/checklist-templates")


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """The templates in use; those that are retired below them."""
    used, retired = (template_lines(work, retired=each) for each in (False, True))
    return render_template("checklist_templates/index.html", used=used, retired=retired)


@area.get("/<int:template_id>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, template_id: int) -> ResponseReturnValue:
    """One template with its questions."""
    return render_template("checklist_templates/show.html", template=_or_404(work, template_id))


@area.form("/new", needs=Permission.WORK_ON_AUDIT)
def create(work: Work) -> ResponseReturnValue:
    """Write a template."""
    form = TemplateForm()
    form.offer(work)
    if request.method == "GET":
        form.add_rows(MORE_ROWS)
        return render_template("checklist_templates/form.html", form=form, template=None)
    if "more" in request.form:
        return _with_rows(form, None)
    refused = None
    if form.validate():
        try:
            template = operation.write(work, form.name.data or "", form.standard.data or "", form.lines)
            flash(f"{template.name} is written.", "success")
            return redirect(url_for("checklist_templates.show", template_id=template.id), 303)
        except RefusedError as refusal:
            refused = _shown(form, refusal)
    return render_template("checklist_templates/form.html", form=form, template=None, refused=refused), 422


@area.form("/<int:template_id>/edit", needs=Permission.WORK_ON_AUDIT)
def edit(work: Work, template_id: int) -> ResponseReturnValue:
    """Change a template; the checklists built from it stay as they are."""
    template = _or_404(work, template_id, lock=request.method == "POST")
    form = TemplateForm()
    form.offer(work, template.standard)
    if request.method == "GET":
        form.tell(template)
        form.add_rows(EMPTY_ROWS)
        return render_template("checklist_templates/form.html", form=form, template=template)
    if "more" in request.form:
        return _with_rows(form, template)
    refused = None
    if form.validate():
        seen = seen_version(form.version.data) or 0
        try:
            operation.change(work, template, seen, form.name.data or "", form.standard.data or "", form.lines)
            flash(f"{template.name} is saved.", "success")
            return redirect(url_for("checklist_templates.show", template_id=template_id), 303)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            page = {"form": form, "template": template, "refused": conflict.why, "theirs": conflict.now}
            return render_template("checklist_templates/form.html", **page), 409
        except RefusedError as refusal:
            refused = _shown(form, refusal)
    return render_template("checklist_templates/form.html", form=form, template=template, refused=refused), 422


@area.post("/<int:template_id>/retire", needs=Permission.WORK_ON_AUDIT)
def retire(work: Work, template_id: int) -> ResponseReturnValue:
    """Take a template out of use."""
    template = _or_404(work, template_id, lock=True)
    operation.retire(work, template)
    flash(f"{template.name} is retired: no checklist is built from it any more.", "success")
    return redirect(url_for("checklist_templates.index"), 303)


@area.post("/<int:template_id>/bring-back", needs=Permission.WORK_ON_AUDIT)
def bring_back(work: Work, template_id: int) -> ResponseReturnValue:
    """Take a retired template into use again."""
    template = _or_404(work, template_id, lock=True)
    operation.bring_back(work, template)
    flash(f"{template.name} is in use again.", "success")
    return redirect(url_for("checklist_templates.show", template_id=template_id), 303)


def _with_rows(form: TemplateForm, template: ChecklistTemplate | None) -> ResponseReturnValue:
    """The form with what was typed, what was pasted in rows, and more empty ones; nothing is saved."""
    form.spread_pasted()
    form.add_rows(MORE_ROWS)
    return render_template("checklist_templates/form.html", form=form, template=template)


def _shown(form: TemplateForm, refusal: RefusedError) -> object:
    """The questions are rows, and a refusal of theirs stands above them all."""
    return refusal.why if refusal.field == "questions" else show_refusal(form, refusal)


def _or_404(work: Work, template_id: int, *, lock: bool = False) -> ChecklistTemplate:
    return template_by(work, template_id, lock=lock) or abort(404)
