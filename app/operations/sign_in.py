"""Signing in and out: an entry of the log begins a session, and ending the entry ends it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from app.domain.secret import new_token, token_hash
from app.models.person import Person, SignIn, SignInStage
from app.operations import passwords, throttle
from app.work import Work

SECOND_STEP_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody knows the password of a person, as it was kept at that moment."""

    person_id: int
    password_hash: str
    anew: str | None
    """The same password hashed at today's cost, where that has changed."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: the secret for the cookie, and whether a second step is to come."""

    token: str
    sign_in: SignIn

    @property
    def is_complete(self) -> bool:
        return self.sign_in.stage is SignInStage.COMPLETE


def prove(work: Work, email: str, password: str) -> Proof | None:
    """Whether this is the password of the person; takes as long where there is no such person."""
    person = work.one_or_none(select(Person).where(Person.email == email.strip().lower()))
    kept = person.password_hash if person is not None else None
    if not passwords.verify(kept, password) or person is None or kept is None:
        return None
    return Proof(person.id, kept, passwords.hash_password(password) if passwords.is_outdated(kept) else None)


def begin(work: Work, proof: Proof, *, address: str, browser: str) -> Begun | None:
    """Begin a session; None where the password was changed since it was proved."""
    statement = select(Person).where(Person.id == proof.person_id).with_for_update(key_share=True)
    person = work.session.scalars(statement, execution_options={"populate_existing": True}).one()
    if person.password_hash != proof.password_hash:
        return None
    if proof.anew is not None:
        person.password_hash = proof.anew
    if person.email is not None:
        throttle.forgive(work, throttle.SIGN_IN, person.email)
    return begin_for(work, person, address=address, browser=browser)


def begin_for(work: Work, person: Person, *, address: str, browser: str, second_step_done: bool = False) -> Begun:
    """Begin a session of a person who has proved themself; with a second factor, a second step comes first."""
    second = person.totp_confirmed_at is not None and not second_step_done
    token = new_token()
    row = SignIn(
        person_id=person.id,
        token_hash=token_hash(token),
        stage=SignInStage.SECOND_FACTOR if second else SignInStage.COMPLETE,
        address=address[:60],
        browser=browser[:300],
        began_at=work.now,
        expires_at=work.now + (SECOND_STEP_WITHIN if second else _life()),
    )
    row.person = person
    return Begun(token, work.add(row))


def waiting(work: Work, token: str | None) -> SignIn | None:
    """The sign-in that waits for its second step."""
    if not token:
        return None
    return work.one_or_none(
        select(SignIn).where(
            SignIn.token_hash == token_hash(token),
            SignIn.stage == SignInStage.SECOND_FACTOR,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > work.now,
        )
    )


def complete(work: Work, row: SignIn) -> Begun:
    """The second step is done: the session begins, under a new secret."""
    token = new_token()
    row.token_hash, row.stage, row.expires_at = token_hash(token), SignInStage.COMPLETE, work.now + _life()
    work.flush()
    return Begun(token, row)


def live(work: Work, person_id: int) -> list[SignIn]:
    """Where a person is signed in, the latest first."""
    return work.all(
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.stage == SignInStage.COMPLETE,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > work.now,
        )
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
    )


def end(work: Work, person_id: int, sign_in_id: int) -> bool:
    """Sign one browser out; gives whether it was one of this person's."""
    row = work.one_or_none(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id))
    if row is None:
        return False
    if row.ended_at is None:
        row.ended_at = work.now
    work.flush()
    return True


def end_all(work: Work, person_id: int, keep: int | None = None) -> int:
    """Sign every browser of a person out, but the one to keep; gives how many."""
    rows = work.all(select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)))
    ending = [row for row in rows if row.id != keep]
    for row in ending:
        row.ended_at = work.now
    work.flush()
    return len(ending)


def _life() -> timedelta:
    life: timedelta = current_app.extensions["settings"].session_life
    return life
