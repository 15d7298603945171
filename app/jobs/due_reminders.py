"""Remind people each morning of what is theirs and due: before its day by its marks, on the day, and a week late."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import add_days
from app.domain.documents.due import REVIEW_MARKS
from app.domain.findings.reminding import MARKS, mark_of, say_left
from app.jobs import claims
from app.jobs.job import Done, Job, daily
from app.models.organisation import Membership
from app.models.person import Person
from app.operations.outbox import post
from app.queries.case_duties import Duty, dated_duties
from app.queries.document_duties import document_duties
from app.queries.implementation_days import task_duties
from app.queries.members import lasting
from app.queries.training_duties import training_duties
from app.work import Work

NAME = "due-reminders"
MORNING = time(6)
"""In the organisation's own time."""


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _remind, not_before=MORNING)


def _remind(opened: Work) -> Done:
    told = claims.marks_told(opened, NAME)
    seen: dict[str, int] = {}
    news: dict[int, list[Duty]] = defaultdict(list)
    until = add_days(opened.today, max(MARKS))
    later = add_days(opened.today, max(REVIEW_MARKS))
    for person_id, duty in [
        *dated_duties(opened, until),
        *training_duties(opened, until),
        *document_duties(opened, later),
        *task_duties(opened, until),
    ]:
        mark = mark_of(duty.due_on, opened.today, duty.marks) if duty.due_on is not None else None
        if mark is None:
            continue
        # A later day, or another person, is something new.
        key = f"{duty.reference} {duty.due_on} {person_id} {duty.part}".rstrip()
        seen[key] = mark
        if mark < told.get(key, max(duty.marks) + 1):
            news[person_id].append(duty)
    people = _people(opened, news)
    for person in people:
        _post(opened, person, sorted(news[person.id], key=lambda each: (each.due_on or opened.today, each.reference)))
    count = len(people)
    return Done(f"{count} reminder{'s' if count != 1 else ''} posted" if count else "", seen)


def _post(opened: Work, person: Person, duties: list[Duty]) -> None:
    organisation = opened.organisation
    first = duties[0]
    more = f", and {len(duties) - 1} more" if len(duties) > 1 else ""
    left = say_left(first.due_on, opened.today) if first.due_on is not None else "is yours"
    post(
        opened,
        to_email=str(person.email),
        to_name=person.name,
        subject=f"{first.reference} {left}{more} · {organisation.name}",
        template="due",
        context={
            "duties": [(each, say_left(each.due_on, opened.today)) for each in duties if each.due_on is not None],
            "organisation": organisation.name,
            "slug": organisation.slug,
        },
        person_id=person.id,
        once=f"due reminders of organisation {opened.home} for person {person.id} on {opened.today.isoformat()}",
    )


def _people(opened: Work, news: dict[int, list[Duty]]) -> list[Person]:
    """Those who can be reached and still belong."""
    if not news:
        return []
    rows = opened.all(
        select(Membership)
        .options(joinedload(Membership.person))
        .where(Membership.person_id.in_(news), *lasting(opened.today))
        .order_by(Membership.person_id)
    )
    return [row.person for row in rows if row.person.email]


JOB = Job(
    NAME,
    "Mails people what is theirs of nonconformities, training, documents and implementations: 7 days and a day before, "
    "on the day, a week late; of a review of a document 30 and 7 days before, and on the day.",
    "once on each organisation's day, from six in the morning of its own time",
    run,
)
