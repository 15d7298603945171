"""Both sides agree: whoever belongs to the seller neither accepts nor buys for the client, on any page."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share
from app.domain.subscription.plan import Allowance
from app.models.organisation import Membership
from app.operations import agreements, subscriptions
from app.operations.subscriptions import AdditionDetails
from app.queries.agreements import agreements_offered
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage
from tests.subscribed import accepted, agree, joins, starting, terms

RULE = "Both sides agree: whoever belongs to the seller does not accept for the client."


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def offered(app: Flask, cast: Cast) -> int:
    """The stranger's organisation offers; the client's quality manager is staff of it too."""
    joins(app, cast.elsewhere, cast.quality_manager, Role.PROVIDER_STAFF)
    with on_stage(app, cast.elsewhere, cast.quality_manager) as w:
        agree(w, cast.organisation, cast.stranger)
        return subscriptions.offer(w, cast.organisation.id, terms(), starting()).id


SEATS = AdditionDetails(what=Allowance.LMS_SEATS, quantity=3, starts_on=date(2026, 9, 15))


def test_she_who_offered_it_does_not_accept_it_and_the_page_says_who_may(
    client: FlaskClient, app: Flask, cast: Cast, offered: int
) -> None:
    both = sign_in(client, cast.quality_manager)
    address = f"/o/{cast.organisation.slug}/plan/{offered}"
    page = both.get(address).text
    assert RULE in page
    assert f"{cast.administrator.name} may." in page
    assert f'href="{address}/accept"' not in page
    for sent in ({}, {"agreed": ""}):
        refused = post(both, f"{address}/accept", sent)
        assert refused.status_code == 422
        assert RULE in refused.text
        assert f"{cast.administrator.name} may." in refused.text
    with on_stage(app, cast.organisation, cast.quality_manager) as w, pytest.raises(RefusedError, match=RULE):
        subscriptions.accept(w, offered)
    other = sign_in(app.test_client(), cast.administrator)
    assert RULE not in other.get(address).text
    assert accepted(other, f"{address}/accept").status_code == 303
    # Nor does she buy more for the client; the other side sells it.
    assert RULE in both.get(address).text
    with on_stage(app, cast.organisation, cast.quality_manager) as w, pytest.raises(RefusedError, match=RULE):
        subscriptions.add(w, offered, SEATS)
    with on_stage(app, cast.elsewhere, cast.quality_manager) as w:
        assert subscriptions.add(w, offered, SEATS).quantity == 3
    with on_stage(app, cast.organisation, cast.administrator) as w:
        assert subscriptions.add(w, offered, SEATS).quantity == 3


def test_who_has_left_the_seller_accepts_again(app: Flask, cast: Cast, offered: int) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        whose = select(Membership).where(Membership.person_id == cast.quality_manager.id)
        w.all(whose)[0].ended_at = w.now
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assert subscriptions.accept(w, offered).accepted_by_id == cast.quality_manager.id


def test_what_one_keeps_oneself_has_no_other_side(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assert subscriptions.add(w, subscriptions.record_own(w, terms(), starting()).id, SEATS).quantity == 3


def test_an_agreement_is_accepted_proposed_and_widened_by_others_alone(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    joins(app, cast.elsewhere, cast.administrator, Role.PROVIDER_STAFF)
    with on_stage(app, cast.elsewhere, cast.administrator) as w:
        id_ = agreements.propose_to_client(w, cast.organisation.slug, USUAL).id
    both = sign_in(client, cast.administrator)
    base = f"/o/{cast.organisation.slug}/settings/agreements"
    page = both.get(f"{base}/{id_}").text
    assert RULE in page
    assert "Nobody else of the client may yet: invite somebody" in page
    assert "Accept the agreement</button>" not in page
    refused = post(both, f"{base}/{id_}", {"shares": ["programme"]})
    assert (refused.status_code, RULE in refused.text) == (422, True)
    typed = {"address": cast.elsewhere.slug, "shares": ["programme"]}
    proposed = post(both, f"{base}/propose", typed)
    assert (proposed.status_code, RULE in proposed.text) == (422, True)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        agreements.accept_as_client(w, id_, {Share.PROGRAMME})
        version = agreements_offered(w)[0][0].version
    wider = post(both, f"{base}/{id_}", {"shares": ["programme", "findings"], "seen": str(version)})
    assert (wider.status_code, RULE in wider.text) == (422, True)
    assert post(both, f"{base}/{id_}", {"shares": [], "seen": str(version)}).status_code == 303
