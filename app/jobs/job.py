"""What a job is, and the journey of most: once a day in each organisation, on the organisation's own day."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.jobs import claims
from app.models.base import JsonValue
from app.models.organisation import Organisation
from app.work import Work, work

log = logging.getLogger("triennium.jobs")


class JobFailedError(RuntimeError):
    """A job failed for some organisations, whose traces stand in the log; the others were served."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the register. `run` does all of it that is due at a moment and says in plain words what it did."""

    name: str
    says: str
    when: str
    run: Callable[[datetime], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did, in plain words (empty: nothing worth a line), and what the next run should know."""

    says: str = ""
    seen: JsonValue = None


def once(
    job: str, period: str, organisation_id: int | None, now: datetime, do: Callable[[Work], Done]
) -> Iterator[str]:
    """Do this once for the period: the effects and the mark that it is done are one transaction."""
    claim = claims.take(job, period, now)
    if claim is None:
        return
    try:
        with work(organisation_id, now=now) as opened:
            done = do(opened)
            claims.finish(opened, claim, done.says, done.seen)
    except (KeyboardInterrupt, SystemExit):
        claims.give_back(claim)
        raise
    if done.says:
        yield done.says


def daily(job: str, now: datetime, do: Callable[[Work], Done], *, not_before: time = time.min) -> Iterator[str]:
    """Do this once on each organisation's day, from an hour of its own time on; one that fails holds up no other."""
    with work(None, writes=False) as reading:
        found = reading.session.execute(select(Organisation.id, Organisation.slug, Organisation.time_zone)).all()
    local = {id_: now.astimezone(ZoneInfo(zone)) for id_, _, zone in found}
    periods = {id_: f"{id_} {moment.date().isoformat()}" for id_, moment in local.items()}
    settled = claims.settled(job, periods.values(), now)
    failed: list[str] = []
    for id_, slug, _ in found:
        if periods[id_] in settled or local[id_].time() < not_before:
            continue
        try:
            for says in once(job, periods[id_], id_, now, do):
                yield f"{slug}: {says}"
        except Exception:
            log.exception("%s failed for %s; it is tried again when its claim has run out", job, slug)
            failed.append(slug)
    if failed:
        raise JobFailedError(f"failed for {', '.join(failed)}")
