"""Lay an implementation out: shown first, and kept as it was shown."""

from uuid import uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.catalogue.implementation import templates
from app.domain.explained import RefusedError
from app.domain.implementation.plan import Step
from app.domain.permission import Permission
from app.operations import implementations as operation
from app.operations.received import once
from app.queries.implementations import certificates_to_choose
from app.web.forms import show_refusal
from app.web.implementation.area import area, page_of
from app.web.implementation.forms import LayOutForm
from app.work import Work

TEMPLATE = "implementation/create.html"


@area.form("/new", needs=Permission.MANAGE_IMPLEMENTATION)
def create(work: Work) -> ResponseReturnValue:
    """Choose the standard, the first day and the days; the tasks are shown before they are kept."""
    form = LayOutForm()
    form.offer(list(templates()), certificates_to_choose(work))
    if request.method == "GET":
        form.starts_on.data, form.entry_key.data = work.today, str(uuid4())
        return render_template(TEMPLATE, form=form, laid=(), steps=Step)
    if not form.validate():
        return render_template(TEMPLATE, form=form, laid=(), steps=Step), 422
    try:
        laid = sorted(operation.preview(work, form.wish), key=lambda each: (each.starts_on, each.due_on))
        if form.shown.data != form.stamp:
            form.shown.data = form.stamp
            return render_template(TEMPLATE, form=form, laid=laid, steps=Step)
        said = {"wish": form.stamp}
        came = once(
            work,
            form.entry_key.data or "",
            str(request.endpoint),
            said,
            lambda: operation.lay_out(work, form.wish).reference,
        )
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template(TEMPLATE, form=form, laid=(), steps=Step, refused=refused), 422
    flash("The plan is laid out. Give each task an owner.", "success")
    return redirect(page_of(came.result), 303)
