"""`flask demo`: the demonstration, for a first look at a fresh installation."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app import demonstration
from app.domain.explained import RefusedError
from app.work import work
from config import Settings


@click.group()
def demo() -> None:
    """The demonstration organisations."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing, and say nothing, where the database holds anything.")
@with_appcontext
def load(if_empty: bool) -> None:
    """Load three demonstration organisations into an empty database."""
    try:
        with work(None) as opened:
            if if_empty and not demonstration.is_empty(opened):
                return
            demonstration.load(opened)
    except RefusedError as refusal:
        raise click.ClickException(refusal.why[0].says) from refusal
    click.echo("The demonstration is loaded.")


@demo.command("sign-ins")
@with_appcontext
def sign_ins() -> None:
    """Print who can sign in to the demonstration, if it is loaded."""
    with work(None, writes=False) as opened:
        if not demonstration.is_loaded(opened):
            return
    click.echo(f"The demonstration's password is: {demonstration.PASSWORD}")
    for email, role in demonstration.SIGN_INS:
        click.echo(f"  {email:28} {role}")
    settings: Settings = current_app.extensions["settings"]
    if settings.mail_viewer:
        click.echo(f"Mails, such as invitations, are at {settings.public_url}/dev/mail/")
