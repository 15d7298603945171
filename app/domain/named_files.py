"""Which files a text in Markdown names: read in one way, by who shows the text and by who keeps its files."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token


def reader() -> MarkdownIt:
    """What reads a text of lessons and documents: markup in it stays text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def name_in(token: Token) -> str | None:
    """The file that a picture or a link names, however it is written: man%75al.txt is manual.txt.

    None of a link that leads out, to a place of the site or on the same page, and of whatever else is in a text.
    """
    if token.type == "image":
        return unquote(str(token.attrGet("src") or ""))
    target = str(token.attrGet("href") or "")
    if token.type != "link_open" or ":" in target or target.startswith(("#", "/")):
        return None
    return unquote(target)


# A page with twenty pictures asks for twenty files, each of them of the same texts.
@lru_cache(maxsize=32)
def names_in(text: str) -> frozenset[str]:
    """The files that a text names, whether or not there are such."""
    return frozenset(name for token in tokens_in(text) if (name := name_in(token)))


def tokens_in(text: str) -> Iterator[Token]:
    """All that a text is read as, in its order, with what stands within its lines."""
    return _walked(reader().parse(text))


def _walked(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walked(token.children or ())
