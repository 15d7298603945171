"""`flask licences`: bring in what was bought and what was used, and say how it stands."""

import click

from app.cli.importing import import_command
from app.cli.positions import position_command
from app.inputs.lines import FileKind


@click.group()
def licences() -> None:
    """Licences: what was bought, and what is used."""


licences.add_command(
    import_command(
        (FileKind.ENTITLEMENTS, FileKind.USAGE),
        "Import FILE: all of it, or nothing where a line is faulty; then each fault is a line, and the exit code is 2.",
    )
)
licences.add_command(position_command)
