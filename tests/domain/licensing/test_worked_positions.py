"""Positions worked out by hand, one table a metric, each line with its arithmetic.

Sources: the default counts of the metrics are those that ISO/IEC 19770-1:2017, 8.4 leaves to the contract, as resellers
state them: cores are counted by host with a minimum of 8 a processor and 16 a server and sold in packs of 2 (Windows
Server 2022 core licensing); 0.5 is the factor of common x86 processors (Oracle Processor Core Factor Table, 2021); a
server product on a virtual machine needs the host's cores, or those of the cluster's hosts (VMware licensing by soft
partitioning). Days are those of the tables.
"""

from datetime import date

import pytest

from app.domain.itam.version import version_key
from app.domain.licensing.allocation import Grant, Need, Scope, Use
from app.domain.licensing.entitlement import EntitlementFact, EntitlementKind, units_on
from app.domain.licensing.metric import PARTS, Counting, Metric, host_explained, parts_of_host
from app.domain.licensing.position import Price, plain, position_of, say_position

DAY = date(2026, 11, 25)
HAMBURG, MUNICH = 1, 2


def devices(count: int, version: str = "", site: int | None = None) -> Need:
    key = version_key(version)
    return Need(count * PARTS, Use(key, key, frozenset({site})))


def bought(key: str, units: int, **scope: object) -> Grant:
    return Grant(key, units, Scope(**scope))  # type: ignore[arg-type]


def numbers(counting, grants, needs, price=None, released=None):
    position, _ = position_of(counting, grants, needs, released, price)
    return (position.entitled, position.demand, position.allocated, position.shortfall, position.surplus)


@pytest.mark.parametrize(
    ("metric", "entitled", "counted", "expected"),
    [
        # 50 bought, 48 people have a seat: 50 - 48 = 2 to spare
        (Metric.NAMED_USER, 50, 48, (50, 48, 48, 0, 2)),
        # 20 bought, the year's peaks were 14, 23 and 19: max = 23, and 23 - 20 = 3 short
        (Metric.CONCURRENT_USER, 20, max(14, 23, 19), (20, 23, 20, 3, 0)),
        # 100 bought, 100 devices have it: in balance
        (Metric.DEVICE, 100, 100, (100, 100, 100, 0, 0)),
        # the subscription for 10 ended the day before; 7 seats are assigned still: 0 - 7
        (Metric.SUBSCRIPTION, 0, 7, (0, 7, 0, 7, 0)),
    ],
)
def test_metrics_that_count_one_by_one(metric, entitled, counted, expected):
    assert numbers(Counting(metric), [bought("E-1", entitled)], [devices(counted)]) == expected


@pytest.mark.parametrize(
    ("sockets", "cores", "expected", "arithmetic"),
    [
        (2, 20, 20, "max(20, 8 x 2, 16) = 20"),
        (2, 12, 16, "max(12, 8 x 2, 16) = 16: each of the two processors counts 8 at least"),
        (1, 4, 16, "max(4, 8 x 1, 16) = 16: a server counts 16 at least"),
        (4, 24, 32, "max(24, 8 x 4, 16) = 32"),
        (None, None, 16, "nothing is known: one socket, max(0, 8, 16) = 16"),
    ],
)
def test_the_cores_of_a_windows_server(sockets, cores, expected, arithmetic):
    counting = Counting(Metric.CORE, minimum_per_socket=8, minimum_per_host=16, pack_size=2)
    assert parts_of_host(counting, sockets, cores) == expected * PARTS, arithmetic
    assert host_explained(counting, sockets, cores).value == expected * PARTS


@pytest.mark.parametrize(
    ("factor", "hosts", "pack", "expected", "arithmetic"),
    [
        (500, [(2, 16), (2, 20)], 1, 18, "(16 + 20) x 0.5 = 18"),
        (500, [(1, 7)], 1, 4, "7 x 0.5 = 3.5, up to 4"),
        (500, [(1, 7), (1, 7)], 1, 7, "(7 + 7) x 0.5 = 7: rounded once, not a host"),
        (1000, [(1, 9)], 2, 10, "9, up to whole packs of 2: 10"),
        (250, [(1, 6), (1, 6), (1, 6)], 4, 8, "18 x 0.25 = 4.5, up to whole packs of 4: 8"),
    ],
)
def test_core_factors_and_packs(factor, hosts, pack, expected, arithmetic):
    counting = Counting(Metric.CORE, factor_thousandths=factor, pack_size=pack)
    needs = [Need(parts_of_host(counting, sockets, cores), Use(sites=frozenset({None}))) for sockets, cores in hosts]
    assert numbers(counting, [], needs)[1] == expected, arithmetic


