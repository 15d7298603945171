"""Days of a document: when it is to be reviewed, and by when each of its audience acknowledges a version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.dates import add_days, add_months, say, say_days, say_months
from app.domain.documents.version import CONTROL, DOCUMENTED
from app.domain.explained import Explained, Reason

LONGEST_REVIEW = 120
"""In months."""
LONGEST_DAYS = 365
"""For acknowledging."""
REVIEW_MARKS = (30, 7, 0)
"""Days that are left when the owner of a document is reminded of its review."""


def review_due(valid_from: date, reviewed_on: date | None, months: int) -> Explained[date]:
    """A document is reviewed so many months after its version became valid or was last reviewed, whichever is later.

    [ISO 9001:2015, 7.5.2]
    """
    if reviewed_on is not None and reviewed_on > valid_from:
        day, what = reviewed_on, f"It was last reviewed on {say(reviewed_on)}"
    else:
        day, what = valid_from, f"Its version has been valid since {say(valid_from)}"
    return Explained(
        add_months(day, months), (Reason(f"{what}, and it is reviewed every {say_months(months)}.", DOCUMENTED),)
    )


def acknowledgement_due(valid_from: date, joined_on: date, days: int) -> Explained[date]:
    """A person acknowledges a version so many days after it became valid, or after joining where that was later.

    [ISO 9001:2015, 7.5.3]
    """
    if joined_on > valid_from:
        day, what = joined_on, f"They joined on {say(joined_on)}"
    else:
        day, what = valid_from, f"The version has been valid since {say(valid_from)}"
    says = f"{what}, and it is acknowledged within {say_days(days)}."
    return Explained(add_days(day, days), (Reason(says, CONTROL),))


@dataclass(frozen=True, slots=True)
class Owed:
    """One of the audience of a valid version: when they acknowledged it, or by when they are to."""

    person_id: int
    due_on: date
    acknowledged_at: datetime | None = None

    def is_late(self, today: date) -> bool:
        """Whether the day passed without a word."""
        return self.acknowledged_at is None and self.due_on < today


def owed(
    valid_from: date, days: int, audience: Mapping[int, date], acknowledged: Mapping[int, datetime]
) -> tuple[Owed, ...]:
    """What each person of the audience owes for a version; `audience` says since when each belongs to it.

    An acknowledgement counts for the version that was read and no other. Who left the audience owes nothing.
    """
    return tuple(
        Owed(person, acknowledgement_due(valid_from, joined_on, days).value, acknowledged.get(person))
        for person, joined_on in sorted(audience.items())
    )


def waiting(lines: Collection[Owed]) -> tuple[Owed, ...]:
    """Those who have not acknowledged yet, whoever is due first before the others."""
    return tuple(sorted((each for each in lines if each.acknowledged_at is None), key=lambda each: each.due_on))
