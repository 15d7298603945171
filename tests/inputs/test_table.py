"""Tables as people send them: read, or refused in words that say which line."""

import io
import zipfile
from datetime import date, time

import pytest
from openpyxl import Workbook

from app.domain.explained import RefusedError
from app.inputs.limits import MOST_COLUMNS
from app.inputs.raw import column_name
from app.inputs.table import Table, read_table
from app.outputs.sheet import as_csv, as_xlsx


def read(data: bytes, name: str = "assets.csv", **more: int) -> Table:
    return read_table(io.BytesIO(data), name, **more)


def refused(data: bytes, name: str = "assets.csv", **more: int) -> str:
    with pytest.raises(RefusedError) as caught:
        read(data, name, **more)
    assert caught.value.field == "file"
    return str(caught.value)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def cells(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.cells) for line in table.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_letters_separators_and_ends_of_lines(encoding: str, separator: str, end: str) -> None:
    text = separator.join(("Tag", "Name")) + end + separator.join(("A-1", '"Zoë’s; Büro, 1"')) + end
    table = read(text.encode(encoding))
    assert table.head == ("Tag", "Name")
    assert cells(table) == [(2, ("A-1", "Zoë’s; Büro, 1"))]


def test_the_line_that_no_letters_fit_is_named() -> None:
    assert "Line 3 of “assets.csv”" in refused(b"tag,name\nA-1,x\nA-2,\x81\xff\n")


def test_utf_16_that_breaks_off_names_its_line() -> None:
    assert "Line 2" in refused("tag,name\nA-1,ä".encode("utf-16")[:-1])


def test_a_zero_byte_names_its_line() -> None:
    assert "Line 2" in refused(b"tag,name\nA-1,a\x00b\n")
    assert "UTF-16" in refused("tag,name\n".encode("utf-16-le"))


def test_lines_count_as_an_editor_counts_them() -> None:
    table = read(b'tag,name\n\n"A-1","two\nlines"\nA-2,x\n')
    assert cells(table) == [(3, ("A-1", "two\nlines")), (5, ("A-2", "x"))]


def test_a_line_that_only_says_the_separator_is_left_out() -> None:
    assert cells(read(b"sep=;\ntag;name\nA-1;x\n")) == [(3, ("A-1", "x"))]


def test_ragged_lines_are_told_each_and_the_others_are_read() -> None:
    table = read(b"tag,name\nA-1\nA-2,x\nA-3,x,y\nA-4,x,,\n")
    assert [line.number for line in table.lines] == [3, 5]
    assert [(fault.line, "has 1 cells" in fault.says, "has 3 cells" in fault.says) for fault in table.faults] == [
        (2, True, False),
        (4, False, True),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "no line with anything in it"),
        (b"tag,name\n", "no line below them"),
        (b"Tag,name,tag\nA,b,c\n", "Two columns are named “tag”: A and C"),
        (b'tag,name\nA-1,"never closed\nA-2,x\n', "Line 2"),
        (b'tag,name\nA-1,"a"b\n', "quotes do not pair"),
        (b"tag\n" + b"x" * 40_000, "more than 32,767 signs"),
        (",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)).encode() + b"\n1\n", "at most 200"),
        (b"\xd0\xcf\x11\xe0 old workbook", "Save it as XLSX or CSV"),
        (b"PK\x03\x04 no zip at all", "is damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, says: str) -> None:
    assert says in refused(data)


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert "1 MB at most" in refused(b"a,b\n" * 300_000, most_bytes=1024 * 1024)


def test_a_workbook_is_read_as_it_stands() -> None:
    data = workbook(
        ["Tag", "Bought", "Cost", "Share", "In scope", None],
        [None] * 5,
        ["A-1", date(2026, 3, 14), 1250, 1.125, True],
        ["A-2", time(9, 30), 0.1 + 0.2, "=not run", False],
    )
    table = read(data, "assets.xlsx")
    assert table.head == ("Tag", "Bought", "Cost", "Share", "In scope")
    assert cells(table) == [(3, ("A-1", "2026-03-14", "1250", "1.1250", "yes"))]
    assert [(fault.line, fault.says.split(".")[0]) for fault in table.faults] == [(4, "Cell D4 holds a formula")]


def test_a_formula_in_the_head_is_refused() -> None:
    assert "A1 holds a formula" in refused(workbook(["=1+1", "Name"], ["A-1", "x"]), "assets.xlsx")


def test_an_error_of_the_spreadsheet_is_named_by_its_cell() -> None:
    assert "B2" in read(workbook(["Tag", "Name"], ["A-1", "#REF!"], ["A-2", "x"]), "a.xlsx").faults[0].says


def test_a_bomb_is_not_unpacked() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * 1024 * 1024))
    assert len(held.getvalue()) < 1024 * 1024
    assert "It was not opened" in refused(held.getvalue(), "bomb.xlsx")


def test_xml_entities_in_a_workbook_are_refused() -> None:
    sheet = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData>&a;</sheetData></worksheet>'
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["Tag"], ["A-1"]))) as before, zipfile.ZipFile(held, "w") as packed:
        for each in before.namelist():
            packed.writestr(each, sheet if each == "xl/worksheets/sheet1.xml" else before.read(each))
    assert "XML entities" in refused(held.getvalue(), "entities.xlsx")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert "no workbook" in refused(held.getvalue(), "files.zip")


ROWS = [["A-1", "=1+1", "-5"], ["A-2", "@home", "ä;ö,ü"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_we_export_can_be_imported(kind: str) -> None:
    head = ["Tag", "Name", "Note"]
    data = as_csv(head, ROWS) if kind == "csv" else as_xlsx("Assets", head, ROWS)
    table = read(data, f"assets.{kind}")
    assert [list(line.cells) for line in table.lines] == ROWS
    assert not table.faults


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_spreadsheets_call_them(place: int, letters: str) -> None:
    assert column_name(place) == letters
