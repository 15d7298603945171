"""A file that was sent, as the lines of an import: whichever kind it is said to be."""

from typing import BinaryIO

from app.domain.itam.batch import BatchKind
from app.domain.itam.mapping import Columns, mapped
from app.domain.itam.rows import Conventions, Lines, Said
from app.domain.words import Word
from app.inputs.cyclonedx import read_cyclonedx
from app.inputs.limits import MOST_BYTES
from app.inputs.swid import read_swid
from app.inputs.table import Table


class FileKind(Word):
    """What a file is said to hold, and in which form."""

    ASSETS = "assets"
    EMPLOYEES = "employees"
    INSTALLATIONS = "installations"
    SWID = "swid"
    CYCLONEDX = "cyclonedx"
    ENTITLEMENTS = "entitlements"
    USAGE = "usage"

    @property
    def batch_kind(self) -> BatchKind:
        """What its rows are."""
        return BatchKind(self.value) if self.is_table else BatchKind.INSTALLATIONS

    @property
    def is_table(self) -> bool:
        """Whether somebody has to say which column means what."""
        return self not in (FileKind.SWID, FileKind.CYCLONEDX)

    @property
    def label(self) -> str:
        return {"swid": "Installations (SWID tags)", "cyclonedx": "Installations (CycloneDX)"}.get(
            self.value, self.value.capitalize()
        )


def lines_of(table: Table, kind: BatchKind, columns: Columns, conventions: Conventions) -> Lines:
    """The lines of a table by our fields."""
    said: list[Said] = [(line.number, mapped(columns, table.head, line.cells)) for line in table.lines]
    return Lines(kind, said, conventions, faults=list(table.faults))


def software_lines(
    content: BinaryIO, name: str, kind: FileKind, asset: str, conventions: Conventions, most_bytes: int = MOST_BYTES
) -> Lines:
    """The software of a tag or of a bill of materials."""
    reader = read_swid if kind is FileKind.SWID else read_cyclonedx
    lines = reader(content, name, asset, most_bytes)
    lines.conventions = conventions
    return lines
