"""When more seats will be needed, and how many: by what is recorded already, and by the pace of lately."""

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
    """From which day on how many more are needed than are owned then, and from which later day on the most."""

    day: date
    more: int
    most_on: date
    most: int

    @property
    def grows(self) -> bool:
        """Whether more are needed later than at first."""
        return self.most > self.more


def forecast(
    kind: SeatKind, pools: Sequence[Pool], assignments: Sequence[Assignment], waiting: int, today: date
) -> Explained[Need | None]:
    """When more seats are needed and how many, at first and at the most: by who waits and what is recorded, or by pace.

    The pace is how many more are assigned today than half a year ago, and goes on from today; it counts where it asks
    for one before what is recorded does. [ISO/IEC 19770-1:2017, 8.4]
    """
    ahead = levels(pools, assignments, today, add_days(today, LOOKS_AHEAD))
    lacking = [(each, each.assigned + waiting - each.owned) for each in ahead]
    short = next(((each, more) for each, more in lacking if more > 0), None)
    if short is None:
        return _without_need(pools, assignments, ahead, today)
    (first, more), (peak, most) = short, max(lacking, key=lambda each: each[1])
    need = Need(first.day, more, peak.day, most)
    why = [Reason(_says(first, more, waiting, today), LICENSING)]
    if need.grows:
        why.append(Reason(f"The most are lacking later. {_says(peak, most, waiting, today)}", LICENSING))
    since, grown = _pace(pools, assignments, today)
    days = days_between(since, today)
    by_pace = _by_pace(ahead, today, grown, days) if days >= LEAST and grown > 0 else None
    if by_pace is not None and by_pace < first.day:
        why.append(_asks(by_pace, grown, days))
        need = Need(by_pace, 1, peak.day, most)
    return Explained(need, tuple(why))


def _without_need(
    pools: Sequence[Pool], assignments: Sequence[Assignment], ahead: Sequence[Level], today: date
) -> Explained[Need | None]:
    """By the pace alone, where what is recorded asks for none."""
    why = [Reason("What is recorded leaves a seat for everybody who has one, for three years.", LICENSING)]
    since, grown = _pace(pools, assignments, today)
    days = days_between(since, today)
    if days < LEAST:
        why.append(Reason(f"Seats are counted for {say_days(max(days, 0))}: too few to see a pace."))
    elif grown <= 0:
        why.append(Reason(f"In the last {say_days(days)} no more were assigned than released: no pace to carry on."))
    else:
        by_pace = _by_pace(ahead, today, grown, days)
        if by_pace is not None:
            return Explained(Need(by_pace, 1, by_pace, 1), (*why, _asks(by_pace, grown, days)))
        one = f"{grown} more in the last {say_days(days)}"
        why.append(Reason(f"At the pace of lately, {one}, they are enough for three years."))
    return Explained(None, tuple(why))


def _says(level: Level, more: int, waiting: int, today: date) -> str:
    """How many are lacking on a day, and what that is counted from."""
    on = "Today" if level.day == today else f"On {say(level.day)}, by what is recorded,"
    wait = "waits" if waiting == 1 else "wait"
    return (
        f"{on} {level.owned} {'is' if level.owned == 1 else 'are'} owned and {level.assigned} assigned"
        f"{f', and {waiting} {wait} for one' if waiting else ''}: {more} more would serve all."
    )


def _asks(day: date, grown: int, days: int) -> Reason:
    one = f"{grown} more in the last {say_days(days)}"
    return Reason(f"At the pace of lately, {one}, one more than is owned is asked for on {say(day)}.")


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
