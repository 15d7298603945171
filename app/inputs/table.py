"""Tables that people send, as CSV or as a workbook: a head and lines of text, each with its number in the file.

What is wrong with the whole file is refused; what is wrong with one line is kept as its fault, so that all can be told
at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from app.domain.explained import RefusedError
from app.domain.itam.rows import Fault
from app.inputs.comma import read_csv
from app.inputs.limits import MOST_BYTES, MOST_COLUMNS, MOST_LINES, read_whole
from app.inputs.raw import Raw, column_name
from app.inputs.workbook import read_workbook

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its number in the file, and as many cells as the head has."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: the names of its columns, its lines, and the lines that cannot be read."""

    head: Cells
    lines: list[Line]
    faults: list[Fault] = field(default_factory=list)

    def samples(self, most: int = 3) -> dict[str, list[str]]:
        """The first values of each column that has any, for whoever says what it means."""
        found: dict[str, list[str]] = {name: [] for name in self.head}
        for line in self.lines[:100]:
            for name, cell in zip(self.head, line.cells, strict=True):
                if cell and cell not in found[name] and len(found[name]) < most:
                    found[name].append(cell)
        return found


def read_table(content: BinaryIO, name: str, most_bytes: int = MOST_BYTES) -> Table:
    """Read a CSV or an XLSX file, whichever it is by what is in it; raises `RefusedError` at `file`."""
    data = read_whole(content, name, most_bytes)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _table(read_workbook(content, name), name, pads=True)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedError(
            f"“{name}” is a workbook of the old kind (xls) or protected by a password. Save it as XLSX or CSV.", "file"
        )
    return _table(read_csv(data, name), name, pads=False)


def _table(raw: Iterable[Raw], name: str, *, pads: bool) -> Table:
    """The first line that holds anything is the head. `pads`: whether a line may leave out its last, empty cells."""
    head: Cells | None = None
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, found, wrong in raw:
        cells = [_clean(cell) for cell in found]
        if not wrong and not any(cells):
            continue
        if head is None:
            if wrong:
                raise RefusedError(f"Line {number} of “{name}”: {wrong}", "file")
            head = _head(cells, number)
            continue
        if len(lines) + len(faults) >= MOST_LINES:
            raise RefusedError(f"“{name}” has more than {MOST_LINES:,} lines. Split it.", "file")
        if not wrong:
            wrong = _misfit(cells, len(head), pads)
        if wrong:
            faults.append(Fault(number, "", wrong))
        else:
            lines.append(Line(number, (*cells, *[""] * (len(head) - len(cells)))[: len(head)]))
    if head is None:
        raise RefusedError(f"“{name}” holds no line with anything in it.", "file")
    if not lines and not faults:
        raise RefusedError(f"“{name}” holds the names of its columns and no line below them.", "file")
    return Table(head, lines, faults)


def _misfit(cells: list[str], width: int, pads: bool) -> str:
    if len(cells) > width and any(cells[width:]):
        return (
            f"It has {len(cells)} cells where the head has {width}. A separator within a text needs quotes around it."
        )
    if len(cells) < width and not pads:
        return f"It has {len(cells)} cells where the head has {width}."
    return ""


def _head(cells: list[str], number: int) -> Cells:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise RefusedError(f"Line {number} names {len(cells)} columns; at most {MOST_COLUMNS} are taken.", "file")
    named = [" ".join(cell.split()) or f"(column {column_name(place)})" for place, cell in enumerate(cells)]
    seen: dict[str, int] = {}
    for place, each in enumerate(named):
        folded = each.casefold()
        if folded in seen:
            both = f"{column_name(seen[folded])} and {column_name(place)}"
            raise RefusedError(f"Two columns are named “{each}”: {both}. Give each a name of its own.", "file")
        seen[folded] = place
    return tuple(named)


_UNSEEN = dict.fromkeys([*range(1, 9), 11, 12, *range(14, 32), *range(127, 160), 0xFEFF])


def _clean(cell: str) -> str:
    """A cell without signs that nobody sees, and without the quote that a list of ours puts before a formula."""
    text = cell.strip()
    if not text.isprintable():
        text = text.translate(_UNSEEN).strip()
    if text.startswith("'") and text[1:2] in ("=", "+", "-", "@"):
        return text[1:]
    return text