@pytest.mark.parametrize(
    ("sockets", "minimum", "factor", "expected"),
    [
        # 2 + 1 sockets = 3
        ([2, 1], 0, 1000, 3),
        # max(2, 2) + max(1, 2) = 4
        ([2, 1], 2, 1000, 4),
        # (2 + 1) x 0.5 = 1.5, up to 2
        ([2, 1], 0, 500, 2),
    ],
)
def test_processors(sockets, minimum, factor, expected):
    counting = Counting(Metric.PROCESSOR, minimum_per_host=minimum, factor_thousandths=factor)
    assert numbers(counting, [], [Need(parts_of_host(counting, each, None)) for each in sockets])[1] == expected


def test_core_packs_cost_what_whole_packs_cost():
    # Host A: max(20, 16, 16) = 20. Host B: max(12, 16, 16) = 16. Together 36, in packs of 2: 36.
    # Bought 30: 6 are missing, 3 packs, at EUR 150 a core: 900 EUR.
    counting = Counting(Metric.CORE, 8, 16, pack_size=2)
    needs = [Need(parts_of_host(counting, 2, 20)), Need(parts_of_host(counting, 2, 12))]
    position, _ = position_of(counting, [bought("E-1", 30)], needs, price=Price(15_000, "EUR"))
    assert (position.demand, position.shortfall, position.cost_minor) == (36, 6, 90_000)
    # One core short of an odd number is bought as a pack all the same: 35 entitled, 1 missing, 2 bought.
    position, _ = position_of(counting, [bought("E-1", 35)], needs, price=Price(15_000, "EUR"))
    assert (position.shortfall, position.cost_minor) == (1, 30_000)


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        # used at three sites, licensed for two of them: one outside
        ([("E-1", HAMBURG), ("E-2", MUNICH)], (2, 3, 2, 1, 0)),
        # a licence of a site that does not use it helps no other
        ([("E-1", HAMBURG), ("E-2", 9)], (2, 3, 1, 2, 1)),
    ],
)
def test_sites(grants, expected):
    needs = [Need(PARTS, Use(sites=frozenset({site}))) for site in (HAMBURG, MUNICH, 3)]
    held = [bought(key, 1, site_id=site) for key, site in grants]
    assert numbers(Counting(Metric.SITE), held, needs) == expected


def test_consumption_is_covered_by_the_term_that_it_fell_into():
    # 2025: 1,000 bought, 1,200 used: 200 over, which nobody bought. 2026: 1,500 bought, 900.5 used.
    # Needed on the day: 200 + 900.5 = 1,100.5, up to 1,101. Covered: 900.5, and the half that makes a unit whole: 901.
    needs = [
        Need(1_200 * PARTS, Use(since=date(2025, 1, 1), until=date(2025, 12, 31))),
        Need(9005 * PARTS // 10, Use(since=date(2026, 1, 1), until=date(2026, 10, 31))),
    ]
    grants = [
        Grant("E-2025", 1_000, Scope(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)), has_ended=True),
        Grant("E-2026", 1_500, Scope(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))),
    ]
    assert numbers(Counting(Metric.CONSUMPTION), grants, needs) == (1_500, 1_101, 901, 200, 599)


def test_a_suite_counts_a_device_once():
    # 12 devices have the writer, 9 of them the calculator too, 3 more the calculator alone: 15 devices, 14 suites.
    both = [Need(PARTS, Use(version_key("16"), version_key("16.2"), frozenset({None})))] * 9
    assert numbers(Counting(Metric.DEVICE), [bought("E-1", 14)], [*both, devices(3, "16"), devices(3, "16")]) == (
        14,
        15,
        14,
        1,
        0,
    )


@pytest.mark.parametrize(
    ("grants", "needs", "expected", "says"),
    [
        (
            [("E-15", 5, "15"), ("E-any", 5, "")],
            [(5, "15"), (5, "17")],
            (10, 10, 10, 0, 0),
            "15 takes the grant for 15",
        ),
        (
            [("E-16", 10, "16")],
            [(4, "15"), (4, "16.3"), (3, "17")],
            (10, 11, 8, 3, 2),
            "17 is newer than what was bought",
        ),
        ([("E-16", 3, "16")], [(2, "")], (3, 2, 2, 0, 1), "nothing says that an unknown version is newer"),
    ],
)
def test_versions(grants, needs, expected, says):
    held = [bought(key, units, through=version_key(through)) for key, units, through in grants]
    assert numbers(Counting(Metric.DEVICE), held, [devices(*each) for each in needs]) == expected, says


def test_without_the_right_to_downgrade_an_older_version_is_bare():
    held = [bought("E-1", 5, through=version_key("16"), may_downgrade=False)]
    assert numbers(Counting(Metric.DEVICE), held, [devices(2, "15"), devices(2, "16")]) == (5, 4, 2, 2, 3)


