"""The plan of an implementation as one drawing: a row a task, time from left to right, late ones told by shape too."""

from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from app.domain.dates import add_days, add_months, days_between, say
from app.domain.implementation.drawn import DrawnPlan, PlanBar
from app.outputs.drawing.svg import cut, safe, short

ROW, BAR, TOP = 34, 10, 40
PLOT = 360
"""As wide as a phone: the name of a task stands above its bar, not beside it."""


def draw_plan(plan: DrawnPlan) -> Markup:
    """The drawing for a page: a thin line as laid out, a bar as expected, today, and the day that it leads to."""
    first, last, bars = plan.first_day, plan.last_day, plan.bars
    length = days_between(first, last) + 1
    high = TOP + len(bars) * ROW + 6

    def at(day: date) -> float:
        return round(days_between(first, day) * PLOT / length, 1)

    parts = [f'<svg class="plan" viewBox="0 0 {PLOT} {high}" role="group" aria-label="{safe(plan.title)}">']
    month, place = date(first.year, first.month, 1), -100.0
    while month <= last:
        x = max(at(month), 0.0)
        if x - place >= 30 and x < PLOT - 24:
            parts.append(f'<path class="plan-month" d="M{x} 26V{high}"/><text x="{x + 3}" y="35">{month:%b}</text>')
            place = x
        month = add_months(month, 1)
    for number, bar in enumerate(bars):
        top = TOP + number * ROW
        parts.append(_bar(bar, top, at(bar.begins_on), at(add_days(bar.ends_on, 1)), at))
    if first <= plan.today <= last:
        parts.append(_line("plan-today", at(plan.today), high, f"Today, {short(plan.today)}"))
    if plan.mark is not None:
        parts.append(_line("plan-mark", at(plan.mark[1]), high, f"Stage 1, {short(plan.mark[1])}"))
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every word of a person is made harmless


def _bar(bar: PlanBar, top: int, left: float, right: float, at: Callable[[date], float]) -> str:
    planned = at(bar.starts_on), at(add_days(bar.due_on, 1))
    says = f"{bar.title}: {say(bar.begins_on)} to {say(bar.ends_on)}"
    wide = max(right - left, 3)
    drawn = (
        f"<title>{safe(says)}</title>"
        f'<text class="plan-name" x="0" y="{top + 12}">{safe(cut(bar.title, PLOT - 4, 11))}</text>'
        f'<path class="plan-laid" d="M{planned[0]} {top + 29}H{planned[1]}"/>'
        f'<rect class="plan-{bar.look}" x="{left}" y="{top + 17}" width="{wide:.1f}" height="{BAR}" rx="2"/>'
    )
    return f'<a href="{safe(bar.href)}">{drawn}</a>' if bar.href else f"<g>{drawn}</g>"


def _line(look: str, x: float, high: int, words: str) -> str:
    anchor = "start" if x < PLOT / 2 else "end"
    row = 11 if look == "plan-today" else 23
    return (
        f'<path class="{look}" d="M{x} 4V{high}"/><text text-anchor="{anchor}" x="{x}" y="{row}">{safe(words)}</text>'
    )
