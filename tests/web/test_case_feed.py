"""A personal calendar holds the days of one's own nonconformities and actions, and nobody else's."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from app.domain.training.due import Terms
from app.models.course import Course
from app.operations import actions, feeds
from app.operations.training_assignments import Wish, assign
from tests.cases import acting, planned
from tests.cast import Cast, Member
from tests.certified import NOON
from tests.trained import course, passed


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def events(app: Flask, client: FlaskClient, cast: Cast, who: Member, **asked: Any) -> dict[str, Any]:
    with acting(app, cast.organisation, who) as w:
        _feed, token = feeds.subscribe(w, name="Phone", only_mine=True, **asked)
    answer = client.get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    return {str(each["uid"]): each for each in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_one_s_own_days_are_in_it_with_a_uid_that_stays(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        planned(w, cast.asset_manager, cast.staff)
    own = events(app, client, cast, cast.asset_manager)
    [case] = own.values()
    assert str(case["summary"]) == "NC-2026-001: cause and plan"
    assert case["dtstart"].dt == date(2026, 6, 17)
    assert str(case["url"]).endswith("/o/alder-works/corrective-actions/NC-2026-001")
    assert not events(app, client, cast, cast.auditor)
    [action] = events(app, client, cast, cast.staff).values()
    assert (str(action["summary"]), action["dtstart"].dt) == ("A-2026-001 to be done", date(2026, 7, 1))
    assert len(action.walk("VALARM")) == 2
    with acting(app, cast.organisation, cast.staff) as w:
        actions.do(w, "A-2026-001", None, on=w.today, note="Named.")
    [done] = events(app, client, cast, cast.staff).values()
    assert str(done["summary"]) == "Done: A-2026-001 to be done"
    assert done["uid"] == action["uid"]
    assert done["sequence"] > action["sequence"]
    assert not done.walk("VALARM")


def test_training_that_is_due_is_in_it_until_it_is_taken(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        taken = course(w)
        assign(w, Wish(course_id=taken.id, people=frozenset({cast.staff.id}), terms=Terms(due_on=date(2026, 6, 30))))
    [due] = events(app, client, cast, cast.staff).values()
    assert (str(due["summary"]), due["dtstart"].dt) == ("TR-001: take the course", date(2026, 6, 30))
    assert str(due["url"]).endswith("/o/alder-works/my-training/TR-001")
    assert not events(app, client, cast, cast.auditor)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        passed(w, cast.staff.id, w.all(select(Course))[0], date(2026, 6, 1))
    assert not events(app, client, cast, cast.staff)
