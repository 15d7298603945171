"""People are reminded of what is theirs a week and a day before, on the day and a week late, each once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from app.domain.findings.reminding import mark_of, say_left
from app.jobs import due_reminders
from app.models.corrective_action import CorrectiveAction
from app.models.outbox import JobRun, OutboxMail
from app.work import work
from tests.cases import acting, fresh, owned, planned
from tests.cast import Cast
from tests.jobs.conftest import mails

DUE = date(2026, 6, 17)
"""Thirty days after 18 May 2026."""


@pytest.mark.parametrize(
    ("left", "mark"), [(8, None), (7, 7), (2, 7), (1, 1), (0, 0), (-1, 0), (-6, 0), (-7, -7), (-400, -7)]
)
def test_the_marks_of_a_day(left: int, mark: int | None) -> None:
    assert mark_of(DUE, DUE - timedelta(days=left)) == mark


def test_how_it_stands_is_said_in_words() -> None:
    told = [say_left(DUE, DUE - timedelta(days=left)) for left in (7, 1, 0, -3)]
    assert told == [
        "is due on 17 Jun 2026, in 7 days",
        "is due on 17 Jun 2026, in 1 day",
        "is due on 17 Jun 2026, today",
        "was due on 17 Jun 2026, 3 days ago",
    ]


def run(app: Flask, day: date) -> list[str]:
    now = datetime.combine(day, time(9), UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        return list(due_reminders.run(now))


def posted(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        return [each for each in mails() if "due" in each.subject and "yours" not in each.subject]


def prepared(app: Flask, cast: Cast) -> str:
    with time_machine.travel("2026-06-01T12:00:00+00:00"), acting(app, cast.organisation, cast.quality_manager) as w:
        owned(w, cast.asset_manager)
        return planned(w, cast.asset_manager, cast.staff)


def test_each_is_told_of_their_own_at_each_mark_once(app: Flask, cast: Cast) -> None:
    prepared(app, cast)
    days = [DUE + timedelta(days=each) for each in range(-9, 30)]
    told = {day: says for day in days if (says := run(app, day))}
    # The action is due on 1 July.
    assert {day: len(says) for day, says in told.items()} == {
        DUE - timedelta(days=7): 1,
        DUE - timedelta(days=1): 1,
        DUE: 1,
        date(2026, 6, 24): 1,
        date(2026, 6, 30): 1,
        date(2026, 7, 1): 1,
        date(2026, 7, 8): 1,
    }
    assert told[date(2026, 6, 24)] == ["alder-works: 2 reminders posted"]
    mine = [each for each in posted(app) if each.to_email == cast.asset_manager.email]
    assert [each.subject for each in mine] == [
        "NC-2026-001 is due on 17 Jun 2026, in 7 days, and 1 more · Alder Works",
        "NC-2026-001 is due on 17 Jun 2026, in 1 day, and 1 more · Alder Works",
        "NC-2026-001 is due on 17 Jun 2026, today, and 1 more · Alder Works",
        "NC-2026-001 was due on 17 Jun 2026, 7 days ago, and 1 more · Alder Works",
    ]
    assert "/o/alder-works/corrective-actions/NC-2026-002" in mine[0].body
    assert {each.to_email for each in posted(app)} == {cast.asset_manager.email, cast.staff.email}


def test_a_missed_morning_is_made_up_for_and_a_later_day_begins_anew(app: Flask, cast: Cast) -> None:
    reference = prepared(app, cast)
    assert run(app, DUE - timedelta(days=4)) == ["alder-works: 1 reminder posted"]
    with time_machine.travel("2026-06-14T12:00:00+00:00"), acting(app, cast.organisation, cast.quality_manager) as w:
        case: CorrectiveAction = fresh(w, reference)
        case.answer_due_on = date(2026, 6, 20)
    assert run(app, DUE - timedelta(days=2)) == ["alder-works: 1 reminder posted"]
    assert run(app, DUE - timedelta(days=2)) == []


def test_where_the_mark_was_lost_nobody_is_told_twice_on_one_day(app: Flask, cast: Cast) -> None:
    prepared(app, cast)
    run(app, DUE)
    with app.app_context(), work(None) as opened:
        opened.session.execute(delete(JobRun))
    run(app, DUE)
    assert len(posted(app)) == 1
