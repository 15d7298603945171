"""Mails to a person about their own account."""

from app.models.person import Person
from app.operations.outbox import post
from app.work import Work


def send_reset(work: Work, person: Person, token: str) -> None:
    """The address that sets a forgotten password anew."""
    _post(work, person, "Set a new password", "password_reset", token=token)


def say_password_changed(work: Work, person: Person) -> None:
    """Whoever did not change it themself should hear of it."""
    _post(work, person, "Your password was changed", "password_changed")


def say_second_factor(work: Work, person: Person, *, on: bool) -> None:
    """The same for the second factor."""
    words = "on" if on else "off"
    _post(work, person, f"Your second factor was turned {words}", "second_factor", words=words)


def _post(work: Work, person: Person, subject: str, template: str, **context: str) -> None:
    if person.email is not None:
        post(
            work,
            to_email=person.email,
            to_name=person.name,
            subject=subject,
            template=template,
            context=context,
            person_id=person.id,
        )
