"""Paper: tagged, the same bytes for the same words, and made of our own files alone."""

import re
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import jinja2
import pytest
from flask import Flask

from app.domain.document import Column, Document, Noted, Notes, Serves, Shape, Table
from app.domain.explained import Clause, Reason
from app.outputs.pdf import STATIC, as_pdf, own_file, paper, whole_clauses
from config import ROOT

LICENSING = Clause("ISO/IEC 19770-1:2017", "8.4")
NOTES = Notes()
COUNTED = NOTES.on("Cores", [Reason("The cores of each host count once.", LICENSING)])
HOSTILE = "</td><script>alert(1)</script><img src='http://192.0.2.1/x.png'> & “Łódź” \u202e\ufffe"
DOCUMENT = Document(
    name="asset-register",
    title="Asset register",
    organisation="Alder & Söhne",
    day=date(2026, 6, 1),
    made_on=date(2026, 6, 2),
    made_by="Asif Malik",
    says="2 assets.",
    serves=(Serves("licensing", (LICENSING,)),),
    tables=(
        Table(
            "Assets",
            (Column("Tag"), Column("Name", breadth=6), Column("Cores", Shape.NUMBER, (COUNTED,))),
            [("LT-1", HOSTILE, Noted(1200, (COUNTED,))), ("LT-2", "x" * 3000, None)],
            "None.",
        ),
    ),
    notes=NOTES.all(),
    journal_entries=3,
    journal_head="ab" * 32,
)


def opened(made: bytes) -> bytes:
    """All that a PDF says, its streams unpacked."""
    found = []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", made, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return made + b"".join(found)


def faults(made: bytes) -> list[str]:
    """What would keep a screen reader from reading a PDF well, as far as its structure tells. [PDF/UA-1, 7]"""
    everything = opened(made)
    wrong = [
        f"{said!r} is not said"
        for said in (rb"/Lang \(en-GB\)", rb"/Marked true", rb"/DisplayDocTitle true", rb"/Title ")
        if not re.search(said, everything)
    ]
    level = 0
    elements = re.findall(rb"<</Type /StructElem/S /(\w+)/(.*)>>", everything)
    named = set(re.findall(rb"/ID (\(.+?\))", b"".join(rest for tag, rest in elements if tag == b"TH")))
    for tag, rest in elements:
        if re.fullmatch(rb"H\d", tag):
            now = int(tag[1:])
            wrong += [f"a heading {now} stands after one of {level}"] if now > level + 1 else []
            level = now
        elif tag == b"Figure" and not re.search(rb"/Alt (\(.+\)|<\w+>)", rest):
            wrong.append("a picture says nothing")
        elif tag == b"TD" and not set(re.findall(rb"\([\d-]+\)", rest.partition(b"/Headers")[2])) & named:
            wrong.append("a cell of a table has no head")
    for page in re.findall(rb"<<[^\n]*/Type /Page/[^\n]*>>", everything):
        wrong += ["links are not in the order of reading"] if b"/Annots" in page and b"/Tabs /S" not in page else []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", made, re.DOTALL):
        deep = 0
        with suppress(zlib.error):
            for line in zlib.decompress(stream).splitlines():
                deep += line.endswith((b"BDC", b"BMC")) - (line == b"EMC")
                wrong += ["words are shown that are not tagged"] if line.endswith(b" TJ") and not deep else []
    return wrong if elements else ["nothing is tagged"]


@pytest.fixture
def bare() -> Flask:
    """The templates without anything else of the application."""
    app = Flask("bare", template_folder=str(ROOT / "templates"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


def test_the_same_words_make_the_same_bytes(bare: Flask) -> None:
    with bare.app_context():
        made = as_pdf(DOCUMENT)
        assert as_pdf(DOCUMENT) == made
        assert as_pdf(replace(DOCUMENT, made_by="Somebody else")) != made
    assert made.startswith(b"%PDF-1.7")
    # Marked as PDF/UA-1, with the day as its only moment, a language and tags.
    for said in (rb"<pdfuaid:part[^>]*>1<|pdfuaid:part=\"1\"", rb"20260602", rb"/Lang \(en-GB\)", rb"/StructTreeRoot"):
        assert re.search(said, opened(made)), said
    assert faults(made) == []
    assert b"192.0.2.1" not in opened(made)


def test_an_empty_report_and_one_with_many_columns_are_paper_too(bare: Flask) -> None:
    empty = replace(DOCUMENT.tables[0], rows=[])
    broad = Table("Broad", tuple(Column(f"C{n}", Shape.MONEY) for n in range(12)), [[Decimal("1.50")] * 12], "None.")
    with bare.app_context():
        standing = as_pdf(replace(DOCUMENT, tables=(empty,), notes=()))
        lying = as_pdf(replace(DOCUMENT, tables=(empty, broad)))
    assert re.search(rb"/MediaBox \[0 0 595", opened(standing))
    assert re.search(rb"/MediaBox \[0 0 841", opened(lying))


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/x.png",
        "https://example.com/font.woff2",
        "data:text/css,body{}",
        "ftp://example.com/x.css",
        f"file://elsewhere{STATIC}/css/paper.css",
        (STATIC.parent / "config.py").as_uri(),
        f"{STATIC.as_uri()}/../config.py",
        f"{STATIC.as_uri()}/%2e%2e/README.md",
        f"{STATIC.as_uri()}/css/no-such.css",
        "file:///etc/passwd",
        "css/paper.css",
        "",
    ],
)
def test_no_other_address_is_fetched(url: str, bare: Flask) -> None:
    with pytest.raises(ValueError, match="our own files alone"):
        own_file(url)
    bare.jinja_env.loader = jinja2.DictLoader({"page": '<html><body><img src="{{ url }}" alt=""></body></html>'})
    if "://" in url:
        with bare.app_context(), pytest.raises(ValueError, match="our own files alone"):
            paper("page", url=url)


def test_our_own_files_are_fetched() -> None:
    assert own_file(f"{STATIC.as_uri()}/css/paper.css") == Path(STATIC, "css", "paper.css")


def test_every_face_and_picture_of_the_paper_is_there() -> None:
    named = re.findall(r'url\("\.\./([^"]+)"\)', (STATIC / "css" / "paper.css").read_text())
    assert sum(name.endswith(".woff2") for name in named) == 8
    assert "img/draft.svg" in named
    assert all((STATIC / name).is_file() for name in named)


def test_a_clause_stands_on_one_line():
    page = "<title>Clause 9.2</title><body class='A.5.9'><p title='A.5.9'>See Clause 9.2, A.5.9 and plan B 5.</p>"
    assert whole_clauses(page) == (
        "<title>Clause 9.2</title><body class='A.5.9'><p title='A.5.9'>See "
        '<span class="whole">Clause 9.2</span>, <span class="whole">A.5.9</span> and plan B 5.</p>'
    )
