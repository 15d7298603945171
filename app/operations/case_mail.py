"""Tell by mail who answers for a nonconformity, and who does its actions, what is theirs."""

from sqlalchemy import select

from app.domain.dates import say
from app.domain.permission import Permission
from app.domain.programme.team import TeamRole
from app.models.audit import TeamMember
from app.models.corrective_action import Action, CorrectiveAction
from app.models.person import Person
from app.operations import outbox
from app.queries.members import those_who_may
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
    tell_person(work, person_id, subject, lines[deed], note, ("corrective_actions.show", case.reference))


def tell_judges(work: Work, case: CorrectiveAction) -> None:
    """Post a mail to who may accept an answer that was sent, but not to who answers for it.

    That is who manages the programme, and who leads the audit that raised it, or every auditor where none of ours did.
    """
    judges = {each.id for each in those_who_may(work, Permission.MANAGE_PROGRAMME)}
    auditors = {each.id for each in those_who_may(work, Permission.WORK_ON_AUDIT)}
    audit_id = case.finding.audit_id if case.finding is not None else None
    if audit_id is not None:
        leads = select(TeamMember.person_id).where(TeamMember.audit_id == audit_id, TeamMember.role == TeamRole.LEAD)
        auditors &= set(work.all(leads))
    subject = f"{case.reference} was answered: accept the answer, or refuse it"
    says = "Cause and plan were sent, and wait for somebody else to accept them."
    for person_id in sorted((judges | auditors) - {case.owner_id}):
        tell_person(work, person_id, subject, says, "", ("corrective_actions.show", case.reference))


def tell_doer(work: Work, action: Action, case: str) -> None:
    """Post a mail to who does an action."""
    subject = f"{action.reference} is yours, due on {say(action.due_on)}"
    says = f"It belongs to {case}."
    tell_person(work, action.owner_id, subject, says, action.says, ("actions.show", action.reference))


def tell_person(work: Work, person_id: int, subject: str, says: str, note: str, page: tuple[str, str]) -> None:
    """Post a mail about a page of one reference; nobody is told what they did themselves."""
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
