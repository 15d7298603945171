"""Seats on screen: checked out to one or many, checked in, and never one too many however many ask at once."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.employee import Employee
from app.models.journal import JournalEntry
from app.models.licence import LicencePool, LicenceSeat
from app.operations import seats
from app.operations.seats import Holder
from tests.cast import Cast, cookie_of, post, sign_in
from tests.certified import NOON
from tests.equipped import employ
from tests.inventory import asset
from tests.seated import bought, pool
from tests.stage import on_stage

TODAY = date(2026, 6, 1)
AT_ONCE = 50


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/seats"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def desk(app: Flask, cast: Cast) -> tuple[int, str]:
    """A pool with two seats, and three people."""
    with on_stage(app, cast.organisation) as w:
        row = pool(w, name="Desk")
        bought(w, row, 2)
        for number, name in enumerate(("Anna", "Bo", "Cy"), 1):
            employ(w, f"P-{number}", name)
        return row.id, row.reference


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def ids_of(app: Flask, cast: Cast) -> dict[str, int]:
    with on_stage(app, cast.organisation) as w:
        return {row.name: row.id for row in w.all(select(Employee))}


def held(app: Flask, cast: Cast) -> list[LicenceSeat]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(LicenceSeat).order_by(LicenceSeat.id))


def test_the_last_day_is_proposed_through_which_a_seat_is_entitled(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    with on_stage(app, cast.organisation) as w:
        rented = pool(w, Metric.SUBSCRIPTION, name="Rented")
        bought(w, rented, 1, kind="subscription", ends_on=date(2026, 8, 31))
        bought(w, rented, 1, kind="subscription", ends_on=date(2026, 12, 31))
        reference, people = rented.reference, w.all(select(Employee.id).order_by(Employee.id))
    asked = f"{url}/check-out/{reference}?holders=person-{people[0]}"
    one = text(manager.get(asked))
    assert 'name="ends_on" type="date" value="2026-12-31"' in one
    assert "Proposed: through it, a seat is entitled and free." in one
    two = text(manager.get(f"{asked}&holders=person-{people[1]}"))
    assert 'name="ends_on" type="date" value="2026-08-31"' in two
    keys = [f"person-{each}" for each in people[:2]]
    said = {"holders": keys, "starts_on": "2026-06-01", "ends_on": "2026-08-31"}
    assert post(manager, f"{url}/check-out/{reference}", said).status_code == 303
    for_good = text(manager.get(f"{url}/check-out/{desk[1]}"))
    assert 'name="ends_on" type="date" value=""' in for_good
    assert "Proposed" not in for_good


def test_the_key_enter_checks_out_and_looks_for_others_only_once_others_are_asked_for(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    page = text(manager.get(f"{url}/check-out/{desk[1]}"))
    # A browser presses the first button of the form.
    first = re.findall(r'<button type="submit"[^>]*name="(\w+)"', page.partition("<h1")[2])[0]
    assert first == "enter"
    (found,) = re.findall(r'name="found" value="([^"]*)"', page)
    said = {"holders": f"person-{ids_of(app, cast)['Bo']}", "starts_on": "2026-06-01", "enter": "yes", "found": found}
    others = post(manager, f"{url}/check-out/{desk[1]}", {**said, "q": "Anna"})
    assert others.status_code == 200
    assert held(app, cast) == []
    assert post(manager, f"{url}/check-out/{desk[1]}", {**said, "q": "", "note": "Asked for"}).status_code == 303
    assert [seat.note for seat in held(app, cast)] == ["Asked for"]


def test_many_are_checked_out_found_and_checked_in_at_once(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    assert "No seat is checked out" in text(manager.get(url))
    assert "Desk" in text(manager.get(f"{url}/check-out"))
    page = text(manager.get(f"{url}/check-out/{desk[1]}"))
    assert "2 are entitled, 0 held and 2 free" in page
    people = ids_of(app, cast)
    keys = [f"person-{people[name]}" for name in ("Anna", "Bo", "Cy")]
    form = {"holders": keys, "starts_on": "2026-06-01", "note": "A whole team"}
    refused = post(manager, f"{url}/check-out/{desk[1]}", form)
    assert refused.status_code == 422
    assert "3 seats cannot be checked out" in text(refused)
    assert "ISO/IEC 19770-1:2017, 8.4" in text(refused)
    assert text(refused).count(" checked>") == 3
    assert "A whole team" in text(refused)
    assert held(app, cast) == []
    made = post(manager, f"{url}/check-out/{desk[1]}", {**form, "holders": keys[:2]})
    assert made.status_code == 303
    listed = text(manager.get(made.location))
    assert "Anna" in listed
    assert "2 seats held on" in listed
    third = post(manager, f"{url}/check-out/{desk[1]}", {**form, "holders": keys[2:]})
    assert third.status_code == 422
    assert "Held by Anna, Bo." in text(third)
    both = "&".join(f"seat={row.id}" for row in held(app, cast))
    assert "Anna" in text(manager.get(f"{url}/check-in?{both}"))
    assert post(manager, f"{url}/check-in?{both}", {"last_day": "2026-06-01"}).status_code == 303
    assert [row.ends_on for row in held(app, cast)] == [TODAY, TODAY]
    assert "Anna" in text(manager.get(f"{url}?standing=ended&day=2026-06-02"))
    assert post(manager, f"{url}/check-out/{desk[1]}", {**form, "holders": keys[2:]}).status_code == 422
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        entries = select(JournalEntry.action).where(JournalEntry.noun == "licence_seat").order_by(JournalEntry.id)
        told = list(w.session.scalars(entries))
    assert told == ["created", "created", "changed", "changed"]
    quality = sign_in(app.test_client(), cast.quality_manager)
    assert "Anna" in text(quality.get(f"/o/{cast.organisation.slug}/journal/?noun=licence_seat"))


def test_the_list_is_narrowed_sorted_and_exported(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    people = ids_of(app, cast)
    with on_stage(app, cast.organisation) as w:
        seats.check_out(w, desk[0], [Holder(people["Anna"])], TODAY, date(2026, 6, 9))
        seats.check_out(w, desk[0], [Holder(people["Bo"])], date(2026, 7, 1))
    for asked, names in (
        ("", {"Anna"}),
        ("day=2026-07-02", {"Bo"}),
        ("standing=to-come", {"Bo"}),
        ("standing=ended&day=2026-06-10", {"Anna"}),
        ("standing=all&order=until&down=yes", {"Anna", "Bo"}),
        ("standing=all&q=p-2", {"Bo"}),
        (f"standing=all&pool={desk[0]}", {"Anna", "Bo"}),
        ("standing=all&site=999999", set()),
        ("standing=nonsense&day=never&pool=x&order=y&page=99", {"Anna"}),
    ):
        rows = text(manager.get(f"{url}/export/csv?{asked}")).splitlines()[1:]
        assert {name for name in ("Anna", "Bo", "Cy") if any(name in row for row in rows)} == names, asked
        page = text(manager.get(f"{url}?{asked}"))
        assert all(name in page for name in names), asked
    assert manager.get(f"{url}/export/xlsx").status_code == 200


def test_what_is_ticked_stays_ticked_while_others_are_looked_for(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    people = ids_of(app, cast)
    anna = f"person-{people['Anna']}"
    page = post(
        manager,
        f"{url}/check-out/{desk[1]}",
        {"narrow": "yes", "q": "Cy", "holders": [anna], "starts_on": "2026-06-05", "note": "Kept"},
    )
    assert page.status_code == 200
    assert f'value="{anna}" checked' in text(page)
    assert "Cy" in text(page)
    assert "P-2" not in text(page)
    assert "2026-06-05" in text(page)
    assert "Kept" in text(page)
    assert held(app, cast) == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("starts_on", "", "Give the first day."),
        ("starts_on", "2026-02-31", "There is no such day."),
        ("ends_on", "2026-05-01", "is before the first"),
        ("note", "x" * 201, "At most 200 characters."),
        ("holders", [], "Tick who is to have a seat."),
        ("holders", ["person-x", "device-0", "person-99999999999"], "Tick who is to have a seat."),
        ("holders", ["person-2147483647"], "not in the register"),
        ("holders", ["device-2147483647"], "not in the register"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str], field: str, value: Any, says: str
) -> None:
    anna = f"person-{ids_of(app, cast)['Anna']}"
    form = {"holders": [anna], "starts_on": "2026-06-01", "ends_on": "", "note": "Mine", field: value}
    answer = post(manager, f"{url}/check-out/{desk[1]}", form)
    assert answer.status_code == 422
    assert says in text(answer)
    assert held(app, cast) == []


def test_a_bad_last_day_is_refused_with_its_form(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    with on_stage(app, cast.organisation) as w:
        (one,) = seats.check_out(w, desk[0], [Holder(w.all(select(Employee.id))[0])], TODAY)
    for day, says in (("", "Give the last day"), ("31.2.", "There is no such day"), ("2026-05-31", "is held since")):
        answer = post(manager, f"{url}/check-in?seat={one}", {"last_day": day})
        assert answer.status_code == 422
        assert says in text(answer)
    assert held(app, cast)[0].ends_on is None
    assert "No seat is ticked" in text(manager.get(f"{url}/check-in"))


def test_others_see_or_do_not(app: Flask, cast: Cast, url: str, desk: tuple[int, str], client: FlaskClient) -> None:
    with on_stage(app, cast.organisation) as w:
        (one,) = seats.check_out(w, desk[0], [Holder(w.all(select(Employee.id))[0])], TODAY)
    addresses = (f"{url}/check-out", f"{url}/check-out/{desk[1]}", f"{url}/check-in?seat={one}")
    sign_in(client, cast.staff)
    assert client.get(url).status_code == 403
    assert [client.get(each).status_code for each in addresses] == [403] * 3
    sign_in(client, cast.stranger)
    assert [client.get(each).status_code for each in (url, *addresses)] == [404] * 4
    theirs = f"/o/{cast.elsewhere.slug}/seats"
    assert client.get(f"{theirs}/check-out/{desk[1]}").status_code == 404
    assert client.get(f"{theirs}/check-in?seat={one}").status_code == 404
    assert post(client, f"{theirs}/check-in?seat={one}", {"last_day": "2026-06-01"}).status_code == 404
    with on_stage(app, cast.elsewhere) as w:
        row = pool(w)
        bought(w, row, 5)
        reference = row.reference
    ours = f"person-{held(app, cast)[0].employee_id}"
    stolen = post(client, f"{theirs}/check-out/{reference}", {"holders": [ours], "starts_on": "2026-06-01"})
    assert stolen.status_code == 422
    assert "Anna" not in text(stolen)
    assert held(app, cast)[0].ends_on is None


def test_the_pages_of_holders_show_their_seats(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    with on_stage(app, cast.organisation) as w:
        anna = w.all(select(Employee).where(Employee.name == "Anna"))[0]
        device = asset(w, "HW-1").id
        both = pool(w, Metric.SUBSCRIPTION, name="Either")
        bought(w, both, 3)
        (mine,) = seats.check_out(w, desk[0], [Holder(anna.id)], TODAY)
        seats.check_out(w, both.id, [Holder(asset_id=device)], TODAY)
        anna_id, version = anna.id, anna.version
    home = f"/o/{cast.organisation.slug}"
    assert "Either" in text(manager.get(f"{home}/assets/{device}"))
    assert "Desk" not in text(manager.get(f"{url}/check-out?device={device}"))
    assert "Either" in text(manager.get(f"{url}/check-out?person={anna_id}"))
    assert manager.get(f"{url}/check-out?person=999999").status_code == 404
    page = text(manager.get(f"{home}/employees/{anna_id}"))
    assert f"seat={mine}" in page
    assert "To be checked in" not in page
    leaving = {"number": "P-1", "name": "Anna", "left_on": "2026-06-20", "version": str(version)}
    saved = post(manager, f"{home}/employees/{anna_id}/edit", leaving, follow_redirects=True)
    assert "1 seat of a licence runs on after they leave" in text(saved)
    assert "To be checked in" in text(saved)
    assert "Anna" in text(manager.get(f"{url}?standing=to-check-in"))
    done = post(manager, f"{url}/check-in?seat={mine}&back=holder", {"last_day": "2026-06-19"})
    assert done.location == f"{home}/employees/{anna_id}"
    assert "To be checked in" not in text(manager.get(done.location))


def test_the_lists_ask_the_same_number_of_questions_however_full_they_are(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, desk: tuple[int, str]
) -> None:
    addresses = (url, f"{url}/check-out", f"{url}/check-out/{desk[1]}")
    counts: list[list[int]] = []
    for more in (1, 60):
        with on_stage(app, cast.organisation) as w:
            row = pool(w, Metric.SUBSCRIPTION)
            bought(w, row, 500)
            bought(w, w.all(select(LicencePool).where(LicencePool.id == desk[0]))[0], more)
            holders = [Holder(employ(w, f"Q-{more}-{n}", f"Employee {more} {n}").id) for n in range(more)]
            seats.check_out(w, row.id, holders, TODAY)
            seats.check_out(w, desk[0], holders, TODAY)
        counts.append([])
        for address in addresses:
            manager.get(address)
            asked: list[str] = []

            def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = asked) -> None:
                into.append(statement)

            with app.app_context():
                engine = db.engine
            event.listen(engine, "before_cursor_execute", listen)
            try:
                assert manager.get(address).status_code == 200
            finally:
                event.remove(engine, "before_cursor_execute", listen)
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]


class Unfollowed(HTTPRedirectHandler):
    """A success redirects; where to is nothing to this test."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


