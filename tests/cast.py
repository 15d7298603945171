"""The people of the tests: one person of each role in one organisation, and a stranger in another.

def test_a_page(client, cast):
    sign_in(client, cast.auditor)
    assert client.get(f"/o/{cast.organisation.slug}/audits").status_code == 200
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import flask
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.secret import new_token, token_hash
from app.models.organisation import Organisation
from app.models.person import Person, SignIn, SignInStage
from app.operations import organisations
from app.work import Work, now_utc, work

PASSWORD = "grey heron over the weir"
"""Everybody's password."""


@dataclass(frozen=True, slots=True)
class House:
    """An organisation, as the tests name it."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person, as the tests name them."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays; all belong to `organisation`, the stranger alone to `elsewhere`, of which they are everything."""

    organisation: House
    elsewhere: House
    quality_manager: Member
    auditor: Member
    asset_manager: Member
    staff: Member
    assessor: Member
    administrator: Member
    provider_staff: Member
    stranger: Member

    def of(self, role: Role) -> Member:
        """The person of a role."""
        member: Member = getattr(self, role.name.lower())
        return member


NAMES = {
    Role.QUALITY_MANAGER: "Quentin Marsh",
    Role.AUDITOR: "Aud Lindqvist",
    Role.ASSET_MANAGER: "Asif Malik",
    Role.STAFF: "Stella Farrow",
    Role.ASSESSOR: "Esme Sorrel",
    Role.ADMINISTRATOR: "Ada Minton",
    Role.PROVIDER_STAFF: "Prudence Vale",
}


def assemble(app: Flask) -> Cast:
    """Write the cast into an empty database."""
    with app.app_context():
        with work(None) as w:
            here = organisations.found(w, name="Alder Works", country="DE", time_zone="Europe/Berlin")
            there = organisations.found(w, name="Birch Hosting", country="GB", time_zone="Europe/London")
            members = {role: add_person(w, name) for role, name in NAMES.items()}
            stranger = add_person(w, "Strange Osgood")
            for role, person in members.items():
                organisations.join(w, here, person, frozenset({role}))
            organisations.join(w, there, stranger, frozenset(Role))
        return Cast(
            _house(here),
            _house(there),
            stranger=_member(stranger),
            **{r.name.lower(): _member(p) for r, p in members.items()},
        )


def add_person(w: Work, name: str, **columns: Any) -> Person:
    """A person whose email address is made of their name, and who can sign in with `PASSWORD`."""
    email = f"{name.split()[0].lower()}@{name.split()[-1].lower()}.example"
    return w.add(
        Person(
            **{
                "name": name,
                "email": email,
                "password_hash": _hash(),
                "created_at": w.now,
                "theme": "system",
                **columns,
            }
        )
    )


def sign_in(client: FlaskClient, person: Member) -> FlaskClient:
    """Sign a visitor in without the form: the row of the log and the cookie, as the form would have made them."""
    token = begin_sign_in(client.application, person)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def begin_sign_in(app: Flask, person: Member) -> str:
    """Write the row of a complete sign-in, and give its secret."""
    token = new_token()
    with app.app_context(), work(None, person.id) as w:
        w.add(
            SignIn(
                person_id=person.id,
                token_hash=token_hash(token),
                stage=SignInStage.COMPLETE,
                address="192.0.2.7",
                browser="Tests",
                began_at=now_utc(),
                expires_at=now_utc() + timedelta(hours=12),
            )
        )
    return token


def cookie_of(app: Flask, person: Member) -> dict[str, str]:
    """The cookie that signs a real browser in: `context.add_cookies([{**cookie_of(app, who), "url": live_server}])`."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps(
        {"_user_id": begin_sign_in(app, person), "_fresh": True, "csrf_token": secrets.token_hex(20)}
    )
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": value}


def csrf_token(client: FlaskClient) -> str:
    """A token for the forms of this visitor; a form that comes without one is refused."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", secrets.token_hex(20))
    with client.application.test_request_context():
        flask.session["csrf_token"] = raw
        return str(generate_csrf())


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
    """Send a form as its page would: with a CSRF token."""
    return client.post(url, data={**(data or {}), "csrf_token": csrf_token(client)}, **options)


def organisation_row(w: Work, house: House) -> Organisation:
    """The row of an organisation."""
    return w.session.scalars(select(Organisation).where(Organisation.id == house.id)).one()


@lru_cache
def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _house(row: Organisation) -> House:
    return House(row.id, row.slug, row.name)


def _member(row: Person) -> Member:
    return Member(row.id, row.name, row.email or "")
