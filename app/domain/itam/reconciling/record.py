"""A thing as one of the two registers has it, and how its texts are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "none", "null", "nil", "unknown", "tbd", "0", "?", "x"})
"""What people write where a thing has no identifier; two such things are not the same thing."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row of either side: of ours by its id, of theirs by the line of their file."""

    id: int
    values: Mapping[str, str]
    """Field to text: days as 2027-03-14, amounts as 1250.50."""
    label: str = ""
    """What people call it."""
    expected: bool = True
    """Of ours: whether the other register should have it."""
    beyond: tuple[tuple[str, str, str], ...] = field(default=())
    """Of ours: what is odd about it if the other register has it, as field, ours and theirs."""

    def value(self, name: str) -> str:
        """The text of a field; empty where it says nothing."""
        return self.values.get(name, "")


def folded(text: str) -> str:
    """A text for comparison: small letters, one space between words."""
    return " ".join(text.casefold().split())


def identifier(text: str) -> str:
    """An identifier for comparison: small letters, no spaces; empty for what people write in place of one."""
    plain = "".join(text.casefold().split())
    return "" if plain in _NOTHING else plain


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, each once, in order: what similarity looks at."""
    return tuple(sorted(set(re.findall(r"[^\W_]+", text.casefold()))))
