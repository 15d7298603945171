"""Northwind's seats: two of each in the plan, more that were bought, some of them for a time that ends soon."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.demonstration.training.staff import HIRES
from app.domain.dates import add_days, add_months
from app.domain.subscription.seats import PoolSource, SeatKind
from app.operations import seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails

if TYPE_CHECKING:
    from app.demonstration.training import School

AUDITS, LMS = SeatKind.AUDIT_MANAGER, SeatKind.LMS
ENDS_IN = 61
"""So many days from the day of the story the seats that were bought for a time count for the last time."""
WAITS = "aoife"


def seats(school: "School") -> None:
    """Everybody who works in the story has a seat; who came last waits for one, and in two months there are fewer."""
    today, began = school.today, ago(school.today, months=17)
    plan_ends, ends = add_days(add_months(began, 36), -1), add_days(today, ENDS_IN)
    for kind, source, quantity, since, until, note in (
        (AUDITS, PoolSource.INCLUDED, 2, began, plan_ends, "Premier plan"),
        (LMS, PoolSource.INCLUDED, 2, began, plan_ends, "Premier plan"),
        (LMS, PoolSource.BOUGHT, 8, began, None, "Order N-0417"),
        (AUDITS, PoolSource.BOUGHT, 2, ago(today, months=16), ends, "Order N-0431, until this year is audited"),
        (LMS, PoolSource.BOUGHT, 4, ago(today, months=9), ends, "Order N-0502, while the service desk grows"),
    ):  # fmt: skip
        school.on(since, "jonas", partial(_record, school, kind, source, quantity, since, until, note))
    for who in ("ingrid", "mateo"):
        school.on(began, "jonas", partial(_assign, school, AUDITS, who))
    for who in ("ingrid", "mateo", "priya", "tom", "jonas"):
        school.on(began, "jonas", partial(_assign, school, LMS, who))
    school.on(ago(today, months=12), "ingrid", partial(_assign, school, AUDITS, "jonas"))
    school.on(ago(today, months=7), "ingrid", partial(_release, school, "jonas"))
    school.on(ago(today, months=6), "ingrid", partial(_assign, school, AUDITS, "carla"))
    for hire in HIRES:
        came = ago(today, months=hire.months, days=hire.days)
        if hire.key == "annika":
            school.on(came, "ingrid", partial(_assign, school, AUDITS, hire.key))
        if hire.key == WAITS:
            school.on(came, "aoife", partial(_wait, school, hire.key))
        else:
            school.on(came, "ingrid", partial(_assign, school, LMS, hire.key))


def _record(
    school: "School", kind: SeatKind, source: PoolSource, quantity: int, since: date, until: date | None, note: str
) -> None:
    # The first seats are handed out on the same day, which a weekend may have brought forward.
    details = PoolDetails(
        kind=kind,
        source=source,
        quantity=quantity,
        starts_on=min(since, school.work.today),
        ends_on=until,
        note=note,
    )
    seat_pools.record(school.work, details)


def _assign(school: "School", kind: SeatKind, who: str) -> None:
    (made,) = subscription_seats.assign(school.work, kind, [school.cast[who].id], school.work.today)
    school.seats[kind, who] = made


def _release(school: "School", who: str) -> None:
    subscription_seats.release(school.work, [school.seats[AUDITS, who]], school.work.today)


def _wait(school: "School", who: str) -> None:
    subscription_seats.wait(school.work, LMS, school.cast[who].id)
