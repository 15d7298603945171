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
STEPS = 3
"""So many days on which more are lacking are said, and the last."""
LOOKS_AHEAD = 1100
"""Days: a little more than three years."""


@dataclass(frozen=True, slots=True)
class Need:
    """From which day on how many more are needed than are owned then; and each later day on which it is more still."""

    day: date
    more: int
    later: tuple[tuple[date, int], ...] = ()

    @property
    def most(self) -> int:
        """At the most."""
        return self.later[-1][1] if self.later else self.more


def forecast(
    kind: SeatKind, pools: Sequence[Pool], assignments: Sequence[Assignment], waiting: int, today: date
) -> Explained[Need | None]:
    """When more seats are needed and how many, at first and at the most: by who waits and what is recorded, or by pace.

    The pace is how many more are assigned today than half a year ago, and goes on from today; it counts where it asks
    for one before what is recorded does. [ISO/IEC 19770-1:2017, 8.4]
    """
    ahead = levels(pools, assignments, today, add_days(today, LOOKS_AHEAD))
    steps: list[tuple[Level, int]] = []
    for each in ahead:
        lacks = each.assigned + waiting - each.owned
        if lacks > (steps[-1][1] if steps else 0):
            steps.append((each, lacks))
    if not steps:
        return _without_need(pools, assignments, ahead, today)
    first, more = steps[0]
    # The first few and the last say enough, however many seats are planned to begin one after the other.
    later = [*steps[1:STEPS], *steps[max(STEPS, len(steps) - 1) :]]
    need = Need(first.day, more, tuple((each.day, lacks) for each, lacks in later))
    why = [Reason(_says(each, lacks, waiting, today), LICENSING) for each, lacks in (steps[0], *later)]
    since, grown = _pace(pools, assignments, today)
    days = days_between(since, today)
    by_pace = _by_pace(ahead, today, grown, days) if days >= LEAST and grown > 0 else None
    if by_pace is not None and by_pace < first.day:
        why.append(_asks(by_pace, grown, days))
        beyond = ((first.day, more),) if more > 1 else ()
        need = Need(by_pace, 1, (*beyond, *need.later))
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
            return Explained(Need(by_pace, 1), (*why, _asks(by_pace, grown, days)))
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
