"""Assign the training that the rules ask of whoever they catch by now, early on each organisation's day.

Who joins is caught at once; this catches who came to another role or site, and what came onto a path.
"""

from collections.abc import Iterator
from datetime import datetime

from app.jobs.job import Done, Job, daily
from app.operations.training_assignments import apply_rules
from app.work import Work

NAME = "training-rules"


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _assign)


def _assign(opened: Work) -> Done:
    count = apply_rules(opened)
    return Done(f"{count} assignment{'s' if count != 1 else ''} of training made by rules" if count else "")


JOB = Job(NAME, "Assigns the training that rules ask of whoever they catch.", "once on each organisation's day", run)
