"""Decisions that reach further than their run: our register follows, and runs know what came before and after."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.asset import AssetStatus
from app.domain.itam.ownership import Duty
from app.domain.itam.reconciliation import SinceLast
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.asset import Asset, AssetDuty
from app.models.licence import Entitlement, LicencePool
from app.models.reconciliation import ReconciliationLine
from app.models.software import Publisher
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
    send,
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


def test_bought_is_what_was_bought_whatever_became_of_it(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        publisher = w.add(Publisher(name="Contoso"))
        pools = [
            w.add(
                LicencePool(
                    reference=f"LP-00{n}", name=name, publisher_id=publisher.id, metric=Metric.DEVICE, created_at=w.now
                )
            )
            for n, name in ((1, "Draw 1"), (2, "Draw 2"))
        ]

        def entitle(
            number: int, pool: int, kind: EntitlementKind, quantity: int, order: str, base: Any = None, **more: Any
        ) -> Any:
            said: Any = {"starts_on": date(2026, 1, 1), "base_id": base.id if base else None, **more}
            row = Entitlement(
                reference=f"E-00{number}", pool_id=pools[pool].id, kind=kind, quantity=quantity, purchase_order=order,
                created_at=w.now, **said,
            )  # fmt: skip
            return w.add(row)

        bought = entitle(1, 0, EntitlementKind.PURCHASE, 10, "PO-1")
        entitle(2, 0, EntitlementKind.SUBSCRIPTION, 6, "PO-2", ends_on=date(2026, 3, 31))
        entitle(3, 0, EntitlementKind.PURCHASE, 2, "PO-3", retired_on=date(2026, 4, 1), retired_reason="Sold.")
        entitle(4, 1, EntitlementKind.UPGRADE, 4, "PO-4", bought)
        entitle(5, 1, EntitlementKind.TRANSFER, 3, "PO-1", bought)
        entitle(6, 0, EntitlementKind.PURCHASE, 50, "PO-6", starts_on=date(2024, 1, 1))
    invoices = "PO,Product,Qty\nPO-1,Draw 1,10\nPO-2,Draw 1,6\nPO-3,Draw 1,2\nPO-4,Draw 2,4\n"
    step = send(manager, url, invoices, "invoices.csv", kind="invoices", source="Creditors").location
    columns = {"column-purchase_order": "PO", "column-name": "Product", "column-quantity": "Qty"}
    said = {"threshold": "100", "tolerance": "0", "decimal_sign": "", "since": "2026-01-01"}
    answer = post(manager, step, {**columns, **said})
    assert answer.status_code == 303, text(answer)
    sent = manager.get(f"{answer.location}/three-way/export/csv").get_data(as_text=True)
    for row in (
        "Pool,LP-001,Draw 1,18,18,0,yes",
        "Pool,LP-002,Draw 2,4,4,0,yes",
        ",PO-1,,10,10,,yes",
        ",PO-2,,6,6,,yes",
        ",PO-3,,2,2,,yes",
        ",PO-4,,4,4,,yes",
    ):
        assert row in sent, sent
    assert "PO-6" not in sent
    # 10 less 7 that were upgraded and transferred, and the 50 from before.
    assert "53 count on the day" in text(manager.get(f"{answer.location}/three-way"))


@pytest.mark.usefixtures("register")
def test_where_theirs_is_right_ours_is_asked_for_until_it_has_followed(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    compare(manager, url)
    decide = f"{url}/RC-2026-01/decide?line={lines(app, cast)['tag:lt-2'].id}"
    post(manager, decide, {"settlement": "theirs-is-right", "reason": "So it is."})
    assert "Correct ours" in text(manager.get(f"{url}/RC-2026-01"))
    compare(manager, url)
    again = lines(app, cast, "RC-2026-02")["tag:lt-2"]
    assert (again.since, again.settlement) == (SinceLast.STILL_OPEN, None)
    assert post(manager, decide, RIGHT).status_code == 303
    assert "Correct ours" not in text(manager.get(f"{url}/RC-2026-01"))
    compare(manager, url)
    assert lines(app, cast, "RC-2026-03")["tag:lt-2"].since is SinceLast.RESOLVED
