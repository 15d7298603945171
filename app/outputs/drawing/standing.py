"""The ring of a certificate as its kept verdict describes it, for every list that shows one."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from app.outputs.drawing.ring import Dot, Ring


def ring_of(
    *,
    state: str,
    began_on: date | None,
    valid_through: date | None,
    detail: Mapping[str, Any] | None,
    today: date,
    about: str = "",
) -> Ring:
    """What the ring shows: the audits and breaches of the cycle, as they stood when the verdict was kept."""
    known = detail or {}
    return Ring(
        began_on=began_on,
        valid_through=valid_through,
        today=today,
        state=state,
        dots=tuple(Dot(_day(on), status) for on, status in known.get("dots", ())),
        breached_on=tuple(_day(each["since"]) for each in known.get("breaches", ())),
        about=about,
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
