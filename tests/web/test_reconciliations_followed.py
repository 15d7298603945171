"""Decisions that reach further than their run: our register follows, and runs know what came before and after."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.ownership import Duty
from app.domain.itam.reconciliation import Finding, Settlement, SinceLast
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.asset import Asset, AssetDuty
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.reconciliation import ReconciliationLine
from app.models.software import Product, Publisher
from app.operations.reconciliations import decide
from app.queries.reconciliations import run_by
from tests.cast import Cast, post
from tests.inventory import installation
from tests.web.test_reconciliations import (
    HEAD,
    LEDGER,
    READING,
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
        "Pool,LP-001,Draw 1,18,18,53,0,yes",
        "Pool,LP-002,Draw 2,4,4,7,0,yes",
        ",PO-1,,10,10,,,yes",
        ",PO-2,,6,6,,,yes",
        ",PO-3,,2,2,,,yes",
        ",PO-4,,4,4,,,yes",
    ):
        assert row in sent, sent
    assert "PO-6" not in sent
    assert (
        sent.splitlines()[0]
        .strip("\ufeff")
        .startswith("By,Reference,Name,Bought since 2026-01-01,Invoiced,Counts on 2026-06-01,Installed")
    )
    # 10 less 7 that were upgraded and transferred, and the 50 from before.
    assert "53 count on the day" in text(manager.get(f"{answer.location}/three-way"))


def test_a_file_that_begins_in_the_middle_of_a_year_is_held_against_what_was_bought_since(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    with inside(app, cast) as w:
        publisher = w.add(Publisher(name="Contoso"))
        about = {"publisher_id": publisher.id, "metric": Metric.DEVICE, "created_at": w.now}
        pool = w.add(LicencePool(reference="LP-001", name="Draw 1", **about))
        draw = w.add(Product(publisher_id=publisher.id, name="Draw 1", created_at=w.now))
        w.add(PoolProduct(pool_id=pool.id, product_id=draw.id))
        for number, quantity, starts_on in ((1, 10, date(2026, 2, 1)), (2, 5, date(2026, 5, 1))):
            w.add(
                Entitlement(
                    reference=f"E-00{number}", pool_id=pool.id, kind=EntitlementKind.PURCHASE, quantity=quantity,
                    purchase_order=f"PO-{number}", starts_on=starts_on, created_at=w.now,
                )
            )  # fmt: skip
        for number in range(12):
            installation(w, asset(w, f"PC-{number}", name="Computer"), draw)
    columns = {"column-purchase_order": "PO", "column-name": "Product", "column-quantity": "Qty"}
    said = {**columns, "threshold": "100", "tolerance": "0", "decimal_sign": ""}
    pages = []
    for since in ("2026-04-01", ""):
        step = send(
            manager, url, "PO,Product,Qty\nPO-2,Draw 1,5\n", "i.csv", kind="invoices", source="Creditors"
        ).location
        done = post(manager, step, {**said, "since": since})
        assert done.status_code == 303, text(done)
        pages.append(text(manager.get(f"{done.location}/three-way")))
        sent = manager.get(f"{done.location}/three-way/export/csv").get_data(as_text=True)
        bought = 5 if since else 15
        assert f"Pool,LP-001,Draw 1,{bought},5,15,12,{'yes' if since else 'no'}" in sent, sent
        assert (",PO-1," in sent) == (not since)
    begun, untold = pages
    for words in (
        "All of them agree.",
        "Bought since 1 Apr 2026</th>",
        "Counts on the day",
        "what was bought before counts as bought only where the file has its invoice",
        "held against all that counts on 1 Jun 2026",
        "12 devices have it; 3 of those that count are not in use.",
    ):
        assert words in begun, words
    assert "the run was not told on which day the file begins" in untold
    assert "1 pool does not agree." in untold


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
    assert post(manager, f"{url}/RC-2026-02/decide?line={again.id}", RIGHT).status_code == 303
    assert "Correct ours" not in text(manager.get(f"{url}/RC-2026-02"))
    compare(manager, url)
    assert lines(app, cast, "RC-2026-03")["tag:lt-2"].since is SinceLast.RESOLVED


@pytest.mark.usefixtures("register")
def test_what_a_later_run_has_too_is_decided_there(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    compare(manager, url)
    first = lines(app, cast)
    assert "4 to decide" in text(manager.get(url))
    # The next file lacks the desk: that difference is gone, and nobody decides it anywhere else.
    compare(manager, url, "\n".join(row for row in LEDGER.splitlines() if not row.startswith("F-77")))
    old = text(manager.get(f"{url}/RC-2026-01"))
    assert "1 difference waits for a decision" in old
    assert f'<a href="{url}/RC-2026-02">RC-2026-02</a> is the latest run of it' in old
    assert old.count("Not decided here") == 3
    assert old.count('name="line"') == 1
    assert f"decide?line={first['tag:lt-2'].id}" not in old
    runs = text(manager.get(url))
    assert ("1 to decide" in runs, "3 to decide" in runs) == (True, True)
    assert f'followed by <a href="{url}/RC-2026-02">' in runs
    # What waits is what is filtered, decided at once, told by the report and exported.
    waiting = text(manager.get(f"{url}/RC-2026-01?decision=undecided"))
    assert ("F-77" in waiting, "LT-9" in waiting) == (True, False)
    said = text(manager.get(url.replace("/reconciliations", "/reports/reconciliation?run=RC-2026-01")))
    assert "1 difference waits for a decision. RC-2026-02 is the latest run of it" in said
    sheet = manager.get(f"{url}/RC-2026-01/export/csv").get_data(as_text=True)
    assert sheet.count(",RC-2026-02,") == 5

    told = {"settlement": "ours-is-right", "reason": "Late."}
    alone = f"{url}/RC-2026-01/decide?line={first['tag:lt-2'].id}"
    assert "there it is decided: RC-2026-02" in text(manager.get(alone))
    assert post(manager, alone, told).status_code == 422
    with inside(app, cast) as w:
        run = run_by(w, "RC-2026-01")
        kept = w.all(select(ReconciliationLine).where(ReconciliationLine.id == first["tag:lt-2"].id))
        with pytest.raises(RefusedError, match="RC-2026-02 is a later run of SAP fixed assets"):
            decide(w, run, kept, Settlement.OURS_IS_RIGHT, "Late.")
    assert post(manager, f"{url}/RC-2026-01/decide?all=yes", told).status_code == 303
    found = lines(app, cast)
    assert {key for key, row in found.items() if row.settlement} == {"tag:f-77"}
    assert "Nothing is left to decide here; the run can be closed." in text(manager.get(f"{url}/RC-2026-01"))
    assert post(manager, f"{url}/RC-2026-01/close").status_code == 303
    # Another source has nothing to do with it.
    compare(manager, url, said={"source": "Other ledger"})
    assert "3 to decide" in text(manager.get(url))


@pytest.mark.usefixtures("register")
def test_a_row_whose_serial_number_is_one_of_ours_says_so(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    """Their file has one of our machines twice: by its tag, and by its serial number under another tag."""
    twice = "Asset no,Serial,Description\nLT-1,,Latitude\nF-88,s 1,Latitude\nF-99,S0815,Desk\n"
    step = send(manager, url, twice)
    columns = {"column-tag": "Asset no", "column-serial": "Serial", "column-name": "Description"}
    assert post(manager, step.location, {**columns, **READING}).status_code == 303
    row = lines(app, cast)["tag:f-88"]
    assert row.finding is Finding.ONLY_THERE
    with inside(app, cast) as w:
        number = w.all(select(Asset.id).where(Asset.tag == "LT-1"))[0]
    page = text(manager.get(f"{url}/RC-2026-01?finding=only-there"))
    assert "Serial s 1 is asset" in page
    assert f'<a href="/o/{cast.organisation.slug}/assets/{number}">LT-1</a>' in page
    assert page.count("is asset") == 1
    assert page.count("Record it here") == 1, "it would be recorded twice"
    offered = text(manager.get(f"{url}/RC-2026-01/decide?line={row.id}&same=LT-1"))
    assert "It is LT-1: the serial number s 1 is the same.</textarea>" in offered
    assert (
        "serial number"
        not in text(manager.get(f"{url}/RC-2026-01/decide?line={row.id}&same=KB-1")).partition("<textarea")[2]
    )
    said = {"settlement": "ours-is-right", "reason": "It is LT-1: the serial number s 1 is the same."}
    assert post(manager, f"{url}/RC-2026-01/decide?line={row.id}", said).status_code == 303
    compare_again = send(manager, url, twice)
    assert post(manager, compare_again.location, {**columns, **READING}).status_code == 303
    assert lines(app, cast, "RC-2026-02")["tag:f-88"].since is SinceLast.SETTLED
