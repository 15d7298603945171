"""What a provider sees of its clients: what is ticked in a live agreement, and not a number more."""

from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share, Standing
from app.extensions import db
from app.models.agreement import Agreement
from app.operations import agreements, organisations, subscriptions
from app.work import work
from tests.cases import opened
from tests.cast import Cast, House, add_person, post, sign_in
from tests.certified import NOON, certified
from tests.inventory import asset
from tests.seated import pool
from tests.stage import on_stage, plan
from tests.subscribed import agree, joins, starting, terms

CLIENT = "birch-hosting"
SEEN = {
    Share.PROGRAMME: ("C-27001-1", "SA-2026-01"),
    Share.READINESS: ("No implementation is under way.",),
    Share.ALLOWANCES: ("Online surveillance audits", "Bought besides"),
    Share.FINDINGS: ("1 open",),
    Share.ASSETS: ("In the register",),
    Share.LICENCES: ("1 pool;",),
}
"""What stands on the page of the client for each tick, and nowhere without it."""
LISTED = {
    Share.PROGRAMME: ("SA-2026-01, planned",),
    Share.READINESS: ("none under way",),
    Share.ALLOWANCES: ("Surveillance 1 of 2",),
    Share.FINDINGS: ("1 open",),
}


@pytest.fixture(autouse=True)
def _on_a_known_day() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def agreement(app: Flask, cast: Cast) -> int:
    """A live agreement with everything ticked, and a client that has something of each."""
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        id_ = agree(w, cast.elsewhere, cast.stranger, frozenset(Share)).id
        sold = subscriptions.offer(w, cast.elsewhere.id, terms(), starting(date(2026, 3, 1))).id
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.accept(w, sold)
        held = certified(w, date(2025, 9, 14))
        plan(w, held.id, date(2026, 8, 5), kind=AuditKind.SURVEILLANCE)
        opened(w)
        asset(w, "LT-1")
        pool(w)
    return id_


def page(visitor: FlaskClient, url: str) -> str:
    answer = visitor.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.text)


def base(house: House) -> str:
    return f"/o/{house.slug}/clients"


def test_a_share_that_is_not_ticked_is_on_no_page(app: Flask, client: FlaskClient, cast: Cast, agreement: int) -> None:
    sign_in(client, cast.provider_staff)
    everything, listed = page(client, f"{base(cast.organisation)}/{CLIENT}"), page(client, base(cast.organisation))
    assert "month 4 of 36" in everything
    assert "not shared" not in listed
    for share in Share:
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            agreements.change_shares(w, agreement, None, frozenset(Share) - {share})
        without, listed_without = (
            page(client, f"{base(cast.organisation)}/{CLIENT}"),
            page(client, base(cast.organisation)),
        )
        for other, marks in SEEN.items():
            for mark in marks:
                assert mark in everything
                assert (mark in without) is (other is not share), (share, mark)
        for other, marks in LISTED.items():
            for mark in marks:
                assert mark in listed
                assert (mark in listed_without) is (other is not share), (share, mark)
        if share in SEEN:
            assert f"“{share.says}”" in without
        assert ("not shared" in listed_without) is (share in LISTED)


