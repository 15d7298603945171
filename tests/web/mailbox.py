"""What was posted: the mails of the outbox, and the secret addresses in them."""

import re
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from app.models.outbox import OutboxMail
from app.work import work


@dataclass(frozen=True, slots=True)
class Mail:
    """A posted mail."""

    to: str
    subject: str
    body: str

    @property
    def path(self) -> str:
        """The first address in it, without the site."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.body)
        assert found is not None, self.body
        return found[1]


def mails(app: Flask, to: str | None = None) -> list[Mail]:
    """The mails in the order in which they were posted."""
    columns = select(OutboxMail.to_email, OutboxMail.subject, OutboxMail.body).order_by(OutboxMail.id)
    with app.app_context(), work(None, writes=False) as w:
        found = [Mail(*row) for row in w.execute(columns)]
    return [each for each in found if to is None or each.to == to]
