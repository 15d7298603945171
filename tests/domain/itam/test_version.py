from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.itam.version import covers, is_older, normal_version, version_key

RISING = [
    "0.9",
    "1.0-alpha",
    "1.0-beta2",
    "1.0-beta10",
    "1.0rc1",
    "1.0",
    "1.0.1",
    "1.9",
    "1.10",
    "2.0a1",
    "2",
    "2.0.1",
    "10.0.19041",
    "2019",
    "2019 SP1",
]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(RISING)))
def test_a_newer_version_sorts_after(older: str, newer: str) -> None:
    assert version_key(older) < version_key(newer)


@pytest.mark.parametrize(("one", "other"), [("1", "1.0.0"), ("v2.3", "2.3"), ("Version 7", "7"), ("1.010", "1.10")])
def test_the_same_version_written_otherwise(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


def test_no_version_has_no_key() -> None:
    assert version_key("") == version_key(" – ") == ""
    assert normal_version("  v 1.2 ") == "1.2"


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_numbers_compare_as_numbers(one: list[int], other: list[int]) -> None:
    def bare(numbers: list[int]) -> list[int]:
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers

    keys = [version_key(".".join(map(str, numbers))) for numbers in (one, other)]
    assert (keys[0] < keys[1]) == (bare(one) < bare(other))


@given(st.text(max_size=200))
def test_any_text_has_a_key_that_a_column_holds(text: str) -> None:
    assert len(version_key(text)) <= 200
    assert len(normal_version(text)) <= 80


@pytest.mark.parametrize(
    ("through", "version", "covered", "older"),
    [
        ("16", "16.3", True, False),
        ("16", "15.9", True, True),
        ("16", "17.0", False, False),
        ("16.2", "16.10", False, False),
        ("16.2", "16.2.9", True, False),
        ("", "99", True, False),
        ("2022", "", True, False),
    ],
)
def test_what_a_version_covers(through: str, version: str, covered: bool, older: bool) -> None:
    assert covers(through, version) is covered
    assert is_older(version, through) is older
