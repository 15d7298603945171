"""Tables for spreadsheet programs, comma-separated or as a workbook, with nothing in them that a program would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_IN_CELL = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would take for a formula is quoted. [OWASP: CSV injection]

    A number is none, one below nothing neither: it stays a number.
    """
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a head, in UTF-8 with the mark by which spreadsheets know it."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return held.getvalue().encode("utf-8-sig")


class Sheet(NamedTuple):
    """One sheet of a workbook."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]


def as_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet: the head stays in sight and filters; numbers and days are kept as such, text as text."""
    return book_of([Sheet(title, head, rows)])


def book_of(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of several sheets, each with a name of its own."""
    book = Workbook(write_only=True)
    named: set[str] = set()
    for each in sheets:
        title = re.sub(r"[\[\]:*?/\\]", " ", _UNKEPT.sub("", each.title))[:31].strip("' ") or "Table"
        # Two sheets of one name are none for the programs that read them, in whatever case.
        count = 1
        while title.casefold() in named:
            count += 1
            title = f"{title[:27]} {count}"
        named.add(title.casefold())
        _fill(book.create_sheet(title), each)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _fill(sheet: Any, said: Sheet) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(said.head))}1"
    for number, label in enumerate(said.head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(40, max(12, len(label) + 4))
    heads = []
    for label in said.head:
        cell_ = WriteOnlyCell(sheet, label)
        cell_.font, cell_.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
        heads.append(cell_)
    sheet.append(heads)
    for row in said.rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        cell_ = WriteOnlyCell(sheet, datetime(value.year, value.month, value.day))  # noqa: DTZ001 - a day, no moment
        cell_.number_format = "yyyy-mm-dd"
        return cell_
    text = WriteOnlyCell(sheet, _UNKEPT.sub("", str(value))[:_MOST_IN_CELL])
    # Whatever it begins with: a text is never a formula.
    text.data_type = "s"
    return text
