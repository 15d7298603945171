"""What the tests of the jobs share: an application that mails to a server of the test, and mails to send."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.models.outbox import OutboxMail
from app.operations import outbox
from app.work import work
from tests.mailserver import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailing(make_app: Callable[..., Flask], server: MailServer) -> Flask:
    """The application, told of the mail server."""
    return make_app(smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=False)


def post(count: int = 1, **changes: Any) -> None:
    """Post mails, all in one transaction."""
    with work(changes.pop("organisation_id", None)) as opened:
        for number in range(count):
            told = {"to_email": f"reader{number}@example.org", "to_name": f"Reader {number}", "subject": "A trial"}
            outbox.post(opened, template="trial", context={}, **{**told, **changes})


def mails() -> list[OutboxMail]:
    with work(None, writes=False) as reading:
        rows = reading.all(select(OutboxMail).order_by(OutboxMail.id))
        reading.session.expunge_all()
    return rows
