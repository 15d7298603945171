"""Paper: a template becomes a PDF that machines can read aloud (PDF/UA-1), the same bytes for the same words."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from flask import current_app

from app.domain.document import Document, notes_on, say_cell, say_rows
from app.outputs.drawing.plan_on_paper import draw_plan_on_paper
from config import ROOT

PDF = "application/pdf"
_KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
PICTURE = "picture:"
_TAG_OR_CLAUSE = re.compile(
    r"<[^>]*>|(?P<clause>\b(?:clauses?|annex|controls?)\s(?:[a-z]\.)?\d+(?:\.\d+)*|\b[a-z](?:\.\d+)+)", re.IGNORECASE
)
Pictures = Callable[[str], bytes]
STATIC = Path(ROOT, "static").resolve()


def as_pdf(document: Document) -> bytes:
    """A report on paper."""
    drawings = [(each.title, draw_plan_on_paper(each)) for each in document.drawings]
    said: dict[str, Any] = {"say_cell": say_cell, "notes_on": notes_on, "say_rows": say_rows}
    return paper("reports/_report.html", document=document, drawings=drawings, **said)


def paper(template: str, pictures: Pictures | None = None, **said: Any) -> bytes:
    """A template as PDF. It extends `reports/_paper.html`, and may name files of our own `static` folder alone, and
    as `picture:` what `pictures` gives: a JPEG by name, asked for when its page is laid out.
    """
    return laid_out(page_of(template, **said), pictures)


def page_of(template: str, **said: Any) -> str:
    """What a template says, before it is laid out."""
    # No request has a say in it: the same words make the same bytes.
    return whole_clauses(current_app.jinja_env.get_template(template).render(**said))


def whole_clauses(page: str) -> str:
    """A page whose clauses stand each on one line: “Clause 9.2” and “A.5.9” are read as one word."""
    at = max(page.find("<body"), 0)
    return page[:at] + _TAG_OR_CLAUSE.sub(_on_one_line, page[at:])


def _on_one_line(found: re.Match[str]) -> str:
    clause = found["clause"]
    return f'<span class="whole">{clause}</span>' if clause else found[0]


def laid_out(page: str, pictures: Pictures | None = None) -> bytes:
    """A page that was rendered, as PDF; it needs no database any longer."""
    # Half a second that only those wait who want paper.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    printed = HTML(string=page, base_url=f"{STATIC.as_uri()}/", url_fetcher=_fetcher(pictures))
    identifier = sha256(page.encode()).hexdigest()[:32].encode()
    try:
        return bytes(printed.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier))
    except FatalURLFetchingError as fault:
        # It is no `Exception`, and would pass by whoever tells people of faults.
        raise ValueError(str(fault)) from fault


@contextmanager
def pages_told(tell: Callable[[int], None]) -> Iterator[None]:
    """While this thread lays paper out, tell the number of each page as it comes."""
    mine, heard = get_ident(), logging.getLogger("weasyprint.progress")

    class Listening(logging.Handler):
        """Hears the number of a page; nothing else is told."""

        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == mine and "Page" in str(record.msg) and isinstance(record.args, tuple):
                tell(int(str(record.args[0])))

    listening = Listening()
    heard.addHandler(listening)
    heard.setLevel(logging.INFO)
    heard.propagate = False
    try:
        yield
    finally:
        heard.removeHandler(listening)


def own_file(url: str) -> Path:
    """The file of our own `static` folder that an address names; raises `ValueError` for every other address."""
    parts = urlsplit(url)
    path = Path(url2pathname(parts.path)).resolve()
    is_ours = parts.scheme == "file" and not parts.netloc and path.is_relative_to(STATIC)
    if not is_ours or path.suffix not in _KINDS or not path.is_file():
        raise ValueError(f"paper is made of our own files alone, not of {url}")
    return path


@cache
def _unpacked(path: Path) -> bytes:
    """A face as the maker of PDFs would unpack it for every print anew. Only bytes are shared between prints: what it
    makes of them is not safe to share between threads.
    """
    from fontTools.ttLib import woff2

    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()


def _fetcher(pictures: Pictures | None) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Fetches what is our own, and fails loudly otherwise: nothing is asked of a network."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if pictures is not None and url.startswith(PICTURE):
                return URLFetcherResponse(url, pictures(url.removeprefix(PICTURE)), {"Content-Type": "image/jpeg"})
            try:
                path = own_file(url)
            except ValueError as fault:
                raise FatalURLFetchingError(str(fault)) from fault
            content = _unpacked(path) if path.suffix == ".woff2" else path.read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": _KINDS[path.suffix]})

    return OwnFiles()
