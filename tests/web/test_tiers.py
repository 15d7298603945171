"""Tiers on screen: one's own judgement beside what the register says of itself, and nothing about certificates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.asset import AssetStatus
from app.domain.itam.change import Authorisation
from app.domain.itam.ownership import Duty, OwnershipKind
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.tier import Measure
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.asset import AssetDuty, AssetOwnership
from app.models.attachment import Attachment
from app.models.licence import Entitlement, LicencePool
from app.models.reconciliation import Reconciliation
from app.models.tier import ProcessAssessment
from app.queries.entitlements import EntitlementFilters, entitlement_list
from app.queries.tiers import verdicts
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.inventory import asset, installation, product
from tests.stage import on_stage

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/tiers"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def owned(w: Any, tag: str, duties: int = len(Duty), ends_on: date | None = None, **columns: Any) -> Any:
    row = asset(w, tag, **columns)
    w.add(AssetOwnership(asset_id=row.id, kind=OwnershipKind.OWNED, starts_on=date(2026, 1, 1), ends_on=ends_on))
    for duty in list(Duty)[:duties]:
        w.add(AssetDuty(asset_id=row.id, duty=duty, party="Service desk"))
    return row


def entitled(w: Any, pool: LicencePool, number: int, **columns: Any) -> None:
    given = {"starts_on": date(2026, 1, 1), "quantity": 5, "kind": EntitlementKind.PURCHASE, **columns}
    w.add(Entitlement(reference=f"E-{number:03}", pool_id=pool.id, created_at=w.now, **given))


@pytest.fixture
def register(app: Flask, cast: Cast) -> None:
    """Of each kind some that count, some that do not count at all, and some with something wanting."""
    with on_stage(app, cast.organisation) as w:
        whole = owned(w, "A-1")
        owned(w, "A-2", duties=3)
        owned(w, "A-3", ends_on=date(2026, 5, 31))
        asset(w, "A-4")
        asset(w, "A-5", status=AssetStatus.DISPOSED)
        asset(w, "A-6", in_scope=False, scope_reason="A toy")
        owned(w, "A-7", ends_on=TODAY)
        visio = product(w)
        installation(w, whole, visio, authorisation=Authorisation.AUTHORISED)
        other = product(w, "Chrome", "Google")
        installation(w, whole, other, authorisation=Authorisation.ACCEPTED)
        installation(w, whole, product(w, "Toy", "Toys"), removed_on=date(2026, 3, 1))
        installation(w, whole, product(w, "Game", "Games"))
        pool = w.add(
            LicencePool(
                reference="LP-001",
                name="Visio",
                publisher_id=visio.publisher_id,
                metric=next(iter(Metric)),
                created_at=w.now,
            )
        )
        entitled(w, pool, 1, proof="VL-1")
        entitled(w, pool, 2)
        entitled(w, pool, 3, ends_on=date(2026, 5, 31))
        entitled(w, pool, 4, retired_on=TODAY)
        w.add(
            Reconciliation(
                reference="RC-2026-01",
                kind=SourceKind.LEDGER,
                source="Ledger",
                file_name="ledger.csv",
                sha256="ab" * 32,
                run_at=datetime(2026, 5, 12, 22, 30, tzinfo=UTC),
                totals={},
                asked={},
            )
        )


@pytest.mark.usefixtures("register")
def test_the_register_counts_what_counts_and_nothing_else(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        found = verdicts(w)
    assert found[Measure.OWNED].why[0].says == "2 of 5 assets in scope."
    assert found[Measure.AUTHORISED].why[0].says == "2 of 3 installations."
    assert found[Measure.PROVEN].why[0].says == "1 of 2 entitlements in force."
    # Half past ten in the evening in London was the next day in Berlin.
    assert "RC-2026-01 compared the register with another on 13 May 2026" in found[Measure.RECONCILED].why[0].says
    with on_stage(app, cast.elsewhere) as w:
        assert {each.value.words for each in verdicts(w).values()} == {"Nothing to count", "Never"}


@pytest.mark.usefixtures("register")
def test_the_share_of_proven_entitlements_and_the_list_of_those_without_proof_say_the_same(
    app: Flask, cast: Cast
) -> None:
    """A number of a proof or a file proves; a contract, an invoice and what is over do not come into it."""
    with on_stage(app, cast.organisation) as w:
        (pool,) = w.all(select(LicencePool))
        entitled(w, pool, 5, contract="C-1", invoice="I-1")
        entitled(w, pool, 6, starts_on=date(2026, 9, 1))
        entitled(w, pool, 7)
        with_file = w.one_or_none(select(Entitlement).where(Entitlement.reference == "E-007"))
        attached = {"media_type": "application/pdf", "size": 9, "sha256": "cd" * 32, "stored_at": w.now}
        w.add(Attachment(entitlement_id=with_file.id, file_name="proof.pdf", **attached))
        w.flush()
        share = verdicts(w)[Measure.PROVEN].why[0].says
        rows, total = entitlement_list(w, EntitlementFilters(standing="unproven", order="reference", descending=False))
    assert share == "2 of 4 entitlements in force."
    assert (total, [row.reference for row in rows]) == (2, ["E-002", "E-005"])


@pytest.mark.usefixtures("register")
def test_a_judgement_stands_beside_what_the_register_says_and_the_way_stays(
    manager: FlaskClient, app: Flask, cast: Cast, url: str
) -> None:
    page = text(manager.get(url))
    assert "a certificate is to the standard, never to a tier" in page
    assert "Tier 3: optimisation" in page
    assert "4 process areas: 4 not assessed." in page
    typed = {"attainment": "partly", "evidence": "Minutes of March.", "assessed_on": "2026-03-10"}
    assert post(manager, f"{url}/F1/assess", typed).location == f"{url}/F1"
    typed = {"attainment": "fully", "evidence": "Every request of May.", "assessed_on": "2026-06-01"}
    post(manager, f"{url}/F1/assess", typed)
    shown = text(manager.get(f"{url}/F1"))
    for words in (
        "Minutes of March.",
        "Every request of May.",
        "Asif Malik",
        "66 %",
        "while the register says otherwise",
    ):
        assert words in shown, words
    assert "4 process areas: 1 fully, 3 not assessed." in text(manager.get(url))
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(ProcessAssessment))) == 2


def test_an_opinion_is_no_assessment(manager: FlaskClient, app: Flask, cast: Cast, url: str) -> None:
    good = {"attainment": "largely", "evidence": "Seen.", "assessed_on": "2026-06-01"}
    for typed, says in (
        ({"attainment": ""}, "Choose how far it has come."),
        ({"attainment": "superbly"}, "Not a valid choice"),
        ({"evidence": " "}, "a judgement without evidence is an opinion"),
        ({"assessed_on": "2026-06-02"}, "a day that has come"),
        ({"assessed_on": "yesterday"}, "There is no such day"),
    ):
        answer = post(manager, f"{url}/L1/assess", {**good, **typed})
        assert answer.status_code == 422, typed
        assert says in text(answer), typed
    assert manager.get(f"{url}/F9").status_code == 404
    assert post(manager, f"{url}/F9/assess", good).status_code == 404
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(ProcessAssessment)) == []


def test_who_sees_assets_reads_and_who_manages_them_judges(app: Flask, cast: Cast, url: str) -> None:
    auditor = sign_in(app.test_client(), cast.auditor)
    assert "Assess it" not in text(auditor.get(url))
    assert auditor.get(f"{url}/F1/assess").status_code == 403
    assert sign_in(app.test_client(), cast.staff).get(url).status_code == 403
