"""The steps of an import: the file, its columns, what it will do, and then doing it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.import_fields import FIELDS
from app.domain.itam.mapping import guess, refuse_mapping
from app.domain.itam.rows import Lines
from app.domain.permission import Permission
from app.inputs.lines import FileKind, lines_of, software_lines
from app.inputs.table import Table, read_table
from app.operations.column_mappings import remember
from app.operations.imports import Sent, carry_out, day_of, prepare
from app.operations.waiting_files import Waiting, wait
from app.queries.column_mappings import columns_of, sources_of
from app.web.certificates.forms import has_file
from app.web.columns import asked_columns
from app.web.forms import show_refusal
from app.web.imports.area import area
from app.web.imports.forms import ConventionsForm, FileForm, asked_conventions
from app.web.whole_file import faults_file, waiting_or_back
from app.work import Work

PURPOSE = "import"
SHOWN = 100
"""So many lines are shown of each; all faulty ones are in a file."""
_KEPT = ("day_order", "decimal_sign", "currency", "seen_on")


@area.form("/new", needs=Permission.MANAGE_ASSETS, writes=False)
def create(work: Work) -> ResponseReturnValue:
    """Choose a file and say what it holds."""
    form = FileForm()
    page: dict[str, Any] = {"form": form, "sources": sources_of(work, [each.value for each in FIELDS])}
    if request.method == "GET":
        form.kind.data = request.args.get("kind", FileKind.ASSETS.value)
        return render_template("imports/create.html", **page)
    if not form.validate():
        return render_template("imports/create.html", **page), 422
    kind = FileKind(form.kind.data)
    said = {"kind": kind.value, "source": (form.source.data or "").strip(), "asset": (form.asset.data or "").strip()}
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        if kind is FileKind.CYCLONEDX and not said["asset"]:
            raise RefusedError("Say which asset it describes: a bill of materials names none.", "asset")
        kept = wait(work, form.file.data, PURPOSE, said)
        if kind.is_table:
            _table(kept)
        else:
            _software(kept)
    except RefusedError as refusal:
        return render_template("imports/create.html", **page, refused=show_refusal(form, refusal)), 422
    step = "imports.columns" if kind.is_table else "imports.preview"
    return redirect(url_for(step, token=kept.token), 303)


@area.form("/file/<token>", needs=Permission.MANAGE_ASSETS)
def columns(work: Work, token: str) -> ResponseReturnValue:
    """Say which column means what; it is remembered for the next file of the source."""
    file = waiting_or_back(work, token, PURPOSE, url_for("imports.create"))
    if not isinstance(file, Waiting):
        return file
    kind = FileKind(file.said["kind"])
    if not kind.is_table:
        abort(404)
    table, fields = _table(file), FIELDS[kind.batch_kind]
    form = ConventionsForm()
    page: dict[str, Any] = {"form": form, "file": file, "kind": kind, "table": table, "fields": fields}
    page["samples"] = table.samples()
    if request.method == "GET":
        form.seen_on.data = day_of(work, kind.batch_kind, file.sha256)
        remembered = columns_of(work, kind.batch_kind.value, file.said["source"])
        chosen = guess(fields, table.head, remembered)
        return render_template("imports/columns.html", **page, chosen=chosen, is_remembered=remembered is not None)
    chosen = asked_columns(fields)
    page["chosen"] = chosen
    if not form.validate():
        return render_template("imports/columns.html", **page), 422
    try:
        refuse_mapping(fields, table.head, chosen)
    except RefusedError as refusal:
        return render_template("imports/columns.html", **page, refused=refusal.why), 422
    remember(work, kind.batch_kind.value, file.said["source"], chosen)
    said: dict[str, Any] = dict(form.address)
    return redirect(url_for("imports.preview", token=token, **said), 303)


@area.form("/file/<token>/preview", needs=Permission.MANAGE_ASSETS, writes=False)
def preview(work: Work, token: str) -> ResponseReturnValue:
    """See what the import will add, change and leave, and which lines are faulty; then let it."""
    file = waiting_or_back(work, token, PURPOSE, url_for("imports.create"))
    if not isinstance(file, Waiting):
        return file
    lines = _lines(work, file)
    if lines is None:
        return redirect(url_for("imports.columns", token=token), 303)
    sent = Sent(file.name, file.sha256, file.said["source"])
    refused: Any = None
    if request.method == "POST":
        try:
            # The file is read already: nobody waits for its lines while they are written.
            with work.writing() as writing:
                batch = carry_out(writing, lines, sent, request.form.get("agreed", ""))
                done, batch_id = _said(batch.added, batch.changed, batch.left), batch.id
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(f"{file.name} is imported: {done}.", "success")
            return redirect(url_for("imports.show", batch_id=batch_id), 303)
    plan = prepare(work, lines, sent)
    kept: dict[str, Any] = {name: request.args[name] for name in _KEPT if request.args.get(name)}
    page = render_template(
        "imports/preview.html",
        file=file,
        kind=FileKind(file.said["kind"]),
        plan=plan,
        shown=SHOWN,
        refused=refused,
        says=_said(len(plan.additions), len(plan.alterations), plan.left),
        faults_url=url_for("imports.faults", token=token, **kept),
        back=url_for("imports.columns", token=token),
    )
    return page, 422 if refused else 200


@area.get("/file/<token>/faults.csv", needs=Permission.MANAGE_ASSETS)
def faults(work: Work, token: str) -> ResponseReturnValue:
    """Every faulty line, as a file."""
    file = waiting_or_back(work, token, PURPOSE, url_for("imports.create"))
    if not isinstance(file, Waiting):
        return file
    lines = _lines(work, file)
    if lines is None:
        abort(404)
    plan = prepare(work, lines, Sent(file.name, file.sha256, file.said["source"]))
    return faults_file(plan.faults)


def _said(added: int, changed: int, left: int) -> str:
    return f"{added:,} added, {changed:,} changed, {left:,} left as they are"


def _table(file: Waiting) -> Table:
    with file.path.open("rb") as content:
        return read_table(content, file.name)


def _software(file: Waiting) -> Lines:
    with file.path.open("rb") as content:
        kind, asset = FileKind(file.said["kind"]), file.said["asset"]
        return software_lines(content, file.name, kind, asset, asked_conventions())


def _lines(work: Work, file: Waiting) -> Lines | None:
    """The lines of the file as its columns are remembered; None where nobody has said yet what they mean."""
    kind = FileKind(file.said["kind"])
    if not kind.is_table:
        return _software(file)
    table, fields = _table(file), FIELDS[kind.batch_kind]
    remembered = columns_of(work, kind.batch_kind.value, file.said["source"])
    chosen = guess(fields, table.head, remembered) if remembered is not None else {}
    try:
        refuse_mapping(fields, table.head, chosen)
    except RefusedError:
        return None
    return lines_of(table, kind.batch_kind, chosen, asked_conventions())
