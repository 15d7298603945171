"""What was used in a period counts by its days: worked by hand, and for every period, terms and day."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.licensing.allocation import Grant, Need, Scope, Use
from app.domain.licensing.consumption import Piece, spread, spread_explained, term_grant, terms_of
from app.domain.licensing.entitlement import EntitlementFact, EntitlementKind, rested, units_on
from app.domain.licensing.metric import PARTS, Counting, Metric
from app.domain.licensing.position import position_of

LATE = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("period", "terms", "day", "expected", "arithmetic"),
    [
        # 31 days, 310 used, 10 a day.
        ((date(2026, 1, 1), date(2026, 1, 31)), [], LATE, [(date(2026, 1, 1), date(2026, 1, 31), 310)], "all of it"),
        ((date(2026, 1, 1), date(2026, 1, 31)), [], date(2025, 12, 31), [], "nothing is used before its first day"),
        ((date(2026, 1, 1), date(2026, 1, 31)), [], date(2026, 1, 1),
         [(date(2026, 1, 1), date(2026, 1, 1), 10)], "1 of 31 days"),
        ((date(2026, 1, 1), date(2026, 1, 31)), [], date(2026, 1, 10),
         [(date(2026, 1, 1), date(2026, 1, 10), 100)], "10 of 31 days"),
        # A term from 11 January on: 10 days before it, 21 in it.
        ((date(2026, 1, 1), date(2026, 1, 31)), [(date(2026, 1, 11), None)], LATE,
         [(date(2026, 1, 1), date(2026, 1, 10), 100), (date(2026, 1, 11), date(2026, 1, 31), 210)], "10 + 21 days"),
        # Over the turn of the year and of two terms that follow each other.
        ((date(2025, 12, 16), date(2026, 1, 15)),
         [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31))], LATE,
         [(date(2025, 12, 16), date(2025, 12, 31), 160), (date(2026, 1, 1), date(2026, 1, 15), 150)], "16 + 15 days"),
        # A term of one day within it.
        ((date(2026, 1, 1), date(2026, 1, 31)), [(date(2026, 1, 5), date(2026, 1, 5))], date(2026, 1, 6),
         [(date(2026, 1, 1), date(2026, 1, 4), 40), (date(2026, 1, 5), date(2026, 1, 5), 10),
          (date(2026, 1, 6), date(2026, 1, 6), 10)], "4 + 1 + 1 days"),
        # A term of the very period cuts nothing.
        ((date(2026, 1, 1), date(2026, 1, 31)), [(date(2026, 1, 1), date(2026, 1, 31))], LATE,
         [(date(2026, 1, 1), date(2026, 1, 31), 310)], "31 days"),
        ((date(9999, 12, 1), date(9999, 12, 31)), [(date(2026, 1, 1), date(9999, 12, 31))], date.max,
         [(date(9999, 12, 1), date(9999, 12, 31), 310)], "up to the last day that the calendar knows"),
    ],
)  # fmt: skip
def test_a_period_counts_by_its_days(period, terms, day, expected, arithmetic):
    assert spread(Piece(*period, 310), terms, day) == [Piece(*each) for each in expected], arithmetic


def test_a_leap_year_has_one_day_more():
    year = Piece(date(2024, 1, 1), date(2024, 12, 31), 366 * PARTS)
    assert [each.parts // PARTS for each in spread(year, [(date(2024, 3, 1), None)], LATE)] == [60, 306]


def test_what_does_not_divide_is_lost_nowhere():
    thirds = spread(Piece(date(2026, 1, 1), date(2026, 1, 3), 100), [(date(2026, 1, 2), date(2026, 1, 2))], LATE)
    # 100 / 3 = 33.3, 200 / 3 = 66.6, 300 / 3 = 100: 33 + 33 + 34
    assert [each.parts for each in thirds] == [33, 33, 34]


def test_the_reason_says_how_many_days():
    whole = Piece(date(2026, 1, 1), date(2026, 1, 31), 31 * PARTS)
    said = spread_explained(whole, Piece(date(2026, 1, 1), date(2026, 1, 10), 10 * PARTS))
    assert said[0].says == (
        "31 were used from 1 Jan 2026 to 31 Jan 2026, and its days count alike: 10 of 31 days come to 10."
    )
    assert spread_explained(whole, whole)[0].says == "What was used in the period counts."


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
terms = st.lists(
    st.tuples(days, st.integers(0, 400)).map(lambda each: (each[0], each[0] + timedelta(days=each[1]))), max_size=4
)
periods = st.builds(
    lambda first, length, parts: Piece(first, first + timedelta(days=length), parts),
    days, st.integers(0, 120), st.integers(0, 10**9),
)  # fmt: skip


@given(periods, terms, days)
def test_pieces_follow_each_other_and_none_lies_in_a_term_in_part(whole, asked, day):
    pieces = spread(whole, asked, day)
    if day < whole.since:
        assert pieces == []
        return
    assert (pieces[0].since, pieces[-1].until) == (whole.since, min(whole.until, day))
    for one, other in itertools.pairwise(pieces):
        assert one.until + timedelta(days=1) == other.since
    for each in pieces:
        assert each.parts >= 0
        for first, last in asked:
            inside = first <= each.since and each.until <= last
            assert inside or each.until < first or each.since > last
    assert sum(each.parts for each in pieces) == whole.parts * ((pieces[-1].until - whole.since).days + 1) // whole.days


@given(periods, terms, terms, days, days)
def test_terms_take_nothing_away_and_a_later_day_never_counts_less(whole, some, others, day, other):
    def total(which, on):
        return sum(each.parts for each in spread(whole, which, on))

    assert total(some, day) == total(others, day)
    assert total(some, min(day, other)) <= total(some, max(day, other))
    assert total(some, whole.until) == whole.parts


@given(st.lists(periods, max_size=4), terms, days)
def test_every_part_that_is_used_is_covered_within_its_term_or_bare(used, asked, day):
    facts = [
        EntitlementFact(n, f"E-{n}", EntitlementKind.PURCHASE, 40_000, first, last)
        for n, (first, last) in enumerate(asked, start=1)
        if first <= day
    ]
    grants = [term_grant(fact, None, [], day) for fact in facts]
    pieces = [piece for each in used for piece in spread(each, terms_of(grants), day)]
    needs = [Need(each.parts, Use(since=each.since, until=each.until)) for each in pieces]
    position, found = position_of(Counting(Metric.CONSUMPTION), grants, needs)
    through = sum(each.parts for each in pieces)
    assert found.free <= through
    assert position.demand == -(-(through - found.free) // PARTS)
    # A day of use outside of every term is bare: no term covers days before it began, or after it ended.
    outside = sum(
        each.parts for each in pieces
        if not any(first <= each.since and each.until <= last for first, last in asked)
    )  # fmt: skip
    assert sum(parts for _, parts in found.bare) >= outside
    assert position.shortfall * PARTS >= outside - PARTS


def test_a_term_covers_no_day_before_it_begins_and_none_after_it_ended():
    scope = Scope(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    for since, until, covered in (
        (date(2025, 12, 31), date(2026, 1, 1), False),
        (date(2026, 1, 1), date(2026, 1, 31), True),
        (date(2026, 1, 31), date(2026, 2, 1), False),
    ):
        assert scope.covers(Use(since=since, until=until), "") is covered
    assert terms_of([Grant(1, 1, scope)]) == ((scope.starts_on, scope.ends_on),)


@given(days, st.none() | days, st.none() | days, st.none() | days, st.none() | days, days)
def test_what_was_taken_never_counts_on_a_day_on_which_its_base_counts_not(start, ends, gone, own, base_ends, day):
    bottom = EntitlementFact(1, "E-1", EntitlementKind.PURCHASE, 9, date(2025, 1, 1), base_ends)
    base = EntitlementFact(2, "E-2", EntitlementKind.UPGRADE, 5, date(2025, 1, 1), ends, gone, base_id=1)
    bases = {1: bottom, 2: base}
    taker = rested(EntitlementFact(3, "E-3", EntitlementKind.TRANSFER, 2, start, own, base_id=2), bases)
    counts = units_on(taker, [], day).value
    rests = bottom.is_active(day) and rested(base, bases).is_active(day)
    by_itself = start <= day and (own is None or day <= own)
    assert counts == (2 if by_itself and rests else 0)
    assert taker.is_active(day) == bool(counts)
