"""Two people at one row: the second is refused and shown both versions; nothing is overwritten silently."""

from typing import Any

from app.domain.explained import RefusedError


class ConflictError(RefusedError):
    """Somebody else changed the row since the form was opened; `now` is how it stands."""

    def __init__(self, now: Any, what: str) -> None:
        self.now = now
        super().__init__(f"{what} was changed by somebody else while you had it open. Nothing was overwritten.")


def refuse_if_changed(row: Any, seen: int | None, what: str) -> None:
    """Refuse who saw an older version. The row must have been loaded for update, so that nobody comes in between."""
    if seen is not None and seen != row.version:
        raise ConflictError(row, what)
