"""The runner as a process: it delivers what is posted within seconds, ends cleanly, and never fails a request."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.jobs import JOBS, queue
from app.operations import outbox
from config import ROOT, Settings
from tests.cast import Cast
from tests.jobs.conftest import mails, post
from tests.mailserver import MailServer

pytestmark = pytest.mark.slow
Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(mailing: Flask, server: MailServer, environment: dict[str, str]) -> Iterator[Start]:
    """Start a runner on the same database; none survives the test."""
    running: list[subprocess.Popen[str]] = []
    told = {**environment, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_STARTTLS": "no"}

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]
        process = subprocess.Popen(command, cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield begin
    for each in running:
        if each.returncode is None:
            each.kill()
            each.communicate()


def wait_for(holds: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def test_a_commit_wakes_the_runner_and_sigterm_ends_it_cleanly(
    mailing: Flask, server: MailServer, start: Start
) -> None:
    runner = start()
    with mailing.app_context():
        post()
        assert wait_for(lambda: len(server.taken) == 1), "the first round did not deliver"
        mailing.extensions[outbox.POKE] = queue.Bell(mailing)
        began = time.monotonic()
        post()
        assert wait_for(lambda: len(server.taken) == 2)
        assert time.monotonic() - began < 10, "only the minute woke it"
        db.engine.dispose()
    runner.send_signal(signal.SIGTERM)
    _, log = runner.communicate(timeout=20)
    assert runner.returncode == 0
    lines = [line.split(" ", 2)[2] for line in log.splitlines()]
    assert lines[0] == "the job runner has started"
    assert lines[-1] == "the job runner has stopped"
    # A busy machine may let the first round find both.
    assert [line for line in lines if line.startswith("deliver-outbox: ")] in (
        ["deliver-outbox: 1 mail sent", "deliver-outbox: 1 mail sent"],
        ["deliver-outbox: 2 mails sent"],
    )
    assert "Traceback" not in log


def test_a_mail_under_way_is_finished_before_the_runner_ends(mailing: Flask, server: MailServer, start: Start) -> None:
    server.slow = 1.5
    runner = start()
    with mailing.app_context():
        post(3)
        assert wait_for(lambda: any(mail.claimed_by for mail in mails()))
        runner.send_signal(signal.SIGTERM)
        runner.communicate(timeout=20)
        assert runner.returncode == 0
        sent = [mail for mail in mails() if mail.sent_at is not None]
        assert len(sent) == len(server.taken) <= 2
        assert all(mail.claimed_until is None for mail in mails())


def test_a_killed_runner_is_followed_by_one_that_goes_on(mailing: Flask, server: MailServer, start: Start) -> None:
    first = start()
    with mailing.app_context():
        post()
        assert wait_for(lambda: len(server.taken) == 1)
        first.kill()
        first.communicate()
        post()
        start()
        assert wait_for(lambda: len(server.taken) == 2)
        assert set(server.message_ids.values()) == {1}


def test_a_wake_up_without_a_runner_fails_nothing(mailing: Flask, settings: Settings) -> None:
    mailing.extensions[outbox.POKE] = queue.Bell(mailing)
    with mailing.app_context():
        post()
        assert len(mails()) == 1
    if settings.database_url.startswith("sqlite"):
        assert not (settings.instance / "queue.sqlite3").exists()


def test_wake_ups_do_not_pile_up(mailing: Flask) -> None:
    waiting = queue.make_queue(mailing.extensions["settings"])
    waiting.storage.initialize_schema()
    mailing.extensions[outbox.POKE] = queue.Bell(mailing)
    with mailing.app_context():
        for _ in range(5):
            post()
    assert waiting.pending_count() == 1
    waiting.storage.flush_queue()
    waiting.storage.close()


@pytest.mark.one_database
@pytest.mark.parametrize("trouble", ["locked", "broken", "folder"])
def test_trouble_with_the_queue_fails_and_delays_nothing(mailing: Flask, settings: Settings, trouble: str) -> None:
    file = Path(settings.instance, "queue.sqlite3")
    waiting = queue.make_queue(settings)
    waiting.storage.initialize_schema()
    waiting.storage.close()
    holder = None
    if trouble == "locked":
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    elif trouble == "broken":
        file.write_bytes(b"not a database" * 100)
    else:
        for each in settings.instance.glob("queue.sqlite3*"):
            each.unlink()
        file.mkdir()
    mailing.extensions[outbox.POKE] = queue.Bell(mailing)
    with mailing.app_context():
        began = time.monotonic()
        post()
        assert time.monotonic() - began < 2
        assert len(mails()) == 1
    if holder is not None:
        holder.close()


def test_cron_and_runner_together_double_nothing(
    mailing: Flask, server: MailServer, start: Start, environment: dict[str, str], cast: Cast
) -> None:
    with mailing.app_context():
        post(20)
        db.engine.dispose()
    told = {**environment, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_STARTTLS": "no"}
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "run-due"]
    start()
    crons = [subprocess.Popen(command, cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for each in crons:
        _, log = each.communicate(timeout=60)
        assert each.returncode == 0, log
    with mailing.app_context():
        assert wait_for(lambda: len(server.taken) == 20)
        assert set(server.message_ids.values()) == {1}


def test_the_list_names_every_job(runner: FlaskCliRunner) -> None:
    listed = runner.invoke(args=["jobs", "list"])
    assert listed.exit_code == 0
    for job in JOBS:
        assert job.name in listed.output
        assert job.says in listed.output


def test_a_job_that_is_not_there_is_refused(runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["jobs", "run-due", "make-coffee"])
    assert refused.exit_code == 2
    assert "there is no job make-coffee" in refused.output


def test_each_job_is_in_a_file_of_its_own_name() -> None:
    folder = Path(ROOT, "app", "jobs")
    assert all((folder / f"{job.name.replace('-', '_')}.py").is_file() for job in JOBS)
    assert len({job.name for job in JOBS}) == len(JOBS)
