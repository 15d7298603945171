"""Which of several installations stands for its product on its asset, so that a sum over rows counts devices."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Presence(Generic[K]):
    """A version that is on an asset from its first day until the first day on which it is gone (None: still there)."""

    key: K
    found_on: date
    removed_on: date | None = None


Counted = tuple[date, date | None]


def counted(presences: Iterable[Presence[K]]) -> dict[K, Counted | None]:
    """The days on which each version of one product on one asset counts, the second day excluded; None for never.

    On every day on which the product is there in any version, exactly one of them counts; on the others none does.
    """
    result: dict[K, Counted | None] = {}
    until: date | None = date.min
    for each in sorted(presences, key=lambda one: (one.found_on, one.removed_on or date.max, str(one.key))):
        if until is None or (each.removed_on is not None and each.removed_on <= max(each.found_on, until)):
            # Somebody else stands for it on all of its days, or it has none.
            result[each.key] = None
            continue
        result[each.key] = (max(each.found_on, until), each.removed_on)
        until = each.removed_on
    return result
