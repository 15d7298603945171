"""A report as a workbook: what it is, a sheet for each table, and how it was counted."""

from collections.abc import Iterator
from typing import Any

from app.domain.dates import say
from app.domain.document import Document, Noted, Table, notes_on
from app.outputs.sheet import Sheet, book_of


def as_workbook(document: Document) -> bytes:
    """All rows of a report, numbers and days as such."""
    return book_of([_about(document), *map(_sheet, document.tables), *_notes(document)])


def _about(document: Document) -> Sheet:
    rows: list[tuple[str, Any]] = [
        ("Report", document.title),
        ("How things stand", document.says),
        ("Organisation", document.organisation),
        ("As of", document.day),
        ("Made", f"{say(document.made_on)} by {document.made_by}"),
        ("Rows", document.row_count),
        *document.narrowed,
        *(("Serves", f"{each.topic} [{each}]") for each in document.serves),
        ("Entries of the journal", document.journal_entries),
        ("Hash of the latest entry", document.journal_head),
    ]
    return Sheet("About", ("What", "Which"), rows)


def _sheet(table: Table) -> Sheet:
    head = [f"{column.label}{_marks(column.notes)}" for column in table.columns]
    if any(notes_on(cell) for row in table.rows for cell in row):
        # The notes stand beside, so that the cells themselves can be filtered and counted.
        return Sheet(table.title, [*head, "Note"], _with_notes(table))
    return Sheet(table.title, head, ([_plain(cell) for cell in row] for row in table.rows))


def _with_notes(table: Table) -> Iterator[list[Any]]:
    for row in table.rows:
        numbers = sorted({number for cell in row for number in notes_on(cell)})
        yield [*map(_plain, row), ", ".join(map(str, numbers))]


def _notes(document: Document) -> Iterator[Sheet]:
    if document.notes:
        rows = [
            (note.number, note.about, reason.says, str(reason.clause or ""))
            for note in document.notes
            for reason in note.why
        ]
        yield Sheet("How it was counted", ("Note", "About", "Why", "Clause"), rows)


def _plain(cell: Any) -> Any:
    return cell.value if isinstance(cell, Noted) else cell


def _marks(numbers: tuple[int, ...]) -> str:
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""
