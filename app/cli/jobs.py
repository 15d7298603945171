"""Run jobs: once from cron, or in the foreground beside the web server."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.models.outbox import JobRun
from app.work import work


@click.group()
def jobs() -> None:
    """Jobs: what is done without anybody asking."""


@jobs.command("run-due")
@click.argument("names", nargs=-1, metavar="[JOB]...")
@with_appcontext
def run_due(names: tuple[str, ...]) -> None:
    """Do once all that is due, of these jobs or of all: for cron. Exits 1 where a job failed."""
    from app.jobs import JOBS, rounds

    unknown = sorted(set(names) - {job.name for job in JOBS})
    if unknown:
        raise click.UsageError(f"there is no job {unknown[0]}; flask jobs list names them")
    _say_in_plain_words()
    with _ending_in_order():
        well = rounds.run_due(names)
    if not well:
        sys.exit(1)


@jobs.command("work")
@with_appcontext
def run_until_stopped() -> None:
    """Do what is due every minute, and deliver mails at once, until stopped by SIGTERM or Ctrl-C."""
    from app.jobs.queue import work_until_stopped

    _say_in_plain_words()
    work_until_stopped(current_app._get_current_object())  # type: ignore[attr-defined]


@jobs.command("list")
@with_appcontext
def list_jobs() -> None:
    """Say which jobs there are and when each was last done."""
    from app.jobs import JOBS

    with work(None, writes=False) as reading:
        rows = reading.session.execute(select(JobRun.job, func.max(JobRun.finished_at)).group_by(JobRun.job))
        last = {row[0]: row[1] for row in rows}
    for job in JOBS:
        click.echo(f"{job.name}\n  {job.says}\n  When: {job.when}.")
        done = last.get(job.name)
        if done is not None:
            click.echo(f"  Last done: {done:%Y-%m-%d %H:%M} UTC.")


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A SIGTERM ends the command as Ctrl-C does, so that what is under way is given back to the next runner."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_in_plain_words() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    logging.getLogger("triennium").setLevel(logging.INFO)
