"""Tables of text: whatever parts their cells, and in whatever letters they were saved."""

import codecs
import csv
from collections.abc import Iterator

from app.domain.explained import RefusedError
from app.inputs.raw import Raw

_SEPARATORS = ",;\t|"
_MOST_IN_CELL = 32_767
"""As many signs as a cell of a workbook holds."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read_csv(data: bytes, name: str) -> Iterator[Raw]:
    """The lines of a file of text; raises `RefusedError` at `file` where it is none."""
    text = decode(data, name)
    separator, text, skipped = _separator(text)
    csv.field_size_limit(_MOST_IN_CELL)
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise RefusedError(f"Line {before + 1 + skipped} of “{name}”: {_in_words(str(fault))}", "file") from fault
        yield before + 1 + skipped, cells, ""
        before = reader.line_num


def decode(data: bytes, name: str) -> str:
    """The text of a file: by the mark at its beginning, else as UTF-8, else as Windows-1252.

    Raises `RefusedError` at `file`, with the line where no letters fit.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError as fault:
            wrong = fault
    else:
        if marked in ("utf-16", "utf-32"):
            line = data[: wrong.start].decode(marked, "ignore").count("\n") + 1
        else:
            line = data.count(b"\n", 0, wrong.start) + 1
        tried = marked.upper().removesuffix("-SIG") if marked else "UTF-8 or Windows-1252"
        raise RefusedError(
            f"Line {line} of “{name}” is no text in {tried}. Save it as “CSV UTF-8” and send it again.",
            "file",
        )
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise RefusedError(
            f"Line {line} of “{name}” holds a zero byte: it is no text, or it was saved as UTF-16 without its mark. "
            "Save it as “CSV UTF-8” and send it again.",
            "file",
        )
    return text


def _separator(text: str) -> tuple[str, str, int]:
    """What parts the cells, the text without a line that only says so, and how many lines were left out."""
    first, _, rest = text.partition("\n")
    said = first.strip().casefold()
    if said.startswith("sep=") and len(said) == 5:
        return said[4], rest, 1
    head = next((line for line in _lines(text[:65_536]) if line.strip()), "")
    bare = "".join(head.split('"')[::2])
    counts = {sign: bare.count(sign) for sign in _SEPARATORS}
    best = max(counts, key=lambda sign: counts[sign])
    return (best if counts[best] else ","), text, 0


def _lines(text: str) -> Iterator[str]:
    """Line by line, whatever ends them; other signs that Python takes for an end of a line are none here."""
    start = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        start = end


def _in_words(fault: str) -> str:
    if "field limit" in fault or "field larger" in fault:
        return f"A cell holds more than {_MOST_IN_CELL:,} signs. A quote that was opened may never be closed."
    if "unexpected end" in fault:
        return "A quote is opened there and never closed."
    return "Its quotes do not pair: a quote within a text is written twice."
