"""The plan of an implementation: tasks of three steps laid out over so many days, and what a late one moves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.domain.dates import add_days, days_between, say, say_days
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.programme.free_days import ClosedDays

K = TypeVar("K")
USUAL_DAYS = 90
FEWEST_DAYS, MOST_DAYS = 1, 366


class Step(StrEnum):
    """The three steps of an implementation, in their order."""

    MANUALS = "manuals"
    DELIVERY = "delivery"
    TRAINING = "training"

    @property
    def label(self) -> str:
        return {"manuals": "Manuals created", "delivery": "Manuals delivered"}.get(self.value, "Users trained")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A task of a template: how long it takes beside the others, and which of them end before it begins."""

    key: str
    step: Step
    title: str
    days: int
    after: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Laid:
    """A task of a template with its days."""

    pattern: Pattern
    starts_on: date
    due_on: date
    why: tuple[Reason, ...] = ()
    """Which closed days were stepped over so that it begins and ends on these."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a plan as it is kept."""

    key: int
    title: str
    starts_on: date
    due_on: date
    done_on: date | None = None
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """When a task begins and ends as things stand today."""

    task: Task
    begins_on: date
    ends_on: date
    is_late: bool
    """It is not done, and its last day has passed."""
    why: tuple[Reason, ...]

    @property
    def look(self) -> str:
        """How it is marked: `done`, `late`, `moved` by another, or `open`."""
        if self.task.done_on is not None:
            return "done"
        if self.is_late:
            return "late"
        return "moved" if self.moved else "open"

    @property
    def moved(self) -> int:
        """By how many days it ends later than it was laid out."""
        return max(0, days_between(self.task.due_on, self.ends_on))

    @property
    def due_on(self) -> date:
        """The day by which it is to be done now: as many days after what it waits for as it was laid out to take."""
        if self.task.done_on is not None:
            return self.task.due_on
        return add_days(self.begins_on, days_between(self.task.starts_on, self.task.due_on))


def refuse_days(days: int | None) -> None:
    """Refuse a length that no implementation has: it takes at least a day and at most a year."""
    if days is None or not FEWEST_DAYS <= days <= MOST_DAYS:
        raise RefusedError(f"From {FEWEST_DAYS} to {MOST_DAYS} days.", "days")


def _never(_day: date) -> str | None:
    return None


def lay_out(patterns: Sequence[Pattern], starts_on: date, days: int, closed: ClosedDays = _never) -> tuple[Laid, ...]:
    """Lay a template out from its first day so that its longest chain of tasks takes exactly so many days.

    Each task begins when the last of those before it has ended, on the same day at the earliest. None begins or ends on
    a closed day, such as a weekend, as long as any of these days is open.
    """
    refuse_days(days)
    every = [add_days(starts_on, each) for each in range(days)]
    taken = [each for each in every if closed(each) is None] or every
    ends: dict[str, int] = {}
    begins: dict[str, int] = {}
    by_key = {each.key: each for each in patterns}
    for key in in_order({each.key: each.after for each in patterns}):
        begins[key] = max((ends[before] for before in by_key[key].after), default=0)
        ends[key] = begins[key] + by_key[key].days
    whole = max(ends.values(), default=1)
    laid = []
    for each in patterns:
        usual, of_open = (_stretched(begins[each.key], ends[each.key], whole, days) for days in (every, taken))
        laid.append(Laid(each, *of_open, _why_otherwise(usual, closed) if usual != of_open else ()))
    return tuple(laid)


def _why_otherwise(usual: tuple[date, date], closed: ClosedDays) -> tuple[Reason, ...]:
    says = f"It is laid out over free days alone; over all days it would be {say(usual[0])} to {say(usual[1])}."
    shut = [f"{say(day)} is {why}." for day in dict.fromkeys(usual) if (why := closed(day)) is not None]
    return (Reason(says), *map(Reason, shut))


def _stretched(begins: int, ends: int, whole: int, days: Sequence[date]) -> tuple[date, date]:
    """The first and the last day of a part of the whole, stretched over these days."""
    first = begins * len(days) // whole
    return days[first], days[max(first, ends * len(days) // whole - 1)]


def in_order(after: Mapping[K, Collection[K]]) -> list[K]:
    """Put each behind all that it waits for; raises `RefusedError` where they wait for each other in a circle."""
    found: dict[K, None] = {}
    left = dict(after)
    while left:
        free = [key for key, waits in left.items() if all(each in found or each not in after for each in waits)]
        if not free:
            raise RefusedError("These tasks would wait for each other in a circle.", "after")
        for key in free:
            found[key] = None
            del left[key]
    return list(found)


def refuse_circle(tasks: Iterable[Task], key: int, after: Collection[int]) -> None:
    """Refuse what a task is to wait for where one of those waits for the task itself, and name the circle."""
    waits = {each.key: each.after for each in tasks} | {key: tuple(after)}
    titles = {each.key: each.title for each in tasks}
    ways = [[each] for each in after]
    seen: set[int] = set()
    while ways:
        way = ways.pop()
        if way[-1] == key:
            named = " waits for ".join(titles.get(each, "this task") for each in (key, *way))
            raise RefusedError(f"That is a circle: {named}.", "after")
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, each] for each in waits.get(way[-1], ())]


