"""What comes again, on the same clause or asset within the cycle, and when a minor is offered as a major."""

from datetime import date

import pytest

from app.domain.findings.grading import FindingGrade
from app.domain.findings.repeating import Sighting, looked_back_to, offered_grade, repeats

G = FindingGrade
ISMS = "ISO/IEC 27001:2022"
TODAY = date(2026, 6, 1)
SINCE = looked_back_to(TODAY)


def seen(reference: str = "NC-2025-001", **said: object) -> Sighting:
    given = {"grade": G.MINOR, "raised_on": date(2025, 3, 1), "standard": ISMS, "clause": "9.2", "audit": "IA-2025-01"}
    return Sighting(reference, **{**given, **said})  # type: ignore[arg-type]


NEW = seen("", raised_on=TODAY, audit="IA-2026-01", assets=frozenset({"NW-1", "NW-2"}))
CASES = [
    ({}, "NC-2025-001 of IA-2025-01 said the same on the same clause, 9.2."),
    ({"clause": "9.2.2"}, "NC-2025-001 of IA-2025-01 said the same on the same clause, 9.2.2."),
    ({"clause": "9"}, "NC-2025-001 of IA-2025-01 said the same on the same clause, 9."),
    ({"clause": "9.20"}, None),
    ({"clause": ""}, None),
    ({"standard": "ISO 9001:2015"}, None),
    (
        {"clause": "4", "assets": frozenset({"NW-2"})},
        "NC-2025-001 of IA-2025-01 also concerns NW-2.",
    ),
    (
        {"clause": "", "audit": "", "assets": frozenset({"NW-2"})},
        "of 1 Mar 2025 also concerns NW-2.",
    ),
    ({"assets": frozenset({"NW-1", "NW-2"})}, "on the same clause, 9.2 and also concerns NW-1, NW-2."),
    ({"raised_on": date(2023, 6, 1)}, "said the same"),
    ({"raised_on": date(2023, 5, 31)}, None),
    ({"raised_on": date(2026, 6, 2)}, None),
    ({"grade": G.OBSERVATION}, "said the same"),
    ({"grade": G.GOOD_PRACTICE}, None),
]


@pytest.mark.parametrize(("said", "words"), CASES)
def test_what_said_the_same_is_pointed_out(said: dict, words: str | None) -> None:
    found = repeats(NEW, [seen(**said)], SINCE)
    assert [words in each.says for each in found] == ([True] if words else [])


def test_a_finding_is_not_its_own_repeat_and_the_clause_stands_first() -> None:
    rows = [seen("A", clause="", assets=frozenset({"NW-1"})), seen("B"), seen("C", raised_on=date(2026, 1, 1)), NEW]
    assert [each.earlier.reference for each in repeats(NEW, rows, SINCE)] == ["C", "B", "A"]


def test_the_cycle_of_a_certificate_may_reach_further_back() -> None:
    assert looked_back_to(TODAY) == date(2023, 6, 1)
    assert looked_back_to(TODAY, [date(2023, 1, 15), None]) == date(2023, 1, 15)
    assert looked_back_to(TODAY, [date(2025, 1, 15)]) == date(2023, 6, 1)
    assert looked_back_to(date(2024, 2, 29)) == date(2021, 2, 28)


OFFERS = [
    ({"is_open": True}, {}, True),
    ({"is_open": False}, {}, False),
    ({"is_open": True}, {"grade": G.MAJOR}, False),
    ({"is_open": True}, {"grade": G.OBSERVATION}, False),
    ({"is_open": True, "audit": "IA-2026-01"}, {}, False),
    ({"is_open": True}, {"audit": ""}, False),
    ({"is_open": True, "grade": G.MAJOR}, {}, False),
    ({"is_open": True, "clause": "", "assets": frozenset({"NW-1"})}, {}, False),
]


@pytest.mark.parametrize(("before", "now", "is_offered"), OFFERS)
def test_an_unresolved_minor_at_a_later_audit_is_offered_as_a_major(before: dict, now: dict, is_offered: bool) -> None:
    new = seen("", **{"raised_on": TODAY, "audit": "IA-2026-01", "assets": frozenset({"NW-1"}), **now})
    offer = offered_grade(new, repeats(new, [seen(**before)], SINCE))
    assert (offer is not None) is is_offered
    if offer is not None:
        assert offer.value is G.MAJOR
        assert "NC-2025-001, a minor of 1 Mar 2025 on the same clause, is not closed yet." in offer.why[0].says
        assert "no standard asks for" in offer.why[1].says
