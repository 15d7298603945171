"""The import of a file by command: the same functions as the pages, all or nothing."""

import io
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.cli.plainly import Name
from app.domain.explained import RefusedError
from app.domain.itam.import_fields import FIELDS
from app.domain.itam.mapping import guess, refuse_mapping
from app.domain.itam.rows import Conventions, Lines
from app.domain.itam.values import DayOrder, DecimalSign
from app.inputs.lines import FileKind, lines_of, software_lines
from app.inputs.table import read_table
from app.models.organisation import Organisation
from app.operations.imports import Sent, carry_out, prepare
from app.operations.organisations import slug_of
from app.queries.column_mappings import columns_of
from app.storage import safe_name
from app.work import Work, work


def import_command(kinds: tuple[FileKind, ...], says: str) -> click.Command:
    """A command that imports files of these kinds; the first is the one where none is said."""

    @click.command("import", help=says)
    @click.argument("file", metavar="FILE")
    @click.option("--organisation", required=True, metavar="SLUG", help="Whose register it is.")
    @click.option(
        "--kind", type=click.Choice([each.value for each in kinds]), default=kinds[0].value, show_default=True,
        help="What the file holds.",
    )  # fmt: skip
    @click.option(
        "--source", type=Name(), default="", help="Whose columns are remembered; without any, they are guessed."
    )
    @click.option("--asset", default="", metavar="TAG", help="The asset of a CycloneDX file, or of SWID tags.")
    @click.option("--days", type=click.Choice(list(DayOrder)), help="Which comes first in 01/02/2026.")
    @click.option("--decimals", type=click.Choice(list(DecimalSign)), help="What stands before the decimals in 1,250.")
    @click.option("--currency", default="", metavar="EUR", help="Of amounts that name none.")
    @click.option("--seen-on", type=click.DateTime(["%Y-%m-%d"]), help="The day of lines without one.")
    @click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
    @with_appcontext
    def command(file: str, organisation: str, kind: str, source: str, asset: str, dry_run: bool, **meant: Any) -> None:
        seen_on: date | None = meant["seen_on"].date() if meant["seen_on"] else None
        conventions = Conventions(
            DayOrder(meant["days"]) if meant["days"] else None,
            DecimalSign(meant["decimals"]) if meant["decimals"] else None,
            meant["currency"].strip().upper(),
            seen_on,
        )
        try:
            click.echo(_import(file, organisation, FileKind(kind), source.strip(), asset, conventions, dry_run))
        except RefusedError as refusal:
            _refuse(*(str(reason) for reason in refusal.why))

    return command


def _import(
    file: str, organisation: str, kind: FileKind, source: str, asset: str, conventions: Conventions, dry_run: bool
) -> str:
    try:
        data = Path(file).read_bytes()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "not a file name"
        raise RefusedError(f"{file}: {reason}.") from fault
    sent = Sent(safe_name(Path(file).name), sha256(data).hexdigest(), source)
    with work(None, writes=False) as looking:
        home = looking.one_or_none(select(Organisation.id).where(Organisation.slug == slug_of(organisation)))
    if home is None:
        raise RefusedError(f"There is no organisation {organisation}.")
    with work(home, writes=False) as reading:
        lines = _lines(reading, data, sent, kind, asset, conventions)
        plan = prepare(reading, lines, sent)
    for note in plan.notes:
        click.echo(note, err=True)
    if plan.faults:
        _refuse(*(str(fault) for fault in plan.faults))
    if dry_run:
        said = f"{len(plan.additions)} would be added, {len(plan.alterations)} changed, {plan.left} left as they are."
        return f"{sent.name}: {said} Nothing was changed."
    with work(home) as writing:
        batch = carry_out(writing, lines, sent)
        return f"{sent.name}: {batch.added} added, {batch.changed} changed, {batch.left} left as they are."


def _lines(reading: Work, data: bytes, sent: Sent, kind: FileKind, asset: str, conventions: Conventions) -> Lines:
    content = io.BytesIO(data)
    if not kind.is_table:
        if kind is FileKind.CYCLONEDX and not asset:
            raise RefusedError("Say --asset: a bill of materials names none.")
        return software_lines(content, sent.name, kind, asset, conventions)
    table, fields = read_table(content, sent.name), FIELDS[kind.batch_kind]
    columns = guess(fields, table.head, columns_of(reading, kind.batch_kind.value, sent.source))
    refuse_mapping(fields, table.head, columns)
    return lines_of(table, kind.batch_kind, columns, conventions)


def _refuse(*says: str) -> NoReturn:
    for line in says:
        click.echo(line, err=True)
    sys.exit(2)
