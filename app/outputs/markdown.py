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
Address = Callable[[str], str | None]
"""Gives the address of a file by its name; None where there is no such file."""


def html_of(text: str, address_of: Address, *, on_paper: bool = False) -> str:
    """The text as HTML that is safe to show as it is.

    Headings begin below that of the page. A picture, or a link without a scheme, names a file of the course. On paper
    such a link leads nowhere: its words stand there with the name of the file.
    """
    return str(_reader().render(text, {"address_of": address_of, "on_paper": on_paper}))


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
    target = str(token.attrGet("href") or "")
    if env["on_paper"] and not _leads_out(target):
        return '<span class="named">'
    if (name := name_in(token)) is not None:
        token.attrSet("href", env["address_of"](name) or "#")
    token.attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, at, options, env)


def _link_end(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    begins = max(place for place in range(at) if tokens[place].type == "link_open")
    target = str(tokens[begins].attrGet("href") or "")
    if not env["on_paper"] or _leads_out(target):
        return self.renderToken(tokens, at, options, env)
    name = unquote(target)
    words = "".join(each.content for each in tokens[begins + 1 : at])
    # A place on the same page has no name worth reading.
    named = "" if name.startswith("#") or not name or name in words else f" ({_escaped(name)})"
    return f"{named}</span>"


def _leads_out(target: str) -> bool:
    """Whether an address is whole, so that it leads somewhere from a sheet of paper."""
    return target.lower().startswith(("http:", "https:", "mailto:"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
