"""Which days may be meant at all: a slip of the keyboard is told at its field before anything is counted from it."""

from datetime import date

from app.domain.explained import RefusedError

FIRST_YEAR, LAST_YEAR = 1980, 2999


def refuse_year(day: date | None, field: str) -> None:
    """A day lies in a year that may be meant; no day at all is no concern of this rule."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RefusedError(f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.", field)
