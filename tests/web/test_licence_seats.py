"""Seats on their pages: checked out to one and to many, by fifty at once, checked in, listed, exported."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.employee import Employee
from app.models.journal import JournalEntry
from app.models.licence import LicenceSeat
from app.operations import seats
from app.operations.seats import Holders
from app.queries.journal_proof import prove_all
from app.work import Work
from tests.cast import Cast, post, sign_in
from tests.equipped import employ, equip
from tests.licensed import bought, pooled
from tests.stage import on_stage, site

TODAY = date.today()  # noqa: DTZ011 - any day near enough
MANY = 50


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/licences/seats"


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        yield w


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def stocked(app: Flask, cast: Cast, seats_bought: int, people: int, metric: Metric = Metric.NAMED_USER) -> list[int]:
    """A pool LP-001 with so many seats, and so many people; gives their ids."""
    with inside(app, cast) as w:
        bought(w, pooled(w, metric), seats_bought)
        return [employ(w, f"P-{number}", f"Person {number:02}").id for number in range(1, people + 1)]


@pytest.mark.parametrize("each", [1, 3], ids=["through the page", "through the bulk"])
def test_of_fifty_who_take_the_last_seat_at_once_one_gets_it(app: Flask, cast: Cast, home: str, each: int) -> None:
    people = stocked(app, cast, each, MANY * each)
    visitors = [sign_in(app.test_client(), cast.asset_manager) for _ in range(MANY)]
    ready = Barrier(MANY)

    def take(number: int) -> tuple[int, str]:
        mine = people[number * each : (number + 1) * each]
        ready.wait(timeout=60)
        said = {"holders": [f"p{id_}" for id_ in mine], "starts_on": TODAY.isoformat()}
        answer = post(visitors[number], f"{home}/LP-001/check-out", said)
        return answer.status_code, text(answer)

    with ThreadPoolExecutor(MANY) as pool:
        came = list(pool.map(take, range(MANY)))
    assert sorted(status for status, _ in came) == [303] + [422] * (MANY - 1)
    with inside(app, cast) as w:
        held = w.all(select(LicenceSeat))
        assert len(held) == each
        winner = next(number for number, (status, _) in enumerate(came) if status == 303)
        assert {seat.employee_id for seat in held} == set(people[winner * each : (winner + 1) * each])
        entries = w.all(select(JournalEntry).where(JournalEntry.noun == "licence_seat"))
        assert len(entries) == each
        assert all(proof.is_whole for proof in prove_all(w.session))
    name = f"Person {winner * each + 1:02}"
    for status, page in came:
        if status == 422:
            assert "cannot be checked out" in page
            assert name in page[page.index("Held by") :]


def test_one_is_checked_out_and_in_again_and_the_journal_has_it(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    (anna,) = stocked(app, cast, 1, 1)
    page = text(keeper.get(f"{home}/LP-001/check-out"))
    assert "1 free today" in page
    said = {"holders": [f"p{anna}"], "starts_on": TODAY.isoformat(), "note": "for the  move"}
    assert post(keeper, f"{home}/LP-001/check-out", said).status_code == 303
    listed = text(keeper.get(f"{home}?standing=held&pool=LP-001"))
    assert "Person 01" in listed
    assert "for the move" in listed
    with inside(app, cast) as w:
        seat = w.all(select(LicenceSeat))[0].id
    asked = text(keeper.get(f"{home}/check-in?seat={seat}"))
    assert "Person 01, Quill Office" in asked
    assert post(keeper, f"{home}/check-in", {"seats": [seat], "last_day": TODAY.isoformat()}).status_code == 303
    late = post(keeper, f"{home}/check-in", {"seats": [seat], "last_day": TODAY.isoformat()})
    assert late.status_code == 422
    assert "checked in already" in text(late)
    with inside(app, cast) as w:
        assert w.all(select(LicenceSeat))[0].ends_on == TODAY
        actions = [each.action for each in w.all(select(JournalEntry).where(JournalEntry.noun == "licence_seat"))]
    assert actions == ["created", "changed"]


def test_what_is_refused_comes_back_as_it_was_filled_in(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    anna, ben = stocked(app, cast, 1, 2)
    said = {"holders": [f"p{anna}", f"p{ben}"], "starts_on": TODAY.isoformat(), "note": "both of them"}
    answer = post(keeper, f"{home}/LP-001/check-out", said)
    page = text(answer)
    assert answer.status_code == 422
    assert "2 seats cannot be checked out" in page
    assert "ISO/IEC 19770-1:2017, 8.4" in page
    assert 'value="both of them"' in page
    assert page.count("checked") >= 2
    for wrong, says in (
        ({"holders": []}, "Choose who is to have a seat"),
        ({"holders": ["p999999"]}, "Choose people from the list"),
        ({"holders": ["x1", "p", "²"]}, "Choose people from the list"),
        ({"holders": [f"p{anna}"], "starts_on": "2026-02-30"}, "There is no such day"),
        ({"holders": [f"p{anna}"], "ends_on": (TODAY - timedelta(days=1)).isoformat()}, "before the first"),
    ):
        refused = post(keeper, f"{home}/LP-001/check-out", {**said, **wrong})
        assert refused.status_code == 422
        assert says in text(refused)


def test_another_organisation_s_pools_seats_and_people_are_not_there(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        pool = pooled(w)
        bought(w, pool, 1)
        theirs = seats.check_out(w, pool.id, Holders([employ(w).id]), TODAY)[0].id
    assert keeper.get(f"{home}/LP-001/check-out").status_code == 404
    answer = post(keeper, f"{home}/check-in", {"seats": [theirs], "last_day": TODAY.isoformat()})
    assert answer.status_code == 422
    assert "not there any longer" in text(answer)
    assert "Anna Berg" not in text(keeper.get(home))
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        assert w.all(select(LicenceSeat))[0].ends_on is None


def test_the_list_asks_as_many_questions_for_many_seats_as_for_few(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    people = stocked(app, cast, 60, 60)

    def asked() -> int:
        count = 0

        def counted(*_: Any) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", counted)
        try:
            assert keeper.get(home).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", counted)
        return count

    def give(some: list[int]) -> None:
        with inside(app, cast) as w:
            seats.check_out(w, 1, Holders(some), TODAY)

    give(people[:2])
    asked()
    few = asked()
    give(people[2:])
    assert asked() == few


def test_the_list_is_filtered_and_exported(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        leipzig = site(w, "Leipzig").id
        pool = pooled(w, Metric.SUBSCRIPTION)
        bought(w, pool, 9)
        here = employ(w, "P-1", "Anna", site_id=leipzig).id
        leaver = employ(w, "P-2", "Ben").id
        device = equip(w, "NW-77", "Kiosk").id
        seats.check_out(w, pool.id, Holders([here, leaver], [device]), TODAY - timedelta(days=5))
    with inside(app, cast) as w:
        w.all(select(Employee).where(Employee.id == leaver))[0].left_on = TODAY - timedelta(days=1)
        w.flush()

    def names(query: str) -> list[bool]:
        page = text(keeper.get(f"{home}?{query}"))
        return [name in page for name in (">Anna<", ">Ben<", ">NW-77<")]

    assert names("") == [True, True, True]
    assert names(f"site={leipzig}") == [True, False, False]
    assert names("standing=leaving") == [False, True, False]
    assert names("q=kiosk") == [False, False, True]
    assert "Left, and holds it still" in text(keeper.get(home))
    sheet = keeper.get(f"{home}/export/csv?standing=leaving")
    assert sheet.status_code == 200
    assert "Ben" in text(sheet)
    assert "Anna" not in text(sheet)
