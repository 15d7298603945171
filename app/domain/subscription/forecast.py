"""When more seats will be needed: by what is recorded already, and by the pace at which they were assigned lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, days_between, say, say_days
from app.domain.explained import Explained, Reason
from app.domain.licensing.metric import LICENSING
from app.domain.subscription.seats import Assignment, Level, Pool, SeatKind, counted_from, levels

LOOKS_BACK = 180
"""Days whose pace is carried on; fewer where seats have been counted for less long, and at least `LEAST`."""
LEAST = 30
LOOKS_AHEAD = 1100
"""Days: a little more than three years."""


@dataclass(frozen=True, slots=True)
class Need:
    """From which day on how many more are needed than are owned then."""

    day: date
    more: int


def forecast(
    kind: SeatKind, pools: Sequence[Pool], assignments: Sequence[Assignment], waiting: int, today: date
) -> Explained[Need | None]:
    """When more seats are needed and how many: the earliest of who waits, what is recorded, and the pace lately.

    The pace is how many more are assigned today than half a year ago, and goes on from today.
    [ISO/IEC 19770-1:2017, 8.4]
    """
    ahead = levels(pools, assignments, today, add_days(today, LOOKS_AHEAD))
    now = ahead[0]
    if waiting > now.free or now.suspended:
        more = now.suspended + max(waiting - now.free, 0)
        wait = "waits" if waiting == 1 else "wait"
        says = (
            f"Today {now.owned} are owned and {now.assigned} assigned"
            f"{f', and {waiting} {wait} for one' if waiting else ''}: {more} more would serve all."
        )
        return Explained(Need(today, more), (Reason(says, LICENSING),))
    why: list[Reason] = []
    short = next((level for level in ahead if level.suspended), None)
    if short is not None:
        says = f"On {say(short.day)}, {short.owned} are owned and {short.assigned} assigned, by what is recorded."
        why.append(Reason(says, LICENSING))
    else:
        why.append(Reason("What is recorded leaves a seat for everybody who has one, for three years.", LICENSING))
    need = Need(short.day, short.suspended) if short else None
    since, grown = _pace(pools, assignments, today)
    days = days_between(since, today)
    if days < LEAST:
        why.append(Reason(f"Seats are counted for {say_days(max(days, 0))}: too few to see a pace."))
    elif grown <= 0:
        why.append(Reason(f"In the last {say_days(days)} no more were assigned than released: no pace to carry on."))
    else:
        by_pace = _by_pace(ahead, today, grown, days)
        one = f"{grown} more in the last {say_days(days)}"
        if by_pace is None:
            why.append(Reason(f"At the pace of lately, {one}, they are enough for three years."))
        else:
            why.append(Reason(f"At the pace of lately, {one}, one more than is owned is asked for on {say(by_pace)}."))
            if need is None or by_pace < need.day:
                need = Need(by_pace, 1)
    return Explained(need, tuple(why))


def _pace(pools: Sequence[Pool], assignments: Sequence[Assignment], today: date) -> tuple[date, int]:
    """Since when the pace is looked at, and by how many the assigned grew."""
    since = max(add_days(today, -LOOKS_BACK), counted_from(pools) or today)
    if since >= today:
        return since, 0
    seen = levels(pools, assignments, since, today)
    return since, seen[-1].assigned - seen[0].assigned


def _by_pace(ahead: Sequence[Level], today: date, grown: int, days: int) -> date | None:
    """The first day on which one more than is owned is asked for, if every so many days one more comes."""
    for at, level in enumerate(ahead):
        until = ahead[at + 1].day if at + 1 < len(ahead) else add_days(today, LOOKS_AHEAD)
        # So many have to come beside those on record; the n-th comes after n * days / grown days, rounded up.
        missing = level.free + 1
        comes = add_days(today, -(-missing * days // grown))
        if comes < until:
            return max(comes, level.day)
    return None
