"""Decisions that reach further than their run: our register follows, and the runs before and after know of each other."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.asset import AssetStatus
from app.domain.itam.ownership import Duty
from app.models.asset import Asset, AssetDuty
from app.models.reconciliation import ReconciliationLine
from tests.cast import Cast, post
from tests.web.test_reconciliations import (
    HEAD,
    _first_of_june,
    asset,
    compare,
    inside,
    lines,
    manager,
    register,
    text,
    url,
)

__all__ = ["_first_of_june", "manager", "register", "url"]
RIGHT = {"settlement": "theirs-is-right", "reason": "It was found in a drawer.", "correct": "y"}


def test_a_status_of_ours_follows_theirs(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        asset(w, "LT-1", status=AssetStatus.RETIRED)
        asset(w, "LT-2", status=AssetStatus.LOST)
    compare(manager, url, f"{HEAD}\nLT-1,,,in stock,,,\nLT-2,,,active,,,\n")
    found = lines(app, cast)
    ticked = f"{url}/RC-2026-01/decide?line={found['tag:lt-1'].id}&line={found['tag:lt-2'].id}"
    assert "Retired → In stock" in text(manager.get(ticked))
    answer = post(manager, ticked, RIGHT)
    assert answer.status_code == 303, text(answer)
    assert "2 of ours are corrected." in text(manager.get(answer.location))
    with inside(app, cast) as w:
        held = {row.tag: row.status for row in w.all(select(Asset))}
        assert held == {"LT-1": AssetStatus.IN_STOCK, "LT-2": AssetStatus.DEPLOYED}


def test_a_disposal_that_nobody_answers_for_is_refused_in_the_form(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        asset(w, "LT-1", status=AssetStatus.RETIRED, cost_minor=1_000, currency="EUR")
    compare(manager, url, f"{HEAD}\nLT-1,,,disposed,20.00,EUR,\n")
    decide = f"{url}/RC-2026-01/decide?line={lines(app, cast)['tag:lt-1'].id}"
    answer = post(manager, decide, RIGHT)
    assert answer.status_code == 422
    assert "LT-1: Nobody answers for its disposal." in text(answer)
    assert "It was found in a drawer.</textarea>" in text(answer)
    with inside(app, cast) as w:
        row = w.all(select(Asset))[0]
        assert (row.status, row.cost_minor) == (AssetStatus.RETIRED, 1_000)
        assert not w.all(select(ReconciliationLine).where(ReconciliationLine.settlement.is_not(None)))
        w.add(AssetDuty(asset_id=row.id, duty=Duty.DISPOSAL, party="The recycler"))
    assert post(manager, decide, RIGHT).status_code == 303


def test_a_correction_is_offered_only_where_something_can_follow(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        number = asset(w, "LT-1").id
        asset(w, "LT-2", cost_minor=1_000, currency="EUR")
    compare(manager, url, f"{HEAD}\nLT-1,,,scrapped,,,\nLT-2,,,active,20.00,EUR,\n")
    found = lines(app, cast)
    alone = f"{url}/RC-2026-01/decide?line={found['tag:lt-1'].id}"
    page = text(manager.get(alone))
    assert "Deployed is not followed by disposed" in page
    assert f'href="/o/{cast.organisation.slug}/assets/{number}/step"' in page
    assert 'name="correct"' not in page
    assert "Our register cannot follow in the same act" in page
    both = text(manager.get(f"{alone}&line={found['tag:lt-2'].id}"))
    assert 'name="correct"' in both
    assert "and 1 cannot" in both
    # Who ticked it before is refused with the reason, not in silence.
    assert "LT-1: Deployed is not followed by disposed" in text(post(manager, alone, RIGHT))
