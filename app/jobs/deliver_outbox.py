"""Hand the mails of the outbox to the mail server, each by one runner at a time, until it is taken or refused.

A row is claimed with a lease before anything is sent. A runner killed before the server took the mail leaves a claim
that runs out, and the mail is sent again; one killed between the server's yes and our mark leaves a mail that may come
twice, with the same Message-ID. Nothing else is doubled, and nothing is lost.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import OperationalError

from app.jobs import claims
from app.jobs.job import Job
from app.models.outbox import INVOICE, OutboxMail
from app.outputs.invoice import invoice_as_pdf
from app.outputs.mail import (
    DelayedMailError,
    Postman,
    RefusedMailError,
    ServerUnavailableError,
    UnfitMailError,
    compose,
)
from app.outputs.pdf import as_pdf
from app.queries.invoices import own_invoice, totals_kept
from app.reports.audit_plan import plan_for
from app.reports.report import file_name_of
from app.work import now_utc, work
from config import Settings

NAME = "deliver-outbox"
LEASE = timedelta(minutes=10)
"""Longer than handing over one mail can take."""
GIVE_UP_AFTER = timedelta(days=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
VIEWER = "the mail viewer"
STOPPING = "jobs_are_stopping"
"""The extension of the application that says whether the runner was asked to stop: then no further mail is begun."""

log = logging.getLogger("triennium.jobs")


def run(_now: datetime | None = None) -> Iterator[str]:
    """Hand over all that is due."""
    settings: Settings = current_app.extensions["settings"]
    waiting = _count_due()
    if not waiting:
        return
    if settings.smtp_host is not None:
        yield from deliver(Postman(settings), settings.mail_from)
    elif settings.mail_viewer:
        yield f"{_mails(_show())} put into the mail viewer; no mail is sent, because SMTP_HOST is not set"
    else:
        yield f"{_mails(waiting)} waiting; no mail is sent, because SMTP_HOST is not set"


def deliver(postman: Postman, sender: str, *, lease: timedelta = LEASE) -> Iterator[str]:
    """Send what is due, one mail after the other; a server that does not answer ends the round, and so does a stop."""
    stopping: Callable[[], bool] = current_app.extensions.get(STOPPING, lambda: False)
    runner = claims.runner_name()
    sent = delayed = given_up = 0
    trouble = ""
    with postman:
        while not stopping() and _is_any_due():
            try:
                postman.connect()
            except ServerUnavailableError as fault:
                trouble = str(fault)
                break
            mail = claim(runner, lease)
            if mail is None:
                break
            try:
                postman.send(compose(mail, sender, _papers(mail)), mail.to_email)
            except (RefusedMailError, UnfitMailError) as fault:
                _give_up(mail, str(fault), getattr(fault, "code", 0))
                given_up += 1
            except (DelayedMailError, ServerUnavailableError) as fault:
                if _put_off(mail, runner, str(fault)):
                    delayed += 1
                else:
                    given_up += 1
            except Exception:
                # A fault of ours: without this, the mail would be claimed again and again for ever.
                log.exception("mail %s could not be sent", mail.id)
                _put_off(mail, runner, "a fault of the program, see its log")
                delayed += 1
            else:
                mark_sent(mail)
                sent += 1
    if sent:
        yield f"{_mails(sent)} sent"
    if delayed:
        yield f"{_mails(delayed)} not taken yet, to be tried again"
    if trouble:
        given_up += _give_up_old(f"the mail server cannot be used: {trouble}")
        yield f"the mail server cannot be used: {trouble}; {_mails(_count_due())} waiting"
    if given_up:
        yield f"{_mails(given_up)} given up; the journal says which"


def claim(runner: str, lease: timedelta) -> OutboxMail | None:
    """Take the mail that has been due longest, for one try; None where nothing is left to take."""
    with work(None) as opened:
        now = now_utc()
        # PostgreSQL passes over rows that another runner is just claiming; the condition of the update holds anywhere.
        first = select(OutboxMail.id).where(_due(now)).order_by(OutboxMail.due_at, OutboxMail.id).limit(1)
        id_ = opened.session.scalar(first.with_for_update(skip_locked=True))
        taken = update(OutboxMail).where(OutboxMail.id == id_, _due(now))
        values = {"claimed_until": now + lease, "claimed_by": runner, "attempts": OutboxMail.attempts + 1}
        if id_ is None or not opened.session.execute(taken.values(values)).rowcount:  # type: ignore[attr-defined]
            return None
        fresh = select(OutboxMail).where(OutboxMail.id == id_).execution_options(populate_existing=True)
        return opened.session.scalars(fresh).one()


def _papers(mail: OutboxMail) -> list[tuple[str, bytes]]:
    """The invoice that goes along, or the plan, as it is now; none where the audit is over meanwhile."""
    if not mail.plan_of or mail.organisation_id is None:
        return []
    if mail.plan_of.startswith(INVOICE):
        with work(mail.organisation_id, writes=False) as reading:
            row = own_invoice(reading, int(mail.plan_of.removeprefix(INVOICE)))
        return [(f"{row.reference}.pdf", invoice_as_pdf(row, totals_kept(row)))] if row is not None else []
    with work(mail.organisation_id, writes=False) as reading:
        plan = plan_for(reading, mail.plan_of, mail.to_email, mail.person_id)
    # Laid out with no transaction open.
    return [(file_name_of(plan, "pdf"), as_pdf(plan))] if plan is not None else []


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxMail.sent_at.is_(None),
        OutboxMail.given_up_at.is_(None),
        OutboxMail.due_at <= now,
        or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until <= now),
    )


def _count_due() -> int:
    with work(None, writes=False) as reading:
        return reading.session.scalar(select(func.count()).select_from(OutboxMail).where(_due(now_utc()))) or 0


def _is_any_due() -> bool:
    with work(None, writes=False) as reading:
        return bool(reading.session.scalar(select(OutboxMail.id).where(_due(now_utc())).limit(1)))


def mark_sent(mail: OutboxMail) -> None:
    """The server's yes must not be forgotten: a database that is busy or restarting is asked again for a while."""
    for pause in (0.2, 1, 3, 10, None):
        try:
            _change(mail, OutboxMail.sent_at.is_(None), sent_at=now_utc(), last_error="", **_spent())
        except OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _put_off(mail: OutboxMail, runner: str, says: str) -> bool:
    """Try later, each time after a longer pause; False where this has gone on for too long and is given up."""
    now = now_utc()
    if now - mail.created_at >= GIVE_UP_AFTER:
        _give_up(mail, says, 0)
        return False
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 20), LONGEST_PAUSE)
    _change(mail, OutboxMail.claimed_by == runner, due_at=now + pause, last_error=says)
    log.warning("mail %s was not taken, try %s: %s", mail.id, mail.attempts, says)
    return True


