"""What the outbox holds, for the built-in viewer."""

from sqlalchemy import select

from app.models.outbox import OutboxMail
from app.work import Work

SHOWN = 200


def recent_mails(work: Work) -> list[OutboxMail]:
    """The latest mails, newest first."""
    return work.all(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(SHOWN))


def mail_of(work: Work, mail_id: int) -> OutboxMail | None:
    """One mail by its number; None where there is none."""
    return work.one_or_none(select(OutboxMail).where(OutboxMail.id == mail_id))
