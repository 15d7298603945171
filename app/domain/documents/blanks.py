"""Which parts of a document are still the outline it was begun from: a heading, and nothing said below it."""

import re
from collections.abc import Sequence

from app.domain.documents.version import DOCUMENTED
from app.domain.explained import Reason, RefusedError

PROMPTS = ("*What we do:*", "*Who does it, and when:*", "*What shows that it was done:*")
"""The questions that an outline puts below each heading."""
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_NUMBER = re.compile(r"\d+(?:\.\d+)*(?=\s|$)")
_NAMED = 12
"""So many headings are named before the rest is counted."""


def blank_headings(body: str) -> tuple[str, ...]:
    """The headings below which nothing is said: no text of their own but the questions of the outline, no part below.

    A text without any heading has none.
    """
    parts: list[tuple[int, str, bool]] = []
    fenced = False
    for line in body.splitlines():
        fenced ^= line.lstrip().startswith("```")
        found = None if fenced else _HEADING.match(line)
        if found is not None:
            parts.append((len(found[1]), found[2], False))
        elif parts and line.strip() and line.strip() not in PROMPTS:
            parts[-1] = (*parts[-1][:2], True)
    below = [*(each[0] for each in parts[1:]), 0]
    return tuple(
        title for (depth, title, is_said), after in zip(parts, below, strict=False) if not is_said and after <= depth
    )


def blank_numbers(body: str) -> frozenset[str]:
    """The numbers of the clauses whose headings have nothing said below them."""
    found = (_NUMBER.match(each) for each in blank_headings(body))
    return frozenset(each[0] for each in found if each is not None)


def refuse_blanks(headings: Sequence[str], *, anyway: bool) -> None:
    """Whoever sends or approves a text with empty headings says that it is meant so. [ISO 9001:2015, 7.5.2]"""
    if headings and not anyway:
        says = f"Nothing is said yet below {say_headings(headings)}. Tick that it goes on all the same, or write them."
        raise RefusedError(Reason(says, DOCUMENTED), "anyway")


def say_headings(headings: Sequence[str]) -> str:
    """How many headings, and the first of them by name."""
    many = "1 heading" if len(headings) == 1 else f"{len(headings)} headings"
    rest = len(headings) - _NAMED
    return f"{many}: {'; '.join(headings[:_NAMED])}" + (f" and {rest} more" if rest > 0 else "")
