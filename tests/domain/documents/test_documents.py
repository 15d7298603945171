"""The rules of documents by hand: dated tables, and what no choice of days may break."""

from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.documents.blanks import blank_headings, refuse_blanks
from app.domain.documents.comparison import compared
from app.domain.documents.coverage import Coverage, Covering, cells
from app.domain.documents.due import acknowledgement_due, owed, review_due, waiting
from app.domain.documents.version import (
    Standing,
    Step,
    Version,
    refuse_approval,
    refuse_change,
    refuse_sending,
    refuse_withdrawal,
    standings,
    valid_on,
)
from app.domain.explained import RefusedError

D = date
FIRST = Version(1, Step.APPROVED, D(2026, 1, 10))
SECOND = Version(2, Step.APPROVED, D(2026, 6, 1))
THIRD = Version(3, Step.IN_REVIEW)


@pytest.mark.parametrize(
    ("day", "withdrawn_on", "valid", "says"),
    [
        (D(2026, 1, 9), None, None, "to-come to-come in-review"),
        (D(2026, 1, 10), None, 1, "valid to-come in-review"),
        (D(2026, 5, 31), None, 1, "valid to-come in-review"),
        (D(2026, 6, 1), None, 2, "obsolete valid in-review"),
        (D(2026, 8, 31), D(2026, 9, 1), 2, "obsolete valid in-review"),
        (D(2026, 9, 1), D(2026, 9, 1), None, "obsolete obsolete in-review"),
    ],
)
def test_a_version_is_valid_until_the_next_one_is(day, withdrawn_on, valid, says):
    versions = (FIRST, SECOND, THIRD)
    assert valid_on(versions, day, withdrawn_on) == valid
    assert " ".join(standings(versions, day, withdrawn_on).values()) == says


DAYS = st.dates(D(2020, 1, 1), D(2030, 12, 31))


@given(st.lists(DAYS, max_size=6), DAYS)
def test_at_most_one_version_is_valid_and_none_that_begins_later(begins, day):
    versions = [Version(number, Step.APPROVED, each) for number, each in enumerate(begins, 1)]
    found = standings(versions, day)
    assert list(found.values()).count(Standing.VALID) == (1 if any(each <= day for each in begins) else 0)
    for each in versions:
        assert (found[each.number] is Standing.TO_COME) == (each.valid_from > day)


@pytest.mark.parametrize(
    ("refuse", "arguments", "says"),
    [
        (refuse_change, (Step.IN_REVIEW,), "send it back first"),
        (refuse_change, (Step.APPROVED,), "begin the next version"),
        (refuse_sending, (Step.DRAFT, " \n"), "nothing to review"),
        (refuse_sending, (Step.IN_REVIEW, "x"), "Only a draft"),
        (refuse_approval, (Step.DRAFT, {1}, 2, D(2026, 3, 1), D(2026, 3, 1)), "Only what is in review"),
        (refuse_approval, (Step.IN_REVIEW, {3, 1}, 1, D(2026, 3, 1), D(2026, 3, 1)), "another person"),
        (refuse_approval, (Step.IN_REVIEW, {1}, None, D(2026, 3, 1), D(2026, 3, 1)), "another person"),
        (refuse_approval, (Step.IN_REVIEW, {1}, 2, D(2026, 2, 28), D(2026, 3, 1)), "cannot have been valid before"),
        (refuse_withdrawal, ([FIRST], D(2026, 1, 9), None), "nothing to withdraw"),
        (refuse_withdrawal, ([FIRST], D(2026, 3, 1), D(2026, 2, 1)), "already"),
    ],
)
def test_steps_that_are_refused(refuse, arguments, says):
    with pytest.raises(RefusedError, match=says):
        refuse(*arguments)


@pytest.mark.parametrize(
    ("valid_from", "reviewed_on", "months", "due"),
    [
        (D(2026, 8, 31), None, 6, D(2027, 2, 28)),
        (D(2026, 8, 31), D(2026, 5, 1), 12, D(2027, 8, 31)),
        (D(2025, 3, 1), D(2026, 2, 20), 12, D(2027, 2, 20)),
    ],
)
def test_a_review_is_counted_from_the_version_or_the_last_review(valid_from, reviewed_on, months, due):
    assert review_due(valid_from, reviewed_on, months).value == due


