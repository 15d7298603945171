"""The licence position from rows in the database: each metric, any day, and the rows behind each number add up."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event

from app.domain.itam.asset import AssetKind
from app.domain.itam.usage import UsageMetric
from app.domain.itam.version import version_key
from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.metric import PARTS, Metric
from app.extensions import db
from app.models.capacity import Cluster, ClusterHost, Placement, UsageRecord
from app.models.licence import EntitlementTerm, LicenceSeat
from app.models.software import Product, Release
from app.queries.licence_notices import due_from, terms_on
from app.queries.pools import pool_by
from app.queries.position_names import idle_on
from app.queries.position_rows import Behind, behind, position_without
from app.queries.positions import positions_on, unpooled_on
from app.work import Work
from tests.bought import bought, employee, pool
from tests.cast import Cast
from tests.certified import NOON
from tests.inventory import asset, installation, product
from tests.stage import on_stage, site

TODAY = date(2026, 6, 1)
VM = AssetKind.VIRTUAL_MACHINE


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def w(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation) as opened:
        yield opened


def used(w: Work, of: Product, metric: UsageMetric, value: str, first: date, last: date, **columns: Any) -> None:
    w.add(UsageRecord(product_id=of.id, metric=metric, value=Decimal(value), starts_on=first, ends_on=last, **columns))


def stands(w: Work, reference: str, day: date = TODAY) -> tuple[int, int, int, int, int | None]:
    """Entitled, demand, shortfall, surplus and cost; and the rows behind these numbers add up to them."""
    w.session.flush()
    line = next(each for each in positions_on(w, day) if each.reference == reference)
    one = positions_on(w, day, line.pool_id)
    assert one == [line]
    adds_up(opened(w, reference, day), line.position)
    how = line.position
    return how.entitled, how.demand, how.shortfall, how.surplus, how.cost_minor


def opened(w: Work, reference: str, day: date = TODAY) -> Behind:
    w.session.flush()
    found = pool_by(w, reference)
    assert found is not None
    return behind(w, found, day)


def adds_up(found: Behind, position: Any) -> None:
    assert found.position == position
    assert sum(each.counts.value for each in found.entitlements) == position.entitled == found.entitled.value
    assert sum(each.units for each in found.rows) + found.rounded == position.demand * PARTS
    assert sum(each.covered for each in found.rows) + found.rounded_covered == position.allocated * PARTS
    assert sum(each.bare for each in found.rows) + found.rounded_bare == position.shortfall * PARTS
    assert sum(each.free for each in found.rows) == found.found.free
    assert sum(each.covers for each in found.entitlements) - found.part_of_unit == position.allocated * PARTS
    assert sum(each.spare for each in found.entitlements) + found.part_of_unit == position.surplus * PARTS
    assert 0 <= found.part_of_unit < PARTS
    by_entitlement: dict[Any, int] = {}
    for row in found.rows:
        assert row.why
        assert min(row.units, row.covered, row.bare, row.free) >= 0
        for share in row.shares:
            is_pair = share.is_free and found.pool.metric is not Metric.CONSUMPTION
            by_entitlement[share.key] = by_entitlement.get(share.key, 0) + (0 if is_pair else share.parts)
    covers = {each.row.id: each.covers + each.covered_then for each in found.entitlements}
    assert all(parts <= covers[key] for key, parts in by_entitlement.items())
    assert sum(covers.values()) - sum(by_entitlement.values()) <= found.rounded
    numbers = (found.demand, found.allocated, found.shortfall, found.surplus, found.cost)
    expected = (position.demand, position.allocated, position.shortfall, position.surplus, position.cost_minor)
    assert tuple(each.value for each in numbers) == expected
    assert all(each.why for each in (found.entitled, *numbers))


def test_named_users_count_once_whatever_they_hold(w: Work) -> None:
    here = pool(w, "LP-1", Metric.NAMED_USER, product(w))
    bought(w, here, 2, "EN-1")
    anna, ben, cleo = (employee(w, name) for name in ("Anna", "Ben", "Cleo"))
    laptop = asset(w, "HW-1")
    for each in (anna, ben, anna):
        w.add(LicenceSeat(pool_id=here.id, starts_on=date(2026, 1, 1), employee_id=each.id))
    w.add(LicenceSeat(pool_id=here.id, starts_on=date(2026, 1, 1), asset_id=laptop.id))
    w.add(LicenceSeat(pool_id=here.id, employee_id=cleo.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 5, 31)))
    assert stands(w, "LP-1") == (2, 2, 0, 0, 0)
    assert stands(w, "LP-1", date(2026, 5, 31)) == (2, 3, 1, 0, 10_000)
    assert stands(w, "LP-1", date(2025, 12, 31)) == (2, 0, 0, 2, 0)


def test_a_subscription_is_over_the_day_after_its_last(w: Work) -> None:
    here = pool(w, "LP-1", Metric.SUBSCRIPTION, product(w))
    bought(w, here, 5, "EN-1", kind=EntitlementKind.SUBSCRIPTION, ends_on=date(2026, 6, 30))
    for n in range(3):
        w.add(LicenceSeat(pool_id=here.id, employee_id=employee(w, f"E{n}").id, starts_on=date(2026, 1, 1)))
    w.add(LicenceSeat(pool_id=here.id, asset_id=asset(w, "HW-1").id, starts_on=date(2026, 1, 1)))
    assert stands(w, "LP-1", date(2026, 6, 30)) == (5, 4, 0, 1, 0)
    assert stands(w, "LP-1", date(2026, 7, 1)) == (0, 4, 4, 0, 40_000)


def test_sessions_at_once_are_the_most_of_twelve_months(w: Work) -> None:
    visio = product(w)
    here = pool(w, "LP-1", Metric.CONCURRENT_USER, visio)
    bought(w, here, 10, "EN-1")
    used(w, visio, UsageMetric.PEAK_SESSIONS, "14", date(2025, 5, 1), date(2025, 5, 31))
    used(w, visio, UsageMetric.PEAK_SESSIONS, "12", date(2026, 2, 1), date(2026, 2, 28))
    used(w, visio, UsageMetric.PEAK_SESSIONS, "8", date(2026, 4, 1), date(2026, 4, 30))
    assert stands(w, "LP-1") == (10, 12, 2, 0, 20_000)
    assert stands(w, "LP-1", date(2026, 5, 1)) == (10, 14, 4, 0, 40_000)
    assert stands(w, "LP-1", date(2027, 3, 1)) == (10, 8, 0, 2, 0)


def test_a_suite_counts_a_device_once_and_a_second_device_not_at_all(w: Work) -> None:
    word, excel = product(w, "Word", "A"), product(w, "Excel", "B")
    here = pool(w, "LP-1", Metric.DEVICE, word, excel)
    anna = employee(w, "Anna")
    first, second, third = asset(w, "HW-1", custodian_id=anna.id), asset(w, "HW-2", custodian_id=anna.id), asset(w, "X")
    for on in (first, second, third):
        installation(w, on, word)
    installation(w, first, word, "2.0")
    installation(w, first, excel)
    gone = installation(w, third, excel)
    bought(w, here, 2, "EN-1")
    assert stands(w, "LP-1") == (2, 3, 1, 0, 10_000)
    bought(w, here, 1, "EN-2", second_use=True, starts_on=TODAY)
    assert stands(w, "LP-1") == (3, 2, 0, 1, 0)
    assert stands(w, "LP-1", date(2026, 5, 31)) == (2, 3, 1, 0, 10_000)
    assert gone.removed_on is None


def test_a_device_with_a_seat_alone_counts_too(w: Work) -> None:
    visio = product(w)
    here = pool(w, "LP-1", Metric.DEVICE, visio)
    both, seat = asset(w, "HW-1"), asset(w, "HW-2")
    installation(w, both, visio)
    for each in (both, seat):
        w.add(LicenceSeat(pool_id=here.id, asset_id=each.id, starts_on=date(2026, 1, 1)))
    assert stands(w, "LP-1") == (0, 2, 2, 0, 20_000)


def test_versions_and_sites_are_covered_by_what_is_for_them(w: Work) -> None:
    visio, munich, bonn = product(w), site(w, "Munich"), site(w, "Bonn")
    w.add(Release(product_id=visio.id, version="17", version_key=version_key("17"), released_on=date(2026, 3, 1)))
    here = pool(w, "LP-1", Metric.DEVICE, visio)
    for n, (at, version) in enumerate([(munich, "16.1"), (munich, "17.0"), (bonn, "15.0"), (bonn, "17.0")]):
        installation(w, asset(w, f"HW-{n}", site_id=at.id), visio, version)
    bought(w, here, 2, "EN-1", site_id=munich.id, version_through="16")
    bought(w, here, 1, "EN-2", version_through="15", maintained_until=date(2026, 4, 1))
    assert stands(w, "LP-1") == (3, 4, 2, 1, 20_000)
    bare = [row for row in opened(w, "LP-1").rows if row.bare]
    assert [row.need.use.newest for row in bare] == [version_key("17.0")] * 2
    alone = pool(w, "LP-2", Metric.DEVICE, visio, site_id=bonn.id)
    bought(w, alone, 5, "EN-3", site_id=munich.id)
    bought(w, alone, 1, "EN-4", site_id=bonn.id)
    assert stands(w, "LP-2") == (1, 2, 1, 0, 10_000)
    assert "another site" in opened(w, "LP-2").entitlements[0].counts.why[0].says


def test_cores_by_minimum_factor_and_pack_on_hosts_and_clusters_with_a_history(w: Work) -> None:
    engine = product(w, "Engine")
    here = pool(
        w, "LP-1", Metric.CORE, engine, minimum_per_socket=8, minimum_per_host=16, factor_thousandths=500, pack_size=2
    )
    small, large = asset(w, "H-1", sockets=1, cores=4), asset(w, "H-2", sockets=2, cores=48)
    spare = asset(w, "H-3", sockets=1, cores=10)
    guest, lost, image = asset(w, "VM-1", VM), asset(w, "VM-2", VM, sockets=1, cores=3), asset(w, "VM-3", VM)
    installation(w, guest, engine)
    blue = w.add(Cluster(name="Blue"))
    w.add(ClusterHost(cluster_id=blue.id, asset_id=large.id, starts_on=date(2026, 1, 1)))
    w.add(ClusterHost(cluster_id=blue.id, asset_id=spare.id, starts_on=date(2026, 5, 10)))
    w.add(Placement(guest_id=guest.id, host_id=small.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 30)))
    w.add(Placement(guest_id=guest.id, cluster_id=blue.id, starts_on=date(2026, 5, 1)))
    bought(w, here, 30, "EN-1")
    # On the small host: 16 at least, half of it. In the cluster: 48 halved, and 16 halved from 10 May on.
    assert stands(w, "LP-1", date(2026, 4, 30))[1] == 8
    assert stands(w, "LP-1", date(2026, 5, 1))[1] == 24
    assert stands(w, "LP-1")[:4] == (30, 32, 2, 0)
    installation(w, large, engine)
    assert stands(w, "LP-1")[1] == 32
    # One of which nobody knows where it runs counts by itself: 16 at least.
    installation(w, lost, engine)
    assert stands(w, "LP-1") == (30, 40, 10, 0, 100_000)
    installation(w, image, engine)
    w.add(Placement(guest_id=image.id, host_id=small.id, starts_on=date(2026, 1, 1)))
    assert stands(w, "LP-1")[1] == 48
    rows = {row.asset_id: row for row in opened(w, "LP-1").rows}
    assert rows[large.id].guests == (guest.id,)
    assert "and for itself" in rows[large.id].why[0].says
    assert "Nothing says on which host" in rows[lost.id].why[0].says


def test_what_is_rounded_up_belongs_to_no_row(w: Work) -> None:
    engine = product(w, "Engine")
    here = pool(w, "LP-1", Metric.CORE, engine, factor_thousandths=500, pack_size=4)
    for n, cores in enumerate((3, 6)):
        installation(w, asset(w, f"H-{n}", sockets=1, cores=cores), engine)
    bought(w, here, 6, "EN-1")
    assert stands(w, "LP-1") == (6, 8, 2, 0, 40_000)
    assert opened(w, "LP-1").rounded == 35_000


def test_processors_and_sites(w: Work) -> None:
    engine = product(w, "Engine")
    pool(w, "LP-1", Metric.PROCESSOR, engine, minimum_per_host=2)
    pool(w, "LP-2", Metric.SITE, engine)
    munich, bonn = site(w, "Munich"), site(w, "Bonn")
    for n, (sockets, at) in enumerate([(1, munich.id), (4, munich.id), (None, bonn.id), (2, None)]):
        installation(w, asset(w, f"H-{n}", sockets=sockets, site_id=at), engine)
    assert stands(w, "LP-1")[1] == 2 + 4 + 2 + 2
    assert stands(w, "LP-2")[1] == 3
    assert len(opened(w, "LP-2").rows) == 4


def test_measured_use_is_covered_within_its_own_term_also_once_that_has_ended(w: Work) -> None:
    cloud = product(w, "Cloud")
    here = pool(w, "LP-1", Metric.CONSUMPTION, cloud)
    bought(w, here, 100, "EN-1", ends_on=date(2025, 12, 31))
    bought(w, here, 50, "EN-2", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    used(w, cloud, UsageMetric.UNITS_CONSUMED, "80.5", date(2025, 3, 1), date(2025, 3, 31))
    used(w, cloud, UsageMetric.UNITS_CONSUMED, "70.25", date(2026, 3, 1), date(2026, 3, 31))
    assert stands(w, "LP-1") == (50, 71, 21, 0, 210_000)
    assert stands(w, "LP-1", date(2025, 12, 31)) == (100, 81, 0, 19, 0)
    # What is rounded up takes a whole unit of what runs, and nothing of a term that has ended.
    bought(w, here, 21, "EN-3", starts_on=date(2026, 2, 1))
    assert stands(w, "LP-1") == (71, 71, 0, 0, 0)
    told = " ".join(each.says for each in opened(w, "LP-1").demand.why)
    assert "80.5 were covered by terms that have ended. 70.25 of 150.75 remain." in told


@pytest.mark.parametrize(
    ("day", "expected", "arithmetic"),
    [
        (date(2025, 12, 15), (50, 0, 0, 50), "the day before the period: nothing is used yet"),
        (date(2025, 12, 16), (50, 10, 0, 40), "1 of 31 days: 310 / 31 = 10"),
        (date(2025, 12, 31), (50, 160, 110, 0), "16 of 31 days: 160, all in the term of 2025, that has 50"),
        (date(2026, 1, 1), (300, 120, 110, 290), "110 bare of 2025, and 10 of 2026: 1 of 31 days"),
        (date(2026, 1, 15), (300, 260, 110, 150), "15 of 31 days fall into 2026: 150"),
        (date(2026, 6, 1), (300, 260, 110, 150), "the period is over: 310 were used, 50 of them covered in 2025"),
        # 2026 is over too: it covered its 150 in its time, and the 110 that nobody bought stay
        (date(2027, 1, 1), (0, 110, 110, 0), "the 110 of 2025 that nothing covered stay"),
    ],
)
def test_a_period_counts_by_its_days_in_each_term_and_up_to_the_day(
    w: Work, day: date, expected: tuple[int, ...], arithmetic: str
) -> None:
    cloud = product(w, "Cloud")
    here = pool(w, "LP-1", Metric.CONSUMPTION, cloud)
    bought(w, here, 50, "EN-1", ends_on=date(2025, 12, 31))
    bought(w, here, 300, "EN-2", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    used(w, cloud, UsageMetric.UNITS_CONSUMED, "310", date(2025, 12, 16), date(2026, 1, 15))
    assert stands(w, "LP-1", day)[:4] == expected, arithmetic


def test_what_was_used_before_any_term_began_is_covered_by_none(w: Work) -> None:
    cloud = product(w, "Cloud")
    here = pool(w, "LP-1", Metric.CONSUMPTION, cloud)
    bought(w, here, 1000, "EN-1", starts_on=date(2026, 3, 11))
    used(w, cloud, UsageMetric.UNITS_CONSUMED, "93", date(2026, 3, 1), date(2026, 3, 31))
    assert stands(w, "LP-1") == (1000, 93, 30, 937, 300_000)
    bare, covered = opened(w, "LP-1").rows
    assert (bare.starts_on, bare.ends_on, bare.bare) == (date(2026, 3, 1), date(2026, 3, 10), 30 * PARTS)
    assert (
        "93 were used from 1 Mar 2026 to 31 Mar 2026, and its days count alike: 10 of 31 days come to 30."
        in " ".join(each.says for each in bare.why)
    )
    assert (covered.starts_on, covered.covered) == (date(2026, 3, 11), 63 * PARTS)


def test_periods_of_many_that_are_cut_add_up_to_the_last_part(w: Work) -> None:
    cloud, other = product(w, "Cloud"), product(w, "More", "M")
    old, here = pool(w, "LP-0", Metric.CONSUMPTION, other), pool(w, "LP-1", Metric.CONSUMPTION, cloud)
    base = bought(w, old, 9, "EN-0", ends_on=date(2026, 2, 9))
    bought(w, here, 4, "EN-1", ends_on=date(2026, 1, 12), retired_on=date(2026, 1, 10))
    bought(w, here, 5, "EN-2", starts_on=date(2026, 1, 20))
    # It outlasts what it was taken from: recorded before that was refused.
    bought(w, here, 3, "EN-3", kind=EntitlementKind.TRANSFER, base_id=base.id, starts_on=date(2026, 1, 5))
    for n, value in enumerate(("0.0001", "1.3333", "0.7", "2.0002", "0.0007")):
        used(w, cloud, UsageMetric.UNITS_CONSUMED, value, date(2026, 1, 1 + n), date(2026, 2, 10 + n))
        used(w, cloud, UsageMetric.UNITS_CONSUMED, value, date(2026, 1, 1), date(2026, 2, 10))
    for day in (date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 20), date(2026, 2, 9), date(2026, 2, 10), TODAY):
        stands(w, "LP-1", day)
    assert stands(w, "LP-1")[0] == 5


def test_what_is_covered_in_part_of_a_unit_is_said_and_adds_up(w: Work) -> None:
    engine, munich, bonn = product(w, "Engine"), site(w, "Munich"), site(w, "Bonn")
    here = pool(w, "LP-1", Metric.CORE, engine, factor_thousandths=500)
    installation(w, asset(w, "H-1", sockets=1, cores=3, site_id=munich.id), engine)
    installation(w, asset(w, "H-2", sockets=1, cores=1, site_id=bonn.id), engine)
    bought(w, here, 2, "EN-1", site_id=munich.id)
    # 1.5 at Munich are covered and 0.5 at Bonn are not: one whole unit is covered, and one is to be bought.
    assert stands(w, "LP-1") == (2, 2, 1, 1, 10_000)
    found = opened(w, "LP-1")
    assert (found.rounded, found.rounded_covered, found.rounded_bare, found.part_of_unit) == (0, -5000, 5000, 5000)


@pytest.mark.parametrize("kind", [EntitlementKind.TRANSFER, EntitlementKind.UPGRADE])
def test_what_was_taken_counts_no_longer_than_what_it_was_taken_from(w: Work, kind: EntitlementKind) -> None:
    visio = product(w)
    old, new = pool(w, "LP-1", Metric.DEVICE, visio), pool(w, "LP-2", Metric.DEVICE, visio)
    ends = bought(w, old, 10, "EN-1", ends_on=date(2026, 5, 31))
    sold = bought(w, old, 10, "EN-2", retired_on=date(2026, 4, 1))
    first = bought(w, new, 4, "EN-3", kind=kind, base_id=ends.id, starts_on=date(2026, 2, 1))
    bought(w, new, 3, "EN-4", kind=kind, base_id=sold.id, starts_on=date(2026, 2, 1), ends_on=date(2026, 12, 31))
    # It rests on what rests on the first.
    bought(w, new, 1, "EN-5", kind=kind, base_id=first.id, starts_on=date(2026, 3, 1))
    days = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), TODAY)
    assert [stands(w, "LP-2", day)[0] for day in days] == [0, 7, 7, 4, 4, 0]
    assert [stands(w, "LP-1", day)[0] for day in days] == [20, 13, 13, 6, 6, 0]
    told = {each.row.reference: each.counts.why[0].says for each in opened(w, "LP-2").entitlements}
    assert told["EN-5"] == "What it was taken from counted through 31 May 2026, and it counts no longer than that."
    assert [each.finding for each in terms_on(w, TODAY)] == []


def test_what_is_upgraded_transferred_or_given_up_counts_once_or_not_at_all(w: Work) -> None:
    visio = product(w)
    old, new = pool(w, "LP-1", Metric.DEVICE, visio), pool(w, "LP-2", Metric.DEVICE, visio)
    base = bought(w, old, 10, "EN-1")
    bought(w, new, 4, "EN-2", kind=EntitlementKind.UPGRADE, base_id=base.id, starts_on=date(2026, 2, 1),
           ends_on=date(2026, 5, 31))  # fmt: skip
    bought(w, new, 3, "EN-3", kind=EntitlementKind.TRANSFER, base_id=base.id, starts_on=date(2026, 3, 1))
    bought(w, new, 7, "EN-4", retired_on=date(2026, 4, 1))
    assert [stands(w, "LP-1", day)[0] for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1), TODAY)] == [
        10, 6, 3, 7,
    ]  # fmt: skip
    assert [stands(w, "LP-2", day)[0] for day in (date(2026, 3, 31), date(2026, 4, 1), TODAY)] == [14, 7, 3]
    assert stands(w, "LP-1", date(9999, 12, 31))[0] == 7
    assert stands(w, "LP-1", date(1, 1, 1)) == (0, 0, 0, 0, 0)


def test_removing_what_nobody_uses_never_promises_more_than_what_is_missing(w: Work) -> None:
    visio = product(w)
    here = pool(w, "LP-1", Metric.DEVICE, visio)
    bought(w, here, 3, "EN-1")
    lasts = [None, date(2026, 1, 1), date(2026, 5, 30), date(2025, 1, 1), None]
    ids = []
    for n, last in enumerate(lasts):
        on = asset(w, f"HW-{n}")
        installation(w, on, visio, last_used_on=last)
        ids.append(on.id)
    w.session.flush()
    idle = idle_on(w, here.id, TODAY, 90)
    assert [each.asset_id for each in idle] == [ids[0], ids[4], ids[3], ids[1]]
    assert [each.asset_id for each in idle_on(w, here.id, TODAY, 365)] == [ids[0], ids[4], ids[3]]
    found = opened(w, "LP-1")
    after = position_without(w, found, [each.asset_id for each in idle])
    assert (found.position.cost_minor, after.demand, after.cost_minor) == (20_000, 1, 0)


def test_what_comes_due_and_which_terms_are_not_kept(w: Work) -> None:
    visio, munich, bonn = product(w), site(w, "Munich"), site(w, "Bonn")
    here = pool(w, "LP-1", Metric.DEVICE, visio)
    installation(w, asset(w, "VM-1", VM, site_id=bonn.id), visio, "14.0")
    installation(w, asset(w, "HW-1", site_id=munich.id), visio, "16.0")
    base = bought(w, here, 5, "EN-1", version_through="16", ends_on=date(2026, 8, 30), renewal_notice_by=TODAY)
    bought(w, here, 5, "EN-2", ends_on=date(2026, 8, 31), maintained_until=date(2026, 7, 1))
    bought(w, here, 5, "EN-3", ends_on=date(2026, 7, 1), retired_on=TODAY)
    answers = [
        (Term.ALLOWED_SITES, TermAnswer.YES, None, ""),
        (Term.VIRTUALISATION, TermAnswer.NO, None, ""),
        (Term.DOWNGRADE, TermAnswer.LIMIT, 1, ""),
        (Term.SECOND_USE, TermAnswer.YES, None, ""),
        (Term.TRANSFER, TermAnswer.NO, None, ""),
        (Term.DISASTER_RECOVERY, TermAnswer.NO, None, ""),
    ]
    for term, answer, limit, says in answers:
        sites = [munich.id] if term is Term.ALLOWED_SITES else []
        told = {"answer": answer, "limit": limit, "says": says, "site_ids": sites}
        w.add(EntitlementTerm(entitlement_id=base.id, term=term, **told))
    w.session.flush()
    assert [(each.day, each.reference, each.what) for each in due_from(w, TODAY)] == [
        (TODAY, "EN-1", "Last day for a notice on its renewal"),
        (date(2026, 7, 1), "EN-2", "Maintenance ends"),
        (date(2026, 8, 30), "EN-1", "Its last day"),
    ]
    found = {each.finding.fact.term: each.finding for each in terms_on(w, TODAY)}
    assert {term for term, finding in found.items() if finding.is_violated} == {Term.ALLOWED_SITES, Term.VIRTUALISATION}
    assert "Bonn (1)" in found[Term.ALLOWED_SITES].why[0].says
    assert "VM-1" in found[Term.VIRTUALISATION].why[0].says
    assert not found[Term.DISASTER_RECOVERY].is_checked
    assert terms_on(w, date(2026, 8, 31)) == []


def test_what_is_in_no_pool_is_told_of_by_itself(w: Work) -> None:
    visio = product(w)
    installation(w, asset(w, "HW-1"), visio)
    assert [(each.product_id, each.devices) for each in unpooled_on(w, TODAY)] == [(visio.id, 1)]
    pool(w, "LP-1", Metric.DEVICE, visio)
    assert unpooled_on(w, TODAY) == []


def test_as_many_queries_for_300_pools_as_for_3(w: Work) -> None:
    munich = site(w)
    asked: list[int] = []
    done = 0
    for upto in (3, 300):
        for n in range(done, upto):
            metric = list(Metric)[n % len(Metric)] if upto > 3 else (Metric.DEVICE, Metric.CORE, Metric.CONSUMPTION)[n]
            each = product(w, f"Product {n}", f"Publisher {n}")
            here = pool(w, f"LP-{n}", metric, each)
            bought(w, here, 2, f"EN-{n}", **({"site_id": munich.id} if n % 2 else {}))
        done = upto
        w.session.flush()
        asked.append(_queries(w, lambda: positions_on(w, TODAY)))
        found = pool_by(w, "LP-1")
        assert found is not None
        asked.append(_queries(w, lambda found=found: behind(w, found, TODAY)))
    assert asked[2] <= asked[0] + 8, "one query or two for each metric, however many pools"
    assert asked[3] == asked[1] <= 12
    more = _queries(w, lambda: positions_on(w, TODAY))
    for n in range(300, 330):
        here = pool(w, f"LP-{n}", list(Metric)[n % len(Metric)], product(w, f"Product {n}", f"Publisher {n}"))
        bought(w, here, 2, f"EN-{n}")
    w.session.flush()
    assert _queries(w, lambda: positions_on(w, TODAY)) == more


def _queries(w: Work, ask: Any) -> int:
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(told)