def test_a_plan_that_is_only_offered_is_said_and_the_one_in_force_comes_first(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        agree(w, cast.elsewhere, cast.stranger, frozenset())
        sold = subscriptions.offer(w, cast.elsewhere.id, terms(), starting(date(2026, 3, 1))).id
    sign_in(client, cast.provider_staff)
    offered = page(client, base(cast.organisation))
    assert '<span class="far">offered</span>' in offered
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.accept(w, sold)
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        subscriptions.offer(w, cast.elsewhere.id, terms(), starting(date(2029, 3, 1)))
    accepted = page(client, base(cast.organisation))
    assert '<span class="far">month 4 of 36</span>' in accepted
    assert "offered" not in accepted


def test_the_page_of_a_client_links_what_is_sold_and_says_what_is_offered_or_ahead(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        agree(w, cast.elsewhere, cast.stranger, frozenset({Share.PROGRAMME}))
        sold = [
            subscriptions.offer(w, cast.elsewhere.id, terms(), starting(date(year, 3, 1))).id
            for year in (2026, 2029, 2032, 2035)
        ]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        for each in sold[:2]:
            subscriptions.accept(w, each)
        subscriptions.decline(w, sold[3])
        audit = plan(w, certified(w, date(2025, 9, 14)).id, date(2026, 8, 5), kind=AuditKind.SURVEILLANCE).reference
    here = f"{base(cast.organisation)}/{CLIENT}"
    sign_in(client, cast.provider_staff)
    told = page(client, here)
    for number, each in enumerate(sold[:3], start=1):
        assert f'href="/o/{cast.organisation.slug}/subscriptions/{each}">SUB-00{number}, Premier</a>' in told
    assert "accepted, begins" in told
    assert "not answered yet" in told
    assert "SUB-004" not in told
    # An audit is a page of the client: a link for who belongs to it as well.
    opens = f'href="/o/{cast.elsewhere.slug}/audits/{audit}"'
    assert audit in told
    assert opens not in told
    joins(app, cast.elsewhere, cast.provider_staff, Role.QUALITY_MANAGER)
    assert opens in page(client, here)
    assert client.get(f"/o/{cast.elsewhere.slug}/audits/{audit}").status_code == 200


def test_nobody_comes_in_without_a_live_agreement(app: Flask, client: FlaskClient, cast: Cast, agreement: int) -> None:
    here = f"{base(cast.organisation)}/{CLIENT}"
    sign_in(client, cast.provider_staff)
    page(client, here)
    # No other organisation, nor the client's own people; nor anybody at the provider who sells nothing.
    for slug in ("nobody-here", cast.organisation.slug):
        assert client.get(f"{base(cast.organisation)}/{slug}").status_code == 404
    client_side = sign_in(app.test_client(), cast.stranger)
    assert client_side.get(here).status_code == 404
    assert client_side.get(f"{base(cast.elsewhere)}/{cast.organisation.slug}").status_code == 404
    assert "No client with a live agreement" in page(client_side, base(cast.elsewhere))
    assert sign_in(app.test_client(), cast.quality_manager).get(here).status_code == 403
    with app.app_context(), work(None) as w:
        other = organisations.found(w, name="Rowan Advice", country="DE", time_zone="Europe/Berlin")
        rival = add_person(w, "Rhea Rowan")
        organisations.join(w, other, rival, frozenset({Role.PROVIDER_STAFF}))
        slug, person = other.slug, cast.stranger.__class__(rival.id, rival.name, rival.email or "")
    visitor = sign_in(app.test_client(), person)
    assert visitor.get(here).status_code == 404
    assert visitor.get(f"/o/{slug}/clients/{CLIENT}").status_code == 404
    # Before it is accepted, after it is declined, and from its end on there is no way in.
    for standing in (Standing.PROPOSED, Standing.DECLINED, Standing.ENDED):
        with on_stage(app, cast.organisation) as w:
            row = w.session.get(Agreement, agreement)
            assert row is not None
            row.standing = standing
        assert client.get(here).status_code == 404
        listed = page(client, base(cast.organisation))
        assert not [mark for marks in LISTED.values() for mark in marks if mark in listed]
        assert "Birch Hosting" not in listed
    for address in (here, base(cast.organisation)):
        assert post(client, address).status_code == 405


def test_the_number_of_queries_does_not_depend_on_the_number_of_clients(
    app: Flask, client: FlaskClient, cast: Cast, agreement: int
) -> None:
    sign_in(client, cast.provider_staff)

    def queries() -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        page(client, base(cast.organisation))
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    queries()
    few = queries()
    with app.app_context(), work(None, cast.provider_staff.id) as w:
        for number in range(6):
            house = organisations.found(w, name=f"Client {number}", country="DE", time_zone="Europe/Berlin")
            with w.within(house.id) as theirs:
                certified(theirs, date(2025, 3, 14))
            with w.within(cast.organisation.id) as ours:
                agree(ours, House(house.id, house.slug, house.name), cast.stranger, USUAL | {Share.FINDINGS})
                sold = subscriptions.offer(ours, house.id, terms(), starting(date(2026, 3, 1))).id
            with w.within(house.id) as theirs:
                theirs.actor_id = cast.stranger.id
                subscriptions.accept(theirs, sold)
    assert queries() == few
