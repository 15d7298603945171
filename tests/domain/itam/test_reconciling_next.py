"""The run after: what was decided stands as long as its values do. What is expected there, and the three numbers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.reconciliation import Finding, MatchedBy, Settlement, SinceLast, SourceKind
from app.domain.itam.reconciling.carrying import Earlier, Found, gone, since
from app.domain.itam.reconciling.comparing import Difference
from app.domain.itam.reconciling.expected import (
    AssetFact,
    Expecting,
    in_configuration,
    in_invoices,
    in_leavers,
    in_ledger,
)
from app.domain.itam.reconciling.lines import Line
from app.domain.itam.reconciling.record import Record
from app.domain.itam.reconciling.registers import REGISTERS
from app.domain.itam.reconciling.three_way import Bought, Invoiced, PoolFact, agreement
from app.domain.itam.reconciling.words import Stated, why
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from tests.domain.itam.test_reconciling import TODAY, both, compared

LEDGER = REGISTERS[SourceKind.LEDGER]
COSTS = Found("tag:lt-1", Finding.DIFFERENT, {}, {}, (Difference("cost", "EUR 1.00", "EUR 2.00"),))
THERE = Found("tag:lt-9", Finding.ONLY_THERE, {}, {"tag": "LT-9", "cost": "5"}, ())
AGREES = Found("tag:lt-1", Finding.MATCHED, {}, {}, ())
OURS, THEIRS = Settlement.OURS_IS_RIGHT, Settlement.THEIRS_IS_RIGHT

SINCE: list[tuple[str, Found, Earlier | None, SinceLast]] = [
    ("a new difference", COSTS, None, SinceLast.NEW),
    ("agreed, and is different now", COSTS, Earlier(AGREES), SinceLast.NEW),
    ("not decided", COSTS, Earlier(COSTS), SinceLast.STILL_OPEN),
    ("to be followed up is not settled", COSTS, Earlier(COSTS, Settlement.TO_FOLLOW_UP), SinceLast.STILL_OPEN),
    ("theirs is right, and ours has not followed", COSTS, Earlier(COSTS, THEIRS), SinceLast.STILL_OPEN),
    ("theirs is right, and ours has followed", AGREES, Earlier(COSTS, THEIRS), SinceLast.RESOLVED),
    ("both are right", COSTS, Earlier(COSTS, Settlement.BOTH_ARE_RIGHT), SinceLast.SETTLED),
    ("settled with the same values", COSTS, Earlier(COSTS, OURS), SinceLast.SETTLED),
    ("settled, only there", THERE, Earlier(THERE, OURS), SinceLast.SETTLED),
    (
        "settled, and theirs changed",
        replace(COSTS, differences=(Difference("cost", "EUR 1.00", "EUR 3.00"),)),
        Earlier(COSTS, OURS),
        SinceLast.REOPENED,
    ),
    (
        "settled, and ours changed",
        replace(COSTS, differences=(Difference("cost", "EUR 1.50", "EUR 2.00"),)),
        Earlier(COSTS, OURS),
        SinceLast.REOPENED,
    ),
    (
        "settled, and it differs in more",
        replace(COSTS, differences=(*COSTS.differences, Difference("site", "A", "B"))),
        Earlier(COSTS, OURS),
        SinceLast.REOPENED,
    ),
    (
        "settled, and what they say of it changed",
        replace(THERE, theirs={"tag": "LT-9", "cost": "6"}),
        Earlier(THERE, OURS),
        SinceLast.REOPENED,
    ),
    ("only there, and now here too", replace(AGREES, key="tag:lt-9"), Earlier(THERE), SinceLast.RESOLVED),
    ("settled, and now they agree", AGREES, Earlier(COSTS, OURS), SinceLast.RESOLVED),
    ("agrees still", AGREES, Earlier(AGREES), SinceLast.SAME),
    ("agrees, and is new", AGREES, None, SinceLast.SAME),
]


@pytest.mark.parametrize(("case", "now", "earlier", "expected"), SINCE, ids=[case[0] for case in SINCE])
def test_what_became_of_a_line(case: str, now: Found, earlier: Earlier | None, expected: SinceLast) -> None:
    assert since(LEDGER, now, earlier) is expected


def test_what_the_run_before_had_and_this_one_has_not_is_gone() -> None:
    assert gone(["a"], {"a": Earlier(COSTS), "c": Earlier(COSTS), "b": Earlier(COSTS)}) == ["b", "c"]


def found(line: Line) -> Found:
    nothing: dict[str, str] = {}
    return Found(
        line.key,
        line.finding,
        line.ours.values if line.ours else nothing,
        line.theirs.values if line.theirs else nothing,
        line.differences,
    )


@given(both(), st.randoms(use_true_random=False))
def test_the_same_file_again_leaves_nothing_open_that_was_decided(
    sides: tuple[list[Record], list[dict[str, str]]], random: Any
) -> None:
    ours, theirs = sides
    earlier = {line.key: Earlier(found(line), OURS) for line in compared(ours, theirs)}
    random.shuffle(theirs)
    now = compared(ours, theirs)
    assert gone([line.key for line in now], earlier) == []
    for line in now:
        expected = SinceLast.SETTLED if line.finding.needs_decision else SinceLast.SAME
        assert since(LEDGER, found(line), earlier[line.key]) is expected


def test_what_is_recorded_keeps_its_key() -> None:
    (there,) = compared([], [{"tag": "LT-9", "name": "Laptop"}])
    (here,) = compared([Record(7, {"tag": "LT-9"}, "LT-9")], [{"tag": "LT-9", "name": "Laptop"}])
    assert there.key == here.key


OWNED = AssetFact(AssetKind.HARDWARE, AssetStatus.DEPLOYED, True, OwnershipKind.OWNED, 50_000, "EUR")
LEAST = Expecting(least_cost="800", currency="EUR")
EXPECTED: list[tuple[AssetFact, Expecting, bool, str]] = [
    (OWNED, Expecting(), True, "worth capitalising"),
    (replace(OWNED, ownership=None), Expecting(), True, "worth capitalising"),
    (OWNED, LEAST, False, "less than EUR 800.00"),
    (replace(OWNED, cost_minor=80_000), LEAST, True, "worth capitalising"),
    (replace(OWNED, cost_minor=None), LEAST, True, "worth capitalising"),
    (replace(OWNED, currency="USD"), LEAST, True, "worth capitalising"),
    (replace(OWNED, in_scope=False), Expecting(), False, "outside the scope"),
    (replace(OWNED, ownership=OwnershipKind.LEASED), Expecting(), False, "not our own"),
    (replace(OWNED, kind=AssetKind.VIRTUAL_MACHINE), Expecting(), False, "virtual machine is not capitalised"),
    (replace(OWNED, status=AssetStatus.ORDERED), Expecting(), False, "not arrived"),
    (replace(OWNED, status=AssetStatus.DISPOSED), Expecting(), False, "written it off"),
    (replace(OWNED, status=AssetStatus.RETIRED), Expecting(), True, "worth capitalising"),
]


@pytest.mark.parametrize(("fact", "expecting", "expected", "says"), EXPECTED)
def test_what_a_ledger_should_hold(fact: AssetFact, expecting: Expecting, expected: bool, says: str) -> None:
    answer = in_ledger(fact, expecting)
    assert answer.value is expected
    assert says in str(answer.why[0])


def test_what_a_configuration_database_should_hold() -> None:
    assert in_configuration(OWNED).value
    assert in_configuration(replace(OWNED, ownership=OwnershipKind.LEASED)).value
    assert not in_configuration(replace(OWNED, status=AssetStatus.IN_STOCK)).value
    assert not in_configuration(replace(OWNED, kind=AssetKind.DOCUMENT)).value
    assert not in_configuration(replace(OWNED, in_scope=False)).value


def test_what_the_invoices_and_the_list_of_leavers_should_hold() -> None:
    day, before = date(2026, 1, 1), date(2025, 12, 31)
    since_january = Expecting(since=day)
    assert in_invoices(EntitlementKind.PURCHASE, day, since_january).value
    assert not in_invoices(EntitlementKind.PURCHASE, before, since_january).value
    assert not in_invoices(EntitlementKind.TRANSFER, day, since_january).value
    assert in_leavers(day, since_january, TODAY).value
    assert not in_leavers(before, since_january, TODAY).value
    assert not in_leavers(None, Expecting(), TODAY).value
    assert not in_leavers(date(2026, 6, 2), Expecting(), TODAY).value


def stated(line: Line, since: SinceLast | None = None, previous: str = "") -> list[str]:
    told = Stated(
        SourceKind.LEDGER,
        "SAP",
        line.finding,
        line.matched_by,
        line.similarity,
        85,
        line.ours.values if line.ours else {},
        line.theirs.values if line.theirs else {},
        line.differences,
        line.candidates,
        since,
        previous,
    )
    return [str(reason) for reason in why(told).why]


def test_a_line_says_why_it_stands_there() -> None:
    ours = [
        Record(1, {"tag": "LT-1", "site": "Munich"}, "LT-1"),
        Record(2, {"tag": "SW-1", "name": "Cisco Catalyst C9300"}, "SW-1"),
    ]
    lines = compared(ours, [{"tag": "LT-1", "site": "Berlin"}, {"name": "Catalyst C9300 Cisco"}, {"name": "Desk"}])
    by_label = {line.ours.label if line.ours else "": line for line in lines}
    assert stated(by_label["LT-1"]) == [
        "Matched by tag. [ISO/IEC 19770-1:2017, 8.3]",
        "Site: Munich here, Berlin there.",
    ]
    assert "100 % alike (from 85 % on)" in stated(by_label["SW-1"])[0]
    assert by_label["SW-1"].matched_by is MatchedBy.SIMILARITY
    assert stated(by_label[""], SinceLast.SETTLED, "RC-2026-01")[-1].startswith("It was settled in RC-2026-01")


POOLS = [
    PoolFact("LP-001", "Visio", Metric.DEVICE, frozenset({"Visio Professional"}), 12),
    PoolFact("LP-002", "Oracle", Metric.CORE, frozenset(), 3),
    PoolFact("LP-003", "Unused", Metric.DEVICE, frozenset(), 0),
]


def test_bought_invoiced_and_installed_stand_side_by_side() -> None:
    bought = [
        Bought("E-001", "LP-001", 10, "PO-1"),
        Bought("E-002", "LP-001", 5, "PO-2"),
        Bought("E-003", "LP-002", 16),
    ]
    invoiced = [
        Invoiced(2, "whatever they call it", 10, "E-001", "po-1"),
        Invoiced(3, "visio  professional", 4, "", "PO-2"),
        Invoiced(4, "Oracle", 16, "E-003"),
        Invoiced(5, "Coffee", 2),
    ]
    found = agreement(bought, invoiced, POOLS)
    assert [(each.key, each.bought, each.invoiced, each.installed, each.agrees.value) for each in found.by_pool] == [
        ("LP-001", 15, 14, 12, False),
        ("LP-002", 16, 16, 3, True),
    ]
    assert [(each.name, each.bought, each.invoiced, each.agrees.value) for each in found.by_order] == [
        ("PO-1", 10, 10, True),
        ("PO-2", 5, 4, False),
    ]
    assert [each.row for each in found.unplaced] == [5]
    assert "1 fewer than bought" in str(found.by_pool[0].agrees.why[0])
    assert "no count of what is needed" in str(found.by_pool[1].agrees.why[1])


def test_more_devices_than_were_bought_do_not_agree() -> None:
    (line,) = agreement([Bought("E-1", "LP-001", 11)], [Invoiced(2, "", 11, "E-1")], POOLS[:1]).by_pool
    assert line.agrees.value is False
    assert "1 more than were bought" in str(line.agrees.why[1])