@pytest.mark.parametrize(
    ("joined_on", "due"),
    [(D(2024, 1, 1), D(2026, 3, 15)), (D(2026, 3, 1), D(2026, 3, 15)), (D(2026, 4, 1), D(2026, 4, 15))],
)
def test_who_joins_later_has_as_many_days(joined_on, due):
    assert acknowledgement_due(D(2026, 3, 1), joined_on, 14).value == due


def test_an_acknowledgement_is_owed_by_the_audience_alone():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    lines = owed(D(2026, 3, 1), 14, {2: D(2024, 1, 1), 1: D(2026, 4, 1), 3: D(2024, 1, 1)}, {2: at, 9: at})
    assert [(each.person_id, each.acknowledged_at) for each in lines] == [(1, None), (2, at), (3, None)]
    assert [each.person_id for each in waiting(lines)] == [3, 1]
    assert [each.is_late(D(2026, 3, 16)) for each in lines] == [False, False, True]


def test_a_document_on_a_clause_covers_what_is_below_it():
    iso = "ISO 9001:2015"
    whole = Covering("DOC-002", True, frozenset({(iso, "8")}))
    draft = Covering("DOC-001", False, frozenset({(iso, "8.2"), (iso, "9.2")}))
    other = Covering("DOC-003", True, frozenset({("ISO/IEC 27001:2022", "10.1")}))
    found = cells(iso, ("8.1", "8.2", "9.2", "10.1"), (whole, draft, other))
    assert [(each.number, each.state, each.documents) for each in found] == [
        ("8.1", Coverage.VALID, ("DOC-002",)),
        ("8.2", Coverage.VALID, ("DOC-002", "DOC-001")),
        ("9.2", Coverage.BEING_WRITTEN, ("DOC-001",)),
        ("10.1", Coverage.MISSING, ()),
    ]


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d"]), max_size=25).map("\n".join)


@given(LINES, LINES)
def test_a_comparison_makes_up_both_texts_again(earlier, later):
    assume(earlier.splitlines() != later.splitlines())
    lines = compared(earlier, later, around=100)
    assert [each.text for each in lines if each.kind != "new"] == earlier.splitlines()
    assert [each.text for each in lines if each.kind != "gone"] == later.splitlines()


def test_what_is_far_from_a_change_is_left_out():
    earlier = "\n".join(str(each) for each in range(10))
    assert [(each.kind, each.text) for each in compared(earlier, earlier + "\nnew", around=1)] == [
        ("left out", "9 lines are the same"),
        ("same", "9"),
        ("new", "new"),
    ]


@pytest.mark.parametrize(
    ("body", "blank"),
    [
        ("# 4 Context\n\n## 4.1 Where\n\n*What we do:*\n\n## 4.2 Who\n\nAll.", ("4.1 Where",)),
        ("# 4 Context\n\n## 4.1 Where", ("4.1 Where",)),
        ("# 4 Context\n\n## 4.1 Where\n\n*What we do:* We look.", ()),
        ("```\n# no heading\n```", ()),
        ("Only words.", ()),
        ("", ()),
    ],
)
def test_a_heading_is_blank_where_nothing_but_the_questions_stands_below_it(body, blank):
    assert blank_headings(body) == blank
    with pytest.raises(RefusedError) if blank else nullcontext():
        refuse_blanks(blank, anyway=False)
    refuse_blanks(blank, anyway=True)


def test_a_part_that_is_still_the_outline_covers_nothing():
    iso = "ISO 9001:2015"
    whole = Covering("DOC-001", True, frozenset({(iso, "8")}), frozenset({"8.2"}))
    assert [each.state for each in cells(iso, ("8.1", "8.2.1"), (whole,))] == [Coverage.VALID, Coverage.OUTLINE]
    other = Covering("DOC-002", True, frozenset({(iso, "8.2")}))
    assert [each.state for each in cells(iso, ("8.2.1",), (whole, other))] == [Coverage.VALID]
