"""Pools and entitlements: what may be recorded, and that nothing takes the cover of seats that are held."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.explained import RefusedError
from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.metric import Metric
from app.domain.licensing.terms import TermFact
from app.models.journal import JournalEntry
from app.models.licence import Entitlement, LicencePool, LicenceSeat
from app.models.software import Product
from app.operations import entitlements, pools, seats
from app.operations.entitlements import EntitlementDetails
from app.operations.pools import PoolDetails
from app.operations.seats import Holder
from app.queries.entitlements import entitlement_by, references_known
from app.queries.journal_proof import prove_all
from app.queries.pools import pool_by
from app.work import Work
from tests.cast import Cast
from tests.equipped import employ
from tests.licensed import BOUGHT_ON, bought, catalogued, pooled
from tests.stage import on_stage, site

TODAY = date.today()  # noqa: DTZ011 - any day near enough


@pytest.fixture
def w(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation, cast.asset_manager) as work:
        yield work


def crowd(w: Work, count: int) -> list[int]:
    return [employ(w, f"P-{number}", f"Person {number:02}").id for number in range(1, count + 1)]


def refused(deed: Callable[[], Any]) -> str:
    with pytest.raises(RefusedError) as caught:
        deed()
    return f"{caught.value.field}: " + " ".join(str(each) for each in caught.value.why)


def test_nothing_takes_the_cover_of_seats_that_are_held(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        pool, other = pooled(w), pooled(w, name="Quill Next").id
        reference = bought(w, pool, 2, proof="P-77").reference
        seats.check_out(w, pool.id, [Holder(each) for each in crowd(w, 2)], TODAY)
    base: dict[str, Any] = {"kind": EntitlementKind.PURCHASE, "starts_on": BOUGHT_ON}
    taken = EntitlementDetails(kind=EntitlementKind.UPGRADE, quantity=1, starts_on=TODAY, base=reference)
    fewer = EntitlementDetails(quantity=1, **base)
    ends = EntitlementDetails(quantity=2, ends_on=TODAY + timedelta(days=3), **base)
    deeds: list[tuple[str, Callable[[Work, Entitlement], Any]]] = [
        ("2 seats are checked out, and only 1 would be covered", lambda w, row: entitlements.edit(w, row, fewer)),
        ("only 0 would be covered", lambda w, row: entitlements.edit(w, row, ends)),
        ("Check 2 in first", lambda w, row: entitlements.retire(w, row, TODAY, "sold")),
        ("Check 2 in first", lambda w, row: entitlements.remove(w, row, "never bought")),
        ("Check 1 in first", lambda w, _row: entitlements.create(w, other, taken)),
    ]
    for says, deed in deeds:
        with pytest.raises(RefusedError, match=says), on_stage(app, cast.organisation, cast.asset_manager) as w:
            deed(w, w.all(select(Entitlement).options(selectinload(Entitlement.terms)))[0])
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = w.all(select(Entitlement))[0]
        assert (row.quantity, row.ends_on, row.retired_on) == (2, None, None)
        seats.check_in(w, [each.id for each in w.all(select(LicenceSeat))], TODAY)
        entitlements.retire(w, row, TODAY + timedelta(days=1), "sold")


def at_once(app: Flask, cast: Cast, count: int, deed: Callable[[Work, int], Any]) -> list[Any]:
    """What comes of it when so many do it in the same moment, each in a work of their own."""
    ready = Barrier(count)

    def one(number: int) -> Any:
        ready.wait(timeout=60)
        try:
            with on_stage(app, cast.organisation, cast.asset_manager) as w:
                return deed(w, number)
        except RefusedError as refusal:
            return str(refusal.why[0])

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_what_is_given_up_while_it_is_checked_out_goes_to_one_of_the_two(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        pool = pooled(w)
        row_id, pool_id = bought(w, pool, 1).id, pool.id
        people = crowd(w, 4)

    def deed(w: Work, number: int) -> str:
        if number % 2:
            row = w.all(select(Entitlement).where(Entitlement.id == row_id).with_for_update())[0]
            entitlements.retire(w, row, TODAY, "sold")
            return "given up"
        seats.check_out(w, pool_id, [Holder(people[number // 2])], TODAY)
        return "checked out"

    came = at_once(app, cast, 8, deed)
    assert came.count("given up") + came.count("checked out") == 1
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(Entitlement))[0]
        assert len(w.all(select(LicenceSeat))) == (0 if row.retired_on else 1)
        assert all(proof.is_whole for proof in prove_all(w.session))


def test_what_the_rules_of_pools_refuse(w: Work) -> None:
    free = catalogued(w, "Free Tool", needs_licence=False)
    ours, theirs = catalogued(w, "One"), catalogued(w, "Two", "Somebody Else")

    def make(**more: Any) -> LicencePool:
        said = {"name": "One", "metric": Metric.DEVICE, "product_ids": [ours.id], **more}
        return pools.create(w, PoolDetails(**said))

    assert "products: Say which products" in refused(lambda: make(product_ids=[]))
    assert "products: Choose products from the list" in refused(lambda: make(product_ids=[999_999]))
    assert "Free Tool: the catalogue says that no licence is needed" in refused(lambda: make(product_ids=[free.id]))
    assert "one publisher" in refused(lambda: make(product_ids=[ours.id, theirs.id]))
    assert "pack_size: Give a number from 1" in refused(lambda: make(pack_size=0))
    assert "factor: The factor lies between" in refused(lambda: make(factor_thousandths=0))
    assert "currency: Give the currency" in refused(lambda: make(unit_price_minor=100))
    assert make().reference == "LP-001"


def test_a_pool_that_something_points_at_stays_and_its_number_is_not_given_again(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        pool = pooled(w)
        row = bought(w, pool, 1)
        assert f"Entitlements: {row.reference}." in refused(lambda: pools.remove(w, pool, "by mistake"))
        entitlements.remove(w, row, "by mistake")
        pools.remove(w, pool, "by mistake")
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        other = pooled(w, product_ids=[w.all(select(Product))[0].id])
        assert other.reference == "LP-002"
        assert bought(w, other, 1).reference == "E-002"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"quantity": 0}, "quantity: "),
        ({"ends_on": BOUGHT_ON - timedelta(days=1)}, "ends_on: "),
        ({"proof": "P-1"}, "proof: The proof P-1 stands at E-001 already"),
        ({"proof": " p.1 "}, "proof: The proof p.1 stands at E-001 already"),
        ({"proof": "P 1"}, "proof: The proof P 1 stands at E-001 already"),
        ({"proof": "p/1"}, "proof: The proof p/1 stands at E-001 already"),
        ({"kind": EntitlementKind.UPGRADE}, "base: "),
        ({"kind": EntitlementKind.UPGRADE, "base": "E-777"}, "base: There is no entitlement E-777"),
        ({"kind": EntitlementKind.UPGRADE, "base": "E-001", "quantity": 6}, "quantity: E-001 has 5 of its 5"),
        ({"base": "E-001"}, "base: "),
        ({"cost_minor": -1, "currency": "EUR"}, "cost: "),
        ({"cost_minor": 100}, "currency: "),
        ({"maintained_until": BOUGHT_ON - timedelta(days=1)}, "maintained_until: "),
        ({"renewal_notice_by": TODAY}, "renewal_notice_by: "),
    ],
)
def test_what_no_entitlement_can_be(w: Work, said: dict[str, Any], says: str) -> None:
    pool = pooled(w)
    bought(w, pool, 5, proof="P-1")
    assert refused(lambda: bought(w, pool, **{"quantity": 1, **said})).startswith(says)


def test_upgrades_in_a_circle_are_refused(w: Work) -> None:
    pool = pooled(w)
    first = bought(w, pool, 1)
    second = bought(w, pool, 1, kind=EntitlementKind.UPGRADE, base=first.reference)
    round_ = EntitlementDetails(kind=EntitlementKind.UPGRADE, quantity=1, starts_on=BOUGHT_ON, base=second.reference)
    assert "That is a circle" in refused(lambda: entitlements.edit(w, first, round_))


def test_a_pool_is_not_changed_to_what_its_holders_cannot_hold(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        munich, leipzig = site(w, "Munich").id, site(w, "Leipzig").id
        pool = pooled(w)
        bought(w, pool, 2)
        seats.check_out(w, pool.id, [Holder(employ(w, "P-1", "Anna", site_id=munich).id)], TODAY)
        product = w.all(select(Product))[0].id
    for said, says in (
        ({"metric": Metric.DEVICE}, "metric: .*people cannot hold a seat of it: Anna"),
        ({"metric": Metric.CORE}, "metric: .*no seats to check out"),
        ({"site_id": leipzig}, "site: .*another site: Anna"),
    ):
        details = PoolDetails(**{"name": "Quill", "metric": Metric.NAMED_USER, "product_ids": [product], **said})
        with on_stage(app, cast.organisation, cast.asset_manager) as w:
            row = pool_by(w, "LP-001", for_update=True)
            assert row is not None
            assert re.search(says, refused(lambda row=row, w=w, details=details: pools.edit(w, row, details)))  # type: ignore[misc]
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = pool_by(w, "LP-001", for_update=True)
        assert row is not None
        pools.edit(w, row, PoolDetails(name="Quill", metric=Metric.SUBSCRIPTION, product_ids=[product], site_id=munich))


def test_terms_alone_count_a_version_and_the_journal_says_nothing_else_of_it(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = bought(w, pooled(w), 2, notes="As agreed.")
        reference = row.reference
    details = EntitlementDetails(
        kind=EntitlementKind.PURCHASE,
        quantity=2,
        starts_on=BOUGHT_ON,
        notes="As agreed.",
        terms=(TermFact(Term.VIRTUALISATION, TermAnswer.NO),),
    )
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        kept = entitlement_by(w, reference, for_update=True)
        assert kept is not None
        before = kept.version
        entitlements.edit(w, kept, details)
        assert kept.version == before + 1
    with on_stage(app, cast.organisation) as w:
        of_it = select(JournalEntry).where(JournalEntry.noun.in_(["entitlement", "entitlement_term"]))
        entries = w.all(of_it.order_by(JournalEntry.number))
        assert [(each.noun, each.action) for each in entries] == [
            ("entitlement", "created"),
            ("entitlement_term", "created"),
        ]


@pytest.mark.parametrize("kind", [EntitlementKind.UPGRADE, EntitlementKind.TRANSFER])
def test_units_are_taken_from_a_licence_of_the_same_publisher(w: Work, kind: EntitlementKind) -> None:
    theirs = pooled(w, name="Other", product_ids=[catalogued(w, "Other", "Somebody Else").id])
    first = bought(w, theirs, 5)
    pool = pooled(w)
    says = refused(lambda: bought(w, pool, 1, kind=kind, base=first.reference.lower()))
    assert says.startswith("base: E-001 is of LP-001, a pool of Somebody Else, and LP-002 is not")
    own = bought(w, pooled(w, name="Quill Next"), 5)
    bought(w, pool, 1, kind=kind, base=own.reference)
    assert own.reference in dict(references_known(w, pool.id))
    assert first.reference not in dict(references_known(w, pool.id))
