"""A file of one kind: read at once by the names of its columns, shown with every faulty line, and kept meanwhile."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.mapping import Field, guess, mapped, refuse_mapping
from app.domain.itam.rows import Conventions, Fault, Said, Told
from app.domain.itam.values import DayOrder
from app.inputs.table import read_table
from app.operations.waiting_files import UnknownFileError, Waiting, wait, waiting
from app.outputs.sheet import as_csv
from app.web.certificates.forms import has_file
from app.web.forms import PageForm, show_refusal
from app.work import Work

SHOWN = 200
"""So many lines are shown of each; all faulty ones are in a file."""


D = TypeVar("D")


def chosen(
    work: Work, form: PageForm, template: str, purpose: str, fields: Sequence[Field], preview: str
) -> ResponseReturnValue:
    """The page on which a file is chosen, or on to what it will do; one that cannot be read is refused at its field."""
    if request.method == "GET":
        return render_template(template, form=form)
    if not form.validate():
        return render_template(template, form=form), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        kept = wait(work, form.file.data, purpose, {"day_order": form.day_order.data})
        told_by(kept, fields)
    except RefusedError as refusal:
        return render_template(template, form=form, refused=show_refusal(form, refusal)), 422
    return redirect(url_for(preview, token=kept.token), 303)


def let(work: Work, told: Told, carry_out: Callable[[Work, Told, str], D]) -> D | RefusedError:
    """Carry out what was agreed to on the page, and give what was done; or why it was refused."""
    try:
        # The file is read already: nobody waits for its lines while they are written.
        with work.writing() as writing:
            return carry_out(writing, told, request.form.get("agreed", ""))
    except RefusedError as refusal:
        return refusal


def told_by(file: Waiting, fields: Sequence[Field]) -> Told:
    """The lines of the file by our fields; refused at `file` where a column that is needed is not there."""
    with file.path.open("rb") as content:
        table = read_table(content, file.name)
    columns = guess(fields, table.head)
    try:
        refuse_mapping(fields, table.head, columns)
    except RefusedError as refusal:
        missing = ", ".join(each.label for each in fields if each.required and each.name not in columns)
        has = ", ".join(table.head)
        says = f"“{file.name}” has no column for {missing}. It has {has[:300]}. Name the columns as said below."
        raise RefusedError(says, "file") from refusal
    order = next((each for each in DayOrder if each.value == file.said.get("day_order")), None)
    lines: list[Said] = [(line.number, mapped(columns, table.head, line.cells)) for line in table.lines]
    unread = tuple(each for each in table.head if each not in columns.values())
    return Told(lines, table.faults, Conventions(day_order=order), unread)


def waiting_or_back(work: Work, token: str, purpose: str, back: str) -> Waiting | ResponseReturnValue:
    """The file of a token; 404 for one that was made up, and back to the start for one that waited too long."""
    try:
        return waiting(work, token, purpose)
    except UnknownFileError:
        abort(404)
    except RefusedError as refusal:
        flash(refusal.why[0].says, "danger")
        return redirect(back, 303)


def faults_file(faults: Iterable[Fault]) -> ResponseReturnValue:
    """Every faulty line, as a file."""
    headers = {
        "Content-Disposition": 'attachment; filename="faulty-lines.csv"',
        "Content-Type": "text/csv; charset=utf-8",
        "Cache-Control": "private, no-store",
    }
    rows = [(fault.where, fault.field, fault.says) for fault in faults]
    return as_csv(("Where", "Field", "What is wrong"), rows), 200, headers
