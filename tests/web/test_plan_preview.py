"""What an act on the plan brings is on its page first; and who may not do it learns whom to ask."""

from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.certification.facts import AuditKind
from app.domain.subscription.plan import Allowance
from app.domain.subscription.seats import PoolSource, SeatKind
from app.operations import seat_pools, subscription_seats, subscriptions
from app.operations.seat_pools import PoolDetails
from app.operations.subscriptions import AdditionDetails
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage, plan
from tests.subscribed import seen, sold_premier, starting, terms


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@pytest.fixture
def own(app: Flask, cast: Cast) -> int:
    """One that the organisation keeps itself, with two LMS seats."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        return subscriptions.record_own(w, terms(), starting()).id


@pytest.fixture
def sold(app: Flask, cast: Cast) -> int:
    """One that the stranger's organisation sold."""
    return sold_premier(app, cast)


def url(cast: Cast, path: str = "") -> str:
    return f"/o/{cast.organisation.slug}/plan{path}"


def shown(visitor: FlaskClient, address: str, typed: dict[str, str]) -> str:
    answer = post(visitor, address, typed)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert '<section class="panel" aria-labelledby="does"' in page
    return page


SEATS = {"what": "lms-seats", "quantity": "1", "starts_on": "2026-09-15"}


def test_buying_a_seat_says_its_price_whom_it_serves_and_what_is_still_suspended_and_when(
    manager: FlaskClient, app: Flask, cast: Cast, own: int
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        more = PoolDetails(
            kind=SeatKind.LMS,
            source=PoolSource.BOUGHT,
            quantity=1,
            starts_on=date(2026, 9, 1),
            ends_on=date(2027, 9, 30),
        )
        seat_pools.record(w, more)
        people = [cast.staff.id, cast.auditor.id, cast.asset_manager.id]
        subscription_seats.assign(w, SeatKind.LMS, people, date(2026, 9, 10))
        subscription_seats.wait(w, SeatKind.LMS, cast.administrator.id)
    page = shown(manager, url(cast, f"/{own}/add"), SEATS)
    assert "1 more LMS seat, from 15 Sep 2026 through 30 Aug 2029." in page
    assert "EUR 10.00 without tax, EUR 11.90 with it." in page
    assert "EUR 5.00 on 15 Sep 2026." in page
    assert "EUR 10.00 on 31 Jul 2029." in page
    assert "On 15 Sep 2026 a seat is free for the one who waits." in page
    assert cast.administrator.name in page
    # One of three was suspended once the other pool ends; now only with the plan.
    assert "1 suspension begins later." in page
    assert f"{cast.asset_manager.name}: LMS seat, from 31 Aug 2029, and not from 1 Oct 2027 already" in page
    assert "No seat is suspended by it." in page
    none = shown(manager, url(cast, f"/{own}/add"), {**SEATS, "what": "audit-manager-seats"})
    assert "Nobody waits for one." in none


def test_a_pause_says_which_instalments_move_whose_seat_rests_and_which_audits_lie_within(
    manager: FlaskClient, app: Flask, cast: Cast, own: int
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscription_seats.assign(w, SeatKind.LMS, [cast.staff.id], date(2026, 9, 10))
        within = plan(w, None, date(2026, 12, 1), kind=AuditKind.INTERNAL).reference
        after = plan(w, None, date(2027, 2, 1), kind=AuditKind.INTERNAL).reference
    typed = {"starts_on": "2026-11-30", "months": "2", "reason": "Moving house."}
    page = shown(manager, url(cast, f"/{own}/pause"), typed)
    assert "33 of 36 move" in page
    assert "Instalment 4 of 36: from 30 Nov 2026 to 31 Jan 2027" in page
    assert "None of the plan counts from 30 Nov 2026 through 30 Jan 2027; they count again from 31 Jan 2027." in page
    assert "1 seat is suspended, and its holder is told by mail:" in page
    assert f"{cast.staff.name}: LMS seat, from 30 Nov 2026" in page
    assert "1 audit begins within the pause: they stay on the programme" not in page
    assert "1 audit begins within the pause: it stays on the programme on its day, and counts in the plan." in page
    assert within in page
    assert after not in page


def test_an_end_says_why_the_last_instalment_is_whole(manager: FlaskClient, cast: Cast, own: int) -> None:
    page = shown(manager, url(cast, f"/{own}/end"), {"ended_on": "2026-12-15", "reason": "Sold."})
    assert "32 of 36 fall away" in page
    assert "Instalment 4 of 36: EUR 277.78 on 30 Nov 2026, in full." in page
    assert "An instalment is charged in full for a month that has begun" in page


def test_an_offer_says_what_it_brings_before_it_is_accepted(
    manager: FlaskClient, app: Flask, cast: Cast, sold: int
) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        more = subscriptions.offer(
            w, cast.organisation.id, terms(lms_seat_minor=900), starting(date(2027, 3, 1)), replaces_id=sold
        ).id
    assert "Accepting binds Alder Works" in manager.get(url(cast, f"/{more}/accept")).text
    page = shown(manager, url(cast, f"/{more}/accept"), {})
    assert "36 instalments: the first EUR 277.78 on 1 Mar 2027, the last EUR 277.77 on 1 Feb 2030." in page
    assert "2 audit-manager seats and 2 LMS seats from 1 Mar 2027." in page
    assert "1 registration audit, 2 surveillance audits and 6 internal audits within the term." in page
    assert "It ends on 28 Feb 2027." in page


def test_seats_that_were_bought_are_said_in_good_words(manager: FlaskClient, cast: Cast, own: int) -> None:
    typed = {**SEATS, "quantity": "3"}
    page = shown(manager, url(cast, f"/{own}/add"), typed)
    done = post(manager, url(cast, f"/{own}/add"), {**typed, "agreed": seen(page)}, follow_redirects=True)
    assert "3 more LMS seats from 15 Sep 2026." in done.text


def test_what_has_changed_since_it_was_seen_is_shown_again(
    manager: FlaskClient, app: Flask, cast: Cast, own: int
) -> None:
    address = url(cast, f"/{own}/add")
    agreed = seen(shown(manager, address, SEATS))
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscription_seats.wait(w, SeatKind.LMS, cast.administrator.id)
    again = shown(manager, address, {**SEATS, "agreed": agreed})
    assert "a seat is free for the one who waits." in again
    assert post(manager, address, {**SEATS, "agreed": seen(again)}).status_code == 303


def test_whoever_does_not_sell_the_plan_learns_whom_to_ask(
    manager: FlaskClient, app: Flask, cast: Cast, sold: int
) -> None:
    page = unescape(manager.get(url(cast)).text)
    assert "Pausing, ending, renewing and changing the terms are for Birch Hosting to do: write to" in page
    assert f'href="mailto:{cast.stranger.email}?subject=Premier%2C%20SUB-001">{cast.stranger.name}</a>' in page
    assert f'<a href="/o/{cast.organisation.slug}/support">book a support session</a>' in page
    buying = unescape(manager.get(url(cast, f"/{sold}/add")).text)
    assert "What audits and support sessions cost, Birch Hosting says: write to" in buying
    assert f"mailto:{cast.stranger.email}" in buying


SEVENTH = {"kind": "internal", "starts_on": "2027-09-01", "ends_on": "2027-09-02", "mode": "on-site"}


def six(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        for month in range(1, 7):
            plan(w, None, date(2027, month, 1), kind=AuditKind.INTERNAL)


def test_beyond_one_s_own_plan_the_way_on_is_to_buy_one_more(
    manager: FlaskClient, app: Flask, cast: Cast, own: int
) -> None:
    six(app, cast)
    asked = unescape(post(manager, f"/o/{cast.organisation.slug}/audits/new", SEVENTH).text)
    assert "The plan names no price for one more." in asked
    assert f'<a href="{url(cast, f"/{own}/add")}?what=internal">Buy one more</a>' in asked
    assert '<option selected value="internal">' in manager.get(url(cast, f"/{own}/add?what=internal")).text


def test_beyond_a_plan_that_was_sold_the_way_on_is_a_mail_to_its_seller_and_what_the_last_one_cost(
    manager: FlaskClient, app: Flask, cast: Cast, sold: int
) -> None:
    six(app, cast)
    asked = unescape(post(manager, f"/o/{cast.organisation.slug}/audits/new", SEVENTH).text)
    assert "Ask Birch Hosting for one more: write to" in asked
    assert f"mailto:{cast.stranger.email}?subject=Premier%2C%20SUB-001%3A%201%20more%20internal%20audit" in asked
    once = AdditionDetails(what=Allowance.INTERNAL, quantity=1, starts_on=date(2026, 9, 15), once_minor=80_000)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.add(w, sold, once)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        plan(w, None, date(2027, 7, 1), kind=AuditKind.INTERNAL)
    eighth = unescape(post(manager, f"/o/{cast.organisation.slug}/audits/new", SEVENTH).text)
    assert "The plan names no price for one more; 1 internal audit from 15 Sep 2026 cost EUR 800.00." in eighth
