"""What becomes of software that was found and that nothing stands behind."""

from datetime import date

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.itam.change import AUTHORISATIONS, CHANGE_MANAGEMENT, Authorisation


def refuse_acceptance(authorisation: Authorisation, removed_on: date | None, name: str, reason: str) -> None:
    """Somebody accepts it with a reason: only what is there, and what nothing stands behind yet.

    Raises `RefusedError` at `reason` without one. [ISO/IEC 19770-1:2017, 7.6.3]
    """
    if not reason.strip():
        says = "Say why it is accepted: the trail keeps it in the place of a request."
        raise RefusedError(Reason(says, AUTHORISATIONS), "reason")
    if removed_on is not None:
        raise RefusedError(Reason(f"{name} has been gone since {say(removed_on)}.", AUTHORISATIONS))
    if authorisation is not Authorisation.UNAUTHORISED:
        raise RefusedError(Reason(f"{name} is {authorisation.label.lower()} already.", AUTHORISATIONS))


def refuse_removal(
    authorisation: Authorisation, seen_on: date, removed_on: date | None, name: str, on: date, today: date
) -> None:
    """What nothing stands behind may be removed without a request; everything else by a change.

    `seen_on` is the last day on which it was certainly there. Raises `RefusedError` at `on` for a day that cannot be.
    [ISO/IEC 19770-1:2017, 8.2]
    """
    if removed_on is not None:
        raise RefusedError(Reason(f"{name} has been gone since {say(removed_on)}.", CHANGE_MANAGEMENT))
    if authorisation is not Authorisation.UNAUTHORISED:
        says = f"{name} is {authorisation.label.lower()}: it is removed by a change that somebody authorises."
        raise RefusedError(Reason(says, CHANGE_MANAGEMENT))
    if on > today:
        raise RefusedError("Give a day that has come.", "on")
    if on < seen_on:
        raise RefusedError(f"{name} was seen on {say(seen_on)}; it cannot have been gone before.", "on")
