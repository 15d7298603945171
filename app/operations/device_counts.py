"""How many devices have each product from which day on: kept with the counted days of the installations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, func, select, union_all
from sqlalchemy.orm import aliased

from app.models.software import DeviceCount, Installation
from app.work import Work

Days = tuple[date | None, date | None]
"""On which an installation counts, the second excluded; both empty: never."""
NEVER: Days = (None, None)


def keep(work: Work, changes: Iterable[tuple[int, Days, Days]]) -> None:
    """Count in what changed: of each installation its product, the days on which it counted, and those from now on.

    Whoever writes the counted days of an installation calls it in the same transaction.
    """
    more: Counter[tuple[int, date]] = Counter()
    for product_id, before, after in changes:
        for (since, until), sign in ((before, -1), (after, 1)):
            if since is not None:
                more[product_id, since] += sign
            if until is not None:
                more[product_id, until] -= sign
    _write(work, more)


def forget(work: Work, product_id: int) -> None:
    """Let go of a product that nothing is an installation of any more."""
    work.session.execute(delete(DeviceCount).where(DeviceCount.product_id == product_id))


def correct(work: Work) -> int:
    """Hold the counts against all installations and put right what differs; gives for how many products and days.

    What a fresh register begins with, and what the night looks at: nothing differs unless somebody wrote past `keep`.
    They are compared in one statement: what another writes meanwhile is either on both sides or on neither.
    """
    right = [
        select(Installation.product_id, day.label("day"), (sign * func.count()).label("devices"))
        .where(day.is_not(None))
        .group_by(Installation.product_id, day)
        for day, sign in ((Installation.counted_from, 1), (Installation.counted_until, -1))
    ]
    kept = select(DeviceCount.product_id, DeviceCount.day, -DeviceCount.devices)
    both = union_all(*right, kept).subquery("sides")
    lacking = select(both.c.product_id, both.c.day, func.sum(both.c.devices)).group_by(both.c.product_id, both.c.day)
    work.flush()
    rows = work.execute(lacking.having(func.sum(both.c.devices) != 0))
    return _write(work, {(product_id, day): int(devices) for product_id, day, devices in rows})


def gather(work: Work) -> int:
    """Make one of the rows of each product and day; gives how many there are fewer."""
    other = aliased(DeviceCount)
    again = (
        select(other.id)
        .where(
            other.organisation_id == work.home,
            other.product_id == DeviceCount.product_id,
            other.day == DeviceCount.day,
            other.id != DeviceCount.id,
        )
        .exists()
    )
    # What is written is the sum of what this very statement took away, whatever others add meanwhile.
    taken = (
        delete(DeviceCount)
        .where(DeviceCount.organisation_id == work.home, again)
        .returning(DeviceCount.product_id, DeviceCount.day, DeviceCount.devices)
    )
    more: Counter[tuple[int, date]] = Counter()
    gone = 0
    for product_id, day, devices in work.session.execute(taken, execution_options={"synchronize_session": False}):
        more[product_id, day] += devices
        gone += 1
    return gone - _write(work, more)


def _write(work: Work, more: Mapping[tuple[int, date], int]) -> int:
    rows = [
        {"product_id": product_id, "day": day, "devices": devices}
        for (product_id, day), devices in sorted(more.items())
        if devices
    ]
    work.insert_many(DeviceCount, rows)
    return len(rows)
