"""A runner killed with -9 at any moment loses no mail, and doubles only one whose acceptance was never heard."""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.extensions import db
from app.jobs import deliver_outbox
from app.models.outbox import OutboxMail
from app.outputs.mail import Postman
from app.work import work
from config import Settings
from tests.jobs.conftest import mails, post
from tests.mailserver import MailServer

MAILS = 80
LEASE = timedelta(seconds=1)
SECONDS = 12.0


def _unsent() -> int:
    with work(None, writes=False) as reading:
        statement = select(func.count()).select_from(OutboxMail).where(OutboxMail.sent_at.is_(None))
        left = reading.session.scalar(statement) or 0
    db.engine.dispose()
    return left


def _runner(settings: Settings) -> int:
    """A process of its own that delivers with a short lease, again and again; gives its id."""
    process = os.fork()
    if process:
        return process
    try:
        app = create_app(settings)
        with app.app_context():
            while True:
                list(deliver_outbox.deliver(Postman(settings), settings.mail_from, lease=LEASE))
                time.sleep(0.05)
    finally:
        os._exit(1)


@pytest.mark.slow
def test_every_mail_arrives_however_often_the_runners_are_killed(
    mailing: Flask, server: MailServer, make_app: Callable[..., Flask]
) -> None:
    chance = random.Random(20270314)
    settings: Settings = mailing.extensions["settings"]
    # Slow enough that many kills fall between DATA and the yes.
    server.slow = 0.02
    with mailing.app_context():
        post(MAILS)
        expected = {mail.message_id for mail in mails()}
        db.engine.dispose()
    kills = 0
    until = time.monotonic() + SECONDS
    with mailing.app_context():
        while time.monotonic() < until and _unsent():
            runners = [_runner(settings) for _ in range(2)]
            time.sleep(chance.uniform(0.05, 0.35))
            for each in runners:
                os.kill(each, signal.SIGKILL)
                os.waitpid(each, 0)
                kills += 1
        # Whatever was claimed by the dead is free again once their leases have run out.
        for _ in range(100):
            list(deliver_outbox.deliver(Postman(settings), settings.mail_from, lease=LEASE))
            if not _unsent():
                break
            time.sleep(0.1)
        rows = mails()
        db.engine.dispose()
    taken = server.message_ids
    assert kills >= 10
    assert set(taken) == expected, "a mail was lost, or came under another Message-ID"
    assert all(mail.sent_at is not None for mail in rows)
    tries = {mail.message_id: mail.attempts for mail in rows}
    doubles = {id_: count for id_, count in taken.items() if count > 1}
    assert all(count <= tries[id_] for id_, count in taken.items()), "sent more often than claimed"
    # A kill can take down no more than the one mail that its runner was just handing over.
    assert sum(doubles.values()) - len(doubles) <= kills
