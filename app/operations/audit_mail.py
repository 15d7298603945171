"""Tell the team of an audit what happened to it, by mail."""

from datetime import date

from app.models.audit import Audit
from app.work import Work


def tell_team(work: Work, audit: Audit, deed: str, was_from: date | None = None, was_until: date | None = None) -> None:
    """Write a mail to everybody on the team: the audit was confirmed, moved or cancelled."""
