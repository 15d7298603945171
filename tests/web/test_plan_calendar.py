"""A calendar of the whole organisation holds the days of its plan, for who may see the plan and nobody else."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.domain.subscription.plan import Allowance
from app.extensions import db
from app.models.certificate import Certificate
from app.operations import audits, feeds, subscriptions
from app.operations.subscriptions import AdditionDetails
from tests.cast import Cast, Member, sign_in
from tests.certified import certified
from tests.stage import on_stage, wish
from tests.subscribed import agree, starting, terms

END = "Last day of the plan Premier, SUB-001"
ORDER = "Last day to order the recertification of C-27001-1"


@pytest.fixture(autouse=True)
def _tenth_of_september() -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def sold(app: Flask, cast: Cast) -> int:
    """Premier from the last of August 2026, and a certificate through 13 September 2028."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certified(w, date(2025, 9, 14))
        subscriptions.accept(w, row)
    return row


def held(client: FlaskClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200
    return {str(each["uid"]): each for each in Calendar.from_ical(answer.data).walk("VEVENT")}


def of_plan(events: dict[str, Any]) -> list[tuple[date, str]]:
    kept = [each for each in events.values() if "Plan" in each["categories"].cats]
    return [(each["dtstart"].dt, str(each["summary"])) for each in kept]


def feed(app: Flask, cast: Cast, who: Member, **asked: Any) -> str:
    with on_stage(app, cast.organisation, who) as w:
        _row, token = feeds.subscribe(w, name="Phone", **{"only_mine": False, **asked})
    return f"/feeds/{token}.ics"


def test_the_end_what_is_due_and_when_to_order_stand_in_it(
    app: Flask, client: FlaskClient, cast: Cast, sold: int
) -> None:
    url = feed(app, cast, cast.quality_manager)
    events = held(client, url)
    days = of_plan(events)
    assert len(days) == 38
    assert days[0] == (date(2026, 8, 31), "EUR 277.78 due of Premier, SUB-001")
    assert days[6][0] == date(2027, 2, 28)
    assert (date(2029, 8, 30), END) in days
    assert (date(2028, 3, 13), ORDER) in days
    end = next(each for each in events.values() if str(each["summary"]) == END)
    assert str(end["url"]).endswith(f"/o/{cast.organisation.slug}/plan/{sold}")
    assert "36 months from 31 Aug 2026" in str(end["description"])
    assert len(end.walk("VALARM")) == 2
    order = next(each for each in events.values() if str(each["summary"]) == ORDER)
    assert str(order["url"]).endswith("/certificates/C-27001-1")
    # A pause moves the end, and whoever holds the calendar sees it move.
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.pause(w, sold, date(2026, 10, 31), 3, "The office moves")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.add(w, sold, AdditionDetails(what=Allowance.LMS_SEATS, quantity=1, starts_on=date(2026, 9, 30)))
    moved = held(client, url)
    assert moved[str(end["uid"])]["dtstart"].dt == date(2029, 11, 29)
    assert moved[str(end["uid"])]["sequence"] > end["sequence"]
    said = dict(of_plan(moved))
    assert said[date(2026, 9, 30)] == "EUR 287.78 due of Premier, SUB-001"
    assert date(2026, 10, 31) not in said


def test_a_recertification_on_the_programme_is_not_to_be_ordered(
    app: Flask, client: FlaskClient, cast: Cast, sold: int
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        (held_now,) = w.all(select(Certificate))
        audits.plan(w, wish(held_now.id, date(2028, 6, 5), kind=AuditKind.RECERTIFICATION), reason="As agreed")
    words = [said for _day, said in of_plan(held(client, feed(app, cast, cast.quality_manager)))]
    assert END in words
    assert ORDER not in words


def test_who_may_not_see_the_plan_and_a_narrowed_calendar_have_none_of_it(
    app: Flask, client: FlaskClient, cast: Cast, sold: int
) -> None:
    for who in (cast.auditor, cast.asset_manager, cast.staff):
        assert of_plan(held(client, feed(app, cast, who))) == []
    for asked in ({"only_mine": True}, {"with_limits": False}, {"certificate": "C-27001-1"}):
        assert of_plan(held(client, feed(app, cast, cast.quality_manager, **asked))) == []
    programme = f"/o/{cast.organisation.slug}/calendar/programme.ics"
    assert of_plan(held(sign_in(client, cast.auditor), programme)) == []
    assert len(of_plan(held(sign_in(client, cast.quality_manager), programme))) == 38
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        _row, token = feeds.subscribe(w, name="Phone", only_mine=False)
    assert of_plan(held(client, f"/feeds/{token}.ics")) == []


def test_the_questions_do_not_grow_with_the_plan(app: Flask, client: FlaskClient, cast: Cast, sold: int) -> None:
    def queries() -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        held(client, url)
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    url = feed(app, cast, cast.quality_manager)
    queries()
    few = queries()
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        later = subscriptions.offer(w, cast.organisation.id, terms(), starting(date(2029, 12, 31))).id
        subscriptions.pause(w, sold, date(2026, 10, 31), 1, "The office moves")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, later)
        certified(w, date(2025, 9, 14), "ISO/IEC 20000-1:2018")
    assert queries() == few
    assert len(of_plan(held(client, url))) == 76
