"""Outlines of manuals: a heading for each clause of a standard in our own words, with questions to be answered."""

from app.catalogue import Point, points_of
from app.domain.documents.blanks import PROMPTS
from app.domain.programme.scope import Numbered

STANDARDS = ("ISO/IEC 19770-1:2017", "ISO/IEC 27001:2022", "ISO/IEC 20000-1:2018", "ISO 9001:2015")
"""For which there is an outline; the titles of their clauses are ours."""
_FIRST = 4
"""The first clause with requirements."""
QUESTIONS = "\n\n".join(PROMPTS) + "\n"


def outline(standard: str) -> str:
    """A manual to be filled in, in Markdown: headings by clause number; nothing of the text of the standard."""
    if standard not in STANDARDS:
        return ""
    parts = [f"Purpose and scope\n\nThis manual says how we meet {standard}. Fill in each part."]
    for point in _clauses(standard):
        depth = "#" * min(point.number.count(".") + 1, 4)
        parts.append(f"{depth} {point.number} {point.title}" + (f"\n\n{QUESTIONS}" if point.is_leaf else ""))
    return "# " + "\n\n".join(parts)


def clauses_of_outline(standard: str) -> frozenset[Numbered]:
    """The clauses that an outline has headings for."""
    return frozenset((standard, each.number) for each in _clauses(standard)) if standard in STANDARDS else frozenset()


def _clauses(standard: str) -> list[Point]:
    return [
        each for each in points_of(standard) if each.group == "Clauses" and int(each.number.partition(".")[0]) >= _FIRST
    ]
