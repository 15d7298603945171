"""Seats that a provider sells: nobody gives themself more of them, whatever form they send."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.subscription.seats import PoolSource, SeatKind
from app.models.seat import SeatPool
from app.operations import seat_pools, subscriptions
from app.operations.seat_pools import PoolDetails
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage
from tests.subscribed import STARTS_ON, sold_premier, starting, terms

POOL = {"kind": "lms", "source": "bought", "quantity": "500", "starts_on": "2026-09-10"}
LAST = "2029-08-30"


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/subscription/seats/pools"


def sell(app: Flask, cast: Cast) -> None:
    sold_premier(app, cast)


def kept(app: Flask, cast: Cast) -> list[tuple[int, date, date | None]]:
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(SeatPool).where(SeatPool.kind == SeatKind.LMS).order_by(SeatPool.id))
        return [(row.quantity, row.starts_on, row.ends_on) for row in rows]


@pytest.mark.parametrize("owner", ["provider", "itself"])
def test_a_pool_that_came_with_a_subscription_is_shown_and_not_changed_by_hand(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, owner: str
) -> None:
    if owner == "provider":
        sell(app, cast)
    else:
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            subscriptions.record_own(w, terms(), starting())
    before = kept(app, cast)
    with on_stage(app, cast.organisation) as w:
        pool_id = w.all(select(SeatPool.id).where(SeatPool.kind == SeatKind.LMS))[0]
    page = manager.get(f"{url}/{pool_id}")
    assert page.status_code == 200
    assert 'name="quantity"' not in page.text
    assert "SUB-001, Premier" in page.text
    assert (cast.elsewhere.name if owner == "provider" else "Nobody: it is recorded here") in page.text
    answer = post(manager, f"{url}/{pool_id}", {**POOL, "version": "1"})
    assert answer.status_code == 422
    assert "This pool follows its subscription" in answer.text
    assert kept(app, cast) == before


@pytest.mark.parametrize("source", ["bought", "included"])
@pytest.mark.parametrize(
    "days",
    [
        {},
        {"ends_on": "2026-09-10"},
        {"starts_on": "2020-01-01"},
        {"starts_on": LAST},
        {"starts_on": "2020-01-01", "ends_on": STARTS_ON.isoformat()},
    ],
)
def test_while_a_provider_sells_them_more_are_ordered_from_it(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, source: str, days: dict[str, str]
) -> None:
    sell(app, cast)
    before = kept(app, cast)
    answer = post(manager, f"{url}/new", {**POOL, "source": source, **days})
    assert answer.status_code == 422
    assert f"{cast.elsewhere.name} sells the seats" in answer.text
    assert "order more from them" in answer.text
    assert 'value="500"' in answer.text
    assert kept(app, cast) == before


def test_what_was_there_before_may_shrink_and_not_grow_within_the_term(
    manager: FlaskClient, app: Flask, cast: Cast, url: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        told = PoolDetails(
            kind=SeatKind.LMS,
            source=PoolSource.BOUGHT,
            quantity=4,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
        )
        pool_id = seat_pools.record(w, told).id
    sell(app, cast)
    same = {**POOL, "quantity": "4", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "version": "1"}
    for more in (
        {"quantity": "5"},
        {"quantity": "5", "counts_from": "2026-12-31"},
        {"ends_on": "2027-01-01"},
        {"ends_on": ""},
    ):
        answer = post(manager, f"{url}/{pool_id}", {**same, **more})
        assert (answer.status_code, "order more from them" in answer.text) == (422, True), more
    assert post(manager, f"{url}/{pool_id}", {**same, "quantity": "3"}).status_code == 303
    assert (3, date(2026, 1, 1), date(2026, 12, 31)) in kept(app, cast)


def test_who_keeps_its_own_record_or_is_past_the_term_records_pools_as_ever(
    manager: FlaskClient, app: Flask, cast: Cast, url: str
) -> None:
    sell(app, cast)
    assert post(manager, f"{url}/new", {**POOL, "starts_on": "2029-08-31"}).status_code == 303
    with time_machine.travel("2029-08-31T09:00:00Z", tick=False):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            subscriptions.record_own(w, terms(), starting(date(2029, 8, 31)))
        later = sign_in(app.test_client(), cast.quality_manager)
        assert post(later, f"{url}/new", {**POOL, "starts_on": "2029-08-31"}).status_code == 303
