"""Markdown of lessons and documents as HTML: markup in it stays text, pictures are files of the course alone."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from app.domain.named_files import name_in, reader

_MARKS_BEFORE = re.compile(r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+)?")
LONGEST_BODY = 200_000
"""So many characters a text has at most."""
TOO_LONG = f"At most {LONGEST_BODY:,} characters: make several of it."
WIDEST, MOST_CELLS = 20, 4000
"""So many columns a table has on paper, and so many cells all tables of a text; beyond, rows are lines of words."""

Address = Callable[[str], str | None]
"""Gives the address of a file by its name; None where there is no such file."""


def html_of(text: str, address_of: Address, *, on_paper: bool = False) -> str:
    """The text as HTML that is safe to show as it is.

    Headings begin below that of the page. A picture, or a link without a scheme, names a file of the course. On paper
    such a link leads nowhere: its words stand there with the name of the file; and the rows of a table that no sheet
    is wide enough for, or that would take minutes to lay out, are lines of words.
    """
    if len(text) > LONGEST_BODY:
        return f"<p>{TOO_LONG}</p>"
    env: dict[str, Any] = {"address_of": address_of, "on_paper": on_paper}
    made = _reader()
    tokens = made.parse(text, env)
    if on_paper:
        tokens = _narrowed(tokens)
    return str(made.renderer.render(tokens, made.options, env))


def words_of(line: str) -> str:
    """One line of a text without its marks: the words of headings, lists, tables and emphasis; links with where they
    lead, for that may be all that changed.
    """
    bare = _MARKS_BEFORE.sub("", line).strip()
    if bare.startswith("|"):
        cells = [each.strip() for each in bare.strip("|").split("|")]
        # The line that parts the head of a table from its rows says nothing.
        bare = "" if all(set(each) <= set(":-") for each in cells) else " | ".join(cells)
    (inline,) = _reader().parseInline(bare)
    found, leads = [], []
    for token in inline.children or ():
        if token.type == "link_open":
            leads.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            found.append(f" ({leads.pop()})")
        elif token.type == "image":
            found.append(f"{token.content} ({token.attrGet('src')})")
        else:
            found.append(token.content)
    return "".join(found)


def _reader() -> MarkdownIt:
    made = reader()
    for name, rule in (
        ("heading_open", _heading),
        ("heading_close", _heading),
        ("image", _image),
        ("link_open", _link),
        ("link_close", _link_end),
        ("th_open", _cell),
        ("td_open", _cell),
    ):
        made.add_render_rule(name, rule)
    made.add_render_rule("table_open", lambda *_: '<div class="table-frame" tabindex="0"><table class="dense">\n')
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return made


def _heading(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    token.tag = f"h{min(int(token.tag[1:]) + 1, 6)}"
    return self.renderToken(tokens, at, options, env)


def _cell(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    # A style within the page is refused by the browser; numbers stand to the right by a class.
    token = tokens[at]
    if token.attrs.pop("style", None) == "text-align:right":
        token.attrSet("class", "number")
    return self.renderToken(tokens, at, options, env)


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    says = self.renderInlineAsText(token.children, options, env) if token.children else ""
    address = env["address_of"](name_in(token) or "")
    if address is None:
        return f"<em>{_escaped(says)} (no such picture among the files)</em>"
    title = token.attrGet("title")
    titled = f' title="{_escaped(str(title))}"' if title else ""
    return f'<img src="{_escaped(address)}" alt="{_escaped(says)}"{titled} loading="lazy">'


def _link(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    # No link stands within another: its end needs not look for it among all that stand before.
    env["link_at"] = at
    target = str(token.attrGet("href") or "")
    if env["on_paper"] and not _leads_out(target):
        return '<span class="named">'
    if (name := name_in(token)) is not None:
        token.attrSet("href", env["address_of"](name) or "#")
    token.attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, at, options, env)


def _link_end(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    begins = env["link_at"]
    target = str(tokens[begins].attrGet("href") or "")
    if not env["on_paper"] or _leads_out(target):
        return self.renderToken(tokens, at, options, env)
    name = unquote(target)
    words = "".join(each.content for each in tokens[begins + 1 : at])
    # A place on the same page has no name worth reading.
    named = "" if name.startswith("#") or not name or name in words else f" ({_escaped(name)})"
    return f"{named}</span>"


def _narrowed(tokens: Sequence[Token]) -> list[Token]:
    """What is to be read, with the rows of tables that are too much for paper as paragraphs."""
    found: list[Token] = []
    cells, at = 0, 0
    while at < len(tokens):
        if tokens[at].type != "table_open":
            found.append(tokens[at])
            at += 1
            continue
        ends = next(place for place in range(at, len(tokens)) if tokens[place].type == "table_close")
        table = tokens[at : ends + 1]
        cells += sum(each.type in ("th_open", "td_open") for each in table)
        is_wide = sum(each.type == "th_open" for each in table) > WIDEST
        found += _in_lines(table) if is_wide or cells > MOST_CELLS else table
        at = ends + 1
    return found


def _in_lines(table: Sequence[Token]) -> list[Token]:
    """A paragraph for each row of a table, a dot between its cells."""
    found: list[Token] = []
    words: list[Token] = []
    for token in table:
        if token.type == "inline":
            if words:
                words.append(Token("text", "", 0, content=" · "))
            words.extend(token.children or ())
        elif token.type == "tr_close":
            found += [
                Token("paragraph_open", "p", 1, block=True),
                Token("inline", "", 0, children=words),
                Token("paragraph_close", "p", -1, block=True),
            ]
            words = []
    return found


def _leads_out(target: str) -> bool:
    """Whether an address is whole, so that it leads somewhere from a sheet of paper."""
    return target.lower().startswith(("http:", "https:", "mailto:"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
