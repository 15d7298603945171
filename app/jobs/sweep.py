"""Sweep up what has served its time: ended sign-ins, old counters, spent addresses, invitations that ran out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_

from app.database import gather_statistics
from app.jobs.job import Done, Job, daily, once
from app.models.base import Base
from app.models.organisation import Invitation
from app.models.outbox import JobRun, OutboxMail
from app.models.person import Attempt, PasswordReset, SignIn
from app.models.report_run import ReportRun
from app.operations import device_counts
from app.operations.attachments import sweep as sweep_files
from app.operations.report_runs import is_spent
from app.work import Work
from app.work.journal import NAMED

NAME = "sweep"
KEEP_SIGN_INS = timedelta(days=180)
KEEP_MAILS = timedelta(days=90)
KEEP_INVITATIONS = timedelta(days=30)
KEEP_RUNS = timedelta(days=400)
KEEP_COUNTERS = timedelta(days=2)
"""Longer than any window in which tries are counted."""
KEEP_RESETS = timedelta(days=1)


def run(now: datetime) -> Iterator[str]:
    """The installation's rows once a day, by UTC; each organisation's on its own day."""
    yield from once(NAME, f"installation {now.date().isoformat()}", None, now, _sweep_installation)
    yield from daily(NAME, now, _sweep_organisation)


def _sweep_installation(opened: Work) -> Done:
    now = opened.now
    gone = {
        "sign-ins": _delete(
            opened, SignIn, or_(SignIn.ended_at < now - KEEP_SIGN_INS, SignIn.expires_at < now - KEEP_SIGN_INS)
        ),
        "password addresses": _delete(opened, PasswordReset, PasswordReset.expires_at < now - KEEP_RESETS),
        "counters": _delete(opened, Attempt, Attempt.window_began_at < now - KEEP_COUNTERS),
        "old mails": _delete(
            opened,
            OutboxMail,
            or_(OutboxMail.sent_at < now - KEEP_MAILS, OutboxMail.given_up_at < now - KEEP_MAILS),
        ),
        "old runs": _delete(opened, JobRun, JobRun.finished_at < now - KEEP_RUNS),
        "files": sweep_files(opened),
    }
    gather_statistics(opened.session)
    return _say(gone)


def _sweep_organisation(opened: Work) -> Done:
    """An invitation that nobody accepted holds a stranger's name and address: it goes; so do prints, after a week."""
    old = opened.now - KEEP_INVITATIONS
    return _say(
        {
            "invitations": _delete(opened, Invitation, Invitation.expires_at < old),
            "prints": _delete(opened, ReportRun, is_spent(opened.now)),
            "doubled or wrong counts of devices": device_counts.correct(opened) + device_counts.gather(opened),
        }
    )


def _delete(opened: Work, model: type[Base], spent: ColumnElement[bool]) -> int:
    """Delete in one statement; where the journal keeps the table, it says what went, by their numbers."""
    statement = delete(model).where(spent)
    if not model.journalled:
        return int(opened.session.execute(statement).rowcount)  # type: ignore[attr-defined]
    key: Any = model.__table__.c.id
    ids = sorted(opened.session.scalars(statement.returning(key), execution_options={NAMED: True}).all())
    if ids:
        opened.record("swept", model.__tablename__, f"{ids[0]}-{ids[-1]}", {"ids": ids})
    return len(ids)


def _say(gone: dict[str, int]) -> Done:
    words = ", ".join(f"{count} {what}" for what, count in gone.items() if count)
    return Done(f"removed {words}" if words else "")


JOB = Job(
    NAME,
    "Removes ended sign-ins, spent addresses, old mails, counters and files that nothing refers to; adds up counts.",
    "once a day",
    run,
)
