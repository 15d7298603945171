"""Seats by day: worked by hand in tables, and for every history of pools and assignments."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.subscription.forecast import Need, forecast
from app.domain.subscription.seats import (
    Assignment,
    Level,
    Pool,
    SeatKind,
    counted_from,
    effective,
    in_line,
    lacking,
    levels,
    next_free,
    owned,
    refuse_beyond,
    refuse_second,
    release_day,
    suspended,
    suspended_from,
)

KIND = SeatKind.AUDIT_MANAGER
JAN, LAST, LONG_AGO = date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)
ANNA, BO, CY, DI = (Assignment(n, n, JAN, rank=n) for n in (1, 2, 3, 4))
LATER = Assignment(2, 2, date(2026, 6, 1), rank=2)
THREE = [Pool(2, JAN), Pool(1, date(2026, 3, 1), date(2026, 8, 31))]


@pytest.mark.parametrize(
    ("day", "owns", "works", "waits"),
    [
        (date(2025, 12, 31), 0, [], []),
        (JAN, 2, [1, 2], [3]),
        (date(2026, 2, 28), 2, [1, 2], [3]),
        (date(2026, 3, 1), 3, [1, 2, 3], []),
        # The last day of a pool counts whole; from the day after, the last in line is suspended.
        (date(2026, 8, 31), 3, [1, 2, 3], []),
        (date(2026, 9, 1), 2, [1, 2], [3]),
        (date.max, 2, [1, 2], [3]),
    ],
)
def test_the_last_in_line_is_suspended_while_fewer_are_owned(day, owns, works, waits):
    held = [ANNA, BO, CY]
    assert owned(THREE, day) == owns
    assert [each.id for each in effective(THREE, held, day)] == works
    assert [each.id for each in suspended(THREE, held, day)] == waits


def test_who_is_suspended_from_when_and_the_first_day_short():
    held = [ANNA, BO, CY, DI]
    since = date(2026, 3, 1)
    assert suspended_from(THREE, held, since) == {4: since, 3: date(2026, 9, 1)}
    assert min(suspended_from(THREE, [ANNA, BO, CY], since).values(), default=None) == date(2026, 9, 1)
    assert min(suspended_from(THREE, [ANNA, BO], since).values(), default=None) is None
    # A release before the shrink leaves everybody else their seat.
    gone = Assignment(2, 2, JAN, date(2026, 9, 1), rank=2)
    assert suspended_from(THREE, [ANNA, gone, CY], since) == {}


def test_levels_name_each_day_on_which_something_turns():
    held = [ANNA, Assignment(2, 2, date(2026, 2, 1), date(2026, 4, 1), rank=2)]
    assert levels(THREE, held, date(2026, 1, 15), date(2026, 9, 1)) == [
        Level(date(2026, 1, 15), 2, 1),
        Level(date(2026, 2, 1), 2, 2),
        Level(date(2026, 3, 1), 3, 2),
        Level(date(2026, 4, 1), 3, 1),
        Level(date(2026, 9, 1), 2, 1),
    ]


@pytest.mark.parametrize(
    ("pools", "held", "count", "from_on", "released_on", "says"),
    [
        ([Pool(2, JAN)], [ANNA], 1, JAN, None, None),
        ([Pool(2, JAN)], [ANNA], 2, JAN, None, "1 is free, and 2 are asked for"),
        ([Pool(2, JAN)], [ANNA, BO], 1, JAN, None, "2 audit-manager seats are owned and 2 are assigned: none is free"),
        ([Pool(2, date(2026, 2, 1))], [], 1, date(2026, 1, 31), None, "0 audit-manager seats are owned"),
        ([Pool(2, JAN, LAST)], [], 1, date(2027, 1, 1), None, "On 1 Jan 2027, 0 audit-manager seats"),
        # The end of a pool is no reason to refuse: from then on the newcomer is the first who is suspended.
        ([Pool(2, JAN, LAST)], [ANNA], 1, JAN, None, None),
        (THREE, [ANNA, BO], 1, date(2026, 3, 1), None, None),
        # Somebody else has it from 1 June on: until then there is room, and no longer.
        ([Pool(2, JAN)], [ANNA, LATER], 1, JAN, None, "release them on 1 Jun 2026"),
        ([Pool(2, JAN)], [ANNA, LATER], 1, JAN, date(2026, 6, 1), None),
        # While somebody is suspended nobody new gets one.
        ([Pool(2, JAN), Pool(5, date(2027, 1, 1))], [ANNA, BO, CY], 1, JAN, None, "none is free"),
        ([], [], 1, JAN, None, "No pool of audit-manager seats is recorded."),
        ([Pool(0, JAN)], [], 1, JAN, None, "No pool of audit-manager seats is recorded."),
    ],
)  # fmt: skip
def test_a_seat_is_given_only_where_one_is_free_now_and_later(pools, held, count, from_on, released_on, says):
    if says is None:
        refuse_beyond(KIND, pools, held, count, from_on, released_on)
        return
    with pytest.raises(RefusedError) as refusal:
        refuse_beyond(KIND, pools, held, count, from_on, released_on)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("from_on", "released_on", "refused"),
    [
        (date(2026, 3, 1), None, True),
        (date(2026, 3, 1), date(2026, 4, 1), False),
        (date(2026, 3, 1), date(2026, 4, 2), True),
        (date(2026, 5, 31), None, True),
        (date(2026, 6, 1), None, False),
    ],
)
def test_nobody_has_two_of_a_kind_on_a_day(from_on, released_on, refused):
    held = [Assignment(1, 1, date(2026, 4, 1), date(2026, 6, 1)), Assignment(2, 1, JAN, JAN)]
    if not refused:
        refuse_second(KIND, {1: "Anna"}, held, from_on, released_on)
        return
    with pytest.raises(RefusedError, match="Anna has an audit-manager seat from 1 Apr 2026 until its release"):
        refuse_second(KIND, {1: "Anna"}, held, from_on, released_on)


def test_a_release_can_come_earlier_and_never_later():
    today = date(2026, 6, 1)
    assert release_day(ANNA, today, today) == today
    assert release_day(ANNA, today, date(2026, 5, 1)) == date(2026, 5, 1)
    # One that is to begin later is given up whole: it was never held.
    assert release_day(Assignment(1, 1, date(2026, 9, 1)), today, today) == date(2026, 9, 1)
    for held, day, says in (
        (ANNA, date(2025, 12, 31), "held since 1 Jan 2026"),
        (Assignment(1, 1, JAN, date(2026, 9, 1)), date(2026, 9, 2), "give that day or an earlier one"),
        (Assignment(1, 1, JAN, today), today, "was released on 1 Jun 2026 already"),
    ):
        with pytest.raises(RefusedError, match=says):
            release_day(held, today, day)


def test_seats_are_counted_from_the_first_pool_on_and_then_for_good():
    pools = [Pool(1, date(2026, 3, 1), date(2026, 3, 31))]
    assert counted_from([Pool(1, LAST), *pools]) == date(2026, 3, 1)
    assert counted_from([]) is None
    assert lacking(pools, [], [1], JAN, date(2026, 2, 28)) == {}
    assert lacking(pools, [], [1], JAN, date(2026, 3, 1)) == {1: (date(2026, 3, 1), False)}
    assert lacking(pools, [], [1], date(2030, 1, 1), date(2030, 1, 1)) == {1: (date(2030, 1, 1), False)}
    assert lacking([], [], [1], JAN, LAST) == {}


def test_one_comes_as_another_goes_and_each_day_is_looked_at():
    pools, turn = [Pool(1, JAN)], date(2026, 5, 1)
    held = [Assignment(1, 1, JAN, turn, rank=1), Assignment(2, 2, turn, rank=2)]
    assert lacking(pools, held, [1, 2], JAN, LAST) == {1: (turn, False), 2: (JAN, False)}
    late = [Assignment(1, 1, JAN, rank=2), Assignment(2, 2, turn, rank=1)]
    assert lacking(pools, late, [1], JAN, LAST) == {1: (turn, True)}


@pytest.mark.parametrize(
    ("pools", "begins", "waiting", "need", "says"),
    [
        ([Pool(3, JAN)], [JAN, JAN], 0, None, "no pace to carry on"),
        ([Pool(3, JAN)], [JAN, JAN], 2, (date(2026, 7, 1), 1), "and 2 wait for one: 1 more would serve all"),
        ([Pool(1, JAN)], [JAN, JAN], 0, (date(2026, 7, 1), 1), "1 more would serve all"),
        ([Pool(3, JAN, LAST)], [JAN, JAN], 0, (date(2027, 1, 1), 2), "0 are owned and 2 assigned"),
        # From 2 January to 1 July, 180 days, 2 more came: 1 in 90. 1 is free, so the second to come is one too many.
        ([Pool(3, LONG_AGO)], [date(2026, 2, 1), date(2026, 5, 1)], 0, (date(2026, 12, 28), 1), "on 28 Dec 2026"),
        ([Pool(40, LONG_AGO)], [date(2026, 2, 1), date(2026, 5, 1)], 0, None, "enough for three years"),
        ([Pool(3, date(2026, 6, 20))], [date(2026, 6, 21)], 0, None, "counted for 11 days: too few"),
    ],
)  # fmt: skip
def test_when_more_will_be_needed(pools, begins, waiting, need, says):
    held = [Assignment(n, n, day, rank=n) for n, day in enumerate(begins)]
    found = forecast(KIND, pools, held, waiting, date(2026, 7, 1))
    assert found.value == (Need(*need) if need else None)
    assert says in " ".join(str(each) for each in found.why)


def test_the_most_that_are_lacking_are_said_beside_the_first_and_no_pace_speaks_against_it():
    today = date(2026, 7, 1)
    held = [Assignment(n, n, date(2026, 2, 1), rank=n) for n in range(4)]
    # One is lacking today, four once the second pool has ended too.
    found = forecast(KIND, [Pool(1, LONG_AGO, LAST), Pool(2, LONG_AGO, date(2026, 9, 30))], held, 0, today)
    assert found.value == Need(today, 1, ((date(2026, 10, 1), 3), (date(2027, 1, 1), 4)))
    assert "On 1 Jan 2027, by what is recorded, 0 are owned and 4 assigned" in str(found.why[2])
    # A shortage of a week: at the pace of lately nobody comes in it, and nothing says that they are enough.
    gap = [Pool(9, LONG_AGO, date(2026, 7, 1)), Pool(9, date(2026, 7, 9))]
    found = forecast(KIND, gap, held, 1, today)
    assert found.value == Need(date(2026, 7, 2), 5)
    assert "pace" not in " ".join(str(each) for each in found.why)


DAYS = st.integers(0, 60).map(lambda n: JAN + timedelta(days=n))
SPANS = st.tuples(DAYS, st.none() | DAYS)
POOLS = st.lists(st.builds(lambda n, span: Pool(n, *span), st.integers(0, 4), SPANS), max_size=4)
HISTORIES = st.lists(st.tuples(SPANS, st.integers(0, 5)), max_size=9).map(
    lambda rows: [Assignment(n, n, *span, rank=rank) for n, (span, rank) in enumerate(rows)]
)


def test_one_who_comes_as_another_goes_is_suspended_from_that_day():
    went, came = Assignment(1, 1, JAN, JAN + timedelta(days=1)), Assignment(2, 2, JAN + timedelta(days=1))
    assert suspended_from([], [went, came], JAN) == {1: JAN, 2: JAN + timedelta(days=1)}


@given(POOLS, HISTORIES, DAYS)
def test_no_more_are_effective_than_owned_on_any_day_of_any_history(pools, held, since):
    turning = suspended_from(pools, held, since)
    found = levels(pools, held, since)
    for day in (since + timedelta(days=n) for n in range(70)):
        works = effective(pools, held, day)
        level = [each for each in found if each.day <= day][-1]
        assert len(works) <= owned(pools, day) == level.owned
        assert (level.effective, level.assigned) == (len(works), len(in_line(held, day)))
        waits = suspended(pools, held, day)
        assert works + waits == in_line(held, day)
        assert {each.id for each in waits} <= {id_ for id_, first in turning.items() if first <= day}
        people = {each.person_id for each in held}
        without = lacking(pools, held, people, day, day)
        is_counted = any(pool.starts_on <= day for pool in pools)
        expected = people - {each.person_id for each in works} if is_counted else set()
        assert set(without) == expected


@given(POOLS, HISTORIES, SPANS)
def test_a_seat_that_is_given_is_effective_at_once_and_takes_nobody_elses(pools, held, span):
    first, release = span
    try:
        refuse_beyond(KIND, pools, held, 1, first, release)
    except RefusedError:
        return
    new = Assignment(99, 99, first, release, rank=99)
    assert new in effective(pools, [*held, new], first) or not new.is_held(first)
    for day in (JAN + timedelta(days=n) for n in range(70)):
        before = effective(pools, held, day)
        after = effective(pools, [*held, new], day)
        assert [each for each in after if each != new] == before
        # It is suspended only where fewer are owned by then.
        if new.is_held(day) and new not in after:
            assert owned(pools, day) < owned(pools, first)


@pytest.mark.parametrize(
    ("pools", "assignments", "day"),
    [
        ([], [], None),
        ([Pool(1, JAN)], [], JAN),
        ([Pool(1, JAN)], [ANNA], None),
        # Free until June alone: somebody has it from then on.
        ([Pool(1, JAN)], [LATER], None),
        ([Pool(1, JAN)], [Assignment(1, 1, JAN, date(2026, 4, 1))], date(2026, 4, 1)),
        ([Pool(1, JAN), Pool(1, date(2026, 3, 1))], [ANNA], date(2026, 3, 1)),
        ([Pool(1, JAN, LAST)], [], JAN),
    ],
)
def test_the_next_free_seat_is_free_from_the_first_day_on_which_it_can_be_given_for_good(pools, assignments, day):
    assert next_free(KIND, pools, assignments, JAN) == day
