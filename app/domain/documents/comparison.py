"""What differs between two versions, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new", "left out"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison; `left out` counts lines that are the same in both."""

    kind: Kind
    text: str


def compared(earlier: str, later: str, around: int = 3) -> tuple[Line, ...]:
    """The lines of two texts: gone, new, and some that are the same around them; what is far from a change is left out.

    Gone and new lines together with what is the same make up both texts again.
    """
    return tuple(_lines(earlier.splitlines(), later.splitlines(), around))


def _lines(before: list[str], after: list[str], around: int) -> Iterator[Line]:
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (what, start, end, new_start, new_end) in enumerate(steps):
        if what == "equal":
            head = 0 if place == 0 else around
            tail = 0 if place == len(steps) - 1 else around
            same = before[start:end]
            if len(same) <= head + tail + 1:
                yield from (Line("same", each) for each in same)
                continue
            yield from (Line("same", each) for each in same[:head])
            many = len(same) - head - tail
            yield Line("left out", f"{many} lines are the same")
            yield from (Line("same", each) for each in same[len(same) - tail :])
        else:
            yield from (Line("gone", each) for each in before[start:end])
            yield from (Line("new", each) for each in after[new_start:new_end])
