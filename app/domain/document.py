"""A report before it is paper, a workbook or a page: sentences, tables with typed columns, and notes with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from app.domain.dates import say
from app.domain.explained import Clause, Reason
from app.domain.implementation.drawn import DrawnPlan

MOST_ON_PAPER = 2_000
"""So many rows a person may still read on paper: some sixty pages."""
WIDE = 6
"""A table of more columns lies across the page."""


class Shape(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; its notes say how what stands in it was counted."""

    label: str
    shape: Shape = Shape.TEXT
    notes: tuple[int, ...] = ()
    breadth: int = 0
    """How broad it is beside the others; 0 is what is usual for its shape."""


_BREADTH = {Shape.TEXT: 3, Shape.NUMBER: 2, Shape.MONEY: 2, Shape.DAY: 3}


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell of which notes say why it is what it is."""

    value: Any
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names the row."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    """Texts, whole numbers, decimals, days, or none; each may be `Noted`."""
    if_empty: str
    total: Sequence[Any] = ()
    """What stands under the rows on paper and screens; a workbook has the rows alone, which it can sum up."""

    @property
    def is_wide(self) -> bool:
        """Whether it needs the page lying."""
        return len(self.columns) > WIDE

    @property
    def shares(self) -> list[float]:
        """What each column has of the breadth, in percent."""
        breadths = [column.breadth or _BREADTH[column.shape] for column in self.columns]
        return [round(100 * each / sum(breadths), 2) for each in breadths]


@dataclass(frozen=True, slots=True)
class Note:
    """How something was counted: its number, what it is about, and the reasons."""

    number: int
    about: str
    why: tuple[Reason, ...]


class Notes:
    """The notes of a report as they are collected: the same reasons for the same thing are one note."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[Reason, ...]], int] = {}

    def on(self, about: str, why: Sequence[Reason]) -> int:
        """The number of the note that gives these reasons."""
        return self._found.setdefault((about, tuple(why)), len(self._found) + 1)

    def all(self) -> tuple[Note, ...]:
        """Every note, by number."""
        return tuple(Note(number, about, why) for (about, why), number in self._found.items())


@dataclass(frozen=True, slots=True)
class Serves:
    """What a report is evidence of: a topic and the clauses that ask for it."""

    topic: str
    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        told: dict[str, list[str]] = {}
        for each in self.clauses:
            told.setdefault(each.standard, []).append(each.number)
        return "; ".join(", ".join([standard, *numbers]) for standard, numbers in told.items())


@dataclass(frozen=True, slots=True)
class Document:
    """A report of one organisation on one day."""

    name: str
    """As files are called."""
    title: str
    organisation: str
    day: date
    """The day that it tells of."""
    made_on: date
    made_by: str
    says: str
    """One sentence on how things stand."""
    serves: tuple[Serves, ...]
    tables: tuple[Table, ...]
    notes: tuple[Note, ...]
    journal_entries: int
    journal_head: str
    """The hash of the latest entry of the organisation's journal when the report was made."""
    narrowed: tuple[tuple[str, str], ...] = field(default=())
    """What was asked for, each as label and value."""
    drawings: tuple[DrawnPlan, ...] = field(default=())
    """What is drawn of it, before its tables: they say the same."""
    whole: bool = True
    """False where there were more rows than were asked for, and the rest was left out."""

    @property
    def row_count(self) -> int:
        """How many rows all tables hold."""
        return sum(len(table.rows) for table in self.tables)

    @property
    def fits_paper(self) -> bool:
        """Whether a person could still read it on paper."""
        return self.whole and self.row_count <= MOST_ON_PAPER

    @property
    def is_wide(self) -> bool:
        """Whether the page lies."""
        return any(table.is_wide for table in self.tables)


def say_cell(cell: Any, shape: Shape = Shape.TEXT) -> str:
    """A cell as paper and screens write it: 1,250 and −1,250.50, 14 Mar 2027, – where there is nothing."""
    value = cell.value if isinstance(cell, Noted) else cell
    if value is None or value == "":
        return "–"
    if isinstance(value, date):
        return say(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and shape in (Shape.NUMBER, Shape.MONEY)):
        return f"{value:,}".replace("-", "−")
    return str(value)


def notes_on(cell: Any) -> tuple[int, ...]:
    """The notes of a cell."""
    return cell.notes if isinstance(cell, Noted) else ()


def say_rows(count: int) -> str:
    """A number of rows in words: 1 row, 12 rows."""
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
