"""Who the visitor is: a person behind a live entry of the log of sign-ins, and a member of organisations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_login import LoginManager, UserMixin
from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from app.domain.permission import Permission, Role, granted
from app.domain.secret import token_hash
from app.domain.subscription.agreement import Standing as AgreementStanding
from app.extensions import db
from app.models.agreement import Agreement
from app.models.organisation import Membership, Organisation
from app.models.person import Person, SignIn, SignInStage
from app.work import ACROSS, now_utc, today_in


@dataclass(frozen=True, slots=True)
class Place:
    """What every page says of an organisation."""

    id: int
    slug: str
    name: str
    time_zone: str
    requires_second_factor: bool
    has_provider: bool = False
    """Whether somebody sells it plans and support."""


@dataclass(frozen=True, slots=True)
class Member:
    """The visitor's seat in an organisation."""

    id: int
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the visitor's live memberships, with what it grants."""

    membership: Member
    organisation: Place
    permissions: frozenset[Permission]


@dataclass(eq=False)
class Visitor(UserMixin):  # type: ignore[misc]
    """The person behind a session of a browser."""

    id: int
    name: str
    email: str
    has_second_factor: bool
    sign_in_id: int
    token: str
    standings: tuple[Standing, ...] = ()
    """By name of the organisation."""

    def get_id(self) -> str:
        return self.token

    @property
    def person(self) -> Person:
        """The row itself, for what changes it or verifies its password."""
        return db.session.scalars(select(Person).where(Person.id == self.id)).one()


# One question tells who asks and where they belong, for it comes before every page. Its rows differ in the membership.
_VISITOR: Any = (
    select(
        SignIn.id,
        SignIn.stage,
        SignIn.expires_at,
        Person.id,
        Person.name,
        Person.email,
        Person.erased_at,
        Person.totp_confirmed_at,
        Membership.id,
        Membership.roles,
        Membership.access_until,
        Organisation.id,
        Organisation.slug,
        Organisation.name,
        Organisation.time_zone,
        Organisation.requires_second_factor,
        exists().where(Agreement.client_id == Organisation.id, Agreement.standing == AgreementStanding.LIVE),
    )
    .join(Person, SignIn.person_id == Person.id)
    .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.ended_at.is_(None)))
    .outerjoin(Organisation, Membership.organisation_id == Organisation.id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
    .order_by(Organisation.name)
    .execution_options(**{ACROSS: "a person's own memberships"})
)


def load_visitor(token: str) -> Visitor | None:
    """The visitor of a session cookie, as long as its sign-in is complete, has not ended and has not run out."""
    session: Session = db.session()
    rows = session.execute(_VISITOR, {"token_hash": token_hash(token)}).all()
    now = now_utc()
    if not rows:
        return None
    sign_in_id, stage, expires_at, person_id, name, email, erased_at, confirmed_at, *_ = rows[0]
    if stage is not SignInStage.COMPLETE or expires_at <= now:
        return None
    return Visitor(
        id=person_id,
        name=name if erased_at is None else f"Erased person {person_id}",
        email=email or "",
        has_second_factor=confirmed_at is not None,
        sign_in_id=sign_in_id,
        token=token,
        standings=tuple(_standings([row[8:] for row in rows if row[8] is not None], now)),
    )


def visitor_of(sign_in: SignIn, token: str) -> Visitor:
    """The visitor that a sign-in has just begun for; where they belong is asked with the next page."""
    person = sign_in.person
    return Visitor(person.id, person.label, person.email or "", person.totp_confirmed_at is not None, sign_in.id, token)


def _standings(rows: Iterable[tuple[Any, ...]], now: datetime) -> Iterable[Standing]:
    membership_id: int
    roles: frozenset[Role]
    access_until: date | None
    for membership_id, roles, access_until, *rest in rows:
        place = Place(*rest)
        if access_until is None or access_until >= today_in(place.time_zone, now):
            yield Standing(Member(membership_id, roles), place, granted(roles))


def init_app(login: LoginManager) -> None:
    login.session_protection = None
    login.user_loader(load_visitor)
