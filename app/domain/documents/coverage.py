"""Which clauses of a standard a document speaks of: valid, being written, or none at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.programme.scope import Numbered, lies_within


class Coverage(StrEnum):
    """How a clause stands; the best that any document says of it."""

    VALID = "valid"
    BEING_WRITTEN = "being written"
    OUTLINE = "outline only"
    """A valid document has a heading for it, and says nothing below it."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Covering:
    """A document as the matrix sees it; a withdrawn one is left out before."""

    reference: str
    is_valid: bool
    points: frozenset[Numbered]
    blank: frozenset[str] = field(default=frozenset())
    """The clauses by number that its valid version has a heading for, and says nothing of."""

    def says_of(self, number: str) -> bool:
        """Whether its valid version says anything of a clause."""
        return self.is_valid and not any(lies_within(number, each) for each in self.blank)


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause: how it stands, and the documents that speak of it, the valid ones first."""

    number: str
    state: Coverage
    documents: tuple[str, ...]


def cells(standard: str, numbers: Sequence[str], documents: Iterable[Covering]) -> tuple[Cell, ...]:
    """How each clause of a standard is covered by documents: a document linked to 8 covers 8.2 as well.

    A document without a valid version covers nothing yet: its clauses are being written. Nor does a part of a valid one
    that is still the outline it was begun from.
    """
    listed = sorted(documents, key=lambda each: (not each.is_valid, each.reference))
    found = []
    for number in numbers:
        here = [
            each
            for each in listed
            if any(named == standard and lies_within(number, whole) for named, whole in each.points)
        ]
        if any(each.says_of(number) for each in here):
            state = Coverage.VALID
        elif any(not each.is_valid for each in here):
            state = Coverage.BEING_WRITTEN
        else:
            state = Coverage.OUTLINE if here else Coverage.MISSING
        found.append(Cell(number, state, tuple(each.reference for each in here)))
    return tuple(found)
