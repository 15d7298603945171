"""The queue that wakes the runner. It holds no truth: a lost or doubled wake-up changes nothing but the moment.

SQLite keeps it in a file of its own beside the database; with PostgreSQL it lies in the same database.
"""

import logging
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from sqlalchemy import make_url

from app.jobs import deliver_outbox, print_reports
from app.jobs.rounds import run_due
from app.operations.outbox import POKE
from config import Settings

PATIENCE = 15
"""Seconds that a runner told to stop waits for the mail or the print under way."""

log = logging.getLogger("triennium.jobs")


def init_app(app: Flask) -> None:
    """Let a commit that posted a mail, or asked for a print, wake the runner; tests do so only where they mean to."""
    if not app.extensions["settings"].testing:
        app.extensions[POKE] = Bell(app)


class Bell:
    """Wakes the runner from the web process: cheaply, and never so that a request fails or waits for it."""

    def __init__(self, app: Flask) -> None:
        self._settings: Settings = app.extensions["settings"]
        self._huey = make_queue(self._settings, patience=0.25)
        self._deliver, _ = add_tasks(self._huey, app)

    def __call__(self) -> None:
        with suppress(Exception):
            # Without a runner there is no queue yet, and its next round finds what is due.
            if _is_missing(self._settings):
                return
            # A wake-up that still waits will be answered after this commit too: one is enough.
            if self._huey.pending_count() == 0:
                self._deliver()


def make_queue(settings: Settings, *, patience: float = 5) -> Huey:
    """The queue where the database is; its tables are made by the runner, not by those who only wake it."""
    # Signed, because whoever can write to the queue could otherwise have the runner execute anything.
    common: dict[str, Any] = {
        "name": "triennium",
        "results": False,
        "create_tables": False,
        "serializer": SignedSerializer(secret=settings.secret_key),
    }
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(dsn=dsn, connect_timeout=max(2, int(patience)), **common)
    return SqliteHuey(filename=str(_file(settings)), timeout=patience, fsync=False, **common)


def add_tasks(huey: Huey, app: Flask) -> tuple[Any, Any]:
    """What the queue can ask for: to deliver and print now, and a whole round every minute."""

    def deliver() -> None:
        with app.app_context():
            run_due([deliver_outbox.NAME, print_reports.NAME])

    def whole_round() -> None:
        with app.app_context():
            run_due()

    return huey.task(name="deliver")(deliver), huey.periodic_task(crontab(minute="*"), name="round")(whole_round)


def work_until_stopped(app: Flask) -> None:
    """Run jobs in the foreground until SIGTERM or SIGINT; what is under way is finished first, or left to the next."""
    settings: Settings = app.extensions["settings"]
    huey = make_queue(settings)
    huey.storage.initialize_schema()
    add_tasks(huey, app)
    # What waits from before a restart is found by the first round anyway.
    huey.storage.flush_queue()
    runner = Runner(huey, workers=1, initial_delay=0.1, max_delay=1.0, shutdown_timeout=PATIENCE)
    app.extensions[deliver_outbox.STOPPING] = runner.stop_flag.is_set
    log.info("the job runner has started")
    try:
        runner.run()
    finally:
        with app.app_context():
            print_reports.give_back()
    log.info("the job runner has stopped")


class Runner(Consumer):  # type: ignore[misc]
    """A consumer that ends cleanly on every signal that asks it to; a second one ends it at once."""

    def _set_signal_handlers(self) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._end)

    def _end(self, number: int, _frame: object) -> None:
        self._signum, self._restart, self._graceful = number, False, True
        # From now on no further mail and no further print is begun.
        self.stop_flag.set()
        signal.signal(number, signal.default_int_handler)


def _file(settings: Settings) -> Path:
    return settings.instance / "queue.sqlite3"


def _is_missing(settings: Settings) -> bool:
    return make_url(settings.database_url).get_backend_name() == "sqlite" and not _file(settings).exists()
