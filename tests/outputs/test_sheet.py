"""Tables for spreadsheet programs: nothing in them is run, and nothing of them is lost."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from app.outputs.sheet import as_csv, as_xlsx

DANGEROUS = ["=1+1", "+49 30 1234", "-2", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\tx", "\rx"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_is_never_a_formula(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx("Assets", ["Name"], [[text]]))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.strip() == text.strip()
    rows = list(csv.reader(io.StringIO(as_csv(["Name"], [[text]]).decode("utf-8-sig"), newline="")))
    assert rows[1] == [f"'{text}"]


def test_numbers_and_days_stay_numbers_and_days() -> None:
    row = ["A-1", 3, Decimal("12.50"), date(2026, 3, 1), None]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx("A/B: list", ["Tag", "Cores", "Cost", "Bought", "Left"], [row])))
    sheet = book.active
    assert sheet.title == "A B  list"
    assert [cell.value for cell in sheet[1]] == ["Tag", "Cores", "Cost", "Bought", "Left"]
    tag, cores, cost, bought, left = sheet[2]
    assert (tag.value, cores.value, cost.value, bought.value.date(), left.value) == ("A-1", 3, 12.5, row[3], None)
    assert bought.number_format == "yyyy-mm-dd"


def test_signs_that_no_workbook_holds_are_left_out() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx("x", ["a"], [["a\x00b\x1fc\ufffe"]]))).active
    assert sheet["A2"].value == "abc"


def test_a_number_below_nothing_stays_a_number_and_a_text_that_begins_alike_is_quoted() -> None:
    assert as_csv(["A", "B"], [(Decimal("-53.50"), "-1+cmd")]).decode("utf-8-sig") == "A,B\r\n-53.50,'-1+cmd\r\n"
