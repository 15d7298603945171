"""What a provider sells: offered to its clients alone, shown before it changes, and nobody else's business."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.seat import SeatPool
from app.models.subscription import Subscription
from app.operations import agreements, plans, subscriptions
from app.operations.subscriptions import renewal_of
from app.queries.agreements import passages_to_clients
from app.queries.subscriptions import subscription_by, subscriptions_of, term_of
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage
from tests.subscribed import agree, starting, terms


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def plan_id(app: Flask, cast: Cast) -> int:
    """A plan of the provider, who has an agreement with its client."""
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        return plans.record(w, terms()).id


@pytest.fixture
def seller(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.stranger)


def url(cast: Cast, path: str = "") -> str:
    return f"/o/{cast.elsewhere.slug}/subscriptions{path}"


def sold(app: Flask, cast: Cast, plan_id: int) -> int:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting(), plan_id).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, row)
    return row


def test_a_plan_is_offered_for_its_price_or_another_and_the_client_decides(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int
) -> None:
    assert "Nothing is sold yet" in seller.get(url(cast)).text
    typed = {"client": str(cast.organisation.id), "plan": str(plan_id), "starts_on": "2026-08-31", "price": "9000"}
    assert post(seller, url(cast, "/offer"), {**typed, "entry_key": "k-1"}).status_code == 303
    assert "Offered" in seller.get(url(cast)).text
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        (row,) = subscriptions_of(w)
        assert (row.price_minor, row.allowances, row.accepted_at) == (900_000, terms().allowances, None)
        subscriptions.accept(w, row.id)
    assert "Month 1 of 36" in seller.get(url(cast)).text
    page = seller.get(url(cast, f"/{row.id}")).text
    assert "Premier for Alder Works" in page
    assert page.count('number">EUR 250.00') == 36


def test_an_offer_that_is_sent_twice_is_made_once_and_can_be_taken_back(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int
) -> None:
    typed = {"client": str(cast.organisation.id), "plan": str(plan_id), "starts_on": "2026-08-31", "entry_key": "k-1"}
    first, second = (post(seller, url(cast, "/offer"), typed) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        (row,) = subscriptions_of(w)
    assert "Take the offer back" in seller.get(url(cast, f"/{row.id}")).text
    assert post(seller, url(cast, f"/{row.id}/withdraw")).status_code == 303
    page = seller.get(url(cast, f"/{row.id}"), follow_redirects=True).text
    assert "is not offered any more" in page
    assert "withdrawn on" in page
    with on_stage(app, cast.organisation, cast.quality_manager) as w, pytest.raises(RefusedError, match="withdrawn"):
        subscriptions.accept(w, row.id)
    post(seller, url(cast, f"/{row.id}/withdraw"))
    assert "is withdrawn already" in seller.get(url(cast, f"/{row.id}")).text


def test_what_was_offered_is_not_accepted_once_the_agreement_has_ended(app: Flask, cast: Cast, plan_id: int) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting(), plan_id).id
        (passage,) = passages_to_clients(w)
        agreements.end(w, passage.agreement_id, as_client=False)
    with on_stage(app, cast.organisation, cast.quality_manager) as w, pytest.raises(RefusedError, match="has ended"):
        subscriptions.accept(w, row)


def test_a_pause_that_would_run_into_the_next_term_is_refused(app: Flask, cast: Cast, plan_id: int) -> None:
    row = sold(app, cast, plan_id)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        ours = subscription_by(w, row)
        assert ours is not None
        again = subscriptions.offer(w, cast.organisation.id, terms(), starting(renewal_of(ours)), replaces_id=row).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, again)
    with on_stage(app, cast.elsewhere, cast.stranger) as w, pytest.raises(RefusedError, match="lasts from"):
        subscriptions.pause(w, row, date(2027, 1, 31), 2, "Rebuilding.")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client": "999"}, "Choose a client from the list"),
        ({"plan": "999"}, "Choose a plan from the list"),
        ({"continues": "999"}, "Choose a subscription of this client"),
        ({"price": "much"}, "no amount of money"),
        ({"deposit": "10000"}, "A deposit is a part of the price"),
        ({"starts_on": ""}, "Give the first day"),
    ],
)
def test_what_cannot_be_offered_is_told_at_its_field(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int, changes: dict[str, str], words: str
) -> None:
    typed = {
        "client": str(cast.organisation.id),
        "plan": str(plan_id),
        "starts_on": "2026-08-31",
        "entry_key": "k-1",
        **changes,
    }
    answer = post(seller, url(cast, "/offer"), typed)
    assert answer.status_code == 422
    assert words in answer.text
    with on_stage(app, cast.elsewhere) as w:
        assert w.all(select(Subscription)) == []


def test_another_term_replaces_the_one_that_runs_the_day_before_once_it_is_accepted(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int
) -> None:
    row = sold(app, cast, plan_id)
    typed = {
        "client": str(cast.organisation.id),
        "plan": str(plan_id),
        "starts_on": "2026-12-01",
        "continues": str(row),
        "entry_key": "k-1",
    }
    assert post(seller, url(cast, "/offer"), typed).status_code == 303
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        newer, older = subscriptions_of(w)
        assert term_of(older).ends_on.value.isoformat() == "2029-08-30"
        subscriptions.accept(w, newer.id)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        newer, older = subscriptions_of(w)
        assert term_of(older).ends_on.value.isoformat() == "2026-11-30"
        days = w.all(
            select(SeatPool.ends_on).where(SeatPool.kind == "lms", SeatPool.quantity > 0).order_by(SeatPool.id)
        )
        assert [day.isoformat() for day in days if day] == ["2026-11-30", "2029-11-30"]


ACTS = {
    "add": {"what": "internal", "quantity": "2", "starts_on": "2026-09-15", "price": "1600"},
    "pause": {"starts_on": "2026-11-30", "months": "2", "reason": "Moving house."},
    "end": {"ended_on": "2026-12-31", "reason": "Sold."},
}


@pytest.mark.parametrize("act", ACTS)
def test_the_seller_changes_it_once_it_has_seen_what_that_does_and_learns_of_nobody(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int, act: str
) -> None:
    row = sold(app, cast, plan_id)
    address = url(cast, f"/{row}/{act}")
    shown = post(seller, address, ACTS[act])
    assert shown.status_code == 422
    assert "What this does" in shown.text
    assert "Whose seats are suspended by it, the client is told." in shown.text
    agreed = shown.text.partition('name="agreed"')[2].partition('value="')[2].partition('"')[0]
    done = post(seller, address, {**ACTS[act], "agreed": agreed})
    assert done.status_code == 303
    assert done.location.endswith(url(cast, f"/{row}"))


def test_more_is_sold_for_a_price_that_was_said_and_a_first_day_in_the_past_is_pointed_out(
    seller: FlaskClient, app: Flask, cast: Cast, plan_id: int
) -> None:
    address = url(cast, f"/{sold(app, cast, plan_id)}/add")
    empty = post(seller, address, {**ACTS["add"], "price": ""})
    assert empty.status_code == 422
    assert "Give the price of all of it; write 0 where it is free." in empty.text
    assert "What this does" not in empty.text
    free = post(seller, address, {**ACTS["add"], "price": "0"})
    assert "What this does" in free.text
    assert "It begins in the past" not in free.text
    seats = {"what": "lms-seats", "quantity": "1", "starts_on": "2026-09-09"}
    assert "It begins in the past, on" in post(seller, address, seats).text


@pytest.mark.parametrize("path", ["", "/add", "/pause", "/end"])
def test_what_others_sold_and_what_is_one_s_own_is_not_among_it(
    client: FlaskClient, app: Flask, cast: Cast, plan_id: int, path: str
) -> None:
    row = sold(app, cast, plan_id)
    # The client's own provider's staff sells nothing of it, though the client has it.
    other = sign_in(client, cast.provider_staff)
    assert other.get(f"/o/{cast.organisation.slug}/subscriptions/{row}{path}").status_code == 404
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        own = subscriptions.record_own(w, terms(), starting(date(2029, 8, 31)))
    assert other.get(f"/o/{cast.organisation.slug}/subscriptions/{own.id}{path}").status_code == 404
