"""The plan of an implementation as it is drawn, on a page and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.domain.implementation.plan import Expected


class PlanBar(NamedTuple):
    """A task: as it was laid out, and as it is expected to run."""

    title: str
    starts_on: date
    due_on: date
    begins_on: date
    ends_on: date
    look: str
    """`done`, `late`, `moved` or `open`."""
    href: str = ""


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """A plan as it is drawn on a day, with the stage 1 that it leads to."""

    title: str
    bars: tuple[PlanBar, ...]
    today: date
    mark: tuple[str, date] | None = None

    @property
    def first_day(self) -> date:
        return min((day for bar in self.bars for day in (bar.starts_on, bar.begins_on)), default=self.today)

    @property
    def last_day(self) -> date:
        days = [day for bar in self.bars for day in (bar.due_on, bar.ends_on)] or [self.today]
        return max([*days, *([self.mark[1]] if self.mark else [])])


def bar_of(expected: Expected, href: str = "") -> PlanBar:
    """The bar of a task as things stand."""
    task = expected.task
    return PlanBar(task.title, task.starts_on, task.due_on, expected.begins_on, expected.ends_on, expected.look, href)


def drawn(title: str, expected: Iterable[Expected], today: date, mark: tuple[str, date] | None) -> DrawnPlan:
    """A plan whose bars lead nowhere, in the order of its tasks."""
    return DrawnPlan(title, tuple(bar_of(each) for each in expected), today, mark)
