"""Past completions from a file: see what it will do, with every faulty line, and then let it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.mapping import guess, mapped, refuse_mapping
from app.domain.itam.rows import Conventions, Said
from app.domain.itam.values import DayOrder
from app.domain.permission import Permission
from app.domain.training.completion_fields import COMPLETIONS
from app.inputs.table import read_table
from app.operations.training_import import Told, carry_out, plan
from app.operations.waiting_files import UnknownFileError, Waiting, wait, waiting
from app.outputs.sheet import as_csv
from app.web.certificates.forms import has_file
from app.web.forms import show_refusal
from app.web.training.area import area
from app.web.training.forms import ImportForm
from app.work import Work

PURPOSE = "training"
SHOWN = 200
"""So many lines are shown of each; all faulty ones are in a file."""


@area.form("/import", needs=Permission.MANAGE_TRAINING, writes=False)
def import_file(work: Work) -> ResponseReturnValue:
    """Choose a file."""
    form = ImportForm()
    if request.method == "GET":
        return render_template("training/import.html", form=form)
    if not form.validate():
        return render_template("training/import.html", form=form), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        kept = wait(work, form.file.data, PURPOSE, {"day_order": form.day_order.data})
        _told(kept)
    except RefusedError as refusal:
        return render_template("training/import.html", form=form, refused=show_refusal(form, refusal)), 422
    return redirect(url_for("training.preview", token=kept.token), 303)


@area.form("/import/<token>", needs=Permission.MANAGE_TRAINING, writes=False)
def preview(work: Work, token: str) -> ResponseReturnValue:
    """See what it will add and leave, and which lines are faulty; then let it."""
    file = _waiting(work, token)
    if not isinstance(file, Waiting):
        return file
    told = _told(file)
    refused: Any = None
    if request.method == "POST":
        try:
            # The file is read already: nobody waits for its lines while they are written.
            with work.writing() as writing:
                done = carry_out(writing, told, request.form.get("agreed", ""))
        except RefusedError as refusal:
            refused = refusal.why
        else:
            says = f"{len(done.additions):,} completions added, {done.left:,} on record already"
            flash(f"{file.name} is imported: {says}.", "success")
            return redirect(url_for("training.matrix"), 303)
    page = render_template(
        "training/import_preview.html", file=file, plan=plan(work, told), shown=SHOWN, refused=refused
    )
    return page, 422 if refused else 200


@area.get("/import/<token>/faults.csv", needs=Permission.MANAGE_TRAINING)
def faults(work: Work, token: str) -> ResponseReturnValue:
    """Every faulty line, as a file."""
    file = _waiting(work, token)
    if not isinstance(file, Waiting):
        return file
    rows = [(fault.where, fault.field, fault.says) for fault in plan(work, _told(file)).faults]
    headers = {
        "Content-Disposition": 'attachment; filename="faulty-lines.csv"',
        "Content-Type": "text/csv; charset=utf-8",
        "Cache-Control": "private, no-store",
    }
    return as_csv(("Where", "Field", "What is wrong"), rows), 200, headers


def _waiting(work: Work, token: str) -> Waiting | ResponseReturnValue:
    try:
        return waiting(work, token, PURPOSE)
    except UnknownFileError:
        abort(404)
    except RefusedError as refusal:
        flash(refusal.why[0].says, "danger")
        return redirect(url_for("training.import_file"), 303)


def _told(file: Waiting) -> Told:
    """The lines of the file by our fields; refused at `file` where a column that is needed is not there."""
    with file.path.open("rb") as content:
        table = read_table(content, file.name)
    columns = guess(COMPLETIONS, table.head)
    try:
        refuse_mapping(COMPLETIONS, table.head, columns)
    except RefusedError as refusal:
        missing = ", ".join(each.label for each in COMPLETIONS if each.required and each.name not in columns)
        has = ", ".join(table.head)
        says = f"“{file.name}” has no column for {missing}. It has {has[:300]}. Name the columns as said below."
        raise RefusedError(says, "file") from refusal
    order = next((each for each in DayOrder if each.value == file.said.get("day_order")), None)
    lines: list[Said] = [(line.number, mapped(columns, table.head, line.cells)) for line in table.lines]
    return Told(lines, table.faults, Conventions(day_order=order))