@pytest.mark.parametrize("in_bulk", [False, True], ids=["through-the-page", "through-the-bulk"])
def test_of_fifty_who_take_the_last_seat_at_once_exactly_one_gets_it(
    app: Flask, cast: Cast, url: str, live_server: str, in_bulk: bool
) -> None:
    """The other forty-nine are told who holds it, and nothing of theirs is kept."""
    wanted = 2 if in_bulk else 1
    with on_stage(app, cast.organisation) as w:
        row = pool(w, name="Desk")
        bought(w, row, wanted)
        reference = row.reference
        people = [[employ(w, f"P-{n}-{m}", f"Person {n:02}-{m}").id for m in range(wanted)] for n in range(AT_ONCE)]
    address = f"{live_server}{url}/check-out/{reference}"
    cookie = cookie_of(app, cast.asset_manager)
    said = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    with urlopen(Request(address, headers=said), timeout=60) as answer:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    assert token is not None
    ready = threading.Barrier(AT_ONCE)

    def one(number: int) -> tuple[int, str]:
        form = [("holders", f"person-{each}") for each in people[number]]
        form += [("starts_on", "2026-06-01"), ("csrf_token", token[1])]
        ready.wait(timeout=30)
        try:
            with build_opener(Unfollowed).open(Request(address, urlencode(form).encode(), said), timeout=120) as answer:
                return answer.status, ""
        except HTTPError as refusal:
            return refusal.code, unescape(refusal.read().decode())

    with ThreadPoolExecutor(AT_ONCE) as threads:
        came = list(threads.map(one, range(AT_ONCE)))
    codes = [code for code, _ in came]
    assert (codes.count(303), codes.count(422)) == (1, AT_ONCE - 1), codes
    winner = codes.index(303)
    names = ", ".join(f"Person {winner:02}-{m}" for m in range(wanted))
    assert all(f"Held by {names}." in page for code, page in came if code == 422)
    assert [each.employee_id for each in held(app, cast)] == people[winner]
    with on_stage(app, cast.organisation) as w:
        entries = w.session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.noun == "licence_seat"))
    assert entries == wanted
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0
