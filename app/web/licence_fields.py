"""What the forms of pools and of entitlements share: amounts of money, and the list of sites."""

from collections.abc import Iterable

from app.domain.explained import RefusedError
from app.domain.money import amount_of, in_minor


def minor_of(amount: str | None, currency: str, field: str) -> int | None:
    """What was typed, in minor units; None for nothing."""
    if not (amount or "").strip():
        return None
    if not currency:
        raise RefusedError("Give the currency as three letters, such as EUR.", "currency")
    return in_minor(str(amount), currency, field)


def amount_shown(minor: int | None, currency: str) -> str:
    """An amount as the field holds it."""
    return "" if minor is None else str(amount_of(minor, currency))


def sites_to_choose(sites: Iterable[tuple[int, str]], none: str) -> list[tuple[str, str]]:
    """The sites of a list, and what it means to choose none."""
    return [("", none), *((str(id_), name) for id_, name in sites)]
