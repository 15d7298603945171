"""The plan of an implementation on paper: names beside their bars, and with its colours inside it.

A PDF does not lay the style sheets of its page over a drawing.
"""

from collections.abc import Callable, Iterator
from datetime import date

from markupsafe import Markup

from app.domain.dates import add_days, days_between, say
from app.domain.implementation.drawn import DrawnPlan, PlanBar
from app.outputs.drawing.plan import months_of
from app.outputs.drawing.svg import cut, safe, short

NAMES, PLOT, MARGIN = 330, 680, 10
ROW, BAR, TOP = 14, 7, 38
MOST = 36
"""So many bars fit on a page that lies; more are drawn on the next."""
KEY = (
    "Thin line: as laid out. Bar: as expected today. Filled: done.",
    "Thick edge: late. Dashed edge: moved by what is late.",
)
LOOKS = """
text { font-family: Inter, sans-serif; font-size: 9.5px; fill: #1a2427 }
.month, .key { fill: #545f63 } .month-line { fill: none; stroke: #e4e0d6 }
.laid { fill: none; stroke: #737c7f; stroke-width: 1.2 }
.done { fill: #2f7d4f; stroke: #2f7d4f } .late { fill: #f6cdc8; stroke: #ae231c; stroke-width: 2 }
.moved { fill: #f3dcae; stroke: #825000; stroke-dasharray: 3 2 } .open { fill: #f4f1ea; stroke: #737c7f }
.today { fill: none; stroke: #0b5c5a; stroke-width: 1.2 } .mark { fill: none; stroke: #1a2427; stroke-width: 1.8 }
"""


def draw_plan_on_paper(plan: DrawnPlan) -> list[Markup]:
    """The drawings of a plan, one for each page that it fills; together they hold every task once."""
    parts = [plan.bars[start : start + MOST] for start in range(0, len(plan.bars), MOST)]
    return [_drawn(plan, bars) for bars in parts]


def _drawn(plan: DrawnPlan, bars: tuple[PlanBar, ...]) -> Markup:
    length = days_between(plan.first_day, plan.last_day) + 1
    high = TOP + len(bars) * ROW + 4

    def at(day: date) -> float:
        return round(NAMES + days_between(plan.first_day, day) * PLOT / length, 1)

    whole = NAMES + PLOT + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plan" viewBox="0 0 {whole} {high}" role="img" '
        f'aria-label="{safe(plan.title)}"><style>{LOOKS}</style>',
        *(f'<text class="key" x="0" y="{12 + 12 * line}">{safe(says)}</text>' for line, says in enumerate(KEY)),
        *_months(plan, at, high),
    ]
    for number, bar in enumerate(bars):
        parts.append(_bar(bar, TOP + number * ROW, at))
    if plan.first_day <= plan.today <= plan.last_day:
        parts.append(_line("today", at(plan.today), 12, high, f"Today, {short(plan.today)}"))
    if plan.mark is not None and plan.mark[1] >= plan.first_day:
        parts.append(_line("mark", at(plan.mark[1]), 24, high, f"Stage 1, {short(plan.mark[1])}"))
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every word of a person is made harmless


def _months(plan: DrawnPlan, at: Callable[[date], float], high: int) -> Iterator[str]:
    for month, x in months_of(plan, at, (NAMES, NAMES + PLOT - 24), 34):
        yield f'<path class="month-line" d="M{x} 28V{high}"/>'
        yield f'<text class="month" x="{x + 3}" y="35">{month:%b}</text>'


def _bar(bar: PlanBar, top: int, at: Callable[[date], float]) -> str:
    left, right = at(bar.begins_on), at(add_days(bar.ends_on, 1))
    laid = at(bar.starts_on), at(add_days(bar.due_on, 1))
    says = f"{bar.title}: {say(bar.begins_on)} to {say(bar.ends_on)}"
    return (
        f"<g><title>{safe(says)}</title>"
        f'<text x="0" y="{top + 8}">{safe(cut(bar.title, NAMES - 12, 9.5))}</text>'
        f'<rect class="{bar.look}" x="{left}" y="{top + 1}" width="{max(right - left, 3):.1f}" height="{BAR}" rx="2"/>'
        f'<path class="laid" d="M{laid[0]} {top + 11}H{laid[1]}"/></g>'
    )


def _line(look: str, x: float, row: int, high: int, words: str) -> str:
    anchor, away = ("start", 3) if x < NAMES + PLOT / 2 else ("end", -3)
    return (
        f'<path class="{look}" d="M{x} 4V{high}"/>'
        f'<text text-anchor="{anchor}" x="{x + away}" y="{row}">{safe(words)}</text>'
    )
