"""Commands, by noun; one file a noun."""

from flask import Flask

from app.cli.assets import assets
from app.cli.cycle import cycle
from app.cli.demo import demo
from app.cli.jobs import jobs
from app.cli.journal import journal
from app.cli.licences import licences
from app.cli.organisation import organisation
from app.cli.plan import plan
from app.cli.prepare import prepare
from app.cli.seats import seats
from app.cli.user import user

COMMANDS = (assets, cycle, demo, jobs, journal, licences, organisation, plan, prepare, seats, user)


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
