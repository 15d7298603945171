"""The second factor: a code that changes every thirty seconds, and codes on paper for the day it is lost."""

import hmac
import re
import secrets

import pyotp
from sqlalchemy import Select, select

from app.domain.explained import RefusedError
from app.domain.secret import token_hash
from app.models.organisation import Membership, Organisation
from app.models.person import Person, RecoveryCode
from app.operations.persons import locked
from app.work import ACROSS, Work

STEP = 30
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters that are mistaken for one another on paper."""
WRONG = "This code is not right. Codes change every 30 seconds, and each is taken once."


def prepare(work: Work, person_id: int) -> str:
    """A new secret for an authenticator; it counts only when a code has confirmed it."""
    person = locked(work, person_id)
    if person.totp_confirmed_at is not None:
        raise RefusedError("A second factor is set up already. Turn it off first to set up another.")
    person.totp_secret, person.totp_last_step = pyotp.random_base32(), None
    work.flush()
    return person.totp_secret


def provisioning_uri(person: Person) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(person.totp_secret or "").provisioning_uri(name=person.email, issuer_name="Triennium")


def confirm(work: Work, person_id: int, code: str) -> list[str]:
    """Turn the second factor on with a first code; gives the recovery codes, which are never shown again."""
    person = locked(work, person_id)
    if person.totp_confirmed_at is not None or person.totp_secret is None:
        raise RefusedError("There is nothing to confirm. Begin the set-up again.")
    if not _take_code(work, person, code):
        raise RefusedError(f"{WRONG} Is the clock of your device right?", "code")
    person.totp_confirmed_at = work.now
    return _new_codes(work, person)


def take(work: Work, person_id: int, code: str) -> str | None:
    """Take a code or a recovery code, once: gives what it was, `code` or `recovery-code`, or None."""
    person = locked(work, person_id)
    if person.totp_confirmed_at is None:
        return None
    if _take_code(work, person, code):
        return "code"
    return "recovery-code" if _take_recovery_code(work, person, code) else None


def renew_codes(work: Work, person_id: int) -> list[str]:
    """New recovery codes; the old ones no longer work."""
    person = locked(work, person_id)
    if person.totp_confirmed_at is None:
        raise RefusedError("Recovery codes need a second factor.")
    return _new_codes(work, person)


def codes_left(work: Work, person_id: int) -> int:
    """How many recovery codes are still good."""
    return len(work.all(_unused(person_id)))


def turn_off(work: Work, person_id: int) -> None:
    """One may do without, unless one of one's organisations requires it."""
    names = requiring(work, person_id)
    if names:
        raise RefusedError(f"{' and '.join(names)} requires a second factor of its members.")
    remove(work, person_id)


def remove(work: Work, person_id: int) -> None:
    """Take the second factor away, with its recovery codes."""
    person = locked(work, person_id)
    person.totp_secret = person.totp_confirmed_at = person.totp_last_step = None
    _drop_codes(work, person)


def requiring(work: Work, person_id: int) -> list[str]:
    """The organisations of a person that require a second factor, by name."""
    statement = (
        select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
            Organisation.requires_second_factor.is_(True),
        )
        .order_by(Organisation.name)
    )
    return list(work.session.scalars(statement, execution_options={ACROSS: "a person's own memberships"}))


def _take_code(work: Work, person: Person, code: str) -> bool:
    """A code is good for its own step and its neighbours, for clocks that differ; a step is taken once."""
    code = "".join(code.split())
    # Other scripts have digits too, and two texts that are not ASCII are not compared in constant time.
    code = code if re.fullmatch("[0-9]{6}", code) else ""
    if not code or person.totp_secret is None:
        return False
    generator = pyotp.TOTP(person.totp_secret, interval=STEP)
    now = int(work.now.timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(generator.generate_otp(step), code):
            if person.totp_last_step is not None and step <= person.totp_last_step:
                return False
            person.totp_last_step = step
            work.flush()
            return True
    return False


def _take_recovery_code(work: Work, person: Person, code: str) -> bool:
    wanted = token_hash(_plain(code))
    row = work.one_or_none(_unused(person.id).where(RecoveryCode.code_hash == wanted))
    if row is None:
        return False
    row.used_at = work.now
    work.flush()
    return True


def _new_codes(work: Work, person: Person) -> list[str]:
    _drop_codes(work, person)
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(CODES)]
    for code in codes:
        work.session.add(RecoveryCode(person_id=person.id, code_hash=token_hash(_plain(code))))
    work.flush()
    return codes


def _drop_codes(work: Work, person: Person) -> None:
    for row in work.all(select(RecoveryCode).where(RecoveryCode.person_id == person.id)):
        work.session.delete(row)
    work.flush()


def _unused(person_id: int) -> Select[RecoveryCode]:
    return select(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()
