"""Tables for spreadsheet programs: comma-separated, with nothing in them that a program would run."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would take for a formula is quoted. [OWASP: CSV injection]"""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a head, in UTF-8 with the mark by which spreadsheets know it."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return held.getvalue().encode("utf-8-sig")
