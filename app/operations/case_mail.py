"""Tell by mail who answers for a nonconformity, and who does its actions, what is theirs."""

from sqlalchemy import select

from app.domain.dates import say
from app.models.corrective_action import Action, CorrectiveAction
from app.models.person import Person
from app.operations import outbox
from app.work import Work

SUBJECTS = {
    "answers": "You answer for {reference}",
    "accepted": "Your answer on {reference} was accepted",
    "refused": "Your answer on {reference} was refused",
    "reopened": "{reference} was opened again: the actions did not work",
    "extended": "You have more time for {reference}",
    "not-extended": "{reference}: the deadline was not put off",
}


def tell_owner(work: Work, case: CorrectiveAction, person_id: int, deed: str, note: str = "") -> None:
    """Post a mail to a person about a case; nobody is told what they did themselves."""
    subject = SUBJECTS[deed].format(reference=case.reference)
    both = f"Cause and plan are due on {say(case.answer_due_on)}, all actions on {say(case.action_due_on)}."
    lines = {
        "answers": both,
        "accepted": "Now the actions are done as they were planned.",
        "refused": f"Cause and plan are due on {say(case.answer_due_on)}.",
        "reopened": f"Cause and plan are due again on {say(case.answer_due_on)}.",
        "extended": both,
        "not-extended": both,
    }
    _post(work, person_id, subject, lines[deed], note, ("corrective_actions.show", case.reference))


def tell_doer(work: Work, action: Action, case: str) -> None:
    """Post a mail to who does an action."""
    subject = f"{action.reference} is yours, due on {say(action.due_on)}"
    says = f"It belongs to {case}."
    _post(work, action.owner_id, subject, says, action.says, ("actions.show", action.reference))


def _post(work: Work, person_id: int, subject: str, says: str, note: str, page: tuple[str, str]) -> None:
    person = work.one_or_none(select(Person).where(Person.id == person_id))
    if person is None or person.email is None or person_id == work.actor_id:
        return
    organisation = work.organisation
    actor = work.one_or_none(select(Person).where(Person.id == work.actor_id))
    outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=subject,
        template="case",
        context={
            "title": subject,
            "says": says,
            "note": note.strip(),
            "actor": actor.label if actor is not None else "",
            "endpoint": page[0],
            "reference": page[1],
            "organisation": organisation.name,
            "slug": organisation.slug,
        },
        person_id=person.id,
    )
