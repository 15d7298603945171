"""What may be done with software that was found on an asset: accepted with a reason, or gone from a day on."""

from datetime import date

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.itam.change import CHANGE_MANAGEMENT, Authorisation


def refuse_acceptance(authorisation: Authorisation, removed_on: date | None, reason: str, today: date) -> None:
    """Only what is there and unauthorised is accepted, and never without a reason.

    Raises `RefusedError` at `reason` where that is missing. [ISO/IEC 19770-1:2017, 8.2]
    """
    if removed_on is not None and removed_on <= today:
        raise RefusedError(f"It is gone since {say(removed_on)}: there is nothing to accept.")
    if authorisation is not Authorisation.UNAUTHORISED:
        raise RefusedError(f"It is {authorisation.value} already.")
    if not reason.strip():
        says = "Say why it may stay: nothing else stands behind it."
        raise RefusedError(Reason(says, CHANGE_MANAGEMENT), "reason")


def refuse_removal(found_on: date, last_seen_on: date | None, removed_on: date | None, day: date, today: date) -> None:
    """What is gone is gone once: not before it was found or last seen, and not on a day to come.

    Raises `RefusedError` at `removed_on`.
    """
    if removed_on is not None and removed_on <= today:
        raise RefusedError(f"It is gone since {say(removed_on)} already.", "removed_on")
    if day > today:
        raise RefusedError(f"{say(day)} is still to come. Record a removal when it is done.", "removed_on")
    if day < found_on:
        raise RefusedError(f"It was found on {say(found_on)}: it cannot be gone before.", "removed_on")
    if last_seen_on is not None and day < last_seen_on:
        says = f"Discovery saw it on {say(last_seen_on)}: it cannot be gone before."
        raise RefusedError(says, "removed_on")


def refuse_finding(found_on: date, today: date) -> None:
    """Nothing is found on a day to come. Raises `RefusedError` at `found_on`."""
    if found_on > today:
        raise RefusedError(f"{say(found_on)} is still to come. Record what is there today.", "found_on")
