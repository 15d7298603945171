"""Completions: until when one counts, the number of its certificate, and what that is worth on a day."""

import secrets
from datetime import date

from app.domain.dates import add_days, add_months
from app.domain.explained import RefusedError
from app.domain.words import Word

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which are read for one another."""
_GROUPS, _GROUP = 4, 4
PREFIX = "TC"


def last_valid_day(completed_on: date, months: int | None) -> date | None:
    """The last day on which a completion counts: the day before the anniversary; None where it does not run out.

    Passed on 1 March 2026 and valid for twelve months, it counts through 28 February 2027 and not on 1 March. The
    anniversary of 29 February is 28 February where there is no other. It is reckoned as the last valid day of a
    certificate is. [ISO/IEC 27001:2022, 7.2 sets no interval]
    """
    return None if months is None else add_days(add_months(completed_on, months), -1)


def new_number() -> str:
    """A number that nobody can guess, nor learn anything of the person or of how many there are from: 80 bits."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join((PREFIX, *groups))


def read_number(said: str) -> str | None:
    """A number as a person types it: case, spaces and dashes do not matter; None for what can be none."""
    plain = "".join(sign for sign in said.upper() if sign.isalnum())
    body = plain.removeprefix(PREFIX)
    if len(body) != _GROUPS * _GROUP or plain == body or not set(body) <= set(SIGNS):
        return None
    return "-".join((PREFIX, *(body[at : at + _GROUP] for at in range(0, len(body), _GROUP))))


class Worth(Word):
    """What the certificate of a completion is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def worth(valid_until: date | None, today: date, *, is_revoked: bool) -> Worth:
    """A revoked one is revoked, whatever the day; one whose last valid day has passed is expired."""
    if is_revoked:
        return Worth.REVOKED
    return Worth.EXPIRED if valid_until is not None and today > valid_until else Worth.VALID


def refuse_revoking(reason: str, *, is_revoked: bool) -> None:
    """A completion is revoked once, and for a reason."""
    if is_revoked:
        raise RefusedError("It is revoked already.")
    if not reason.strip():
        raise RefusedError("Say why: it stands in the journal, and the learner reads it.", "reason")