def _give_up(mail: OutboxMail, says: str, code: int) -> None:
    """Say in the journal that a mail will not arrive: by its number and the server's code, never with an address."""
    log.error("mail %s is given up after %s tries: %s", mail.id, mail.attempts, says)
    with work(mail.organisation_id) as opened:
        changed = opened.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == mail.id, OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
            .values(given_up_at=opened.now, claimed_until=None, last_error=says, **_spent())
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            details = {"tries": mail.attempts, "message_id": mail.message_id, **({"code": code} if code else {})}
            opened.record("given up", OutboxMail.__tablename__, mail.id, details)


def _give_up_old(says: str) -> int:
    """While the server cannot be used at all, mails do not age in silence for ever."""
    now = now_utc()
    with work(None, writes=False) as reading:
        old = reading.all(select(OutboxMail).where(_due(now), OutboxMail.created_at <= now - GIVE_UP_AFTER))
        reading.session.expunge_all()
    for mail in old:
        _give_up(mail, says, 0)
    return len(old)


def _show() -> int:
    """Without a mail server the built-in viewer is where mails go."""
    with work(None) as opened:
        now = now_utc()
        shown = {"sent_at": now, "claimed_by": VIEWER, "claimed_until": None}
        return int(opened.session.execute(update(OutboxMail).where(_due(now)).values(shown)).rowcount)  # type: ignore[attr-defined]


def _spent() -> dict[str, str]:
    """A mail may hold an address that opens an account: its text is kept no longer than it is needed or looked at."""
    kept = current_app.extensions["settings"].mail_viewer
    return {} if kept else {"body": "", "html": "", "calendar": ""}


def _change(mail: OutboxMail, still: ColumnElement[bool], **values: Any) -> None:
    with work(None) as opened:
        opened.session.execute(
            update(OutboxMail).where(OutboxMail.id == mail.id, still).values(claimed_until=None, **values)
        )


def _mails(count: int) -> str:
    return f"{count} mail{'s' if count != 1 else ''}"


JOB = Job(NAME, "Hands the mails of the outbox to the mail server.", "every minute, and after a change that posts", run)
