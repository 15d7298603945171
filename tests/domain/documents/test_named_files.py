"""What a text names is read as the page reads it, however it is written."""

import pytest

from app.domain.named_files import names_in
from app.outputs.markdown import html_of

TEXTS = {
    "[x](manual.txt)": {"manual.txt"},
    "[x](man%75al.txt)": {"manual.txt"},
    "[x](<our manual.txt> 'title')": {"our manual.txt"},
    "[x](our%20manual.txt)": {"our manual.txt"},
    "[x][1]\n\n[1]: man&#117;al.txt": {"manual.txt"},
    "[x](manual\\.txt)": {"manual.txt"},
    "![x](plan%2Epng)": {"plan.png"},
    "[![x](a.png)](b.txt)": {"a.png", "b.txt"},
    "| a |\n|---|\n| [x](m%61n.txt) |": {"man.txt"},
    "> - [x](m%C3%A4n.txt)": {"män.txt"},
    "[x](https://law.example/manual.txt) [y](/manual.txt) [z](#manual.txt) `[x](manual.txt)`": set(),
    "manual.txt": set(),
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_files_of_a_text_are_those_that_its_page_asks_for(text: str) -> None:
    asked = []
    html_of(text, lambda name: asked.append(name) or "/there")
    assert names_in(text) == TEXTS[text] == set(asked)
