"""A report as a workbook opens, with every row in it as what it is."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl

from app.domain.document import Column, Document, Noted, Notes, Shape, Table
from app.domain.explained import Clause, Reason
from app.outputs.workbook import as_workbook

NOTES = Notes()
ONE = NOTES.on(
    "Demand", [Reason("Each device counts once.", Clause("ISO/IEC 19770-1:2017", "8.4")), Reason("So it is.")]
)
TABLE = Table(
    "Pools: [all]",
    (Column("Pool"), Column("Demand", Shape.NUMBER, (ONE,)), Column("Cost", Shape.MONEY), Column("On", Shape.DAY)),
    [("=1+1", Noted(7, (ONE,)), Decimal("12.50"), date(2026, 3, 1)), ("P2", 8, None, None)],
    "None.",
)
DOCUMENT = Document(
    "licence-position", "Licence position", "Alder", date(2026, 6, 1), date(2026, 6, 1), "Asif", "1 short.", (),
    (TABLE, replace(TABLE, title="pools  _all_"), replace(TABLE, title="POOLS   ALL")), NOTES.all(), 3, "ab" * 32,
)  # fmt: skip


def test_rows_notes_and_what_it_is() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(DOCUMENT)))
    assert book.sheetnames[0] == "About"
    assert book.sheetnames[-1] == "How it was counted"
    assert len({name.casefold() for name in book.sheetnames}) == 5
    about = {row[0]: row[1] for row in book["About"].iter_rows(min_row=2, values_only=True)}
    assert (about["Rows"], about["Hash of the latest entry"]) == (6, "ab" * 32)
    sheet = book[book.sheetnames[1]]
    assert [cell.value for cell in sheet[1]] == ["Pool", "Demand [1]", "Cost", "On", "Note"]
    assert sheet["A2"].data_type == "s"
    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert (first[0], first[1], first[2], first[3].date(), first[4]) == ("=1+1", 7, 12.5, date(2026, 3, 1), "1")
    assert second[:4] == ("P2", 8, None, None)
    counted = list(book["How it was counted"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in counted] == ["Each device counts once.", "So it is."]
