"""Tell by mail who is given a task of an implementation."""

from sqlalchemy import select

from app.domain.dates import say
from app.models.implementation import Implementation, ImplementationTask
from app.models.person import Person
from app.operations import outbox
from app.queries.members import belongs
from app.work import Work


def tell_owner(work: Work, row: Implementation, task: ImplementationTask) -> None:
    """Post a mail to who is given a task; nobody is told what they took on themselves, or what is done already."""
    if task.owner_id is None or task.owner_id == work.actor_id or task.done_on is not None:
        return
    person = work.one_or_none(select(Person).where(Person.id == task.owner_id))
    if person is None or person.email is None or not belongs(work, person.id):
        return
    organisation = work.organisation
    outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=f"{row.reference}: a task is yours, due on {say(task.due_on)} · {organisation.name}",
        template="task",
        context={"row": row, "task": task, "organisation": organisation.name, "slug": organisation.slug},
        person_id=person.id,
    )
