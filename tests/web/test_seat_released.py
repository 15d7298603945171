"""Before a seat is released it is shown which courses are not taken then; a pool has days that may be meant."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from app.domain.subscription.seats import PoolSource, SeatKind
from app.domain.training.due import Terms
from app.models.seat import SeatPool
from app.operations import seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails
from app.operations.training_assignments import Wish, assign
from tests.cast import post, sign_in
from tests.stage import on_stage
from tests.trained import course, passed


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/subscription/seats"


def told(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def seated(w, cast, kind):
    told = PoolDetails(kind=kind, source=PoolSource.BOUGHT, quantity=3, starts_on=w.today)
    seat_pools.record(w, told)
    return subscription_seats.assign(w, kind, [cast.staff.id, cast.auditor.id], w.today)


def test_the_courses_that_can_then_not_be_taken_are_shown_first(app, client, cast, home):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        first, second, third = course(w), course(w, "TR-002", "ISO 19011"), course(w, "TR-003", "Passed already")
        passed(w, cast.staff.id, third, date(2027, 1, 1))
        for each in (first, second, third):
            assign(w, Wish(course_id=each.id, people=frozenset({cast.staff.id}), terms=Terms(due_on=date(2027, 3, 1))))
        hers, _ = seated(w, cast, SeatKind.LMS)
    sign_in(client, cast.administrator)
    page = told(client.get(f"{home}/release?seat={hers}"))
    assert "Internal auditing TR-001, due 1 Mar 2027" in page
    assert "ISO 19011 TR-002, due 1 Mar 2027" in page
    assert "Passed already" not in page
    assert "cannot be taken until they have a seat again" in page
    assert post(client, f"{home}/release?seat={hers}", {"day": "2027-02-01"}).status_code == 303


def test_who_has_nothing_to_take_loses_nothing_and_an_auditors_seat_takes_no_course_away(app, client, cast, home):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assign(w, Wish(course_id=course(w).id, people=frozenset({cast.staff.id})))
        _, his = seated(w, cast, SeatKind.LMS)
        hers, _ = seated(w, cast, SeatKind.AUDIT_MANAGER)
    sign_in(client, cast.administrator)
    for seat in (his, hers):
        page = told(client.get(f"{home}/release?seat={seat}"))
        assert "Internal auditing" not in page
        assert "cannot be taken" not in page


@pytest.mark.parametrize(
    ("field", "day"), [("starts_on", "0001-01-01"), ("starts_on", "9999-01-01"), ("ends_on", "9999-12-31")]
)
def test_a_pool_of_a_year_that_nobody_means_is_refused_at_the_field(app, client, cast, home, field, day):
    sign_in(client, cast.administrator)
    typed = {"kind": "lms", "source": "bought", "quantity": "2", "starts_on": "2027-02-01", field: day}
    refused = post(client, f"{home}/pools/new", typed)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Choose a day between 1980 and 2999." in page.split(f'id="{field}-error"')[1][:400]
    assert f'value="{day}"' in page
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(SeatPool)) == []
