"""Support on screen: set up, booked, moved, cancelled, written up; and one slot taken by two clients at once."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.extensions import db
from app.models.outbox import OutboxMail
from app.models.support import SupportBooking
from app.operations import feeds
from app.work import ACROSS, work
from tests.cast import Cast, House, cookie_of, post, sign_in
from tests.provided import agree, another_client, gives_support
from tests.stage import on_stage

MONDAY = "2026-06-01T09:30:00+00:00"
MORNINGS = tuple((day, "09:00", "12:00") for day in range(5))


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def giver(app: Flask, cast: Cast) -> int:
    """The stranger's organisation is the provider of the cast's, and the stranger gives support in the mornings."""
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    return gives_support(app, cast.elsewhere, cast.stranger, MORNINGS)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def page_of(house: House) -> str:
    return f"/o/{house.slug}/support"


def slot(giver: int, at: str) -> str:
    return f"book?person={giver}&at={at}"


def booked(client: FlaskClient, url: str, agenda: str = "The scope", **more: str) -> Any:
    """Open the form of a slot and send it."""
    form = client.get(url)
    said = {name: hidden_in(form, name) for name in ("seen", "entry_key")}
    return post(client, url, {**said, "agenda": agenda, **more})


def hidden_in(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text(answer))
    return found[1] if found else ""


def stepped(client: FlaskClient, url: str, **said: str) -> Any:
    """Open the form of a step and send it."""
    form = client.get(url)
    return post(client, url, {"seen": hidden_in(form, "seen"), "entry_key": hidden_in(form, "entry_key"), **said})


def rows(app: Flask, house: House) -> list[SupportBooking]:
    with on_stage(app, house) as w:
        return w.all(select(SupportBooking).order_by(SupportBooking.id))


def mails(app: Flask) -> list[OutboxMail]:
    with app.app_context(), work(None, writes=False) as w:
        return list(w.session.scalars(select(OutboxMail).order_by(OutboxMail.id), execution_options={ACROSS: "all"}))


def feed(app: Flask, house: House, person_id: int) -> str:
    with app.app_context(), work(house.id, person_id) as w:
        return f"/feeds/{feeds.subscribe(w, name='Phone', only_mine=False)[1]}.ics"


def events(client: FlaskClient, address: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(client.get(address).data).walk("VEVENT"))


def verify(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


def test_the_whole_way_of_a_session(app: Flask, cast: Cast, giver: int) -> None:
    home, theirs = page_of(cast.organisation), page_of(cast.elsewhere)
    staff, stranger = sign_in(app.test_client(), cast.staff), sign_in(app.test_client(), cast.stranger)
    phones = [feed(app, cast.organisation, cast.staff.id), feed(app, cast.elsewhere, cast.stranger.id)]
    # A day ahead at the earliest, by the clock of the organisation; then by the visitor's own, which stays chosen.
    page = text(staff.get(home))
    assert "All times by the clock of Europe/Berlin." in page
    assert re.findall(r">(\d\d:\d\d) <span", page)[:3] == ["12:00", "10:00", "11:00"]
    page = text(staff.get(f"{home}?zone=Asia/Kolkata"))
    assert re.findall(r">(\d\d:\d\d) <span", page)[:3] == ["15:30", "13:30", "14:30"]
    url = f"{home}/{slot(giver, '2026-06-02T10:00Z')}"
    assert "this session is beyond what you have agreed to" in text(staff.get(url))
    assert booked(staff, url, agenda="").status_code == 422
    answer = booked(staff, url)
    assert answer.status_code == 303
    (row,) = rows(app, cast.elsewhere)
    assert (row.client_id, row.booked_by_id, row.link) == (
        cast.organisation.id,
        cast.staff.id,
        "https://meet.example/room",
    )
    page = text(staff.get(answer.location))
    assert "Tue 2 Jun 2026, 15:30–16:30 (Asia/Kolkata)" in page
    assert "until 24 hours before it begins" in page
    # Both sides are told, each with an entry for their calendar, and both feeds hold it.
    told = {each.to_email: each for each in mails(app)}
    assert sorted(told) == sorted([cast.staff.email, cast.stranger.email])
    for mail in told.values():
        (entry,) = icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")
        assert (str(entry["UID"]), int(entry["SEQUENCE"]), str(entry["STATUS"])) == (row.uid, 0, "CONFIRMED")
        assert entry["DTSTART"].dt == datetime(2026, 6, 2, 10, tzinfo=UTC)
    for phone in phones:
        (entry,) = events(staff, phone)
        assert (str(entry["UID"]), "The scope" in str(entry["DESCRIPTION"])) == (row.uid, True)
    assert "S-2026-001" in text(staff.get(f"/o/{cast.organisation.slug}/my-work"))
    assert "S-2026-001" in text(stranger.get(f"/o/{cast.elsewhere.slug}/my-work"))
    assert "Alder Works" in text(stranger.get(f"{theirs}/diary"))
    # Asked for once more it is refused, before and after it is sent, and the next is offered.
    assert "Somebody else has just taken this slot." in text(staff.get(url))
    again = booked(staff, url)
    assert again.status_code == 422
    assert "Somebody else has just taken this slot." in text(again)
    assert "The next free slot is <strong>Wed 3 Jun 2026, 13:30–14:30 (Asia/Kolkata)" in text(again)
    # Moved: the same event with a higher number.
    assert "Choose another slot" in text(staff.get(f"{home}?move={row.id}"))
    assert booked(staff, f"{home}/{row.id}/move?person={giver}&at=2026-06-03T08:00Z", "Risks").status_code == 303
    for phone in phones:
        (entry,) = events(staff, phone)
        assert (str(entry["UID"]), int(entry["SEQUENCE"])) == (row.uid, 1)
        assert entry["DTSTART"].dt == datetime(2026, 6, 3, 8, tzinfo=UTC)
    # Written up by who gives it, and read by the client.
    notes = {"link": "https://meet.example/other", "notes": "They begin with the register."}
    unsafe = stepped(stranger, f"{theirs}/diary/S-2026-001/notes", link="javascript:alert(1)")
    assert "Begin the address with https://." in text(unsafe)
    assert stepped(stranger, f"{theirs}/diary/S-2026-001/notes", **notes).status_code == 303
    action = {"says": "Send the register.", "owner": str(cast.staff.id), "due_on": "2026-06-08"}
    assert stepped(stranger, f"{theirs}/diary/S-2026-001/actions/new", **action).status_code == 303
    stolen = {**action, "owner": str(cast.auditor.id)}
    assert stepped(stranger, f"{theirs}/diary/S-2026-001/actions/new", **stolen).status_code == 422
    page = text(staff.get(f"{home}/{row.id}"))
    assert "They begin with the register." in page
    assert "https://meet.example/other" in page
    assert "Send the register." in text(staff.get(f"/o/{cast.organisation.slug}/my-work"))
    (done,) = re.findall(rf"{home}/{row.id}/actions/\d+/done", page)
    auditor = sign_in(app.test_client(), cast.auditor)
    assert post(auditor, done).status_code == 404
    assert auditor.get(f"{home}/{row.id}").status_code == 404
    assert post(staff, done).status_code == 303
    assert "Send the register." not in text(staff.get(f"/o/{cast.organisation.slug}/my-work"))
    # Cancelled: it stays in both calendars as cancelled, and its slot is free.
    assert stepped(staff, f"{home}/{row.id}/cancel", reason="Ill").status_code == 303
    for phone in phones:
        (entry,) = events(staff, phone)
        assert (str(entry["STATUS"]), int(entry["SEQUENCE"])) == ("CANCELLED", 3)
    assert "METHOD:CANCEL" in mails(app)[-1].calendar
    assert "08:00Z" in text(staff.get(home))
    for who, house in ((cast.quality_manager, cast.organisation), (cast.stranger, cast.elsewhere)):
        journal = text(sign_in(app.test_client(), who).get(f"/o/{house.slug}/journal/?reference=S-2026-001"))
        assert journal.count("support session S-2026-001") >= 4
    verify(app)


def test_who_has_no_provider_sees_nothing_of_it(app: Flask, cast: Cast) -> None:
    manager = sign_in(app.test_client(), cast.quality_manager)
    assert manager.get(page_of(cast.organisation)).status_code == 404
    assert ">Support<" not in text(manager.get(f"/o/{cast.organisation.slug}/my-work"))
    giver = gives_support(app, cast.elsewhere, cast.stranger, MORNINGS)
    assert manager.get(f"{page_of(cast.organisation)}/{slot(giver, '2026-06-03T08:00Z')}").status_code == 404


def test_members_see_the_sessions_of_their_own_organisation_alone(app: Flask, cast: Cast, giver: int) -> None:
    other = another_client(app, cast)
    agree(app, cast.elsewhere, other, cast.stranger)
    theirs = sign_in(app.test_client(), cast.asset_manager)
    assert booked(theirs, f"{page_of(other)}/{slot(giver, '2026-06-03T08:00Z')}", "Secret plans").status_code == 303
    (row,) = rows(app, cast.elsewhere)
    ours, home = sign_in(app.test_client(), cast.quality_manager), page_of(cast.organisation)
    assert "Secret plans" not in text(ours.get(home))
    for path in (f"/{row.id}", f"/{row.id}/cancel", f"?move={row.id}"):
        assert ours.get(home + path).status_code == 404
        assert ours.get(page_of(other) + path).status_code == 404
    # What is theirs is not free, and nobody else of the organisation but its managers changes it.
    assert "2026-06-03T08:00Z" not in text(ours.get(home))
    assert (
        booked(sign_in(app.test_client(), cast.staff), f"{home}/{slot(giver, '2026-06-03T09:00Z')}").status_code == 303
    )
    mine = rows(app, cast.elsewhere)[1].id
    auditor = sign_in(app.test_client(), cast.auditor)
    for path in (f"/{mine}", f"/{mine}/cancel", f"?move={mine}"):
        assert auditor.get(home + path).status_code == 404
    # Whoever has no part in it sees that the time is taken, and neither whose it is nor what about.
    page = text(auditor.get(home))
    assert "Taken by others of your organisation: Wed 3 Jun 2026, 11:00–12:00 (Europe/Berlin)." in page
    assert "The scope" not in page
    assert "S-2026-002" not in page
    assert "S-2026-002" not in text(auditor.get(f"/o/{cast.organisation.slug}/my-work"))
    assert events(auditor, feed(app, cast.organisation, cast.auditor.id)) == []
    for who in (cast.quality_manager, cast.administrator, cast.staff):
        page = text(sign_in(app.test_client(), who).get(home))
        assert "The scope" in page
        assert "Taken by others" not in page
    with time_machine.travel("2026-06-02T09:30:00+00:00", tick=True):
        ours = sign_in(app.test_client(), cast.quality_manager)
        late = stepped(ours, f"{home}/{mine}/cancel", reason="")
        assert late.status_code == 422
        assert "until 24 hours before it begins" in text(late)
        late = booked(ours, f"{home}/{mine}/move?person={giver}&at=2026-06-05T09:00Z")
        assert late.status_code == 422
        assert "The next free slot" not in text(late)
        stranger = sign_in(app.test_client(), cast.stranger)
        diary = f"{page_of(cast.elsewhere)}/diary/S-2026-002/cancel"
        assert stepped(stranger, diary, reason="").status_code == 422
        assert stepped(stranger, diary, reason="The trains stand still.").status_code == 303
        assert "The trains stand still." in text(ours.get(f"{home}/{mine}"))


def test_who_gives_support_is_set_up_with_hours_and_absences(app: Flask, cast: Cast) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    stranger, url = sign_in(app.test_client(), cast.stranger), f"{page_of(cast.elsewhere)}/people"
    home, staff = page_of(cast.organisation), sign_in(app.test_client(), cast.staff)
    assert "Nobody gives support yet" in text(stranger.get(url))
    assert "No support person yet" in text(staff.get(home))
    said = {
        "person": str(cast.stranger.id),
        "time_zone": "Europe/London",
        "minutes": "60",
        "buffer_minutes": "0",
        "notice_hours": "0",
        "wednesday": "09:00-10:00",
    }
    for field, value, says in (
        ("wednesday", "nine to ten", "says no hours"),
        ("wednesday", "09:00-10:00, 09:30-11:00", "overlap"),
        ("time_zone", "Europe/Atlantis", "no such time zone"),
        ("minutes", "5", "From 15 to 240 minutes."),
        ("link", "meet.example", "Begin the address with https://."),
        ("person", str(cast.staff.id), "Choose somebody of your staff"),
    ):
        answer = post(stranger, f"{url}/new", {**said, field: value})
        assert answer.status_code == 422, field
        assert says in text(answer)
    answer = post(stranger, f"{url}/new", said)
    assert answer.status_code == 303
    assert "2026-06-03T08:00Z" in text(staff.get(home))
    away = {"first_on": "2026-06-03", "last_on": "2026-06-05"}
    assert stepped(stranger, f"{answer.location}/absences/new", **away).status_code == 303
    page = text(staff.get(home))
    for week in ("0001-01-01", "9999-12-31", "soon"):
        assert staff.get(f"{home}?week={week}&zone=Nowhere/Land&move=x").status_code == 200
    for at in ("0001-01-01T00:00Z", "9999-12-31T23:59Z", "2026-06-03T08:00", "soon"):
        assert staff.get(f"{home}/{slot(1, at)}").status_code == 404
    assert "Nothing is free in this week." in page
    assert "The next free slot is" in page
    assert "2026-06-10T08:00Z" in page
    (taken_back,) = re.findall(r'href="([^"]+/absences/\d+/remove)"', text(stranger.get(answer.location)))
    assert "Take back this absence?" in text(stranger.get(taken_back))
    assert "2026-06-03T08:00Z" not in text(staff.get(home))
    assert post(stranger, taken_back).status_code == 303
    assert "2026-06-03T08:00Z" in text(staff.get(home))
    changed = {**said, "wednesday": "", "thursday": "22:00-24:00", "version": "1"}
    assert post(stranger, answer.location, changed).status_code == 303
    assert post(stranger, answer.location, changed).status_code == 422
    assert "2026-06-04T21:00Z" in text(staff.get(home))
    verify(app)


def test_who_gives_support_moves_a_session_too(app: Flask, cast: Cast, giver: int) -> None:
    staff, stranger = sign_in(app.test_client(), cast.staff), sign_in(app.test_client(), cast.stranger)
    home, diary = page_of(cast.organisation), f"{page_of(cast.elsewhere)}/diary/S-2026-001"
    assert booked(staff, f"{home}/{slot(giver, '2026-06-10T08:00Z')}").status_code == 303
    (row,) = rows(app, cast.elsewhere)
    # Either side is shown the week of the session first.
    for page in (text(staff.get(f"{home}?move={row.id}")), text(stranger.get(f"{diary}/move"))):
        week = re.search(r"<strong>Week of (.*?)</strong>", page)
        assert week is not None
        assert "8 Jun 2026" in week[1]
    assert staff.get(f"{diary}/move").status_code in {403, 404}
    for wrong in ("", "soon", f"{giver} 0001-01-01T00:00Z", f"{giver} 2026-06-10T08:00", "99 2026-06-11T08:00Z"):
        assert stepped(stranger, f"{diary}/move", slot=wrong).status_code == 422
    at = re.search(rf'value="({giver} 2026-06-11T[^"]+)"', text(stranger.get(f"{diary}/move")))
    assert at is not None
    before = len(mails(app))
    assert stepped(stranger, f"{diary}/move", slot=at[1]).status_code == 303
    (row,) = rows(app, cast.elsewhere)
    assert (row.starts_at.date().isoformat(), row.sequence) == ("2026-06-11", 1)
    told = mails(app)[before:]
    assert sorted(each.to_email for each in told) == sorted([cast.staff.email, cast.stranger.email])
    assert all("was moved to" in each.subject for each in told)
    verify(app)


def test_lists_ask_as_often_for_many_sessions_as_for_one(app: Flask, cast: Cast, giver: int) -> None:
    counts: list[list[int]] = []
    staff, stranger = sign_in(app.test_client(), cast.staff), sign_in(app.test_client(), cast.stranger)
    readers = [(staff, page_of(cast.organisation)), (stranger, f"{page_of(cast.elsewhere)}/diary")]
    for hours in ((8,), (9, 10)):
        for hour in hours:
            at = f"2026-06-03T{hour:02}:00Z"
            assert booked(staff, f"{page_of(cast.organisation)}/{slot(giver, at)}").status_code == 303
        counts.append([])
        for reader, address in [*readers, *((who, url.split("/support")[0] + "/my-work") for who, url in readers)]:
            statements: list[str] = []

            def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = statements) -> None:
                into.append(statement)

            with app.app_context():
                engine = db.engine
            event.listen(engine, "before_cursor_execute", listen)
            try:
                assert reader.get(address).status_code == 200
            finally:
                event.remove(engine, "before_cursor_execute", listen)
            counts[-1].append(len(statements))
    assert counts[0] == counts[1]


class Unfollowed(HTTPRedirectHandler):
    """A success redirects; where to is nothing to this test."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def test_of_two_clients_who_take_one_slot_at_once_one_gets_it_and_the_other_is_offered_the_next(
    app: Flask, cast: Cast, giver: int, live_server: str
) -> None:
    """Eight people of two clients ask for one slot at once; seven take the one that they are offered, one by one."""
    other = another_client(app, cast)
    agree(app, cast.elsewhere, other, cast.stranger)
    asking = [(cast.organisation, cast.staff), (other, cast.asset_manager)] * 4
    forms = []
    for house, who in asking:
        cookie = cookie_of(app, who)
        said = {"Cookie": f"{cookie['name']}={cookie['value']}"}
        address = f"{live_server}{page_of(house)}/{slot(giver, '2026-06-03T08:00Z')}"
        with urlopen(Request(address, headers=said), timeout=60) as answer:
            page = answer.read().decode()
        token, key = (re.search(rf'name="{name}"[^>]*value="([^"]+)"', page) for name in ("csrf_token", "entry_key"))
        assert token is not None
        assert key is not None
        forms.append((address, said, {"csrf_token": token[1], "entry_key": key[1], "agenda": f"For {house.name}"}))
    ready = threading.Barrier(len(forms))

    def one(asked: tuple[str, dict[str, str], dict[str, str]]) -> tuple[int, str]:
        address, said, form = asked
        ready.wait(timeout=30)
        try:
            with build_opener(Unfollowed).open(Request(address, urlencode(form).encode(), said), timeout=120) as answer:
                return answer.status, ""
        except HTTPError as refusal:
            return refusal.code, unescape(refusal.read().decode())

    with ThreadPoolExecutor(len(forms)) as threads:
        came = list(threads.map(one, forms))
    codes = [code for code, _ in came]
    assert (codes.count(303), codes.count(422)) == (1, len(forms) - 1), codes
    winner = asking[codes.index(303)][0]
    (row,) = rows(app, cast.elsewhere)
    assert row.client_id == winner.id
    for code, page in came:
        if code == 422:
            assert "Somebody else has just taken this slot." in page
            assert "Wed 3 Jun 2026, 11:00–12:00 (Europe/Berlin)" in page or "05:00–06:00 (America/New_York)" in page
    # The page's own button takes the slot that it offers, with what was typed.
    loser = next(number for number, code in enumerate(codes) if code == 422)
    action = re.search(r'<form class="form[^"]*" action="([^"]+)"', came[loser][1])
    assert action is not None
    _, said, form = forms[loser]
    answer = urlopen_unfollowed(f"{live_server}{unescape(action[1])}", said, form)
    assert answer == 303
    kept = rows(app, cast.elsewhere)
    assert [each.starts_at for each in kept] == [datetime(2026, 6, 3, hour, tzinfo=UTC) for hour in (8, 9)]
    assert kept[1].agenda == f"For {asking[loser][0].name}"
    verify(app)


def urlopen_unfollowed(address: str, said: dict[str, str], form: dict[str, str]) -> int:
    """Send a form; gives how it was answered."""
    try:
        with build_opener(Unfollowed).open(Request(address, urlencode(form).encode(), said), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
