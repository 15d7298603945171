"""The list of runs, and the two steps of a new one: the file, then its columns."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.mapping import guess, mapped, refuse_mapping
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.reading import read_rows, refuse_unmatchable
from app.domain.itam.reconciling.record import Record
from app.domain.itam.reconciling.registers import REGISTERS, Register
from app.domain.itam.rows import Fault
from app.domain.permission import Permission
from app.inputs.table import Table, read_table
from app.operations import column_mappings
from app.operations import reconciliations as operation
from app.operations.reconciliations import Asked, SentFile
from app.operations.waiting_files import UnknownFileError, Waiting, wait, waiting
from app.outputs.sheet import as_csv
from app.queries.column_mappings import columns_of
from app.queries.reconciliations import PAGE, RunFilters, latest_files, latest_run, run_list, sources
from app.web.certificates.forms import has_file
from app.web.columns import asked_columns
from app.web.fields import asked_page
from app.web.forms import show_refusal
from app.web.reconciliations.area import area
from app.web.reconciliations.forms import ReadingForm, StartForm
from app.work import Work

PURPOSE = "reconciliation"


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """All runs, the latest first, fifty a page."""
    wanted = RunFilters(
        kind=_kind(request.args.get("kind")),
        source=request.args.get("source", "")[:120] or None,
        open=request.args.get("standing") == "open",
    )
    page = asked_page()
    runs, total = run_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        runs, total = run_list(work, wanted, page)
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("kind", "source", "standing") if request.args.get(name)
    }
    return render_template(
        "reconciliations/index.html",
        runs=runs,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        filtered=wanted != RunFilters(),
        kinds=list(SourceKind),
        sources=sorted({source for _, source in sources(work)}, key=str.casefold),
        link=lambda number: url_for("reconciliations.index", **asked, page=number),
    )


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """First step: which register, and its file."""
    form = StartForm()
    named = sorted({source for _, source in sources(work)}, key=str.casefold)
    page: dict[str, Any] = {"form": form, "sources": named, "files": latest_files(work)}
    if request.method == "GET":
        form.kind.data = request.args.get("kind") or form.kind.data
        form.source.data = request.args.get("source") or form.source.data
        return render_template("reconciliations/create.html", **page)
    if not form.validate():
        return render_template("reconciliations/create.html", **page), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a file.", "file")
        said = {"kind": form.kind.data, "source": " ".join(form.source.data.split())}
        file = wait(work, form.file.data, PURPOSE, said)
        _read(file)
    except RefusedError as refusal:
        return render_template("reconciliations/create.html", **page, refused=show_refusal(form, refusal)), 422
    return redirect(url_for("reconciliations.columns", token=file.token), 303)


@area.form("/new/<token>", needs=Permission.MANAGE_ASSETS)
def columns(work: Work, token: str) -> ResponseReturnValue:
    """Second step: which column means what, and how it is compared; then the run itself."""
    file = _file_or_404(work, token)
    if isinstance(file, RefusedError):
        flash(" ".join(each.says for each in file.why), "warning")
        return redirect(url_for("reconciliations.create"), 303)
    kind, source, table = _kind(file.said["kind"]) or SourceKind.LEDGER, file.said["source"], _read(file)
    register, form = REGISTERS[kind], ReadingForm()
    form.fit(kind)
    chosen = asked_columns(register.columns)
    page: dict[str, Any] = {
        "form": form,
        "file": file,
        "kind": kind,
        "source": source,
        "fields": register.columns,
        "head": table.head,
        "samples": table.samples(),
        "count": len(table.lines),
        "before": latest_run(work, kind, source),
    }
    if request.method == "GET":
        chosen = guess(register.columns, table.head, columns_of(work, f"{PURPOSE}-{kind.value}", source))
        if page["before"] is not None:
            form.begin(page["before"].asked)
        return render_template("reconciliations/columns.html", **page, chosen=chosen)
    if not form.validate():
        return render_template("reconciliations/columns.html", **page, chosen=chosen), 422
    try:
        theirs, faults = _theirs(register, table, chosen, form.asked)
        if faults:
            return render_template("reconciliations/columns.html", **page, chosen=chosen, faults=faults), 422
        sent = SentFile(file.name, file.sha256, file.path.stat().st_size)
        run = operation.run(work, kind, source, form.asked, theirs, sent)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("reconciliations/columns.html", **page, chosen=chosen, refused=refused), 422
    column_mappings.remember(work, f"{PURPOSE}-{kind.value}", source, chosen)
    flash(f"{run.reference} has compared {len(theirs):,} {register.its_rows}.", "success")
    return redirect(url_for("reconciliations.show", reference=run.reference), 303)


@area.post("/new/<token>/faults", needs=Permission.MANAGE_ASSETS, writes=False)
def faults(work: Work, token: str) -> ResponseReturnValue:
    """Everything that is wrong with the lines of a file, as a file."""
    file = _file_or_404(work, token)
    if isinstance(file, RefusedError):
        abort(404)
    kind = _kind(file.said["kind"]) or SourceKind.LEDGER
    form, register = ReadingForm(), REGISTERS[kind]
    form.fit(kind)
    try:
        if not form.validate():
            raise RefusedError("The answers need another look.")
        _, wrong = _theirs(register, _read(file), asked_columns(register.columns), form.asked)
    except RefusedError:
        return redirect(url_for("reconciliations.columns", token=token), 303)
    response = Response(as_csv(("Line", "Field", "What is wrong"), ((f.line, f.field, f.says) for f in wrong)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="faults-{work.today.isoformat()}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _theirs(register: Register, table: Table, chosen: dict[str, str], asked: Asked) -> tuple[list[Record], list[Fault]]:
    refuse_mapping(register.columns, table.head, chosen)
    refuse_unmatchable(register, chosen)
    operation.refuse_asked(asked)
    rows = ((line.number, mapped(chosen, table.head, line.cells)) for line in table.lines)
    records, wrong = read_rows(register, rows, asked.reading)
    return records, sorted([*table.faults, *wrong], key=lambda fault: fault.line)


def _file_or_404(work: Work, token: str) -> Waiting | RefusedError:
    """The file of the first step; a refusal where it has waited too long, 404 where there never was one."""
    try:
        return waiting(work, token, PURPOSE)
    except UnknownFileError:
        abort(404)
    except RefusedError as refusal:
        return refusal


def _read(file: Waiting) -> Table:
    with file.path.open("rb") as content:
        return read_table(content, file.name)


def _kind(value: str | None) -> SourceKind | None:
    return next((each for each in SourceKind if each.value == value), None)
