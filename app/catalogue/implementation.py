"""The templates of implementations, from a data file of this folder: what every standard needs, and then its own."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from app.catalogue import read_yaml
from app.domain.implementation.plan import Pattern, Step

_FILE = Path(__file__).parent / "implementation.yaml"
_FINISH = "internal"
"""Before the internal audit all that a standard needs of its own has ended."""


@lru_cache
def templates() -> dict[str, tuple[Pattern, ...]]:
    """The tasks of each standard that has a template, by its name and edition."""
    read: Any = read_yaml(_FILE)
    common = [_pattern(each) for each in read["common"]]
    return {name: _joined(common, [_pattern(each) for each in own]) for name, own in read["standards"].items()}


def _joined(common: list[Pattern], own: list[Pattern]) -> tuple[Pattern, ...]:
    """Manuals of the standard are approved with the others; all else of it comes before the internal audit."""
    found = []
    written = tuple(each.key for each in own if each.step is Step.MANUALS)
    others = tuple(each.key for each in own if each.step is not Step.MANUALS)
    for each in common:
        more = written if each.key == "approve" else others if each.key == _FINISH else ()
        found.append(Pattern(each.key, each.step, each.title, each.days, each.after + more, each.place))
    order = list(Step)
    return tuple(sorted([*found, *own], key=lambda each: order.index(each.step)))


def _pattern(row: dict[str, Any]) -> Pattern:
    return Pattern(
        row["key"], Step(row["step"]), row["title"], row["days"], tuple(row.get("after", ())), row.get("place", "")
    )
