"""Past completions from a file: see what it will do, with every faulty line, and then let it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.completion_fields import COMPLETIONS
from app.operations.training_import import carry_out, plan
from app.operations.waiting_files import Waiting
from app.web.training.area import area
from app.web.training.forms import ImportForm
from app.web.whole_file import SHOWN, chosen, faults_file, let, told_by, waiting_or_back
from app.work import Work

PURPOSE = "training"


@area.form("/import", needs=Permission.MANAGE_TRAINING, writes=False)
def import_file(work: Work) -> ResponseReturnValue:
    """Choose a file."""
    return chosen(work, ImportForm(), "training/import.html", PURPOSE, COMPLETIONS, "training.preview")


@area.form("/import/<token>", needs=Permission.MANAGE_TRAINING, writes=False)
def preview(work: Work, token: str) -> ResponseReturnValue:
    """See what it will add and leave, and which lines are faulty; then let it."""
    file = waiting_or_back(work, token, PURPOSE, url_for("training.import_file"))
    if not isinstance(file, Waiting):
        return file
    told = told_by(file, COMPLETIONS)
    refused: Any = None
    if request.method == "POST":
        done = let(work, told, carry_out)
        if not isinstance(done, RefusedError):
            says = f"{len(done.additions):,} completions added, {done.left:,} on record already"
            flash(f"{file.name} is imported: {says}.", "success")
            return redirect(url_for("training.matrix"), 303)
        refused = done.why
    page = render_template(
        "training/import_preview.html", file=file, plan=plan(work, told), shown=SHOWN, refused=refused
    )
    return page, 422 if refused else 200


@area.get("/import/<token>/faults.csv", needs=Permission.MANAGE_TRAINING)
def faults(work: Work, token: str) -> ResponseReturnValue:
    """Every faulty line, as a file."""
    file = waiting_or_back(work, token, PURPOSE, url_for("training.import_file"))
    if not isinstance(file, Waiting):
        return file
    return faults_file(plan(work, told_by(file, COMPLETIONS)).faults)
