"""Seats of the subscription on screen: pools, people, order, waiting list, and the last seat grabbed by a hundred."""

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

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.team import Seat, TeamRole
from app.domain.subscription.seats import PoolSource, SeatKind
from app.extensions import db
from app.models.journal import JournalEntry
from app.models.organisation import Membership
from app.models.outbox import OutboxMail
from app.models.seat import SeatAssignment, SeatPool, SeatWaiting
from app.operations import seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails
from app.work import Work
from tests.audited import asked, internal_audit
from tests.cast import Cast, add_person, cookie_of, post, sign_in
from tests.certified import NOON
from tests.stage import on_stage, plan

TODAY = date(2026, 6, 1)
KIND = SeatKind.AUDIT_MANAGER
AT_ONCE = 100
POOL = {"kind": "audit-manager", "source": "bought", "quantity": "2", "starts_on": "2026-06-01"}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/subscription/seats"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def pool(w: Work, quantity: int = 2) -> int:
    told = PoolDetails(kind=KIND, source=PoolSource.BOUGHT, quantity=quantity, starts_on=TODAY)
    return seat_pools.record(w, told).id


def people_of(w: Work, many: int) -> list[int]:
    """So many further members."""
    rows = [add_person(w, f"Person {n:03}", email=f"p{n}@crowd.example") for n in range(many)]
    for row in rows:
        w.add(Membership(person_id=row.id, roles=frozenset({Role.STAFF}), joined_at=w.now))
    return [row.id for row in rows]


def held(app: Flask, cast: Cast) -> list[SeatAssignment]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(SeatAssignment).order_by(SeatAssignment.rank))


def test_the_whole_way_of_a_seat(manager: FlaskClient, app: Flask, cast: Cast, url: str) -> None:
    assert "No seats are counted" in text(manager.get(url))
    assert "No pool is recorded" in text(manager.get(f"{url}/audit-manager"))
    assert "The first pool of audit-manager seats" in text(manager.get(f"{url}/pools/new"))
    assert post(manager, f"{url}/pools/new", POOL).status_code == 303
    page = text(manager.get(f"{url}/audit-manager/assign"))
    assert "2 are free today." in page
    assert cast.assessor.name not in page
    both = {"people": [str(cast.auditor.id), str(cast.staff.id)], "from_on": "2026-06-01"}
    assert post(manager, f"{url}/audit-manager/assign", both).status_code == 303
    third = {"people": [str(cast.asset_manager.id)], "from_on": "2026-06-01"}
    refused = post(manager, f"{url}/audit-manager/assign", third)
    assert refused.status_code == 422
    assert "2 audit-manager seats are owned and 2 are assigned: none is free." in text(refused)
    assert post(manager, f"{url}/audit-manager/assign", {**third, "wait": "yes"}).status_code == 303
    page = text(manager.get(f"{url}/audit-manager"))
    assert "2 are owned today and 2 assigned: none free, and 1 waits." in page
    assert "Owned and assigned from 1 Jun 2025 to 1 Jun 2027" in page
    assert "1 more is needed today." in page
    # Whoever shrinks the pool sees first whom it suspends.
    smaller = {**POOL, "quantity": "1", "counts_from": "2026-07-01", "version": "1"}
    with on_stage(app, cast.organisation) as w:
        pool_id = w.all(select(SeatPool.id))[0]
    shown = post(manager, f"{url}/pools/{pool_id}", smaller)
    assert shown.status_code == 422
    assert "This suspends 1 seat" in text(shown)
    assert cast.staff.name in text(shown)
    # By way of the order of suspension one comes back to the pool, with what was typed.
    (way,) = re.findall(r'href="([^"]+)">change the order', text(shown))
    (stamp,) = re.findall(r'name="seen" value="(\w+)"', text(manager.get(way)))
    returned = text(manager.get(post(manager, way, {"seen": stamp}).location))
    assert re.search(r'name="quantity"[^>]*value="1"', returned)
    assert re.search(r'name="counts_from"[^>]*value="2026-07-01"', returned)
    (agreed,) = re.findall(r'name="agreed"[^>]*value="([^"]+)"', text(shown))
    assert post(manager, f"{url}/pools/{pool_id}", {**smaller, "agreed": agreed}).status_code == 303
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(SeatPool).order_by(SeatPool.starts_on))
        assert [(row.quantity, row.ends_on) for row in rows] == [(2, date(2026, 6, 30)), (1, None)]
    # Another order, and the other is suspended.
    first, second = held(app, cast)
    page = text(manager.get(f"{url}/audit-manager/order"))
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    order = {"seen": seen, f"place-{second.id}": "1"}
    assert post(manager, f"{url}/audit-manager/order", order).status_code == 303
    assert [row.id for row in held(app, cast)] == [second.id, first.id]
    assert "changed by somebody else" in text(post(manager, f"{url}/audit-manager/order", order))
    # Before their seat is released, the audits are shown that would lose their auditor.
    with on_stage(app, cast.organisation) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        reference = plan(w, None, date(2026, 6, 9), kind=AuditKind.INTERNAL, team=lead).reference
    assert reference in text(manager.get(f"{url}/release?seat={first.id}"))
    gone = post(manager, f"{url}/release?seat={first.id}", {"day": "2026-06-01"})
    assert gone.status_code == 303
    assert "Assign a seat to" in text(manager.get(gone.location)).replace(
        'Assign<span class="visually-hidden">', "Assign"
    )
    assert "Released" in text(manager.get(f"{url}/people/{cast.auditor.id}"))
    lines = text(manager.get(f"{url}/export/csv")).splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == [cast.staff.name, cast.auditor.name]
    assert manager.get(f"{url}/export/xlsx").status_code == 200
    waits = text(manager.get(f"{url}/people/{cast.asset_manager.id}"))
    assert "They have waited for an audit-manager seat since 1 Jun 2026" in waits
    off = {"person": str(cast.asset_manager.id)}
    assert post(manager, f"{url}/audit-manager/waiting/leave", off).status_code == 303
    assert post(manager, f"{url}/audit-manager/waiting/leave", off).status_code == 404
    journal = text(manager.get(f"/o/{cast.organisation.slug}/journal/"))
    for noun in ("pool of seats", "seat of the plan", "place on the waiting list"):
        assert noun in journal
    # A seat is known by whose it is.
    for whose in (cast.staff, cast.auditor):
        assert f"seat of the plan “audit manager” of {whose.name}" in journal
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