def test_maintenance_covers_what_came_out_until_its_end():
    released = {version_key("17"): date(2026, 3, 1), version_key("18"): date(2026, 9, 1)}
    held = [bought("E-1", 9, through=version_key("16"), maintained_until=date(2026, 6, 30))]
    needs = [devices(2, "17"), devices(3, "18"), devices(1, "19")]
    # 17 came out on 1 March, before the end of June; 18 after it; of 19 nobody knows.
    assert numbers(Counting(Metric.DEVICE), held, needs, released=released) == (9, 6, 2, 4, 7)


def test_a_device_with_two_versions_needs_a_grant_for_both():
    both = Need(PARTS, Use(version_key("15"), version_key("17"), frozenset({None})))
    held = [bought("E-15", 1, through=version_key("15")), bought("E-17", 0, through=version_key("17"))]
    assert numbers(Counting(Metric.DEVICE), held, [both]) == (1, 1, 0, 1, 1)


def test_the_second_device_of_a_person_needs_no_unit_where_the_contract_says_so():
    # Two people with two devices each, one with one: 5 devices. 3 units with second use: 5 - 2 = 3 needed.
    pair = Use(sites=frozenset({None}))
    needs = [devices(3), Need(PARTS, pair, pair), Need(PARTS, pair, pair)]
    assert numbers(Counting(Metric.DEVICE), [bought("E-1", 3, second_use=True)], needs) == (3, 3, 3, 0, 0)
    # One such unit frees one second device only: 5 - 1 = 4 needed, 1 + 2 entitled.
    grants = [bought("E-1", 1, second_use=True), bought("E-2", 2)]
    assert numbers(Counting(Metric.DEVICE), grants, needs) == (3, 4, 3, 1, 0)
    assert numbers(Counting(Metric.DEVICE), [bought("E-1", 3)], needs) == (3, 5, 3, 2, 0)


def test_more_is_covered_than_by_taking_the_first_that_fits():
    # Two devices of version 15, at Hamburg and at Munich. One grant for Hamburg, any version; one for 15, anywhere.
    # Who gives the second to Hamburg leaves Munich bare.
    grants = [bought("E-site", 1, site_id=HAMBURG), bought("E-15", 1, through=version_key("15"))]
    needs = [devices(1, "17", HAMBURG), devices(1, "15", HAMBURG)]
    assert numbers(Counting(Metric.DEVICE), grants, needs) == (2, 2, 2, 0, 0)


def entitlement(id_=1, kind=EntitlementKind.PURCHASE, quantity=10, starts=date(2026, 1, 1), **more):
    return EntitlementFact(id_, f"E-{id_:03}", kind, quantity, starts, **more)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 10),
        (date(2026, 12, 31), 10),
        # the subscription's last day is included; from the day after it counts as none
        (date(2027, 1, 1), 0),
    ],
)
def test_a_subscription_counts_from_its_first_through_its_last_day(day, expected):
    fact = entitlement(kind=EntitlementKind.SUBSCRIPTION, ends_on=date(2026, 12, 31))
    assert units_on(fact, [], day).value == expected


@pytest.mark.parametrize(
    ("day", "base", "upgrade"),
    [
        # 10 bought in January; 4 of them upgraded from 1 March through August
        (date(2026, 2, 28), 10, 0),
        (date(2026, 3, 1), 6, 4),
        (date(2026, 8, 31), 6, 4),
        # the upgrade has ended: what it rested on counts again
        (date(2026, 9, 1), 10, 0),
    ],
)
def test_an_upgrade_consumes_its_base_unit_by_unit(day, base, upgrade):
    first = entitlement()
    second = entitlement(2, EntitlementKind.UPGRADE, 4, date(2026, 3, 1), base_id=1, ends_on=date(2026, 8, 31))
    assert (units_on(first, [second], day).value, units_on(second, [], day).value) == (base, upgrade)


def test_a_transfer_leaves_its_source_for_good_and_an_upgrade_that_is_sold_takes_its_base_along():
    first = entitlement()
    moved = entitlement(2, EntitlementKind.TRANSFER, 4, date(2026, 3, 1), base_id=1, ends_on=date(2026, 8, 31))
    sold = entitlement(3, EntitlementKind.UPGRADE, 3, date(2026, 3, 1), base_id=1, retired_on=date(2026, 5, 1))
    assert units_on(first, [moved, sold], date(2026, 10, 1)).value == 10 - 4 - 3
    assert units_on(sold, [], date(2026, 4, 30)).value == 3
    assert units_on(sold, [], date(2026, 5, 1)).value == 0


def test_large_counts_are_said_with_separators() -> None:
    said = say_position(plain(1, 12_000, 20_544), Metric.DEVICE)
    assert said == "Short of 8,544: 20,544 devices against 12,000 entitled."
