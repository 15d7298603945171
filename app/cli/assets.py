"""`flask assets`: bring assets, employees, installed software and its use in from files."""

import click

from app.cli.importing import import_command
from app.inputs.lines import FileKind


@click.group()
def assets() -> None:
    """Assets, employees and installed software."""


assets.add_command(
    import_command(
        (
            FileKind.ASSETS,
            FileKind.EMPLOYEES,
            FileKind.INSTALLATIONS,
            FileKind.SWID,
            FileKind.CYCLONEDX,
            FileKind.USAGE,
        ),
        "Import FILE: all of it, or nothing where a line is faulty; then each fault is a line, and the exit code is 2.",
    )
)
