"""Comparing two registers: what is matched by what, what differs, and what is never guessed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.reconciliation import Finding, MatchedBy, SourceKind
from app.domain.itam.reconciling.lines import Line, reconcile
from app.domain.itam.reconciling.reading import Reading, read_row, read_status_words
from app.domain.itam.reconciling.record import Record
from app.domain.itam.reconciling.registers import REGISTERS

TODAY = date(2026, 6, 1)
LEDGER = REGISTERS[SourceKind.LEDGER]
LAPTOP = {"tag": "LT-1", "serial": "S1", "name": "Dell Latitude 7440", "status": "deployed", "quantity": "1"}


def asset(number: int, **values: str) -> Record:
    return Record(number, values, label=values.get("tag", f"A-{number}"))


def compared(
    ours: Sequence[Record], theirs: Sequence[dict[str, str]], kind: SourceKind = SourceKind.LEDGER, **more: Any
) -> list[Line]:
    register = REGISTERS[kind]
    reading = more.pop("reading", Reading(currency="EUR"))
    rows = [Record(line, read_row(register, row, reading)) for line, row in enumerate(theirs, start=2)]
    return reconcile(register, ours, rows, ratio, today=TODAY, reading=reading, **more)


def say(lines: list[Line]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            line.finding.value,
            line.ours.label if line.ours else "",
            line.theirs.id if line.theirs else 0,
            line.matched_by.value if line.matched_by else "",
        )
        for line in lines
    )


MATCHES: list[tuple[str, list[Record], list[dict[str, str]], list[tuple[Any, ...]]]] = [
    ("by tag, however it is written", [asset(1, **LAPTOP)], [{"tag": "lt-1 "}], [("matched", "LT-1", 2, "tag")]),
    ("by serial", [asset(1, tag="LT-1", serial="S1")], [{"serial": "s1"}], [("matched", "LT-1", 2, "serial")]),
    (
        "the tag is surer than the serial, which then differs",
        [asset(1, tag="LT-1", serial="S1"), asset(2, tag="LT-2", serial="S2")],
        [{"tag": "LT-1", "serial": "S2"}],
        [("different", "LT-1", 2, "tag"), ("only-here", "LT-2", 0, "")],
    ),
    (
        "by serial though the tag is another, which then differs",
        [asset(1, tag="LT-1", serial="S1")],
        [{"tag": "OLD-9", "serial": "S1"}],
        [("different", "LT-1", 2, "serial")],
    ),
    (
        "by purchase order where one of each has it",
        [asset(1, tag="LT-1", purchase_order="PO-1")],
        [{"purchase_order": "PO-1", "name": "Anything"}],
        [("matched", "LT-1", 2, "purchase-order")],
    ),
    (
        "not by purchase order where the serials are two",
        [asset(1, tag="LT-1", serial="S1", purchase_order="PO-1")],
        [{"serial": "S9", "purchase_order": "PO-1"}],
        [("only-here", "LT-1", 0, ""), ("only-there", "", 2, "")],
    ),
    (
        "of one purchase order by the words",
        [
            asset(1, tag="LT-1", purchase_order="PO-1", name="Laptop Latitude 7440"),
            asset(2, tag="DK-1", purchase_order="PO-1", name="Docking station WD22"),
        ],
        [
            {"purchase_order": "PO-1", "name": "Docking station WD22"},
            {"purchase_order": "PO-1", "name": "Laptops Latitude 7440"},
        ],
        [("matched", "DK-1", 2, "purchase-order"), ("matched", "LT-1", 3, "purchase-order")],
    ),
    (
        "an order brings a desk too, and a desk is no laptop",
        [asset(1, tag="LT-1", purchase_order="PO-1", name="Laptop"), asset(2, tag="LT-2", purchase_order="PO-1")],
        [{"purchase_order": "PO-1", "name": "Desk, oak"}],
        [("only-here", "LT-1", 0, ""), ("only-here", "LT-2", 0, ""), ("only-there", "", 2, "")],
    ),
    (
        "two of one order alike are not told apart",
        [asset(n, tag=f"LT-{n}", purchase_order="PO-1", name="Latitude 7440") for n in (1, 2)],
        [{"purchase_order": "PO-1", "name": "Latitude 7440"}],
        [
            ("unclear", "", 2, "purchase-order"),
            ("unclear", "LT-1", 0, "purchase-order"),
            ("unclear", "LT-2", 0, "purchase-order"),
        ],
    ),
    (
        "one tag twice in their file, told apart by the serial",
        [asset(1, tag="LT-1", serial="S1")],
        [{"tag": "LT-1"}, {"tag": "LT-1", "serial": "S1"}],
        [("matched", "LT-1", 3, "tag"), ("only-there", "", 2, "")],
    ),
    (
        "one tag twice in their file, and nothing tells which",
        [asset(1, tag="LT-1")],
        [{"tag": "LT-1"}, {"tag": "LT-1"}],
        [("unclear", "", 2, "tag"), ("unclear", "", 3, "tag"), ("unclear", "LT-1", 0, "tag")],
    ),
    (
        "what stands in place of an identifier matches nothing",
        [asset(1, tag="LT-1", serial="n/a")],
        [{"serial": "N/A"}],
        [("only-here", "LT-1", 0, ""), ("only-there", "", 2, "")],
    ),
    (
        "by similarity, in any order of the words",
        [asset(1, tag="SW-1", name="Catalyst switch Cisco C9300")],
        [{"name": "Cisco Catalyst C9300 Switch"}],
        [("matched", "SW-1", 2, "similarity")],
    ),
    (
        "two as alike as each other are not guessed",
        [asset(1, tag="SW-1", name="Cisco C9300"), asset(2, tag="SW-2", name="Cisco C9300")],
        [{"name": "Cisco C9300"}],
        [("only-here", "SW-1", 0, ""), ("only-here", "SW-2", 0, ""), ("only-there", "", 2, "")],
    ),
    (
        "a number in the words is another model",
        [asset(1, tag="LT-1", name="Latitude 7440 laptop")],
        [{"name": "Latitude 7450 laptop"}],
        [("only-here", "LT-1", 0, ""), ("only-there", "", 2, "")],
    ),
    (
        "below the threshold is no match",
        [asset(1, tag="SW-1", name="Cisco C9300 switch")],
        [{"name": "Aruba 6300 switch"}],
        [("only-here", "SW-1", 0, ""), ("only-there", "", 2, "")],
    ),
]


@pytest.mark.parametrize(("case", "ours", "theirs", "expected"), MATCHES, ids=[case[0] for case in MATCHES])
def test_matching(case: str, ours: list[Record], theirs: list[dict[str, str]], expected: list[tuple[Any, ...]]) -> None:
    assert say(compared(ours, theirs)) == sorted(expected)


def test_what_is_not_told_apart_names_what_it_may_be() -> None:
    ours = [asset(1, tag="SW-1", name="Cisco C9300"), asset(2, tag="SW-2", name="Cisco C9300")]
    (there,) = [line for line in compared(ours, [{"name": "Cisco C9300"}]) if line.theirs]
    assert there.candidates == ("SW-1", "SW-2")
    many = [asset(n, tag=f"SW-{n:03d}", name="Cisco C9300") for n in range(50)]
    (there,) = [line for line in compared(many, [{"name": "Cisco C9300"}]) if line.theirs]
    assert there.finding is Finding.ONLY_THERE
    assert there.candidates == tuple(f"SW-{n:03d}" for n in range(6))


def test_the_percent_and_the_threshold_decide() -> None:
    ours, theirs = [asset(1, tag="A", name="Latitude 7440 laptop")], [{"name": "Latitude 7440 laptops"}]
    (line,) = compared(ours, theirs, threshold=90)
    assert (line.matched_by, line.similarity) == (MatchedBy.SIMILARITY, 97)
    assert len(compared(ours, theirs, threshold=98)) == 2


COST = {"tag": "LT-1", "cost": "1200.00", "currency": "EUR"}
DIFFERENCES: list[tuple[str, dict[str, str], dict[str, str], Reading, list[tuple[str, str, str]]]] = [
    ("the same amount, written otherwise", COST, {"cost": "1.200,00 €"}, Reading(currency="EUR"), []),
    (
        "another amount",
        COST,
        {"cost": "1200.01"},
        Reading(currency="EUR"),
        [("cost", "EUR 1,200.00", "EUR 1,200.01")],
    ),
    ("within the tolerance", COST, {"cost": "1200.01"}, Reading(currency="EUR", tolerance="0.01"), []),
    (
        "just beyond it",
        COST,
        {"cost": "1200.02"},
        Reading(currency="EUR", tolerance="0.01"),
        [("cost", "EUR 1,200.00", "EUR 1,200.02")],
    ),
    (
        "another currency",
        COST,
        {"cost": "1200", "currency": "usd"},
        Reading(tolerance="9999"),
        [("cost", "EUR 1,200.00", "USD 1,200.00")],
    ),
    ("a cost that we do not have", {"tag": "LT-1"}, {"cost": "5"}, Reading(currency="JPY"), [("cost", "", "JPY 5")]),
    ("what they leave empty", {**COST, "site": "Munich"}, {"site": "", "cost": ""}, Reading(), []),
    ("active is whatever is not written off", {"status": "in-stock"}, {"status": "Active"}, Reading(), []),
    ("scrapped", {"status": "deployed"}, {"status": "Scrapped"}, Reading(), [("status", "Deployed", "Scrapped")]),
    ("scrapped here too", {"status": "disposed"}, {"status": "scrapped"}, Reading(), []),
    ("a word nobody knows", {"status": "deployed"}, {"status": "Q7"}, Reading(), [("status", "Deployed", "Q7")]),
    (
        "a word that a person explained",
        {"status": "deployed"},
        {"status": "Aktiv"},
        Reading(status_words=(("aktiv", AssetStatus.DEPLOYED),)),
        [],
    ),
    ("the quantity", {"quantity": "1"}, {"quantity": "10"}, Reading(), [("quantity", "1", "10")]),
    ("the same site", {"site": "Munich  HQ"}, {"site": "munich hq"}, Reading(), []),
    ("another site", {"site": "Munich"}, {"site": "Berlin"}, Reading(), [("site", "Munich", "Berlin")]),
    ("the day as others write it", {"purchased_on": "2026-03-14"}, {"purchased_on": "14.03.2026"}, Reading(), []),
    (
        "another day",
        {"purchased_on": "2026-03-14"},
        {"purchased_on": "15.03.2026"},
        Reading(),
        [("purchased_on", "2026-03-14", "2026-03-15")],
    ),
]


@pytest.mark.parametrize(
    ("case", "ours", "theirs", "reading", "expected"), DIFFERENCES, ids=[case[0] for case in DIFFERENCES]
)
def test_comparing(
    case: str, ours: dict[str, str], theirs: dict[str, str], reading: Reading, expected: list[tuple[str, str, str]]
) -> None:
    (line,) = compared([asset(1, **{"tag": "LT-1", **ours})], [{"tag": "LT-1", **theirs}], reading=reading)
    assert [(each.field, each.ours, each.theirs) for each in line.differences] == expected
    assert line.finding is (Finding.DIFFERENT if expected else Finding.MATCHED)


def test_active_in_a_configuration_database_is_what_runs() -> None:
    theirs = [{"tag": "LT-1", "status": "active"}]
    (line,) = compared([asset(1, tag="LT-1", status="in-stock")], theirs, SourceKind.CONFIGURATION)
    assert [each.field for each in line.differences] == ["status"]


LEAVERS: list[tuple[dict[str, str], str, dict[str, str], list[tuple[str, str, str]]]] = [
    ({"left_on": "2026-05-01"}, "", {"left_on": "2026-05-01"}, []),
    ({"left_on": "2026-05-01"}, "LT-1", {"left_on": "2026-05-01"}, [("holds", "LT-1", "left on 1 May 2026")]),
    ({}, "", {"left_on": "2026-05-01"}, [("left_on", "", "2026-05-01")]),
    ({}, "LT-1", {}, [("left_on", "", "has left"), ("holds", "LT-1", "has left")]),
    # They leave tomorrow: what they hold today is theirs to hold.
    ({"left_on": "2026-06-02"}, "LT-1", {"left_on": "2026-06-02"}, []),
]


@pytest.mark.parametrize(("ours", "holds", "theirs", "expected"), LEAVERS)
def test_who_left_holds_nothing(
    ours: dict[str, str], holds: str, theirs: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    beyond = (("holds", holds, ""),) if holds else ()
    who = Record(1, {"number": "17", **ours}, label="17", beyond=beyond)
    (line,) = compared([who], [{"number": "17", **theirs}], SourceKind.LEAVERS)
    assert [(each.field, each.ours, each.theirs) for each in line.differences] == expected
    assert line.matched_by is MatchedBy.NUMBER


def test_the_last_day_worked_is_the_day_before_we_have_them_as_left() -> None:
    row = {"number": "17", "left_on": "2026-04-30"}
    register = REGISTERS[SourceKind.LEAVERS]
    assert read_row(register, row, Reading(last_day_given=True))["left_on"] == "2026-05-01"
    assert read_row(register, row, Reading())["left_on"] == "2026-04-30"


def test_what_is_not_expected_there_is_no_line_unless_it_is_there() -> None:
    leased = Record(1, {"tag": "LT-1"}, "LT-1", expected=False, beyond=(("ownership", "Leased", "in it"),))
    assert compared([leased], []) == []
    (line,) = compared([leased], [{"tag": "LT-1"}])
    assert [(each.field, each.ours) for each in line.differences] == [("ownership", "Leased")]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"cost": "12"}, "names no currency"),
        ({"cost": "12.3451", "currency": "EUR"}, "EUR has 2 decimals"),
        ({"cost": "12", "currency": "Euro"}, "names no currency"),
        ({"cost": "1,250", "currency": "EUR"}, "can be two numbers"),
        ({"quantity": "1.5"}, "a fraction"),
        ({"quantity": "-1"}, "from 0"),
        ({"purchased_on": "03/04/2026"}, "can be two days"),
        ({"purchased_on": "2026-02-30"}, "There is no day"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused(row: dict[str, str], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        read_row(LEDGER, row, Reading())


def test_words_for_a_status_are_read_line_by_line() -> None:
    assert read_status_words("Aktiv = deployed\n\nLager=In stock") == (
        ("Aktiv", AssetStatus.DEPLOYED),
        ("Lager", AssetStatus.IN_STOCK),
    )
    with pytest.raises(RefusedError, match="which status a word means"):
        read_status_words("Aktiv = running")


few = st.sampled_from(["", "", "a", "b", "c", "n/a"])
names = st.sampled_from(["", "switch one", "one switch", "laptop seven", "laptop sevens", "desk", "a b c d e f"])
rows = st.fixed_dictionaries(
    {"tag": few, "serial": few, "purchase_order": few, "name": names, "quantity": st.sampled_from(["", "1", "2"])}
)


@st.composite
def both(draw: st.DrawFn) -> tuple[list[Record], list[dict[str, str]]]:
    ours = [
        Record(number, {**row, "tag": f"{row['tag']}{number if row['tag'] in ('', 'n/a') else ''}"}, expected=expected)
        for number, (row, expected) in enumerate(draw(st.lists(st.tuples(rows, st.booleans()), max_size=9)), start=1)
    ]
    return [Record(r.id, r.values, r.values["tag"], r.expected) for r in ours], draw(st.lists(rows, max_size=9))


@given(both())
@settings(max_examples=300)
def test_every_row_of_both_sides_stands_in_exactly_one_line(sides: tuple[list[Record], list[dict[str, str]]]) -> None:
    ours, theirs = sides
    lines = compared(ours, theirs)
    there = [line.theirs.id for line in lines if line.theirs]
    assert sorted(there) == list(range(2, len(theirs) + 2))
    here = [line.ours.id for line in lines if line.ours]
    assert len(set(here)) == len(here)
    assert {each.id for each in ours if each.expected} <= set(here)
    keys = [line.key for line in lines]
    assert len(set(keys)) == len(keys)
    for line in lines:
        paired = line.ours is not None and line.theirs is not None
        assert paired is (line.finding in (Finding.MATCHED, Finding.DIFFERENT))
        assert bool(line.differences) is (line.finding is Finding.DIFFERENT)


@given(both(), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_the_order_of_the_rows_has_no_part_in_it(sides: tuple[list[Record], list[dict[str, str]]], random: Any) -> None:
    ours, theirs = sides
    mixed_ours, mixed_theirs = list(ours), list(theirs)
    random.shuffle(mixed_ours)
    random.shuffle(mixed_theirs)

    def said(lines: list[Line]) -> list[tuple[Any, ...]]:
        return [
            (
                line.key,
                line.finding,
                line.ours.id if line.ours else None,
                sorted(line.theirs.values.items()) if line.theirs else None,
                line.matched_by,
                line.similarity,
                line.differences,
            )
            for line in lines
        ]

    assert said(compared(ours, theirs)) == said(compared(mixed_ours, mixed_theirs))
