"""How one pool stood and will stand: at month ends and on the days on which what counts changes."""

from collections.abc import Iterable
from datetime import date

from app.domain.dates import add_days, add_months, day_after
from app.domain.licensing.position import Position
from app.models.licence import Entitlement
from app.queries.positions import positions_on
from app.queries.seat_facts import rested_where
from app.work import Work

MONTHS = 12
MOST_TURNS = 24


def history_of(work: Work, pool_id: int, day: date) -> list[tuple[date, Position]]:
    """The position twelve months back and ahead; each day is worked out by itself, from the rows of that day."""
    found = []
    for each in _days(work, pool_id, day):
        lines = positions_on(work, each, pool_id)
        if lines:
            found.append((each, lines[0].position))
    return found


def _days(work: Work, pool_id: int, day: date) -> list[date]:
    first, last = add_months(day, -MONTHS), add_months(day, MONTHS)
    starts = [add_months(first.replace(day=1), month) for month in range(1, 2 * MONTHS + 1)]
    ends = {add_days(each, -1) for each in starts}
    turns = {each for each in _turns(work, pool_id) if first < each < last}
    near = sorted(turns, key=lambda each: abs((each - day).days))[:MOST_TURNS]
    return sorted({first, day, last, *(each for each in ends if first < each < last), *near})


def _turns(work: Work, pool_id: int) -> Iterable[date]:
    """The days from which an entitlement counts, or counts no more."""
    for each in rested_where(work, Entitlement.pool_id == pool_id):
        yield each.starts_on
        if each.last_day is not None:
            yield day_after(each.last_day)
