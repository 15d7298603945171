"""The scope by numbers: what lies within what, and how a list of numbers reads short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import audited_standards, points_of
from app.domain.programme.scope import expanded, in_short, lies_within, touches

ISMS = "ISO/IEC 27001:2022"
NUMBERS = {standard: [point.number for point in points_of(standard)] for standard in audited_standards()}


@pytest.mark.parametrize(
    ("number", "whole", "within"),
    [
        ("9.2.1", "9.2", True),
        ("9.2", "9.2", True),
        ("9.2", "9.2.1", False),
        ("10.1", "1", False),
        ("9.20", "9.2", False),
        ("A.5.7", "A.5", True),
        ("A.5.70", "A.5.7", False),
        ("F3", "F", True),
        ("L3", "F", False),
    ],
)
def test_what_lies_within_what(number: str, whole: str, within: bool) -> None:
    assert lies_within(number, whole) is within


def test_points_touch_within_one_standard_alone_upwards_and_downwards() -> None:
    assert touches((ISMS, "9"), (ISMS, "9.2.1"))
    assert touches((ISMS, "9.2.1"), (ISMS, "9"))
    assert not touches((ISMS, "9.2.1"), (ISMS, "9.2.2"))
    assert not touches((ISMS, "9.2"), ("ISO 9001:2015", "9.2"))


@pytest.mark.parametrize(
    ("standard", "chosen", "short"),
    [
        (ISMS, {"9"}, "9"),
        (ISMS, {"9.1", "9.2.1"}, "9.1, 9.2.1"),
        (ISMS, {"A.5"}, "A.5"),
        (ISMS, {"A.5.1", "A.5.2", "A.5.3", "A.8.9"}, "A.5.1 to A.5.3, A.8.9"),
        (ISMS, {"A.5.9", "A.5.10"}, "A.5.9, A.5.10"),
        ("ISO/IEC 19770-1:2017", {"L"}, "L"),
        ("ISO/IEC 19770-1:2017", {"F1", "F3", "8.3"}, "8.3, F1, F3"),
        (ISMS, set(), ""),
    ],
)
def test_a_list_of_numbers_reads_short(standard: str, chosen: set[str], short: str) -> None:
    assert in_short(expanded(chosen, NUMBERS[standard]), NUMBERS[standard]) == short


@given(st.data())
def test_choosing_twice_changes_nothing_and_keeps_what_was_chosen(data: st.DataObject) -> None:
    numbers = NUMBERS[data.draw(st.sampled_from(sorted(NUMBERS)))]
    chosen = data.draw(st.sets(st.sampled_from(numbers)))
    whole = expanded(chosen, numbers)
    assert chosen <= set(whole)
    assert expanded(set(whole), numbers) == whole
    assert all(any(lies_within(number, each) for each in chosen) for number in whole)


def test_controls_and_process_areas_are_points_by_number() -> None:
    controls = [point for point in points_of(ISMS) if point.group == "Annex A"]
    assert (len(controls), controls[0].number, controls[-1].number) == (93, "A.5.1", "A.8.34")
    assert controls[0].title == "Policies"
    assert next(point.title for point in controls if point.number == "A.5.32") == "Intellectual property and licences"
    areas = [point.number for point in points_of("ISO/IEC 19770-1:2017") if point.group == "Process areas"]
    assert (len(areas), areas[0], areas[-1]) == (15, "F1", "L7")
    assert points_of("ISO/IEC 42001:2023") == ()
