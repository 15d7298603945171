"""Remind clients, and who sells to them, each morning of what is newly overdue: a day and two weeks after its day."""

from collections.abc import Iterator
from datetime import datetime, time

from app.domain.subscription.invoicing import overdue_mark
from app.jobs import claims
from app.jobs.job import Done, Job, daily
from app.operations.overdue_mail import tell_overdue
from app.queries.invoices import overdue_invoices
from app.work import Work

NAME = "overdue-invoices"
MORNING = time(6)
"""In the seller's own time."""


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _tell, not_before=MORNING)


def _tell(opened: Work) -> Done:
    told = claims.marks_told(opened, NAME)
    seen: dict[str, int] = {}
    news = []
    for row in overdue_invoices(opened):
        mark = overdue_mark(row.due_on, opened.today)
        if mark is None:
            continue
        seen[str(row.id)] = mark
        if mark > told.get(str(row.id), 0):
            news.append(row)
    count = tell_overdue(opened, news)
    return Done(f"{count} reminder{'s' if count != 1 else ''} of overdue invoices posted" if count else "", seen)


JOB = Job(
    NAME,
    "Mails clients and who sells to them what is overdue of invoices: a day and two weeks after the day it was due on.",
    "once on each seller's day, from six in the morning of its own time",
    run,
)
