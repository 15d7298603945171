"""Tell by mail who has to authorise a change, and who asked for it what became of that."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.itam.change import ChangeStatus
from app.domain.permission import Permission, granted
from app.models.change_request import ChangeRequest
from app.models.organisation import Membership
from app.models.person import Person
from app.operations import outbox
from app.queries.members import lasting
from app.work import Work


def tell_deciders(work: Work, change: ChangeRequest) -> None:
    """Post a mail to every member who may authorise it: not to who asks, nor to who did it."""
    statement = (
        select(Membership).where(*lasting(work.today)).options(joinedload(Membership.person)).order_by(Membership.id)
    )
    asker = _name(work, change.requested_by_id)
    for membership in work.all(statement):
        person = membership.person
        decides = Permission.AUTHORISE_CHANGE in granted(membership.roles)
        if not decides or person.id in (change.requested_by_id, change.done_by_id):
            continue
        if change.done_on is not None:
            subject = f"{change.reference} was done in an emergency and waits for its authorisation"
        else:
            subject = f"{change.reference} waits for an authorisation: {change.title}"
        _post(work, person, change, subject, asker=asker, done_on=say(change.done_on) if change.done_on else "")


def tell_asker(work: Work, change: ChangeRequest) -> None:
    """Post a mail to whoever asked: it was authorised, or refused and why."""
    person = work.one_or_none(select(Person).where(Person.id == change.requested_by_id))
    if person is None:
        return
    decided = "refused" if change.status is ChangeStatus.REFUSED else "authorised"
    _post(
        work,
        person,
        change,
        f"{change.reference} was {decided}: {change.title}",
        decided=decided,
        decider=_name(work, change.decided_by_id),
        must_undo=decided == "refused" and change.done_on is not None,
    )


def _post(work: Work, person: Person, change: ChangeRequest, subject: str, **said: str | bool) -> None:
    if person.email is None:
        return
    organisation = work.organisation
    context = {
        "change": change,
        "action": change.action.label.lower(),
        "organisation": organisation.name,
        "slug": organisation.slug,
        "asker": "",
        "done_on": "",
        "decided": "",
        "decider": "",
        "must_undo": False,
        **said,
    }
    outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=subject,
        template="change",
        context=context,
        person_id=person.id,
    )


def _name(work: Work, person_id: int | None) -> str:
    person = work.one_or_none(select(Person).where(Person.id == person_id))
    return person.label if person is not None else "Somebody"