def refuse_task(title: str, starts_on: date | None, due_on: date | None) -> None:
    """Refuse a task without a name, or one that would end before it begins."""
    if not title.strip():
        raise RefusedError("Say what is to be done.", "title")
    if starts_on is None or due_on is None:
        raise RefusedError("Give its first and its last day.", "starts_on" if starts_on is None else "due_on")
    if due_on < starts_on:
        raise RefusedError("Its last day is not before its first.", "due_on")


def refuse_done(tasks: Sequence[Task], key: int) -> None:
    """Refuse to finish a task while one that it waits for is open."""
    by_key = {each.key: each for each in tasks}
    waits = [by_key[each].title for each in by_key[key].after if by_key[each].done_on is None]
    if waits:
        raise RefusedError(f"It waits for what is not done yet: {'; '.join(waits)}.")


def expect(tasks: Sequence[Task], today: date) -> dict[int, Expected]:
    """Say of each task when it begins and ends as things stand: what is late moves all that waits for it.

    What is not done ends today at the earliest; a task keeps its length when it is moved.
    """
    by_key = {each.key: each for each in tasks}
    found: dict[int, Expected] = {}
    for key in in_order({each.key: each.after for each in tasks}):
        task = by_key[key]
        if task.done_on is not None:
            why = Reason(f"It was done on {say(task.done_on)}; it was due on {say(task.due_on)}.")
            found[key] = Expected(task, min(task.starts_on, task.done_on), task.done_on, False, (why,))
            continue
        before = [found[each] for each in task.after if each in found]
        pushed = max(before, key=lambda each: _free_from(each, task), default=None)
        reasons = []
        begins_on = task.starts_on
        if pushed is not None and _free_from(pushed, task) > begins_on:
            begins_on = _free_from(pushed, task)
            reasons.append(
                Reason(f"It waits for “{pushed.task.title}”, which is expected to end on {say(pushed.ends_on)}.")
            )
        ends_on = add_days(begins_on, days_between(task.starts_on, task.due_on))
        is_late = task.due_on < today
        if is_late:
            reasons.append(
                Reason(
                    f"It was due on {say(task.due_on)}, {say_days(days_between(task.due_on, today))} ago, "
                    "and is not done."
                )
            )
        if ends_on < today:
            ends_on = today
        if not reasons:
            reasons.append(Reason(f"It is due on {say(task.due_on)}, and nothing before it is late."))
        found[key] = Expected(task, begins_on, ends_on, is_late, tuple(reasons))
    return found


def open_before(expected: Mapping[int, Expected], key: int) -> list[Expected]:
    """What a task waits for and is not done, the first to end first."""
    before = [expected[each] for each in expected[key].task.after if each in expected]
    return sorted(
        (each for each in before if each.task.done_on is None), key=lambda each: (each.ends_on, each.task.key)
    )


def slides(expected: Mapping[int, Expected], today: date) -> set[int]:
    """The tasks that wait for what is late: the day on which they are expected moves on every morning."""
    found: set[int] = set()
    for key in in_order({each: of.task.after for each, of in expected.items()}):
        if any(each.due_on < today or each.task.key in found for each in open_before(expected, key)):
            found.add(key)
    return found


def _free_from(before: Expected, task: Task) -> date:
    """The day after the one before has ended; the same day where it was laid out so."""
    touches = task.starts_on <= before.task.due_on
    return before.ends_on if touches else add_days(before.ends_on, 1)


def end_of(expected: Collection[Expected], planned: date) -> Explained[date]:
    """The day on which the last task is expected to end, and why it is later than it was laid out, if it is."""
    last = max(expected, key=lambda each: (each.ends_on, each.task.key), default=None)
    if last is None:
        return Explained(planned, (Reason("There is no task."),))
    says = f"The last task, “{last.task.title}”, ends on {say(last.ends_on)}"
    moved = days_between(planned, last.ends_on)
    if moved > 0:
        return Explained(
            last.ends_on, (Reason(f"{says}, {say_days(moved)} later than the plan of {say(planned)}."), *last.why)
        )
    return Explained(last.ends_on, (Reason(f"{says}; the plan ends on {say(planned)}."),))


def before_stage_1(end: date, stage_1: tuple[str, date] | None) -> Explained[int | None]:
    """How many days are left between the expected end and stage 1; fewer than one means that it is in danger."""
    if stage_1 is None:
        return Explained(None, (Reason("No stage 1 is planned that it leads to."),))
    reference, begins_on = stage_1
    left = days_between(end, begins_on)
    if left > 0:
        says = f"It ends on {say(end)}, {say_days(left)} before stage 1 ({reference}) begins on {say(begins_on)}."
    else:
        says = (
            f"It ends on {say(end)}, but stage 1 ({reference}) begins on {say(begins_on)}: "
            f"move stage 1 by at least {say_days(1 - left)}, or win back the time."
        )
    return Explained(left, (Reason(says),))
