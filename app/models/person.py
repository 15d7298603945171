"""Persons, how they prove who they are, and the log of their sign-ins. These belong to no organisation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, UtcDateTime, words


class Person(Base):
    """A human being with one email address and one password, whatever organisations they belong to.

    Erased persons keep their id, and lose name, mail, password and second factor.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True, info={"personal": True})
    name: Mapped[str] = mapped_column(String(200), info={"personal": True})
    password_hash: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(String(64), info={"personal": True})
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_step: Mapped[int | None] = mapped_column(info={"unjournalled": True})
    theme: Mapped[str] = mapped_column(String(10), default="system", info={"unjournalled": True})
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def label(self) -> str:
        return self.name if self.erased_at is None else f"Erased person {self.id}"


class RecoveryCode(Base):
    """One of the codes that stand in for a lost second factor; each works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), info={"personal": True})
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasswordReset(Base):
    """A mailed address by which a forgotten password is set anew, once and within the hour."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"unjournalled": True})
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInStage(StrEnum):
    """How far a sign-in has come: a session counts only once it is complete."""

    SECOND_FACTOR = "second-factor"
    COMPLETE = "complete"


class SignIn(Base):
    """An entry of the log of sign-ins, which is also the session it began: ending it signs that browser out."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"unjournalled": True})
    stage: Mapped[SignInStage] = mapped_column(words(SignInStage))
    address: Mapped[str] = mapped_column(String(60), default="", info={"personal": True})
    browser: Mapped[str] = mapped_column(String(300), default="", info={"personal": True})
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise")


class Attempt(Base):
    """How often something was tried in a window of time, for limits that hold across workers and restarts.

    `subject` is a hash, never an address or a name.
    """

    __tablename__ = "attempt"
    journalled = False

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
