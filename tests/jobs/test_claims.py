"""A job runs once for a period, however many runners there are and whichever of them dies."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.queues import Queue
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.jobs import claims
from app.jobs.job import Done, JobFailedError, daily, once
from app.models.outbox import JobRun
from app.models.person import Attempt
from app.work import Work, now_utc, work
from config import Settings
from tests.cast import Cast


def _count(opened: Work) -> Done:
    """An effect that shows how often it was done."""
    kept = opened.one_or_none(select(Attempt).with_for_update())
    if kept is None:
        opened.add(Attempt(kind="trial", subject="x", window_began_at=opened.now.replace(year=2000), count=1))
    else:
        kept.count += 1
    return Done("counted", {"at": 1})


def _counted() -> int:
    with work(None, writes=False) as reading:
        return reading.session.scalar(select(Attempt.count)) or 0


def _fail(opened: Work) -> Done:
    _count(opened)
    raise ZeroDivisionError


def test_a_job_that_is_broken_off_is_free_for_the_next_runner_at_once(app: Flask) -> None:
    def broken_off(opened: Work) -> Done:
        _count(opened)
        raise SystemExit

    with app.app_context():
        now = now_utc()
        with pytest.raises(SystemExit):
            list(once("count", "one", None, now, broken_off))
        assert list(once("count", "one", None, now_utc(), _count)) == ["counted"]
        assert _counted() == 1


def test_a_period_is_done_once(app: Flask) -> None:
    with app.app_context():
        assert list(once("trial", "a", None, now_utc(), _count)) == ["counted"]
        assert list(once("trial", "a", None, now_utc(), _count)) == []
        assert list(once("trial", "b", None, now_utc(), _count)) == ["counted"]
        assert _counted() == 2
        with work(None, writes=False) as reading:
            run = claims.latest(reading, "trial", "a")
            assert run is not None
            assert (run.says, run.seen) == ("counted", {"at": 1})


def test_a_claim_of_a_killed_runner_runs_out(app: Flask) -> None:
    with app.app_context():
        now = now_utc()
        assert claims.take("trial", "a", now) is not None
        assert list(once("trial", "a", None, now + timedelta(minutes=14), _count)) == []
        assert list(once("trial", "a", None, now + timedelta(minutes=15), _count)) == ["counted"]


def test_a_failed_run_is_undone_and_tried_again_later(app: Flask) -> None:
    with app.app_context():
        now = now_utc()
        with pytest.raises(ZeroDivisionError):
            list(once("trial", "a", None, now, _fail))
        assert _counted() == 0
        assert list(once("trial", "a", None, now, _count)) == []
        assert list(once("trial", "a", None, now + claims.LEASE, _count)) == ["counted"]


def test_who_lost_the_claim_leaves_no_effect(app: Flask) -> None:
    def slow(opened: Work) -> Done:
        _count(opened)
        raise_if_lost: Any = claims.Claim("trial", "a", "somebody else")
        claims.finish(opened, raise_if_lost)
        return Done()

    with app.app_context():
        with pytest.raises(claims.LostClaimError):
            list(once("trial", "a", None, now_utc(), slow))
        assert _counted() == 0


def test_a_daily_job_runs_once_on_each_organisations_own_day(app: Flask, cast: Cast) -> None:
    seen: list[tuple[int, str]] = []

    def note(opened: Work) -> Done:
        seen.append((opened.home, opened.today.isoformat()))
        return Done("noted")

    with app.app_context():
        now = now_utc().replace(hour=12)
        assert len(list(daily("trial", now, note))) == 2
        assert list(daily("trial", now, note)) == []
        assert len(list(daily("trial", now + timedelta(days=1), note))) == 2
    assert len(set(seen)) == 4


def test_an_organisation_that_fails_holds_up_no_other(app: Flask, cast: Cast) -> None:
    served: list[int] = []

    def some(opened: Work) -> Done:
        if opened.home == cast.organisation.id:
            raise ZeroDivisionError
        served.append(opened.home)
        return Done()

    with app.app_context(), pytest.raises(JobFailedError, match=cast.organisation.slug):
        list(daily("trial", now_utc(), some))
    assert served == [cast.elsewhere.id]


def _race(settings: Settings, period: str, gate: Any, won: "Queue[int]") -> None:
    app = create_app(settings)
    with app.app_context():
        gate.wait()
        won.put(len(list(once("trial", period, None, now_utc(), _count))))
        db.engine.dispose()


def test_of_many_runners_one_has_the_period(app: Flask, make_app: Callable[..., Flask]) -> None:
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    gate, won = fork.Barrier(6), fork.Queue()
    racers = [fork.Process(target=_race, args=(app.extensions["settings"], "a", gate, won)) for _ in range(6)]
    for each in racers:
        each.start()
    assert sorted(won.get(timeout=60) for _ in racers) == [0] * 5 + [1]
    for each in racers:
        each.join(30)
    with app.app_context():
        assert _counted() == 1
        with work(None, writes=False) as reading:
            assert len(reading.all(select(JobRun))) == 1
