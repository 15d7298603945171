"""How far a management review is."""

from enum import StrEnum


class ReviewProgress(StrEnum):
    """A management review is planned, held, and closed once its decisions stand."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.capitalize()
