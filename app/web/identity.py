"""Who the visitor is: a person behind a live entry of the log of sign-ins."""

from dataclasses import dataclass

from flask_login import LoginManager, UserMixin
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.secret import token_hash
from app.extensions import db
from app.models.person import Person, SignIn, SignInStage
from app.work import now_utc


@dataclass(eq=False)
class Visitor(UserMixin):  # type: ignore[misc]
    """The person behind a session of a browser."""

    person: Person
    sign_in: SignIn
    token: str

    def get_id(self) -> str:
        return self.token

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def name(self) -> str:
        return self.person.label

    @property
    def email(self) -> str:
        return self.person.email or ""

    @property
    def theme(self) -> str:
        return self.person.theme

    @property
    def has_second_factor(self) -> bool:
        return self.person.totp_confirmed_at is not None


def load_visitor(token: str) -> Visitor | None:
    """The visitor of a session cookie, as long as its sign-in is complete, has not ended and has not run out."""
    found = db.session.scalars(
        select(SignIn)
        .options(joinedload(SignIn.person))
        .where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    ).one_or_none()
    if found is None or found.stage is not SignInStage.COMPLETE or found.expires_at <= now_utc():
        return None
    return Visitor(found.person, found, token)


def init_app(login: LoginManager) -> None:
    login.session_protection = None
    login.user_loader(load_visitor)
