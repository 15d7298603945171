"""What is there and what is needed from day to day, as two lines in steps; what is not covered is filled."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from app.domain.dates import say

WIDTH, NARROW, HEIGHT = 920, 344, 260
LEFT, RIGHT, TOP, FOOT = 64, 16, 16, 32
APART = 88
"""The least between two days that are written below: less, and their words would touch."""


class Stand(NamedTuple):
    """How a pool stands on a day, and until the next."""

    day: date
    entitled: int
    demand: int
    covered: int


def draw_stand(stands: Sequence[Stand], marked: date, what: str = "Entitled and needed") -> Markup:
    """The drawing for a page; the table below says the same in words. `marked` is the day that the page is of.

    It is drawn twice, for wide screens and for phones, and each shows one: all of the time is in sight on both.
    """
    drawn = (_drawn(stands, marked, what, wide, name) for wide, name in ((WIDTH, "wide"), (NARROW, "narrow")))
    return Markup("".join(drawn))  # noqa: S704 - numbers and dates alone


def _drawn(stands: Sequence[Stand], marked: date, what: str, wide: int, name: str) -> str:
    first, last = stands[0].day, stands[-1].day
    most = max(1, *(max(each.entitled, each.demand) for each in stands))

    def across(day: date) -> float:
        days = max((last - first).days, 1)
        return round(LEFT + (wide - LEFT - RIGHT) * (day - first).days / days, 1)

    def up(count: int) -> float:
        return round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * count / most, 1)

    parts = [
        f'<svg class="stand stand-{name}" viewBox="0 0 {wide} {HEIGHT}" role="img" aria-label="{what} from '
        f'{say(first)} to {say(last)}; the table below says the same.">'
    ]
    for count in sorted({0, most // 2, most}):
        parts.append(f'<path class="stand-grid" d="M{LEFT} {up(count)}H{wide - RIGHT}"/>')
        parts.append(f'<text class="stand-count" x="{LEFT - 8}" y="{up(count) + 4}">{count:,}</text>')
    for each, following in pairwise(stands):
        if each.demand > each.covered:
            left, right = across(each.day), across(following.day)
            top, bottom = up(each.demand), up(each.covered)
            parts.append(
                f'<rect class="stand-short" x="{left}" y="{top}" width="{round(right - left, 1)}" '
                f'height="{round(bottom - top, 1)}"/>'
            )
    for line in ("entitled", "demand"):
        way = f"M{across(first)} {up(getattr(stands[0], line))}"
        way += "".join(f"H{across(each.day)}V{up(getattr(each, line))}" for each in stands[1:])
        parts.append(f'<path class="stand-{line}" d="{way}"/>')
    parts.append(f'<path class="stand-marked" d="M{across(marked)} {TOP}V{HEIGHT - FOOT}"/>')
    for day, anchor in ((first, "start"), (marked, "middle"), (last, "end")):
        if anchor == "middle" and min(across(day) - LEFT, wide - RIGHT - across(day)) < APART:
            continue
        parts.append(f'<text text-anchor="{anchor}" x="{across(day)}" y="{HEIGHT - 10}">{say(day)}</text>')
    return "".join([*parts, "</svg>"])
