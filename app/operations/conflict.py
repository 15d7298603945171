"""Two people at one row: the second is refused and shown both versions; nothing is overwritten silently."""

import hashlib
import json
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


def stamp(*held: Any) -> str:
    """What a form carries of what it shows, as JSON tells it: it changes with any of it."""
    return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:16]


def stamp_of(row: Any, *names: str) -> str:
    """What a form carries of a row without a version: it changes with any of these values."""
    return stamp(*(str(getattr(row, name)) for name in names))


def refuse_if_restamped(row: Any, seen: str | None, names: tuple[str, ...], what: str) -> None:
    """Refuse who saw other values than the row holds now."""
    if seen is not None and seen != stamp_of(row, *names):
        raise ConflictError(row, what)
