"""Whose a task is hears of it: when it is given, before its day and when it is late, in their work and calendars."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.implementation.plan import Step
from app.jobs import due_reminders
from app.models.implementation import Implementation, ImplementationTask
from app.models.outbox import OutboxMail
from app.operations import feeds
from app.operations import implementations as operation
from app.operations.implementations import TaskDetails
from app.queries.implementations import implementation_by
from app.work import Work, work
from tests.cast import Cast, Member, post, sign_in
from tests.certified import NOON, applied
from tests.stage import on_stage, plan

ISMS = "ISO/IEC 27001:2022"


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def laid_out(w: Work, certificate_id: int | None = None) -> Implementation:
    wish = operation.Wish(ISMS, date(2026, 6, 1), 90, certificate_id)
    row = implementation_by(w, operation.lay_out(w, wish).reference)
    assert row is not None
    return row


def given(w: Work, row: Implementation, task: ImplementationTask, owner: Member | None, **more: Any) -> int:
    """Give a task of a plan to somebody; its id."""
    after = tuple(each.after_id for each in task.waits)
    days = {"starts_on": task.starts_on, "due_on": task.due_on, **more}
    owner_id = owner.id if owner else None
    details = TaskDetails(task.step, task.title, days["starts_on"], days["due_on"], owner_id, after)
    return operation.change_task(w, row.reference, task.id, None, details).id


def mails(app: Flask) -> list[OutboxMail]:
    with app.app_context(), work(None, writes=False) as w:
        return w.all(select(OutboxMail).order_by(OutboxMail.id))


def test_who_is_given_a_task_is_told_once_and_nobody_of_their_own(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = laid_out(w)
        first, second = row.tasks[:2]
        given(w, row, first, cast.quality_manager)
        given(w, row, second, cast.staff)
        # Other days, the same owner: the calendar and the reminders have them.
        given(w, row, second, cast.staff, due_on=date(2026, 6, 20))
        details = TaskDetails(Step.DELIVERY, "Print the posters", w.today, w.today, cast.auditor.id)
        operation.add_task(w, row.reference, details)
        given(w, row, second, None)
        title = second.title
    told = mails(app)
    assert [each.to_email for each in told] == [cast.staff.email, cast.auditor.email]
    assert told[0].subject.startswith("IMP-2026-01: a task is yours, due on ")
    assert title in told[0].body
    assert "/o/alder-works/my-work" in told[0].body
    assert "Print the posters" in told[1].html


def run(app: Flask, day: date) -> list[str]:
    now = datetime.combine(day, time(9), UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        return list(due_reminders.run(now))


def test_two_tasks_of_one_day_are_both_reminded_of_at_each_mark(app: Flask, cast: Cast) -> None:
    due = date(2026, 6, 20)
    with on_stage(app, cast.organisation, cast.staff) as w:
        row = laid_out(w)
        titles = ["Print the posters", "Hang the posters"]
        of = [TaskDetails(Step.DELIVERY, each, w.today, due, cast.staff.id) for each in titles]
        first, second = (operation.add_task(w, row.reference, each) for each in of)
    days = [due + timedelta(days=each) for each in range(-9, 12)]
    told = [day for day in days if run(app, day)]
    assert told == [due + timedelta(days=each) for each in (-7, -1, 0, 7)]
    sent = mails(app)
    assert {each.to_email for each in sent} == {cast.staff.email}
    assert sent[0].subject == "IMP-2026-01 is due on 20 Jun 2026, in 7 days, and 1 more · Alder Works"
    assert sent[-1].subject == "IMP-2026-01 was due on 20 Jun 2026, 7 days ago, and 1 more · Alder Works"
    for title in titles:
        assert title in sent[0].body
        assert unescape(sent[0].html).count(title) == 1
    assert "/o/alder-works/my-work\n" in sent[0].body
    assert "my-work?" not in sent[0].body
    # Another day begins anew; what is done is due no more.
    with on_stage(app, cast.organisation, cast.staff) as w:
        operation.finish(w, row.reference, first.id)
        given(w, row, second, cast.staff, due_on=date(2026, 7, 20))
    assert run(app, date(2026, 7, 13)) == ["alder-works: 1 reminder posted"]
    assert "more" not in mails(app)[-1].subject


def events(app: Flask, cast: Cast, who: Member, **asked: Any) -> dict[str, Any]:
    with on_stage(app, cast.organisation, who) as w:
        _feed, token = feeds.subscribe(w, name="Phone", **{"only_mine": False, **asked})
    answer = app.test_client().get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    found = [each for each in Calendar.from_ical(answer.data).walk("VEVENT") if "Audit" not in str(each["categories"])]
    return {str(each["summary"]): each for each in found}


def test_tasks_are_in_their_owner_s_calendar_and_milestones_in_the_organisation_s(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certificate, other = applied(w, ISMS), applied(w, "ISO 9001:2015")
        stage_1 = plan(w, certificate.id, date(2026, 9, 3), kind=AuditKind.STAGE_1).reference
        row = laid_out(w, certificate.id)
        given(w, row, row.tasks[0], cast.staff)
        task, last = row.tasks[0], row.tasks[-1].due_on
        ends = [max(each.due_on for each in row.tasks if each.step is step) for step in Step]
        ids = certificate.reference, other.reference
    own = events(app, cast, cast.staff, only_mine=True)
    assert list(own) == [f"IMP-2026-01: {task.title}"]
    mine = own[f"IMP-2026-01: {task.title}"]
    assert mine["dtstart"].dt == task.due_on
    assert str(mine["url"]).endswith("/o/alder-works/my-work")
    assert not events(app, cast, cast.auditor, only_mine=True)
    names = [f"IMP-2026-01: {each}" for each in ("manuals created", "manuals delivered", "users trained")]
    whole = events(app, cast, cast.quality_manager)
    assert [whole[each]["dtstart"].dt for each in names] == ends
    aimed = whole["IMP-2026-01: ready for stage 1"]
    assert aimed["dtstart"].dt == last
    assert f"before stage 1 ({stage_1}) begins on 3 Sep 2026" in str(aimed["description"])
    assert str(aimed["url"]).endswith("/o/alder-works/implementation/IMP-2026-01")
    # Staff do not see the programme, so their calendar has no more than their own.
    assert not set(names) & set(events(app, cast, cast.staff))
    assert set(names) <= set(events(app, cast, cast.quality_manager, certificate=ids[0]))
    assert not set(names) & set(events(app, cast, cast.quality_manager, certificate=ids[1]))
    # What is late moves what comes after it.
    with time_machine.travel("2026-06-16T08:00:00+00:00", tick=True):
        late = events(app, cast, cast.quality_manager)
    assert late["IMP-2026-01: ready for stage 1"]["dtstart"].dt > last
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        operation.finish(w, "IMP-2026-01", task.id)
    assert list(events(app, cast, cast.staff, only_mine=True)) == [f"Done: IMP-2026-01: {task.title}"]


def test_my_work_says_what_is_late_and_what_waits(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = laid_out(w)
        first, second = row.tasks[0], row.tasks[1]
        given(w, row, first, cast.staff)
        given(w, row, second, cast.staff)
    here = f"/o/{cast.organisation.slug}/my-work"

    def seen() -> str:
        return " ".join(unescape(client.get(here).text).split())

    sign_in(client, cast.staff)
    assert "2 tasks of an implementation are yours." in seen()
    assert f"Waits for “{first.title}”" in seen()
    done = f"/o/{cast.organisation.slug}/implementation/{row.reference}/tasks"
    assert f"{done}/{second.id}/done" not in seen()
    with time_machine.travel("2026-06-08T08:00:00+00:00", tick=True):
        client = sign_in(app.test_client(), cast.staff)
        assert "2 tasks of an implementation are yours, 1 late." in seen()
        assert '<tr class="late"> <th scope="row">Agree the scope' in seen()
        assert post(client, f"{done}/{first.id}/done").status_code == 303
        assert "1 task of an implementation is yours." in seen()
        assert f"{done}/{second.id}/done" in seen()


def test_who_waits_is_shown_and_reminded_of_the_day_that_is_expected(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.staff) as w:
        row = laid_out(w)
        first, second = row.tasks[:2]
        for each in row.tasks[2:]:
            assert each.owner_id is None
        given(w, row, second, cast.staff)
        laid, days = second.due_on, second.due_on - second.starts_on
        first_due = first.due_on
    # Laid out for a day that passes while what it waits for is late: nobody is told that it is due.
    for day in (first_due + timedelta(days=3), laid - timedelta(days=1), laid, laid + timedelta(days=7)):
        assert run(app, day) == []
    with time_machine.travel(datetime.combine(laid, time(9), UTC), tick=True):
        page = " ".join(unescape(sign_in(app.test_client(), cast.staff).get("/o/alder-works/my-work").text).split())
        assert "1 task of an implementation is yours." in page
        assert "expected " in page
        assert f"Waits for “{first.title}”" in page
        assert "due today" not in page
        with on_stage(app, cast.organisation, cast.staff) as w:
            operation.finish(w, row.reference, first.id)
    # Once that is done its day stands, and who does it is reminded of it.
    begins = laid + timedelta(days=1) if second.starts_on > first_due else laid
    due = begins + days
    assert run(app, due - timedelta(days=1)) == ["alder-works: 1 reminder posted"]
    assert mails(app)[-1].subject.startswith("IMP-2026-01 is due on ")
    own = events(app, cast, cast.staff, only_mine=True)
    assert own[f"IMP-2026-01: {second.title}"]["dtstart"].dt == due
