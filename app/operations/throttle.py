"""How often something may be tried in a window of time, counted for all workers, and kept over a restart.

A try is counted before it is made, in a transaction of its own: what then fails and is undone stays counted, and of
many tries at once no more get through than the limit allows.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models.person import Attempt
from app.work import Work, now_utc


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind by one subject in each window; windows begin at fixed moments."""

    kind: str
    tries: int
    window: timedelta

    def began_at(self, now: datetime) -> datetime:
        """The beginning of the window that a moment falls into."""
        whole = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // whole * whole, UTC)


SIGN_IN = Limit("sign-in", 10, timedelta(minutes=15))
"""By account, known or not."""
SECOND_STEP = Limit("second-step", 10, timedelta(minutes=15))
"""By person."""
PASSWORD = Limit("password", 10, timedelta(minutes=15))
"""By person: the password that is asked again before something grave."""
RESET = Limit("reset", 5, timedelta(hours=1))
"""By account, known or not."""
INVITE = Limit("invite", 60, timedelta(hours=1))
"""By person."""
INVITE_MANY = Limit("invite-many", 10, timedelta(hours=1))
"""By person: a file of people to invite."""
ADDRESS = Limit("address", 100, timedelta(minutes=15))
"""By network address, over everything that needs no sign-in."""


def spend(limit: Limit, subject: str) -> datetime | None:
    """Count one try; where it is one too many, gives the moment at which the next will be taken."""
    now = now_utc()
    began_at = limit.began_at(now)
    insert: Any = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = insert(Attempt).values(kind=limit.kind, subject=_hidden(subject), window_began_at=began_at, count=1)
    statement = statement.on_conflict_do_update(
        index_elements=[Attempt.kind, Attempt.subject, Attempt.window_began_at],
        set_={"count": Attempt.count + 1},
    ).returning(Attempt.count)
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        count = connection.execute(statement).scalar_one()
        connection.commit()
    return began_at + limit.window if count > limit.tries else None


def forgive(work: Work, limit: Limit, subject: str) -> None:
    """Forget the tries of a subject that has proved itself."""
    work.session.execute(delete(Attempt).where(Attempt.kind == limit.kind, Attempt.subject == _hidden(subject)))


def give_back(work: Work, limit: Limit, subject: str) -> None:
    """A try that was right does not count: an office signs in behind one address every morning."""
    mine = update(Attempt).where(
        Attempt.kind == limit.kind,
        Attempt.subject == _hidden(subject),
        Attempt.window_began_at == limit.began_at(work.now),
        Attempt.count > 0,
    )
    work.session.execute(mine.values(count=Attempt.count - 1))


def network_of(address: str | None) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 that a household has of IPv6."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else str(IPv6Address(int(parsed) >> 64 << 64))


def _hidden(subject: str) -> str:
    """Addresses and mails could be guessed from a plain hash: this one needs the installation's key."""
    key = current_app.extensions["settings"].secret_key.encode()
    return hmac.new(key, f"throttle:{subject}".encode(), hashlib.sha256).hexdigest()
