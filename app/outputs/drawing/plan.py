"""The plan of an implementation as one drawing: a row a task, time from left to right, late ones told by shape too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from app.domain.dates import add_days, add_months, days_between, say
from app.domain.implementation.drawn import DrawnPlan, PlanBar
from app.outputs.drawing.svg import cut, safe, short

TOP, BAR = 40, 10


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the rows lie: on a phone a task's name stands above its bar, on a wide page beside it."""

    look: str
    names: int
    plot: int
    row: int

    @property
    def beside(self) -> bool:
        return self.names > 0


TALL = _Shape("plan plan-tall", 0, 360, 34)
WIDE = _Shape("plan plan-wide", 340, 680, 22)


def draw_plan(plan: DrawnPlan) -> Markup:
    """The drawing for a page: a thin line as laid out, a bar as expected, today, and the day that it leads to.

    It is drawn for a phone and for a wide page; the style sheet shows one of them.
    """
    return Markup("").join(_drawn(plan, shape) for shape in (TALL, WIDE))


def _drawn(plan: DrawnPlan, shape: _Shape) -> Markup:
    first, last, bars = plan.first_day, plan.last_day, plan.bars
    length = days_between(first, last) + 1
    high = TOP + len(bars) * shape.row + 6
    whole = shape.names + shape.plot

    def at(day: date) -> float:
        return round(shape.names + days_between(first, day) * shape.plot / length, 1)

    parts = [f'<svg class="{shape.look}" viewBox="0 0 {whole} {high}" role="group" aria-label="{safe(plan.title)}">']
    for month, x in months_of(plan, at, (shape.names, whole - 24), 30):
        parts.append(f'<path class="plan-month" d="M{x} 26V{high}"/><text x="{x + 3}" y="35">{month:%b}</text>')
    for number, bar in enumerate(bars):
        parts.append(_bar(bar, TOP + number * shape.row, shape, at))
    middle = shape.names + shape.plot / 2
    if first <= plan.today <= last:
        parts.append(_line("plan-today", at(plan.today), middle, high, f"Today, {short(plan.today)}"))
    if plan.mark is not None:
        parts.append(_line("plan-mark", at(plan.mark[1]), middle, high, f"Stage 1, {short(plan.mark[1])}"))
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every word of a person is made harmless


def months_of(
    plan: DrawnPlan, at: Callable[[date], float], within: tuple[float, float], apart: float
) -> Iterator[tuple[date, float]]:
    """The months of a plan and where each begins; those left out that lie too near to the one before or to the end."""
    month, place = date(plan.first_day.year, plan.first_day.month, 1), -100.0
    while month <= plan.last_day:
        x = max(at(month), float(within[0]))
        if x - place >= apart and x < within[1]:
            yield month, x
            place = x
        month = add_months(month, 1)


def _bar(bar: PlanBar, top: int, shape: _Shape, at: Callable[[date], float]) -> str:
    planned = at(bar.starts_on), at(add_days(bar.due_on, 1))
    left = at(bar.begins_on)
    says = f"{bar.title}: {say(bar.begins_on)} to {say(bar.ends_on)}"
    wide = max(at(add_days(bar.ends_on, 1)) - left, 3)
    under = top if shape.beside else top + 13
    name = cut(bar.title, (shape.names or shape.plot) - 8, 11)
    drawn = (
        f"<title>{safe(says)}</title>"
        f'<text class="plan-name" x="0" y="{top + 12}">{safe(name)}</text>'
        f'<path class="plan-laid" d="M{planned[0]} {under + 16}H{planned[1]}"/>'
        f'<rect class="plan-{bar.look}" x="{left}" y="{under + 3.5}" width="{wide:.1f}" height="{BAR}" rx="2"/>'
    )
    return f'<a href="{safe(bar.href)}">{drawn}</a>' if bar.href else f"<g>{drawn}</g>"


def _line(look: str, x: float, middle: float, high: int, words: str) -> str:
    anchor, beside = ("start", x + 4) if x < middle else ("end", x - 4)
    row = 11 if look == "plan-today" else 23
    return (
        f'<path class="{look}" d="M{x} 4V{high}"/>'
        f'<text text-anchor="{anchor}" x="{beside:.1f}" y="{row}">{safe(words)}</text>'
    )
