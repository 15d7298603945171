"""Before training is assigned its page says by when for whom, how often again, with which seats, and what is there."""

import re
from html import unescape

import pytest
import time_machine

from app.domain.permission import Role
from app.domain.subscription.seats import PoolSource, SeatKind
from app.domain.training.due import Terms
from app.operations import seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails
from app.operations.training_assignments import Wish, assign
from tests.cast import post as _post
from tests.cast import sign_in
from tests.stage import on_stage
from tests.trained import course, path


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


@pytest.fixture
def look(client, cast):
    """The words of the preview of what is asked for."""
    sign_in(client, cast.quality_manager)

    def shown(**asked):
        answer = _post(client, f"/o/{cast.organisation.slug}/training/assign", {"refreshing": "never", **asked})
        assert answer.status_code == 200
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())

    return shown


def test_each_person_is_shown_with_their_day_and_how_often_it_comes_again(app, cast, look):
    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
    page = look(what=f"course-{taken}", role="auditor", due_days="30", refreshing="last-completion", months="12")
    assert "Aud Lindqvist TR-001 Internal auditing 3 Mar 2027" in page
    assert "again 12 months after each completion" in page
    # Without a pool on record nothing is counted, and nothing is said of seats.
    assert "seat" not in page.lower().replace("seats and plan", "")


def test_who_has_it_already_is_named(app, cast, look):
    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
        assign(w, Wish(course_id=taken, people=frozenset({cast.staff.id})))
    page = look(what=f"course-{taken}", people=f"{cast.staff.email}\n{cast.auditor.email}", due_on="2027-03-01")
    there = page.split("Left as they are")[-1]
    assert "Stella Farrow TR-001 Internal auditing Assigned already" in there
    assert "Aud Lindqvist" not in there


def test_the_seats_that_are_needed_stand_against_those_that_are_free(app, cast, look):
    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
        for quantity in (1, 1):
            seat_pools.record(
                w, PoolDetails(kind=SeatKind.LMS, source=PoolSource.BOUGHT, quantity=quantity, starts_on=w.today)
            )
        subscription_seats.assign(w, SeatKind.LMS, [cast.staff.id], w.today)
    mails = (cast.staff.email, cast.auditor.email, cast.asset_manager.email)
    page = look(what=f"course-{taken}", people="\n".join(mails), due_on="2027-03-01")
    assert "2 more LMS seats are needed to take this, and 1 is free on all days until 1 Mar 2027 : 1 too few." in page
    assert "Without a seat: Asif Malik, Aud Lindqvist" in page
    page = look(what=f"course-{taken}", people=cast.staff.email, due_on="2027-03-01")
    assert "Everybody has a seat to take it until 1 Mar 2027" in page


def test_a_rule_that_asks_the_same_already_is_pointed_out(app, cast, look):
    with on_stage(app, cast.organisation) as w:
        first, second, third = course(w), course(w, "TR-002", "ISO 19011"), course(w, "TR-003", "Another")
        way = path(w, first, second)
        assign(w, Wish(path_id=way.id, role=Role.AUDITOR, terms=Terms(due_days=30), goes_on=True))
        ids = first.id, third.id
    page = look(what=f"course-{ids[0]}", role="auditor", goes_on="y")
    assert "A rule asks the same already: TA-001 , for auditor, due 30 days after joining" in page
    assert "asks the same" not in look(what=f"course-{ids[1]}", role="auditor", goes_on="y")
    # It is for everybody, which the rule is not; and by name no rule is kept.
    assert "asks the same" not in look(what=f"course-{ids[0]}", goes_on="y")
    assert "asks the same" not in look(what=f"course-{ids[0]}", people=cast.auditor.email)
