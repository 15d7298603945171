"""Markdown of lessons: nothing in it runs, and nothing is fetched from elsewhere."""

import sys
from types import FrameType
from typing import Any

import pytest

from app.outputs.markdown import LONGEST_BODY, MOST_CELLS, TOO_LONG, WIDEST, html_of, words_of

FILES = {"rack.png": "/f/1", "two words.pdf": "/f/2"}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](javascript:alert(1))",
        "![x](https://elsewhere.example/track.png)",
        '![x" onerror="alert(1)](rack.png "t\\" onload=\\"y")',
        "<javascript:alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "| <script> |\n|---|\n| <iframe src=x> |",
    ],
)
def test_markup_and_addresses_that_run_stay_text(text):
    html = html_of(text, FILES.get)
    tags = [each.split(">")[0] for each in html.split("<")[1:]]
    assert not [tag for tag in tags if tag.split(" ")[0] in ("script", "svg", "iframe", "style", "object")]
    for tag in tags:
        # What stands in quotation marks is a value; outside of them no handler of an event may stand.
        outside = "".join(tag.split('"')[::2])
        assert " on" not in outside
        for value in tag.split('"')[1::2]:
            assert not value.strip().lower().startswith(("javascript:", "vbscript:", "data:"))
        assert "elsewhere.example" not in tag


def test_pictures_and_links_name_files_of_the_course():
    html = html_of(
        "![A rack](rack.png) [read](two%20words.pdf) ![gone](gone.png) [web](https://iso.example/a)", FILES.get
    )
    assert '<img src="/f/1" alt="A rack" loading="lazy">' in html
    assert '<a href="/f/2" rel="noopener noreferrer">read</a>' in html
    assert "<em>gone (no such picture among the files)</em>" in html
    assert '<a href="https://iso.example/a" rel="noopener noreferrer">web</a>' in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[the plan](two%20words.pdf)", '<span class="named">the plan (two words.pdf)</span>'),
        ("[two words.pdf](two%20words.pdf)", '<span class="named">two words.pdf</span>'),
        ("[**bold** words](gone.pdf)", '<span class="named"><strong>bold</strong> words (gone.pdf)</span>'),
        ("[a page](/o/here/assets)", '<span class="named">a page (/o/here/assets)</span>'),
        ("[above](#top)", '<span class="named">above</span>'),
        ("[<x>](a&b.pdf)", '<span class="named">&lt;x&gt; (a&amp;b.pdf)</span>'),
        ("[web](https://iso.example/a)", '<a href="https://iso.example/a" rel="noopener noreferrer">web</a>'),
    ],
)
def test_on_paper_a_link_leads_out_or_is_no_link(text, shown):
    assert html_of(text, FILES.get, on_paper=True) == f"<p>{shown}</p>\n"


def test_headings_begin_below_that_of_the_page():
    assert html_of("# One\n\n###### Six", FILES.get) == "<h2>One</h2>\n<h6>Six</h6>\n"


def test_columns_of_numbers_stand_to_the_right_by_a_class_since_no_page_holds_a_style():
    shown = html_of("| What | Many |\n|:--|--:|\n| Seats | 12 |\n", lambda _name: None)
    assert "style=" not in shown
    assert '<td class="number">12</td>' in shown
    assert "<td>Seats</td>" in shown


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("## 4.1 A **bold** title", "4.1 A bold title"),
        ("- *What we do:* look", "What we do: look"),
        ("| a | **b** |", "a | b"),
        ("|---|:-:|", ""),
        ("[The page](https://example.com)", "The page (https://example.com)"),
        ("![The hall](hall.png)", "The hall (hall.png)"),
        ("2*3 and a_b_c", "2*3 and a_b_c"),
    ],
)
def test_one_line_reads_as_words_without_marks(line, words):
    assert words_of(line) == words


def steps(text: str, *, on_paper: bool) -> int:
    """How many lines of our own and of the renderer run for a text."""
    count = 0

    def traced(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        html_of(text, FILES.get, on_paper=on_paper)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("on_paper", [False, True])
@pytest.mark.parametrize("one", ["[a](b)", "[a](https://b.example) ", "a|b\n-|-\n1|2\n\n"])
def test_twice_the_text_takes_twice_the_steps(one, on_paper):
    few, once, twice = (steps(one * many, on_paper=on_paper) for many in (50, 150, 250))
    assert twice - once <= (once - few) * 1.05


@pytest.mark.parametrize("on_paper", [False, True])
def test_many_links_each_keep_their_own_target(on_paper):
    shown = html_of("".join(f"[w{n}](f{n}) " for n in range(500)), FILES.get, on_paper=on_paper)
    if on_paper:
        assert all(f'<span class="named">w{n} (f{n})</span>' in shown for n in range(500))
    else:
        assert shown.count("</a>") == 500


def table(columns: int, rows: int) -> str:
    line = "|".join(f"**c{n}**" for n in range(columns))
    return "\n".join([line, "|".join(["-"] * columns), *[line] * (rows - 1)]) + "\n"


def test_a_table_too_wide_for_paper_is_lines_of_words_there_and_a_table_on_screen():
    wide, fits = table(WIDEST + 1, 3), table(WIDEST, 3)
    assert "<table" in html_of(wide, FILES.get)
    line = " · ".join(f"<strong>c{n}</strong>" for n in range(WIDEST + 1))
    assert html_of(f"Before\n\n{wide}\n\nAfter", FILES.get, on_paper=True) == (
        "<p>Before</p>\n" + f"<p>{line}</p>\n" * 3 + "<p>After</p>\n"
    )
    assert html_of(fits, FILES.get, on_paper=True) == html_of(fits, FILES.get)


def test_so_many_cells_that_paper_would_take_minutes_are_lines_of_words_too():
    shown = html_of(f"{table(2, 10)}\n\n{table(10, MOST_CELLS // 10)}", FILES.get, on_paper=True)
    assert shown.count("<table") == 1
    assert shown.count("<p>") == MOST_CELLS // 10


def test_a_text_beyond_its_length_is_not_read_at_all():
    assert html_of("x" * (LONGEST_BODY + 1), FILES.get) == f"<p>{TOO_LONG}</p>"
