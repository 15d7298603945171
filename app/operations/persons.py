"""Persons: one human being, one email address, one password."""

from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.secret import new_token, token_hash
from app.models.person import PasswordReset, Person
from app.operations import passwords
from app.operations.sign_in import end_all
from app.work import Work

RESET_LIFE = timedelta(hours=1)
THEMES = ("light", "dark", "system")


def normal_email(text: str, field: str = "email") -> str:
    """An email address as it is kept: one person writes it in any case."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise RefusedError(f"This is not an email address: {error}", field) from error


def person_by_email(work: Work, email: str) -> Person | None:
    """The person with an email address, in whatever case it is written."""
    return work.one_or_none(select(Person).where(Person.email == email.strip().lower()))


def locked(work: Work, person_id: int) -> Person:
    """The person, held until the end of the work: who changes them second sees what the first did."""
    statement = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    return work.session.scalars(statement, execution_options={"populate_existing": True}).one()


def create(work: Work, *, email: str, name: str, password_hash: str) -> Person:
    """A new person; the password was found good and hashed before."""
    email, name = normal_email(email), _named(name)
    if person_by_email(work, email) is not None:
        raise RefusedError("There is an account with this email address already.", "email")
    return work.add(
        Person(
            email=email,
            name=name,
            password_hash=password_hash,
            password_changed_at=work.now,
            created_at=work.now,
            theme="system",
        )
    )


def rename(work: Work, person_id: int, name: str) -> None:
    """Everybody chooses their own name."""
    locked(work, person_id).name = _named(name)
    work.flush()


def choose_theme(work: Work, person_id: int, theme: str) -> None:
    """Light, dark, or as the system has it."""
    locked(work, person_id).theme = theme
    work.flush()


def set_password(work: Work, person_id: int, password_hash: str) -> Person:
    """A new password ends every sign-in, everywhere, and every address by which another could be set."""
    person = locked(work, person_id)
    person.password_hash, person.password_changed_at = password_hash, work.now
    end_all(work, person_id)
    for reset in work.all(
        select(PasswordReset).where(PasswordReset.person_id == person_id, PasswordReset.used_at.is_(None))
    ):
        reset.used_at = work.now
    work.flush()
    return person


def begin_reset(work: Work, person: Person) -> str:
    """A secret by which a forgotten password is set anew: once, within the hour."""
    token = new_token()
    work.add(PasswordReset(person_id=person.id, token_hash=token_hash(token), expires_at=work.now + RESET_LIFE))
    return token


def live_reset(work: Work, token: str) -> Person | None:
    """Whose password a mailed secret sets; None where it was used or has run out."""
    return work.one_or_none(
        select(Person)
        .join(PasswordReset, PasswordReset.person_id == Person.id)
        .where(
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > work.now,
            Person.erased_at.is_(None),
        )
    )


def reset_password(work: Work, token: str, password_hash: str) -> Person | None:
    """Set a forgotten password anew; None where the secret was used in the meantime."""
    found = live_reset(work, token)
    if found is None:
        return None
    # Whoever used the secret first held the person and has marked it as used by now.
    locked(work, found.id)
    if live_reset(work, token) is None:
        return None
    return set_password(work, found.id, password_hash)


def refuse_wrong_password(person: Person, password: str, field: str = "current") -> None:
    """What is grave asks for the password again."""
    if not passwords.verify(person.password_hash, password):
        raise RefusedError("This is not your password.", field)


def known_of(person: Person) -> tuple[str, ...]:
    """What others know of a person, and no password may be made of."""
    return person.name, person.email or ""


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RefusedError("A name is needed.", "name")
    if len(name) > 200:
        raise RefusedError("A name has at most 200 characters.", "name")
    return name
