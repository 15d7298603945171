"""`flask organisation`: found a further one."""

import click
from flask.cli import with_appcontext

from app.cli.plainly import Name, plainly
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.operations import organisations, persons
from app.work import work


@click.group()
def organisation() -> None:
    """Organisations."""


@organisation.command()
@click.option("--name", type=Name(), required=True, help="Its name.")
@click.option("--country", required=True, help="Where it is, as two letters: DE.")
@click.option("--time-zone", required=True, help="Its time zone: Europe/Berlin.")
@click.option("--administrator", required=True, metavar="EMAIL", help="Somebody who can sign in already.")
@with_appcontext
def found(name: str, country: str, time_zone: str, administrator: str) -> None:
    """Found an organisation, with a first administrator who invites the others."""
    with plainly(), work(None) as writing:
        person = persons.person_by_email(writing, administrator)
        if person is None:
            raise RefusedError(f"Nobody signs in with {administrator}.")
        founded = organisations.found(writing, name=name, country=country, time_zone=time_zone)
        organisations.join(writing, founded, person, frozenset({Role.ADMINISTRATOR}))
        line = f"{founded.name} stands at /o/{founded.slug}/, with {person.label} as administrator."
    click.echo(line)
