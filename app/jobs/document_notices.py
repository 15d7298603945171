"""Tell people each morning which versions of documents are theirs to read: one began to be valid, or they joined."""

from collections.abc import Iterator
from datetime import datetime, time

from app.domain.dates import add_days
from app.jobs.job import Done, Job, daily
from app.operations.document_mail import tell_begun
from app.queries.documents import document_stands
from app.work import Work

NAME = "document-notices"
MORNING = time(6)
"""In the organisation's own time."""
LOOKS_BACK = 7
"""In days: so many missed mornings are made up for. Who is known to be told already is not told again."""


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _tell, not_before=MORNING)


def _tell(opened: Work) -> Done:
    since = add_days(opened.today, -LOOKS_BACK)
    count = sum(tell_begun(opened, stand, since) for stand in document_stands(opened, withdrawn=False))
    return Done(f"{count} document{'s' if count != 1 else ''} distributed" if count else "")


JOB = Job(
    NAME,
    "Mails people which version of a document is theirs to read, once it is valid or they have joined.",
    "once on each organisation's day, from six in the morning of its own time",
    run,
)
