"""`flask user`: the first administrator, and help for somebody who lost their second factor."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.cli.plainly import Name, plainly
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.operations import notices, organisations, passwords, persons, second_factor, sign_in
from app.operations.organisations import slug_of
from app.work import Work, work

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@click.group()
def user() -> None:
    """People who sign in."""


@user.command()
@click.option("--email", required=True, help="The email address that signs in.")
@click.option("--name", type=Name(), required=True, help="The name of the person.")
@click.option("--organisation", type=Name(), help="The name of the organisation to found.")
@click.option("--country", help="Where it is, as two letters: DE.")
@click.option("--time-zone", help="Its time zone: Europe/Berlin.")
@click.option("--into", multiple=True, metavar="SLUG", help="Join this organisation instead of founding one.")
@with_appcontext
def create(
    email: str, name: str, organisation: str | None, country: str | None, time_zone: str | None, into: tuple[str, ...]
) -> None:
    """Make the first administrator of an empty installation, with their organisation.

    With --into, an administrator joins organisations that there are already; somebody who has an account keeps it.
    The password is asked for, or read from the first line of standard input.
    """
    if not into and not (organisation and country and time_zone):
        raise click.UsageError("say --organisation, --country and --time-zone, or --into an organisation")
    if into and (organisation or country or time_zone):
        raise click.UsageError("--into joins what is there; --organisation, --country and --time-zone found anew")
    with plainly():
        email = persons.normal_email(email)
        with work(None, writes=False) as reading:
            has_account = _may_create(reading, email, into)
        kept = "" if has_account else _new_password((name, email, organisation or ""))
        with work(None) as writing:
            if _may_create(writing, email, into):
                person = persons.person_by_email(writing, email)
            else:
                person = persons.create(writing, email=email, name=name, password_hash=kept)
            if person is None:
                raise RefusedError("This person was made and erased at the same moment.")
            if into:
                homes = [_organisation(writing, slug) for slug in into]
            else:
                homes = [
                    organisations.found(
                        writing, name=organisation or "", country=country or "", time_zone=time_zone or ""
                    )
                ]
            for home in homes:
                organisations.join(writing, home, person, ADMINISTRATOR | _roles_in(writing, home, person))
            names = " and ".join(home.name for home in homes)
    click.echo(f"{email} can sign in, and is administrator of {names}.")


@user.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away, for somebody who lost it and the recovery codes too."""
    with plainly(), work(None) as writing:
        person = persons.person_by_email(writing, email)
        if person is None:
            raise RefusedError(f"Nobody signs in with {email}.")
        if person.totp_confirmed_at is None and person.totp_secret is None:
            raise RefusedError(f"{person.label} has no second factor.")
        second_factor.remove(writing, person.id)
        sign_in.end_all(writing, person.id)
        notices.say_second_factor(writing, person, on=False)
    click.echo(f"The second factor of {email} is off, and every browser is signed out.")


def _may_create(opened: Work, email: str, into: tuple[str, ...]) -> bool:
    """Refuse what cannot be done; gives whether the person has an account already."""
    for slug in into:
        _organisation(opened, slug)
    if not into and opened.session.scalar(select(func.count(Person.id))):
        raise RefusedError("There are people already. Invite others on the page of the members, or say --into SLUG.")
    return bool(into) and persons.person_by_email(opened, email) is not None


def _roles_in(opened: Work, home: Organisation, person: Person) -> frozenset[Role]:
    """What somebody is already, they stay."""
    with opened.within(home.id) as inside:
        roles = inside.one_or_none(
            select(Membership.roles).where(Membership.person_id == person.id, Membership.ended_at.is_(None))
        )
    return roles or frozenset()


def _organisation(opened: Work, slug: str) -> Organisation:
    found = opened.one_or_none(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        known = ", ".join(opened.all(select(Organisation.slug).order_by(Organisation.slug))) or "none"
        raise RefusedError(f"There is no organisation {slug_of(slug)}; there is: {known}.")
    return found


def _new_password(known: tuple[str, ...]) -> str:
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    passwords.refuse_weak(password, known)
    return passwords.hash_password(password)
