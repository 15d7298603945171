"""Tell people each morning that their seat is suspended, thirty days before a pool ends, or that it counts again."""

from collections.abc import Iterator
from datetime import datetime, time

from app.domain.subscription.seats import SeatKind
from app.jobs.job import Done, Job, daily
from app.operations.seat_mail import tell_suspended
from app.work import Work

NAME = "seat-notices"
MORNING = time(6)
"""In the organisation's own time."""


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _tell, not_before=MORNING)


def _tell(opened: Work) -> Done:
    count = sum(tell_suspended(opened, kind) for kind in SeatKind)
    return Done(f"{count} notice{'s' if count != 1 else ''} of seats posted" if count else "")


JOB = Job(
    NAME,
    "Mails people whose seat is suspended, from 30 days before on, and whose counts again.",
    "once on each organisation's day, from six in the morning of its own time",
    run,
)
