"""`flask prepare`: what `script/run` does to the database before it serves, in one process."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app import demonstration
from app.cli.demo import sign_ins
from app.work import work


@click.command()
@click.pass_context
@with_appcontext
def prepare(context: click.Context) -> None:
    """Bring the database up to the code; load the demonstration where it is wanted, and say who can sign in to it."""
    upgrade()
    if not current_app.extensions["settings"].demonstration:
        return
    with work(None) as opened:
        if demonstration.is_empty(opened):
            demonstration.load(opened)
    context.invoke(sign_ins)
