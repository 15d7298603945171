"""Claims: that a job runs for a period is a row that one runner alone can have, for as long as its lease lasts."""

import os
import secrets
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.models.base import JsonValue
from app.models.outbox import JobRun
from app.work import Work, work

LEASE = timedelta(minutes=15)
"""How long a runner may take for one period; a killed runner's claim is free again after it."""


class LostClaimError(RuntimeError):
    """The lease ran out and another runner took over: what was done under it is undone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One runner's claim to a job in a period."""

    job: str
    period: str
    by: str


def runner_name() -> str:
    """A name that no other runner has: machine, process and a random word."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}"


def take(job: str, period: str, now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Claim a job for a period; None where another has it or where it is done."""
    claim = Claim(job, period, runner_name())
    taken = {"claimed_until": now + lease, "claimed_by": claim.by}
    try:
        with work(None) as opened:
            row = opened.session.execute(
                select(JobRun.claimed_until, JobRun.finished_at).where(JobRun.job == job, JobRun.period == period)
            ).one_or_none()
            if row is None:
                opened.session.execute(insert(JobRun).values(job=job, period=period, **taken))
                return claim
            if row.finished_at is not None or row.claimed_until > now:
                return None
            over = update(JobRun).where(
                JobRun.job == job, JobRun.period == period, JobRun.finished_at.is_(None), JobRun.claimed_until <= now
            )
            return claim if opened.session.execute(over.values(taken)).rowcount else None  # type: ignore[attr-defined]
    except IntegrityError:
        # Another runner made the row between our look and our insert.
        return None


def finish(opened: Work, claim: Claim, says: str = "", seen: JsonValue = None) -> None:
    """Say in the transaction of the effects that they are done; raise where the claim is no longer ours."""
    mine = update(JobRun).where(
        JobRun.job == claim.job,
        JobRun.period == claim.period,
        JobRun.claimed_by == claim.by,
        JobRun.finished_at.is_(None),
    )
    values = {"finished_at": opened.now, "says": says[:300], "seen": seen}
    if not opened.session.execute(mine.values(values)).rowcount:  # type: ignore[attr-defined]
        raise LostClaimError(f"{claim.job} {claim.period}")


def give_back(claim: Claim) -> None:
    """Leave a job that was broken off to the next runner, at once."""
    with work(None) as opened:
        opened.session.execute(
            update(JobRun)
            .where(JobRun.job == claim.job, JobRun.period == claim.period, JobRun.claimed_by == claim.by)
            .where(JobRun.finished_at.is_(None))
            .values(claimed_until=opened.now)
        )


def settled(job: str, periods: Collection[str], now: datetime) -> frozenset[str]:
    """The periods that are done, or that a runner has just now: a cheap look before claiming."""
    with work(None, writes=False) as reading:
        rows = reading.session.scalars(
            select(JobRun.period).where(
                JobRun.job == job,
                JobRun.period.in_(periods),
                or_(JobRun.finished_at.is_not(None), JobRun.claimed_until > now),
            )
        )
        return frozenset(rows)


def latest(opened: Work, job: str, prefix: str) -> JobRun | None:
    """The latest finished run of a job whose period begins like this."""
    return opened.one_or_none(
        select(JobRun)
        .where(JobRun.job == job, JobRun.period.startswith(prefix, autoescape=True), JobRun.finished_at.is_not(None))
        .order_by(JobRun.period.desc())
        .limit(1)
    )


def marks_told(opened: Work, job: str) -> dict[str, int]:
    """The marks that the run before this one had told of, by what they are of; none where nothing ran yet."""
    before = latest(opened, job, f"{opened.home} ")
    return before.seen if before is not None and isinstance(before.seen, dict) else {}
