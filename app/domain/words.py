"""How a word of the code is said on the screens."""

from enum import StrEnum


class Word(StrEnum):
    """One of a fixed list of words; its label is what people read."""

    @property
    def label(self) -> str:
        """The word as the screens write it."""
        return self.value.replace("-", " ").capitalize()
