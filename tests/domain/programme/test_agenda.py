"""What in an agenda does not go together: a person wanted twice at one time, an item outside the days of the audit."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.programme.agenda import Clash, Slot, agenda_conflicts, refuse_backwards

FIRST, LAST = date(2027, 3, 8), date(2027, 3, 10)
ANN, BEN = ("ann@example.org", "Ann"), ("ben@example.org", "Ben")


def slot(number, day, starts, ends, *people):
    return Slot(number, f"Item {number}", date(2027, 3, day), time(*starts), time(*ends), people)


def said(*slots):
    return [(each.kind, each.items) for each in agenda_conflicts(slots, FIRST, LAST)]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        # Day and times of two items with the same person, and whether they meet.
        ((8, (9,), (10,)), (8, (9,), (10,)), True),
        ((8, (9,), (10,)), (8, (9, 59), (11,)), True),
        ((8, (9,), (12,)), (8, (10,), (11,)), True),
        ((8, (9,), (10,)), (8, (10,), (11,)), False),
        ((8, (10,), (11,)), (8, (9,), (10,)), False),
        ((8, (9,), (10,)), (9, (9,), (10,)), False),
        ((8, (9,), (10,)), (8, (14,), (15,)), False),
    ],
)
def test_a_person_is_wanted_twice_at_one_time_or_not(one, other, clash):
    found = said(slot(1, *one, ANN, BEN), slot(2, *other, ANN))
    assert [kind for kind, _ in found] == [Clash.PERSON] * clash
    assert said(slot(1, *one, BEN), slot(2, *other, ANN)) == []


@pytest.mark.parametrize(("day", "outside"), [(7, True), (8, False), (10, False), (11, True)])
def test_an_item_outside_the_days_of_the_audit_is_told(day, outside):
    assert said(slot(1, day, (9,), (10,))) == [(Clash.DAY, (1,))] * outside


def test_what_is_said_names_the_person_the_day_and_both_items():
    found = agenda_conflicts([slot(2, 8, (9, 30), (11,), ANN), slot(1, 8, (9,), (10,), ANN)], FIRST, LAST)
    assert [each.why[0].says for each in found] == [
        "Ann is wanted at two items on 8 Mar 2027: “Item 1” (09:00 to 10:00) and “Item 2” (09:30 to 11:00)."
    ]
    outside = agenda_conflicts([slot(1, 12, (9,), (10,))], FIRST, FIRST)
    assert outside[0].why[0].says == "“Item 1” is on 12 Mar 2027, and the audit is on 8 Mar 2027."


@pytest.mark.parametrize(("starts", "ends", "refused"), [((9,), (10,), False), ((9,), (9,), True), ((9,), (8,), True)])
def test_an_item_ends_after_it_begins(starts, ends, refused):
    if not refused:
        refuse_backwards(time(*starts), time(*ends))
        return
    with pytest.raises(RefusedError) as refusal:
        refuse_backwards(time(*starts), time(*ends))
    assert refusal.value.field == "ends_at"


@st.composite
def slots(draw):
    many = draw(st.integers(0, 6))
    found = []
    for number in range(many):
        begin = draw(st.integers(0, 22))
        end = draw(st.integers(begin + 1, 23))
        people = draw(st.lists(st.sampled_from([ANN, BEN]), max_size=2, unique=True))
        found.append(slot(number, draw(st.integers(6, 12)), (begin,), (end,), *people))
    return found


@given(slots())
def test_a_minute_that_two_items_share_with_one_person_is_always_told_and_nothing_else(agenda):
    """The rule against a slow count of hours: who is at two items in one hour of one day is in conflict."""
    expected = set()
    for one in agenda:
        if not FIRST <= one.held_on <= LAST:
            expected.add((Clash.DAY, frozenset([one.item_id])))
        for other in agenda:
            if one.item_id >= other.item_id or one.held_on != other.held_on:
                continue
            hours = set(range(one.starts_at.hour, one.ends_at.hour)) & set(
                range(other.starts_at.hour, other.ends_at.hour)
            )
            if hours and set(one.people) & set(other.people):
                expected.add((Clash.PERSON, frozenset([one.item_id, other.item_id])))
    found = agenda_conflicts(agenda, FIRST, LAST)
    assert {(each.kind, frozenset(each.items)) for each in found} == expected
    assert found == agenda_conflicts(reversed(agenda), FIRST, LAST)
