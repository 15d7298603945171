"""Judge what the mere passing of days has changed, early on each organisation's day."""

from collections.abc import Iterator
from datetime import datetime

from app.jobs.job import Done, Job, daily
from app.operations.verdicts import refresh_stale
from app.work import Work

NAME = "judge-certificates"


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _judge)


def _judge(opened: Work) -> Done:
    count = refresh_stale(opened)
    return Done(f"{count} certificate{'s' if count != 1 else ''} judged again" if count else "")


JOB = Job(NAME, "Judges certificates whose verdict changes with the day.", "once on each organisation's day", run)