@pytest.mark.parametrize(
    ("path", "field", "value", "says"),
    [
        ("pools/new", "quantity", "", "Give how many."),
        ("pools/new", "quantity", "-1", "A number from 0 to 100,000."),
        ("pools/new", "quantity", "two", "is no whole number"),
        ("pools/new", "kind", "gold", "Not a valid choice"),
        ("pools/new", "starts_on", "2026-02-30", "There is no such day."),
        ("pools/new", "ends_on", "2026-05-31", "is before the first"),
        ("pools/new", "note", "x" * 201, "At most 200 characters."),
        ("audit-manager/assign", "people", [], "Tick who is to have a seat."),
        ("audit-manager/assign", "people", ["x", "0", "99999999999"], "Tick who is to have a seat."),
        ("audit-manager/assign", "people", ["2147483647"], "Choose members of this organisation."),
        ("audit-manager/assign", "from_on", "", "Give the first day."),
        ("audit-manager/assign", "released_on", "2026-06-01", "is not after the first"),
        ("audit-manager/order", "seen", "other", "changed by somebody else"),
        ("audit-manager/order", "place", "0", "give a number from 1 to 1."),
        ("audit-manager/order", "place", "²", "give a number from 1 to 1."),
        ("release", "day", "", "Give the day of the release."),
        ("release", "day", "2026-05-31", "31 May 2026 has passed"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, path: str, field: str, value: Any, says: str
) -> None:
    with on_stage(app, cast.organisation) as w:
        pool(w)
        (one,) = subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
    seen = re.findall(r'name="seen" value="(\w+)"', text(manager.get(f"{url}/audit-manager/order")))[0]
    forms: dict[str, dict[str, Any]] = {
        "pools/new": POOL,
        "audit-manager/assign": {"people": [str(cast.staff.id)], "from_on": "2026-06-01"},
        "audit-manager/order": {"seen": seen},
        "release": {"day": "2026-06-01"},
    }
    name = f"place-{one}" if field == "place" else field
    answer = post(manager, f"{url}/{path}?seat={one}", {**forms[path], name: value})
    assert answer.status_code == 422
    assert says in text(answer)
    with on_stage(app, cast.organisation) as w:
        counted = [w.session.scalar(select(func.count()).select_from(each)) for each in (SeatPool, SeatAssignment)]
    assert counted == [1, 1]
    assert held(app, cast)[0].released_on is None


def test_ones_own_seats_and_asking_for_one(app: Flask, cast: Cast, url: str, client: FlaskClient) -> None:
    sign_in(client, cast.staff)
    assert "counts no seats today" in text(client.get(f"{url}/mine"))
    assert "nobody needs one" in text(post(client, f"{url}/mine/audit-manager/ask"))
    with on_stage(app, cast.organisation) as w:
        pool(w)
    assert post(client, f"{url}/mine/audit-manager/ask").status_code == 303
    assert "as number 1 in line" in text(client.get(f"{url}/mine"))
    assert post(client, f"{url}/mine/audit-manager/ask").status_code == 422
    assert post(client, f"{url}/mine/audit-manager/leave").status_code == 303
    assert post(client, f"{url}/mine/audit-manager/leave").status_code == 404
    with on_stage(app, cast.organisation) as w:
        subscription_seats.assign(w, KIND, [cast.staff.id], TODAY)
        assert w.all(select(SeatWaiting.id).where(SeatWaiting.ended_at.is_(None))) == []
    assert "Now and before" in text(client.get(f"{url}/mine"))


def test_of_another_organisation_nothing_is_found(app: Flask, cast: Cast, url: str, client: FlaskClient) -> None:
    with on_stage(app, cast.organisation) as w:
        pool_id = pool(w)
        (one,) = subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
    sign_in(client, cast.stranger)
    theirs = f"/o/{cast.elsewhere.slug}/subscription/seats"
    for path in (f"/pools/{pool_id}", f"/release?seat={one}", f"/people/{cast.auditor.id}"):
        assert client.get(url + path).status_code == 404
        assert client.get(theirs + path).status_code == 404
    with on_stage(app, cast.elsewhere) as w:
        pool(w)
    stolen = {"people": [str(cast.auditor.id)], "from_on": "2026-06-01"}
    answer = post(client, f"{theirs}/audit-manager/assign", stolen)
    assert answer.status_code == 422
    assert cast.auditor.name not in text(answer)


def test_members_are_shown_with_their_seats_and_invited_with_one(
    app: Flask, cast: Cast, url: str, client: FlaskClient
) -> None:
    sign_in(client, cast.administrator)
    listed = f"/o/{cast.organisation.slug}/settings/members"
    assert 'name="seats"' not in text(client.get(f"{listed}/invite"))
    with on_stage(app, cast.organisation) as w:
        pool(w, 1)
    assert "Audit-manager (1 free today)" in text(client.get(f"{listed}/invite"))
    new = {"email": "n@example.org", "name": "Newton", "roles": ["auditor"], "seats": ["audit-manager"]}
    assert post(client, f"{listed}/invite", new).status_code == 303
    refused = post(client, f"{listed}/invite", {**new, "email": "m@example.org"})
    assert refused.status_code == 422
    assert "1 is free, and invitations offer 1" in text(refused)
    assert "Invite them without it: once they have joined, they can ask for one" in text(refused)
    assert "Only one that is free today can be offered." in text(refused)
    assert "with an audit-manager seat" in text(client.get(listed))
    page = text(client.get(f"{url}/people/{cast.auditor.id}"))
    assert f"/audit-manager/assign?people={cast.auditor.id}" in page


def test_who_has_no_seat_is_told_on_the_checklist(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with on_stage(app, cast.organisation) as w:
        reference = internal_audit(w, cast, TODAY).reference
        (item,) = asked(w, reference, 1)
        pool(w)
    sign_in(client, cast.auditor)
    address = f"/o/{cast.organisation.slug}/audits/{reference}/checklist/items/{item}"
    answer = post(client, address, {"notes": "Seen", "seen_notes": "", "entry_key": "k-1"})
    assert answer.status_code == 422
    assert "Aud Lindqvist has no audit-manager seat on 1 Jun 2026" in text(answer)


def test_the_pages_ask_the_same_number_of_questions_however_many_have_a_seat(
    manager: FlaskClient, app: Flask, cast: Cast, url: str
) -> None:
    counts: list[list[int]] = []
    for more in (1, 60):
        with on_stage(app, cast.organisation) as w:
            pool(w, more)
            subscription_seats.assign(w, KIND, people_of(w, more) if more > 1 else [cast.auditor.id], TODAY)
            for each in (cast.staff, cast.asset_manager)[: 1 if more == 1 else 2]:
                if not w.all(select(SeatWaiting.id).where(SeatWaiting.person_id == each.id)):
                    subscription_seats.wait(w, KIND, each.id)
        counts.append([])
        for address in (url, f"{url}/audit-manager", f"{url}/audit-manager/assign", f"{url}/audit-manager/order"):
            statements: list[str] = []

            def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = statements) -> None:
                into.append(statement)

            with app.app_context():
                engine = db.engine
            event.listen(engine, "before_cursor_execute", listen)
            try:
                assert manager.get(address).status_code == 200
            finally:
                event.remove(engine, "before_cursor_execute", listen)
            counts[-1].append(len(statements))
    assert counts[0] == counts[1]


class Unfollowed(HTTPRedirectHandler):
    """A success redirects; where to is nothing to this test."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def test_of_a_hundred_who_take_the_last_seat_at_once_exactly_one_gets_it(
    app: Flask, cast: Cast, url: str, live_server: str
) -> None:
    """The other ninety-nine are told that none is free, and nothing of theirs is kept."""
    with on_stage(app, cast.organisation) as w:
        pool(w, 1)
        people = people_of(w, AT_ONCE)
    address = f"{live_server}{url}/audit-manager/assign"
    cookie = cookie_of(app, cast.quality_manager)
    said = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    with urlopen(Request(address, headers=said), timeout=60) as answer:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    assert token is not None
    ready = threading.Barrier(AT_ONCE)

    def one(number: int) -> tuple[int, str]:
        # Half of them take it from a later day on: it is the last on that day, too.
        first = "2026-06-01" if number % 2 else "2026-12-01"
        form = {"people": people[number], "from_on": first, "csrf_token": token[1]}
        ready.wait(timeout=30)
        try:
            with build_opener(Unfollowed).open(Request(address, urlencode(form).encode(), said), timeout=300) as answer:
                return answer.status, ""
        except HTTPError as refusal:
            return refusal.code, unescape(refusal.read().decode())

    with ThreadPoolExecutor(AT_ONCE) as threads:
        came = list(threads.map(one, range(AT_ONCE)))
    codes = [code for code, _ in came]
    assert (codes.count(303), codes.count(422)) == (1, AT_ONCE - 1), codes
    assert all("1 audit-manager seat is owned and" in page for code, page in came if code == 422)
    assert [row.person_id for row in held(app, cast)] == [people[codes.index(303)]]
    with on_stage(app, cast.organisation) as w:
        entries = w.session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.noun == "seat_assignment"))
    assert entries == 1
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


def test_who_hands_out_seats_hears_once_of_whoever_asks_and_gives_the_next_free_one(
    app: Flask, cast: Cast, url: str, client: FlaskClient
) -> None:
    work_page = f"/o/{cast.organisation.slug}/my-work"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool(w, 1)
        subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY, date(2026, 7, 1))
        subscription_seats.wait(w, KIND, cast.asset_manager.id)
    assert not mails(app, cast)
    sign_in(client, cast.staff)
    assert post(client, f"{url}/mine/audit-manager/ask").status_code == 303
    assert post(client, f"{url}/mine/audit-manager/ask").status_code == 422
    told = {each.to_email: each for each in mails(app, cast)}
    assert sorted(told) == sorted([cast.quality_manager.email, cast.administrator.email])
    mail = told[cast.administrator.email]
    assert mail.subject == "Stella Farrow asks for an audit-manager seat · Alder Works"
    assert f"{url}/audit-manager" in mail.body
    assert "ask for" not in text(client.get(work_page))
    sign_in(client, cast.quality_manager)
    page = text(client.get(work_page))
    assert "2 people wait for an audit-manager seat" in page
    assert "One is free from 1 Jul 2026 on." in page
    page = text(client.get(f"{url}/audit-manager"))
    assert "Asif Malik has waited longest" in page
    give = f"{url}/audit-manager/assign?people={cast.asset_manager.id}&from=2026-07-01"
    assert give in page
    form = text(client.get(give))
    assert 'value="2026-07-01"' in form
    given = {"people": str(cast.asset_manager.id), "from_on": "2026-07-01"}
    assert post(client, f"{url}/audit-manager/assign", given).status_code == 303
    page = text(client.get(f"{url}/audit-manager"))
    assert "None comes free as far as is recorded." in page
    assert client.get(f"{url}/audit-manager/assign?from=soon").status_code == 200


def mails(app: Flask, cast: Cast) -> list[OutboxMail]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(OutboxMail))
