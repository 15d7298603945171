"""Workbooks: the first sheet with anything on it, each cell as the text that stands there.

A formula is not run, and the value that was last computed for it may be old or missing: such a line is a fault that
names the cell, and whoever sends the file pastes the values first.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.domain.explained import RefusedError
from app.inputs.limits import MOST_COLUMNS, UNREADABLE, open_zip
from app.inputs.raw import Raw, column_name

_BROKEN = (*UNREADABLE, InvalidFileException, ParseError, TypeError, AttributeError, ArithmeticError)
_MOST_BLANK = 10_000
"""So many empty lines in a row end a sheet: some programs write a million of them."""


def read_workbook(content: BinaryIO, name: str) -> Iterator[Raw]:
    """The lines of the first sheet that is not empty; raises `RefusedError` at `file` where it is no workbook."""
    content.seek(0)
    with open_zip(content, name) as packed:
        if "xl/workbook.xml" not in packed.namelist():
            raise RefusedError(f"“{name}” is no workbook (XLSX) and no CSV file.", "file")
    content.seek(0)
    try:
        book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                begun = False
                for raw in _lines(sheet):
                    begun = True
                    yield raw
                if begun:
                    return
        finally:
            book.close()
    except RefusedError:
        raise
    except _BROKEN as fault:
        if isinstance(fault, DefusedXmlException) or isinstance(fault.__cause__, DefusedXmlException):
            says = f"“{name}” holds XML entities, which no workbook needs. It was not read."
        else:
            says = f"“{name}” is damaged: its sheet cannot be read. Save it again and send it anew."
        raise RefusedError(says, "file") from fault


def _lines(sheet: Any) -> Iterator[Raw]:
    # What a sheet says of its own size is often wrong, and would be believed.
    sheet.reset_dimensions()
    blank = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if not any(cell.value is not None for cell in row):
            blank += 1
            if blank > _MOST_BLANK:
                return
            continue
        blank = 0
        formulas = [column_name(place) for place, cell in enumerate(row) if cell.data_type == "f"]
        wrong = ""
        if formulas:
            one = len(formulas) == 1
            cells = ", ".join(f"{letters}{number}" for letters in formulas[:5])
            wrong = f"{'Cell' if one else 'Cells'} {cells} {'holds a formula' if one else 'hold formulas'}. "
            wrong += "Copy the column and paste it as values."
        else:
            errors = [column_name(place) for place, cell in enumerate(row) if cell.data_type == "e"]
            if errors:
                wrong = f"Cell {errors[0]}{number} holds an error of the spreadsheet."
        yield number, ["" if cell.value is None or wrong else _text(cell.value) for cell in row], wrong


def _text(value: Any) -> str:
    """A value as text: a day as 2026-03-14, a number with a point and without zeros that say nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{_decimal(value)}"
    return str(value)


def _decimal(value: float) -> str:
    """With one zero more where three decimals could be taken for thousands."""
    text = f"{Decimal(repr(value)):f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
