"""Both sides of an invoice hear that it is overdue: a day and two weeks after its day, each once, while it is open."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from app.domain.subscription.invoicing import Line, overdue_mark
from app.jobs import overdue_invoices
from app.operations import invoices
from app.operations.invoices import Paper
from tests.cast import Cast
from tests.jobs.conftest import mails
from tests.stage import on_stage
from tests.subscribed import agree

DUE = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("late", "mark"), [(-30, None), (0, None), (1, 1), (2, 1), (13, 1), (14, 14), (15, 14), (400, 14)]
)
def test_the_marks_of_a_day(late: int, mark: int | None) -> None:
    assert overdue_mark(DUE, DUE + timedelta(days=late)) == mark


def run(app: Flask, day: date) -> list[str]:
    now = datetime.combine(day, time(9), UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        return list(overdue_invoices.run(now))


def issued(app: Flask, cast: Cast, due_on: date = DUE) -> int:
    with time_machine.travel("2026-09-10T09:00:00Z"), on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        line = Line("Training on site", 10_000, 1900)
        return invoices.issue_own(w, cast.organisation.id, "EUR", [line], Paper(due_on=due_on)).id


def posted(app: Flask) -> Counter[str]:
    with app.app_context():
        return Counter(each.to_email for each in mails() if each.subject.startswith("Overdue: "))


def test_both_sides_are_told_at_each_mark_once(app: Flask, cast: Cast) -> None:
    key = issued(app, cast)
    told = {}
    for late in range(-2, 30):
        if says := run(app, DUE + timedelta(days=late)):
            told[late] = says
        assert run(app, DUE + timedelta(days=late)) == []
    assert told == {late: [f"{cast.elsewhere.slug}: 3 reminders of overdue invoices posted"] for late in (1, 14)}
    # Of the client those who see the plan, and no others.
    assert posted(app) == {cast.quality_manager.email: 2, cast.administrator.email: 2, cast.stranger.email: 2}
    with app.app_context():
        last = [each for each in mails() if each.subject.startswith("Overdue: ")]
    mine = next(each for each in reversed(last) if each.to_email == cast.quality_manager.email)
    assert mine.subject == f"Overdue: RE-2026-0001 · {cast.organisation.name}"
    assert "EUR 119.00 is open, 14 days after the day it was due on." in mine.body
    assert f"/o/{cast.organisation.slug}/plan/invoices/{key}\n" in mine.body
    ours = next(each for each in reversed(last) if each.to_email == cast.stranger.email)
    assert f"RE-2026-0001 to {cast.organisation.name}: EUR 119.00 is open" in ours.body
    assert f"/o/{cast.elsewhere.slug}/invoices/{key}\n" in ours.body


def test_what_is_paid_is_not_reminded_of_and_a_late_runner_tells_once(app: Flask, cast: Cast) -> None:
    key = issued(app, cast)
    with time_machine.travel("2026-09-25T05:00:00Z"), on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.pay(w, key, 11_900, date(2026, 9, 25))
    assert run(app, DUE + timedelta(days=1)) == []
    with time_machine.travel("2026-09-10T09:00:00Z"), on_stage(app, cast.elsewhere, cast.stranger) as w:
        invoices.issue_own(w, cast.organisation.id, "EUR", [Line("Advice", 5_000)], Paper(due_on=DUE))
    assert run(app, DUE + timedelta(days=40)) == [f"{cast.elsewhere.slug}: 3 reminders of overdue invoices posted"]
    assert run(app, DUE + timedelta(days=41)) == []
    with app.app_context():
        assert {each.subject.split(" · ")[0] for each in mails() if each.subject.startswith("Overdue: ")} == {
            "Overdue: RE-2026-0002"
        }
