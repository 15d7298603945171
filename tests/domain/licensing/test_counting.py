from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.licensing.counting import Presence, counted

START = date(2026, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


PRESENCES = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 40))), min_size=1, max_size=6
).map(
    lambda pairs: [
        Presence(key, day(found), None if removed is None else day(found + removed))
        for key, (found, removed) in enumerate(pairs)
    ]
)


@given(PRESENCES, st.integers(0, 80))
def test_on_every_day_a_product_counts_once_where_it_is_and_never_where_it_is_not(
    presences: list[Presence[int]], number: int
) -> None:
    on = day(number)
    there = any(one.found_on <= on and (one.removed_on is None or on < one.removed_on) for one in presences)
    counting = [
        span for span in counted(presences).values() if span and span[0] <= on and (not span[1] or on < span[1])
    ]
    assert len(counting) == int(there)


@given(PRESENCES)
def test_a_version_counts_only_while_it_is_there(presences: list[Presence[int]]) -> None:
    for one in presences:
        span = counted(presences)[one.key]
        if span is not None:
            assert one.found_on <= span[0]
            assert span[1] == one.removed_on
            assert span[1] is None or span[0] < span[1]


def test_the_older_version_counts_until_it_is_gone() -> None:
    old, new = Presence("1.9", day(0), day(10)), Presence("1.10", day(5))
    assert counted([new, old]) == {"1.9": (day(0), day(10)), "1.10": (day(10), None)}
